"""What is left of a report once its file format is gone: lines of text, and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_SENTENCE = 30
"""Characters from which on a cell with figures and words is read as a sentence."""


class Language(Enum):
    """The languages whose numbers and words are understood."""

    DUTCH = "nl"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `number` counts from 1 in the text as it was read."""

    number: int
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cells are known, as in a spreadsheet; `line` is where its first row stands."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A report as lines and tables. Of the cells of `grids` only sentences stand in `lines` too.

    `paragraphs` tells whether an empty line ends a paragraph; text from a PDF often has an empty
    line after every line, and then it says nothing.
    """

    name: str
    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()
    paragraphs: bool = True


class Writer:
    """Collects lines and tables while a file is read, and numbers them."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._grids: list[Grid] = []
        self.page: int | None = None

    def text(self, text: str) -> None:
        """Add text; every line break in it begins a new line."""
        for line in text.split("\n"):
            self._lines.append(Line(len(self._lines) + 1, line, self.page))

    def paragraph(self, text: str) -> None:
        """Add text and an empty line after it; nothing when there is no text."""
        if text.strip():
            self.text(text)
            self.text("")

    def grid(self, title: str, rows: Iterator[tuple[str, ...]]) -> None:
        """Add a table. It takes as many line numbers as it has rows, so that places stay apart."""
        first, kept = len(self._lines) + 1, []
        for row in rows:
            kept.append(row)
            self.text(" ".join(cell for cell in row if _is_prose(cell)).replace("\n", " "))
        if kept:
            self._grids.append(Grid(title, tuple(kept), first))

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def document(self, name: str, *, paragraphs: bool = True) -> Document:
        """What was collected."""
        return Document(name, tuple(self._lines), tuple(self._grids), paragraphs)


def _is_prose(cell: str) -> bool:
    """Whether a cell is a sentence rather than a name or a number."""
    return len(cell) > _SENTENCE and any(c.isdigit() for c in cell) and " " in cell
