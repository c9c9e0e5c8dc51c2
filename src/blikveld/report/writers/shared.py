"""What the writers share: the fonts, what belongs together on a page, and the report as plain JSON.

The fonts come with the report; those of the machine are never used. The JSON is for writers in
other languages: the typesetter and the templates of pages.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import Any

from blikveld.errors import BlikveldError
from blikveld.report.model import (
    Block,
    FigureBlock,
    FigureNumber,
    Heading,
    KeyFigure,
    KeyMessage,
    Report,
    TableBlock,
)
from blikveld.results.formatting import survivable

FOLDER = Path(__file__).parent / "fonts"
PAPER = ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf", "SourceSansPro-It.otf")
SCREEN = {400: "source-sans-3-latin-400-normal.woff2", 600: "source-sans-3-latin-600-normal.woff2"}


class MissingFont(BlikveldError):
    """A font that comes with the report is not where it should be."""


def find_fonts(folder: Path | None = None) -> Path:
    """Return the folder of fonts.

    Raises MissingFont; without it a drawing would get other letters.
    """
    found = folder or FOLDER
    for name in (*PAPER, *SCREEN.values()):
        if not (found / name).is_file():
            raise MissingFont(
                "missing-font",
                str(found / name),
                "This font is not there, so the report would get other letters.",
                "It comes with Blikveld: install Blikveld again.",
            )
    return found


SHORT = 16
"""Tables of at most so many lines are not divided over pages."""

EARLY = 12
"""So many blocks behind the title of a chapter a chart may not float to the head of a page."""

COLUMNS = 11
"""Columns of numbers that fit beside each other on a page, with their words still readable."""


def split_wide(block: Block, part: str) -> Iterator[Block]:
    """Yield a table that is wider than a page as several, each with the labels of its rows.

    `part` says which one it is: 'Part {at} of {of}'. Notes stand under the last.
    """
    if not isinstance(block, TableBlock) or len(block.heads) <= COLUMNS:
        yield block
        return
    amount = -(-len(block.heads) // COLUMNS)
    step = -(-len(block.heads) // amount)
    for at in range(amount):
        yield _columns_part(block, slice(at * step, (at + 1) * step), at, part, amount)


def _columns_part(table: TableBlock, kept: slice, at: int, part: str, of: int) -> TableBlock:
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


def find_page_starts(blocks: Sequence[Block]) -> frozenset[str]:
    """Return the anchors of the headings that begin a page: those of a big table or of many
    tables.
    """
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


class Beside(Enum):
    """What stands beside its like, and how many of it in a row."""

    HALVES = 2
    KEYS = 4


def find_beside(block: Block) -> Beside | None:
    """Return how a block stands in a row with those around it; None where it has the row alone."""
    match block:
        case KeyMessage():
            return Beside.HALVES
        case FigureBlock():
            return Beside.HALVES if block.half else None
        case KeyFigure():
            return Beside.KEYS
        case _:
            return None


def stays_whole(table: TableBlock) -> bool:
    """Return whether all its lines stand on one page."""
    return not table.grouped and sum(len(group.lines) for group in table.groups) <= SHORT


def build_tree(report: Report, *, paper: bool = False) -> dict[str, Any]:
    """Return the report with everything in it as objects, arrays and text. `kind` names each class.

    On paper a figure is drawn wide and has no table of its numbers beside it.
    """
    year, month, day = (int(part) for part in report.date.split("-"))
    return {
        "language": report.language,
        "title": report.title,
        "subtitle": report.subtitle,
        "warning": report.warning,
        "cover": None if report.cover is None else branch(report.cover),
        "about": list(report.about),
        "year": year,
        "month": month,
        "day": day,
        "version_line": report.version_line,
        "snapshot_line": report.snapshot_line,
        "words": dict(report.words),
        "blocks": _blocks(report, paper=paper),
        "figures": len(report.figures),
        "tables": len(report.tables),
        "notes": [branch(note) for note in report.notes],
    }


def _blocks(report: Report, *, paper: bool) -> list[Any]:
    """Blocks, and of headings whether they begin a page."""
    begin = find_page_starts(report.blocks)
    made = [
        _figure(block, paper=paper) if isinstance(block, FigureBlock) else branch(block)
        for block in report.blocks
    ]
    since = 0
    for here, block in zip(made, report.blocks, strict=True):
        since += 1
        if isinstance(block, Heading):
            here["fresh"] = block.anchor in begin
            since = 0 if block.level == 1 else since
        here["early"] = since < EARLY
        beside = find_beside(block)
        here["beside_of"] = beside.value if beside else 0
    return made


def figure_csv(block: FigureBlock) -> str:
    """Return the numbers of a chart as a table of text. What is not released is empty, not 0."""
    table = StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(field.name for field in fields(FigureNumber))
    for number in block.numbers:
        rows.writerow(_in_csv(getattr(number, field.name)) for field in fields(FigureNumber))
    return table.getvalue()


def _in_csv(value: object) -> object:
    """A value that no other program changes: words that begin as a formula stay words."""
    if isinstance(value, str) and value:
        return survivable(value)
    return "" if value is None else value


def _figure(block: FigureBlock, *, paper: bool) -> dict[str, Any]:
    told = ["anchor", "label", "title", "subtitle", "description", "notes", "half"]
    if paper:
        told += ["narrow" if block.half else "wide"]
    else:
        told += ["wide", "narrow", "data"]
    return {"kind": "figureblock"} | {name: branch(getattr(block, name)) for name in told}


def branch(value: Any) -> Any:
    """Return one part of a report as JSON, with what is in it."""
    if is_dataclass(value) and not isinstance(value, type):
        made = {f.name: branch(getattr(value, f.name)) for f in fields(value)}
        if isinstance(value, TableBlock):
            made |= {"grouped": value.grouped, "whole": stays_whole(value)}
        return {"kind": type(value).__name__.lower(), **made}
    if isinstance(value, tuple | list):
        return [branch(item) for item in value]
    if isinstance(value, Mapping):
        return {key: branch(item) for key, item in value.items()}
    return value
