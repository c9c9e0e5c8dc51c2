"""Running text: lines joined to sentences again, with footnotes taken out of their way.

A PDF breaks a sentence at every line, and at the foot of a page puts the footnotes in the middle
of it. A footnote's marker is a number glued to the word or sign before it: '(48%).168'.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from blikveld.checker.document import ReportDocument, TextLine

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
    r"(?<!\bvs)(?<!\bca)(?<!\bnr)(?<!\bp)(?<!\bpp)(?<!\bo\.a)(?<!\bi\.e)(?<!\be\.g)"
    r"(?:[.!?][)”’\"]?|\.\)?\d{1,3})\s+(?=[A-Z0-9“\"‘(É])|\n\n"
)
_REACH = 150
"""Lines between a marker and its footnote at most: about two pages."""
_LONGEST_NOTE = 8
_LONGEST_SENTENCE = 1_500
"""Characters; the longest sentence of a report has some hundreds."""


@dataclass(frozen=True, slots=True)
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
        for start, end in self._sentences():
            for cut in range(start, end, _LONGEST_SENTENCE):
                yield cut, min(end, cut + _LONGEST_SENTENCE)

    def _sentences(self) -> Iterator[tuple[int, int]]:
        start = 0
        for stop in _SENTENCE.finditer(self.text):
            if stop.end() > start:
                yield start, stop.end()
            start = stop.end()
        if start < len(self.text):
            yield start, len(self.text)


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


def read(document: ReportDocument, skip: frozenset[int] = frozenset()) -> Running:
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
