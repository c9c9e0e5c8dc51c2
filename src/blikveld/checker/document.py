"""What is left of a report once its file format is gone: lines of text, and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points, from the upper left corner of an upright page."""
_SENTENCE = 30
"""Characters from which on a cell with figures and words is read as a sentence."""


class Language(Enum):
    """The languages whose numbers and words are understood."""

    DUTCH = "nl"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text. `number` counts from 1 in the text as it was read.

    `file_line` is the line of the file it comes from; None where a file has no lines of text.
    `box` is where it stands on its page; None where a file has no pages.
    """

    number: int
    text: str
    page: int | None = None
    file_line: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class ParsedGrid:
    """A table whose cells are known, as in a spreadsheet; `line` is where its first row stands.

    On a page `tops` has top and bottom of each row, `columns` left and right of each column.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    line: int
    page: int | None = None
    tops: tuple[tuple[float, float], ...] = ()
    columns: tuple[tuple[float, float], ...] = ()

    def box(self, row: int, column: int | None = None) -> Box | None:
        """Where a cell, or without a column a whole row, stands on its page."""
        if row >= len(self.tops) or not self.columns:
            return None
        known = column is not None and column < len(self.columns)
        sides = [self.columns[column or 0]] if known else self.columns
        return sides[0][0], self.tops[row][0], sides[-1][1], self.tops[row][1]


class NoticeKind(Enum):
    """What a reader of the findings has to know about how a file was read."""

    PAGES_WITHOUT_TEXT = "pages without text"
    FORMULAS_WITHOUT_VALUE = "formulas without a value"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was not read: the numbers of the pages, or how many formulas."""

    kind: NoticeKind
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A report as lines and tables. Of the cells of `grids` only sentences stand in `lines` too.

    `paragraphs` tells whether an empty line ends a paragraph; text from a PDF often has an empty
    line after every line, and then it says nothing. `page_sizes` has width and height of each
    page in points.
    """

    name: str
    lines: tuple[TextLine, ...]
    grids: tuple[ParsedGrid, ...] = ()
    paragraphs: bool = True
    notices: tuple[Notice, ...] = ()
    page_sizes: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def readable(text: str) -> str:
    """Text without characters that cannot be written down or that command a terminal.

    A damaged font map of a PDF yields halves of surrogate pairs, which no output can encode. Two
    halves that stand side by side are one character.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", whole)


class Writer:
    """Collects lines and tables while a file is read, and numbers them."""

    def __init__(self) -> None:
        self._lines: list[TextLine] = []
        self._grids: list[ParsedGrid] = []
        self._notices: list[Notice] = []
        self.page: int | None = None
        self.file_line: int | None = None
        """The line of the file that the next text begins on, if the file has lines."""
        self.page_sizes: dict[int, tuple[float, float]] = {}

    def text(self, text: str, box: Box | None = None) -> None:
        """Add text; every line break in it begins a new line, of the file too."""
        for line in readable(text).split("\n"):
            number = len(self._lines) + 1
            self._lines.append(TextLine(number, line, self.page, self.file_line, box))
            if self.file_line is not None:
                self.file_line += 1

    def paragraph(self, text: str) -> None:
        """Add text and an empty line after it; nothing when there is no text."""
        if text.strip():
            self.text(text)
            self.text("")

    def grid(
        self,
        title: str,
        rows: Iterable[tuple[str, ...]],
        file_lines: Sequence[int] | None = None,
        pages: Sequence[int] | None = None,
        tops: Iterable[tuple[float, float]] = (),
        columns: Iterable[tuple[float, float]] = (),
    ) -> None:
        """Add a table. It takes as many line numbers as it has rows, so that places stay apart.

        `file_lines` and `pages` are the lines of the file and the pages that the rows stand on,
        one for each row; `tops` and `columns` where rows and columns stand on the page.
        """
        first, kept, page = len(self._lines) + 1, [], self.page
        for index, row in enumerate(rows):
            kept.append(tuple(readable(cell) for cell in row))
            if file_lines is not None:
                self.file_line = file_lines[index]
            if pages is not None:
                self.page = pages[index]
            self.text(" ".join(cell for cell in row if _is_prose(cell)).replace("\n", " "))
        if kept:
            places = tuple(tops), tuple(columns)
            self._grids.append(ParsedGrid(readable(title), tuple(kept), first, page, *places))

    def notice(self, notice: Notice) -> None:
        """Add something that was not read."""
        self._notices.append(notice)

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def document(self, name: str, *, paragraphs: bool = True) -> ReportDocument:
        """What was collected."""
        shown = readable(name).replace("\n", " ")
        return ReportDocument(
            shown,
            tuple(self._lines),
            tuple(self._grids),
            paragraphs,
            tuple(self._notices),
            self.page_sizes,
        )


def _is_prose(cell: str) -> bool:
    """Whether a cell is a sentence rather than a name or a number."""
    return len(cell) > _SENTENCE and any(c.isdigit() for c in cell) and " " in cell
