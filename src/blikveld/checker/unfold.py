"""Rows of a table whose cells a PDF put under each other, one or two on a line:

Youth workers 57
40%
20
14%
141
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blikveld.checker import numbers
from blikveld.checker.document import Language, TextLine

_COUNT = re.compile(numbers.COUNT)
_PERCENT = re.compile(rf"({numbers.PERCENT})\s?%")
_TOKEN = re.compile(rf"{numbers.PERCENT}\s?%|\S+")
_HIDDEN = "x"
_FEWEST_LINES = 3
_FEWEST_PAIRS = 2
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Folded:
    """A row and the lines it was spread over; `percents` has '' for a count without one."""

    first: int
    last: int
    name: str
    counts: tuple[int | None, ...]
    percents: tuple[str, ...]


def folded(lines: Sequence[TextLine], language: Language) -> Iterator[Folded]:
    """Every row that stands under itself.

    A hidden number is None; which column it stands in cannot be told. A row whose total is hidden
    is left out.
    """
    index = 0
    while index < len(lines):
        name, cells = _split(lines[index].text)
        if not cells:
            index += 1
            continue
        end = index + 1
        while end < len(lines):
            rest, more = _split(lines[end].text)
            if rest or not more:
                break
            cells += more
            end += 1
        row = _row(lines, index, end, name, cells, language)
        if row is not None:
            yield row
        index = end


def _split(text: str) -> tuple[str, list[str]]:
    """The words of a line, and the cells it ends with."""
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    cells: list[str] = []
    while tokens and _is_cell(tokens[-1]):
        cells.append(tokens.pop())
    return " ".join(tokens), cells[::-1]


def _is_cell(token: str) -> bool:
    return token == _HIDDEN or bool(_PERCENT.fullmatch(token) or _COUNT.fullmatch(token))


def _row(
    lines: Sequence[TextLine], index: int, end: int, name: str, cells: list[str], language: Language
) -> Folded | None:
    if end - index <= _FEWEST_LINES or cells[-1] == _HIDDEN:
        return None
    counts: list[int | None] = []
    percents: list[str] = []
    for cell in cells:
        percent = _PERCENT.fullmatch(cell)
        if percent is None:
            counts.append(None if cell == _HIDDEN else numbers.whole(cell, language))
            percents.append("")
        elif percents and not percents[-1] and counts[-1] is not None:
            percents[-1] = numbers.percent(percent[1])
        else:
            return None
    shown_counts = sum(count is not None for count in counts)
    if sum(map(bool, percents)) < max(_FEWEST_PAIRS, shown_counts - 1):
        return None
    shown = name or (lines[index - 1].text.strip() if index else "")
    if len(shown) > _LONGEST_NAME:
        return None
    last = lines[end - 1].number
    return Folded(lines[index].number, last, shown, tuple(counts), tuple(percents))
