"""What of a report belongs together on a page, for the writers that have pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from blikveld.report.model import Block, Heading, TableBlock

SHORT = 16
"""Tables of at most so many lines are not divided over pages."""

COLUMNS = 11
"""Columns of numbers that fit beside each other on a page, with their words still readable."""


def parted(block: Block, part: str) -> Iterator[Block]:
    """A table that is wider than a page as several, each with the labels of its rows.

    `part` says which one it is: 'Part {at} of {of}'. Notes stand under the last.
    """
    if not isinstance(block, TableBlock) or len(block.heads) <= COLUMNS:
        yield block
        return
    amount = -(-len(block.heads) // COLUMNS)
    step = -(-len(block.heads) // amount)
    for at in range(amount):
        yield _columns(block, slice(at * step, (at + 1) * step), at, part, amount)


def _columns(table: TableBlock, kept: slice, at: int, part: str, of: int) -> TableBlock:
    groups = tuple(
        replace(g, lines=tuple(replace(line, cells=line.cells[kept]) for line in g.lines))
        for g in table.groups
    )
    told = ". ".join(text for text in (table.subtitle, part.format(at=at + 1, of=of)) if text)
    return replace(
        table,
        anchor=table.anchor if at == 0 else f"{table.anchor}-{at + 1}",
        # Only the first part stands in the list of tables.
        label=table.label if at == 0 else "",
        subtitle=told,
        heads=table.heads[kept],
        groups=groups,
        notes=table.notes if at + 1 == of else (),
    )


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
