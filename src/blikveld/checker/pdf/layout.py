"""Rows of cells from the words of a page: what stands on one line, parted where a column ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from blikveld.checker.pdf.words import PageWord

_PART = 0.8
"""Of the type size: a wider gap parts cells."""
_OVERLAP = 0.5
_LONGEST_NAME = 40
"""Characters of words from which on a number close behind them is part of a sentence."""
_CLOSES = re.compile(r"[(\[].*|.*[)\]]|%|[*†‡]+")
_OF = frozenset({"of", "van", "von", "sur", "/"})
_MOST_BETWEEN = 6
"""Lines between two that cross the gutter, from which on they may be of two columns."""
_GUTTER_LINES, _GUTTER_CROSSED, _GUTTER_TEXT = 12, 0.15, 20


@dataclass(frozen=True)
class PageCell:
    """Words of one row that belong together, and their box."""

    words: tuple[PageWord, ...]

    @cached_property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.words[-1].right

    @cached_property
    def is_number(self) -> bool:
        """Whether it holds numbers only, such as '57', '57 (40%)' or '[.1, .2]'."""
        return all(word.is_number or _CLOSES.fullmatch(word.text) for word in self.words) and any(
            word.is_number for word in self.words
        )


@dataclass(frozen=True)
class PageRow:
    """Cells on one line of the page, from left to right."""

    cells: tuple[PageCell, ...]
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @cached_property
    def numbers(self) -> tuple[PageCell, ...]:
        """The cells that hold numbers, without one that stands before all words."""
        found = tuple(cell for cell in self.cells if cell.is_number)
        first = bool(found) and found[0] is self.cells[0] and len(self.cells) > len(found)
        return found[1:] if first else found

    @property
    def text(self) -> str:
        """All its words."""
        return " ".join(cell.text for cell in self.cells)


def page_rows(words: Sequence[PageWord]) -> list[list[PageRow]]:
    """The rows of a page, one list for each column of print; a page has one or two."""
    lines = _lines(words)
    gutter = _gutter(lines)
    if gutter is None:
        return [[_row(line) for line in lines]]
    left: list[list[PageWord]] = []
    right: list[list[PageWord]] = []
    for line, wide in zip(lines, _in_wide_table(lines, gutter), strict=True):
        west, east = _halves(line, gutter)
        if wide or (west and east and _is_table_line(west, east)):
            west, east = line, []
        left += [west] if west else []
        right += [east] if east else []
    return [[_row(line) for line in lines] for lines in (left, right)]


def _in_wide_table(lines: Sequence[Sequence[PageWord]], gutter: float) -> list[bool]:
    """Which lines belong to a table across the gutter, such as one with long names.

    Few lines that are no prose stand between two that cross the gutter, one of which ends in a
    number: they are rows of it, whatever stands to their right.
    """
    halves = [_halves(line, gutter) for line in lines]
    crossing = [i for i, line in enumerate(lines) if any(w.left < gutter < w.right for w in line)]
    wide = [False] * len(lines)
    for above, below in pairwise(crossing):
        between = halves[above + 1 : below]
        short = 0 < len(between) <= _MOST_BETWEEN and not any(_is_prose(*each) for each in between)
        if short and any(lines[i][-1].is_number for i in (above, below)):
            wide[above + 1 : below] = [True] * len(between)
    return wide


def _is_prose(west: Sequence[PageWord], east: Sequence[PageWord]) -> bool:
    return min(_length(west), _length(east)) >= _GUTTER_TEXT and not west[-1].is_number


def _lines(words: Sequence[PageWord]) -> list[list[PageWord]]:
    """Words on one height, whatever order the file has them in."""
    lines: list[list[PageWord]] = []
    for word in sorted(words, key=lambda w: (w.middle, w.left)):
        near = next((line for line in reversed(lines[-3:]) if _level(line[-1], word)), None)
        if near is None:
            lines.append([word])
        else:
            near.append(word)
    return [sorted(line, key=lambda w: w.left) for line in lines]


def _level(one: PageWord, other: PageWord) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > _OVERLAP * min(one.size, other.size)


def _row(line: Sequence[PageWord]) -> PageRow:
    return PageRow(
        tuple(_cells(line)), min(word.top for word in line), max(word.bottom for word in line)
    )


def _cells(line: Sequence[PageWord]) -> Iterator[PageCell]:
    """Cells of a line. Numbers part, except what belongs together: '57 (40%)', '< .001'."""
    line = list(_with_fractions(line))
    pending: list[PageWord] = []
    for index, word in enumerate(line):
        if pending and _parts(pending, word, line[index:]):
            yield PageCell(tuple(pending))
            pending = []
        pending.append(word)
    if pending:
        yield PageCell(tuple(pending))


def _with_fractions(line: Sequence[PageWord]) -> Iterator[PageWord]:
    """Words, with '45 of 104' as one."""
    index = 0
    while index < len(line):
        three = line[index : index + 3]
        if len(three) == 3 and _is_fraction(*three):
            yield replace(
                three[0], text=" ".join(word.text for word in three), right=three[2].right
            )
            index += 3
            continue
        yield line[index]
        index += 1


def _is_fraction(count: PageWord, of: PageWord, base: PageWord) -> bool:
    near = base.left - count.right < 2 * _PART * count.size + (of.right - of.left)
    return count.is_number and of.text in _OF and base.is_number and near


def _parts(pending: Sequence[PageWord], word: PageWord, rest: Sequence[PageWord]) -> bool:
    before = pending[-1]
    gap = word.left - before.right
    size = min(word.size, before.size)
    if gap > _PART * size:
        return not (_joins(pending, word) and gap < 2 * size)
    if not word.is_number:
        return False
    if before.is_number:
        return not _joins(pending, word)
    name = _length(pending) <= _LONGEST_NAME
    return name and _trailing(rest) and not _joins(pending, word)


def _joins(pending: Sequence[PageWord], word: PageWord) -> bool:
    """Whether a number goes on with what is before it."""
    text = " ".join(each.text for each in pending)
    open_bracket = text.count("(") + text.count("[") > text.count(")") + text.count("]")
    sign = pending[-1].text in ("<", ">", "≤", "≥", "=", "±", "p", "p<", "p=")
    number = pending[-1].is_number
    second = word.text[:1] in "([" and number and not {"(", "["} & set(text)
    ends = word.text in ("%", "*", "**", "***", ")", "]") and number
    return open_bracket or sign or second or ends


def _trailing(rest: Sequence[PageWord]) -> bool:
    """Whether a stretch without wide gaps holds nothing but numbers to its end."""
    for one, other in pairwise(rest):
        if other.left - one.right > _PART * min(one.size, other.size):
            return True
        if not other.is_number and not _CLOSES.fullmatch(other.text):
            return False
    return True


def _gutter(lines: Sequence[Sequence[PageWord]]) -> float | None:
    """Where two columns of print part: a place that few lines cross, with prose on both sides."""
    if not lines:
        return None
    left = min(line[0].left for line in lines)
    right = max(line[-1].right for line in lines)
    middle, reach = (left + right) / 2, (right - left) * 0.12
    best: tuple[int, float] | None = None
    for step in range(-6, 7):
        place = middle + reach * step / 6
        crossed = sum(any(w.left < place < w.right for w in line) for line in lines)
        if best is None or crossed < best[0]:
            best = crossed, place
    if best is None or best[0] > _GUTTER_CROSSED * len(lines):
        return None
    return best[1] if _prose_on_both_sides(lines, best[1]) else None


def _prose_on_both_sides(lines: Sequence[Sequence[PageWord]], place: float) -> bool:
    sides = [_halves(line, place) for line in lines]
    both = [(w, e) for w, e in sides if w and e and e[0].left - w[-1].right > 0.6 * w[-1].size]
    prose = [(w, e) for w, e in both if _is_prose(w, e)]
    return len(prose) >= _GUTTER_LINES and 2 * len(prose) >= len(both)


def _length(words: Sequence[PageWord]) -> int:
    return sum(len(word.text) + 1 for word in words)


def _halves(line: Sequence[PageWord], place: float) -> tuple[list[PageWord], list[PageWord]]:
    """A line's words left and right of a gutter; all left when a word stands across it."""
    if any(word.left < place < word.right for word in line):
        return list(line), []
    return [w for w in line if w.right <= place], [w for w in line if w.left >= place]


def _is_table_line(west: Sequence[PageWord], east: Sequence[PageWord]) -> bool:
    """Whether a table goes on across a gutter: numbers alone on the right."""
    numbers = sum(word.is_number for word in east)
    return numbers > 0.7 * len(east) and _length(west) < 3 * _GUTTER_TEXT
