"""What of a report belongs together on a page, for the writers that have pages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from blikveld.report.model import Block, Heading, TableBlock

SHORT = 16
"""Tables of at most so many lines are not divided over pages."""


def fresh(blocks: Sequence[Block]) -> frozenset[str]:
    """The anchors of the headings that begin a page: those of a big table or of many tables."""
    found = set()
    first = True
    for at, block in enumerate(blocks):
        if not isinstance(block, Heading):
            continue
        own = list(takewhile(lambda b: not isinstance(b, Heading), blocks[at + 1 :]))
        if not first and (_big(own) or _sheet(own)):
            found.add(block.anchor)
        # Right behind the opening words of a chapter a table stays on their page.
        first = block.level == 1
    return frozenset(found)


def _big(section: Sequence[Block]) -> bool:
    return bool(section) and isinstance(section[0], TableBlock) and section[0].grouped


def _sheet(section: Sequence[Block]) -> bool:
    """Whether it is a sheet to take out: mostly tables, and several."""
    tables = sum(isinstance(block, TableBlock) for block in section)
    return tables >= 3 and 2 * tables > len(section)


def whole(table: TableBlock) -> bool:
    """Whether all its lines stand on one page."""
    return not table.grouped and sum(len(group.lines) for group in table.groups) <= SHORT
