"""What is left of a report once its file format is gone: lines of text, tables, and running text.

Running text is lines joined to sentences again, with footnotes taken out of their way. A PDF breaks
a sentence at every line, and at the foot of a page puts the footnotes in the middle of it. A
footnote's marker is a number glued to the word or sign before it: '(48%).168'.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points, from the upper left corner of an upright page."""
_SENTENCE_LENGTH = 30
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
    return len(cell) > _SENTENCE_LENGTH and any(c.isdigit() for c in cell) and " " in cell


_NOTE = re.compile(r"\s{0,3}(\d{1,3})\s{0,3}(?=[A-Z(“\"'‘§Χχ]|https?:|p\s?[<=>])")
_MARKER = re.compile(
    r"(?:(?<=[%)”’\"'a-zA-Zëéï])[.,;:]?|(?<=[%)”’\"'a-zA-Zëéï0-9][.,;:]))(\d{1,3})"
    r"(?![\d%]|[.,]\d)(?=[\s.,;:)”’]|$)"
)
_CAPTION = re.compile(r"\s{0,3}(?:Figuur|Tabel|Grafiek|Figure|Table|Chart)\s+\w{1,5}\s?[.:]\s")
_HEADING = re.compile(r"\s{0,3}(?:\d{1,2}(?:\.\d{1,2}){1,4}\.?|#{1,6})\s+\S")
_LABEL = re.compile(r"\d{1,3}(?:[.,]\d+)?\s?%")
"""A percentage alone on its line belongs to a chart or a table, not to the words above it."""
_SENTENCE = re.compile(
    r"[.!?\n](?:(?<=\n)\n|(?<=[.!?])"
    r"(?<!\bvs.)(?<!\bca.)(?<!\bnr.)(?<!\bp.)(?<!\bpp.)(?<!\bo\.a.)(?<!\bi\.e.)(?<!\be\.g.)"
    r"(?:[)”’\"]?|(?<=\.)\)?\d{1,3})\s+(?=[A-Z0-9“\"‘(É]))"
)
_REACH = 150
"""Lines between a marker and its footnote at most: about two pages."""
_LONGEST_NOTE = 8
_LONGEST_SENTENCE = 1_500
"""Characters; the longest sentence of a report has some hundreds."""


@dataclass(frozen=True)
class Flow:
    """Joined text, and for each piece of it the line it comes from."""

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def line(self, offset: int) -> int:
        """The line number of an offset in `text`."""
        return self.numbers[max(0, bisect_right(self.starts, offset) - 1)] if self.numbers else 1

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Start and end of every sentence. What never ends is cut, so that work stays in bounds."""
        start = 0
        for stop in (*self._ends, len(self.text)):
            for cut in range(start, stop, _LONGEST_SENTENCE):
                yield cut, min(stop, cut + _LONGEST_SENTENCE)
            start = stop

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        """Where sentences end, looked for once: every judge of a text asks for them."""
        return tuple(stop.end() for stop in _SENTENCE.finditer(self.text))


@dataclass(frozen=True, slots=True)
class Marker:
    """Where the text points to a footnote."""

    start: int
    end: int
    note: int


@dataclass(frozen=True, slots=True)
class Running:
    """A report's running text: the main text with its markers, and the footnotes by number."""

    main: Flow
    notes: dict[int, Flow]
    markers: tuple[Marker, ...]


def join(lines: Iterable[TextLine], *, paragraphs: bool) -> Flow:
    """Lines as one text: a space between lines, an empty line between paragraphs."""
    parts: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    size, broken = 0, False
    for line in lines:
        text = line.text.strip()
        if not text:
            broken = broken or paragraphs
            continue
        label = bool(_LABEL.fullmatch(text))
        apart = _CAPTION.match(line.text) or _HEADING.match(line.text) or broken or label
        glue = "" if not parts else "\n\n" if apart else " "
        if glue == " " and parts[-1].endswith(("-", "\u00ad")) and text[:1].islower():
            parts[-1], size, glue = parts[-1][:-1], size - 1, ""
        starts.append(size + len(glue))
        numbers.append(line.number)
        parts += [glue, text] if glue else [text]
        size += len(glue) + len(text)
        broken = label
    return Flow("".join(parts), tuple(starts), tuple(numbers))


def join_sentences(document: ReportDocument, skip: frozenset[int] = frozenset()) -> Running:
    """The running text of a document, without the lines in `skip` (those of tables)."""
    lines = [line for line in document.lines if line.number not in skip]
    notes = _notes(lines)
    inside = {line.number for found in notes.values() for line in found}
    rest = [line for line in lines if line.number not in inside]
    main = join(rest, paragraphs=document.paragraphs)
    joined = {number: join(found, paragraphs=False) for number, found in notes.items()}
    return Running(main, joined, tuple(_markers(main, joined)))


def is_caption(text: str) -> bool:
    """Whether a paragraph is the caption of a figure or table."""
    return bool(_CAPTION.match(text))


def note_lines(document: ReportDocument) -> frozenset[int]:
    """The lines of a document that are footnotes; a table may go on below them."""
    return frozenset(line.number for body in _notes(document.lines).values() for line in body)


def _markers(main: Flow, notes: dict[int, Flow]) -> Iterator[Marker]:
    for match in _MARKER.finditer(main.text):
        note = int(match[1])
        if note in notes and _near(main.line(match.start()), notes[note].line(0)):
            yield Marker(match.start(1), match.end(1), note)


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= _REACH


def _notes(lines: Sequence[TextLine]) -> dict[int, list[TextLine]]:
    """Footnotes by number. A line that looks like one counts if the text points to it."""
    pointed: dict[int, list[int]] = {}
    for line in lines:
        for match in _MARKER.finditer(line.text.rstrip()):
            pointed.setdefault(int(match[1]), []).append(line.number)
    openings = ((index, _NOTE.match(line.text)) for index, line in enumerate(lines))
    likely = [(index, int(opening[1])) for index, opening in openings if opening]
    if not likely:
        return {}
    begins = [
        item
        for before, item, after in zip(
            [(0, 0), *likely[:-1]], likely, [*likely[1:], (0, 0)], strict=True
        )
        if any(_near(lines[item[0]].number, index) for index in pointed.get(item[1], ()))
        or before[1] + 1 == item[1] == after[1] - 1
    ]
    firsts = {index for index, _ in begins}
    return {number: _body(lines, index, firsts) for index, number in _rising(begins)}


def _rising(begins: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of footnotes whose numbers rise; what does not fit in is no footnote."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for index, (_, number) in enumerate(begins):
        level = bisect_right(tops, number - 1)
        before.append(at[level - 1] if level else None)
        tops[level : level + 1] = [number]
        at[level : level + 1] = [index]
    kept: list[tuple[int, int]] = []
    place_or_none = at[-1] if at else None
    while place_or_none is not None:
        kept.append(begins[place_or_none])
        place_or_none = before[place_or_none]
    return kept[::-1]


def _body(lines: Sequence[TextLine], first: int, firsts: set[int]) -> list[TextLine]:
    """A footnote's lines: until it ends like a sentence, or the next one begins."""
    body = [lines[first]]
    for index in range(first + 1, min(len(lines), first + 2 * _LONGEST_NOTE)):
        if index in firsts or _ended(body) or _HEADING.match(lines[index].text):
            break
        body.append(lines[index])
    opening = _NOTE.match(body[0].text)
    if opening:
        body[0] = TextLine(body[0].number, body[0].text[opening.end() :], body[0].page)
    return body


def _ended(body: Sequence[TextLine]) -> bool:
    text = next((line.text.rstrip() for line in reversed(body) if line.text.strip()), "")
    return bool(re.search(r"(?:[.!?)”]|[=\s]\d+[.,]?)$", text)) and not text.endswith("p.")
