"""Tables whose cells are known, from HTML, Word, Markdown and sheets, as rows of counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from blikveld.checker import numbers
from blikveld.checker.document import Grid, Language
from blikveld.checker.text_tables import ParsedRow, Table

_COUNT = re.compile(numbers.COUNT)
_PERCENT = re.compile(rf"({numbers.PERCENT})\s?%")
_NUMBER = re.compile(rf"({numbers.PERCENT})")
_BOTH = re.compile(
    rf"(?P<count>{numbers.COUNT})(?:\s*\(\s*|\s+)(?P<percent>{numbers.PERCENT})\s?%\s*\)?"
)
_HIDDEN = re.compile(r"[xX*.–—-]|\.\.|<\s?\d{1,2}")
"""What stands in the place of a number that is not published."""
_SIGN = re.compile(r"(?<=[\d%])\s?[*†‡]")
"""A sign behind a number that refers to a note; the number is still a number."""
_STATED = re.compile(rf"\b[nN]\s*=\s*=?\s*({numbers.COUNT})")


def known(grid: Grid, language: Language) -> Table | None:
    """A table of known cells; None when it holds no counts with percentages."""
    first = next((i for i, row in enumerate(grid.rows) if any(map(_is_cell, row[1:]))), None)
    if first is None:
        return None
    header = grid.rows[first - 1] if first else ()
    labels = _label_columns(grid.rows[first:])
    rows = [
        _row(header, cells, labels, grid.line + index, language)
        for index, cells in enumerate(grid.rows[first:], start=first)
    ]
    merged = tuple(_merge(row for row in rows if row is not None))
    if not any(row.percents and row.counts for row in merged):
        return None
    width = max(len(row.counts) for row in merged)
    stated = [numbers.whole(number, language) for number in _STATED.findall(grid.title)]
    base = stated[0] if len(stated) == 1 else None
    columns = _column_names(header[labels:], width)
    bases = tuple(_stated(name, language) for name in columns)
    return Table(grid.title, merged, columns, base, column_bases=bases)


def _stated(name: str, language: Language) -> int | None:
    """The n that the name of a row or a column tells."""
    stated = _STATED.search(name)
    return numbers.whole(stated[1], language) if stated else None


def _is_cell(text: str) -> bool:
    stripped = _bare(text)
    return bool(
        _BOTH.fullmatch(stripped) or _PERCENT.fullmatch(stripped) or _COUNT.fullmatch(stripped)
    )


def _bare(text: str) -> str:
    """A cell without signs that refer to notes."""
    return _SIGN.sub("", text).strip()


def _label_columns(rows: Sequence[tuple[str, ...]]) -> int:
    """How many columns to the left hold names."""
    width = max(map(len, rows))
    for column in range(1, width):
        cells = [row[column].strip() for row in rows if column < len(row)]
        if any(map(_is_cell, cells)):
            return column
    return 1


def _row(
    header: Sequence[str], cells: tuple[str, ...], labels: int, line: int, language: Language
) -> ParsedRow | None:
    """A row; a number under a heading with '%' is a percentage of the count before it."""
    counts: list[int | None] = []
    percents: list[str] = []
    alone: list[str] = []
    for index, cell in enumerate(cells[labels:], start=labels):
        text, share = _bare(cell), index < len(header) and "%" in header[index]
        percent = _PERCENT.fullmatch(text) or (_NUMBER.fullmatch(text) if share else None)
        if both := _BOTH.fullmatch(text):
            counts.append(numbers.whole(both["count"], language))
            percents.append(numbers.percent(both["percent"]))
        elif percent and counts and not percents[-1] and not alone and counts[-1] is not None:
            percents[-1] = numbers.percent(percent[1])
        elif percent:
            alone.append(numbers.percent(percent[1]))
        elif _COUNT.fullmatch(text) or (_HIDDEN.fullmatch(text) and not share):
            hidden = not _COUNT.fullmatch(text)
            counts.append(None if hidden else numbers.whole(text, language))
            percents.append("")
    name = " ".join(cell.strip() for cell in cells[:labels] if cell.strip())
    base = _stated(name, language)
    if alone and len(alone) == len(counts) and not any(percents):
        percents = alone
    if not counts:
        return ParsedRow(name, line, (), tuple(alone), base=base) if alone else None
    return ParsedRow(name, line, tuple(counts), tuple(percents) if any(percents) else (), base=base)


def _merge(rows: Iterable[ParsedRow]) -> Iterator[ParsedRow]:
    """A row of percentages under a row of counts becomes one row with it."""
    waiting: ParsedRow | None = None
    for row in rows:
        if waiting and not row.counts:
            yield replace(waiting, percents=row.percents)
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = None
        if row.percents or not row.counts:
            yield row
        else:
            waiting = row
    if waiting:
        yield waiting


def _column_names(header: Sequence[str], width: int) -> tuple[str, ...]:
    names = [name.strip() for name in header if name.strip()]
    plain = [name for name in names if "%" not in name]
    for candidate in (names, plain, names[::2]):
        if len(candidate) == width:
            return tuple(candidate)
    return tuple(str(number) for number in range(1, width + 1))
