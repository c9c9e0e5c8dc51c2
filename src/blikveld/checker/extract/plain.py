"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from blikveld.checker.document import ReportDocument, Writer

_REFERENCE = re.compile(r"\[\^([^\]\s]{1,20})\](?!:)")
_NOTE = re.compile(r"\[\^([^\]\s]{1,20})\]:\s*(.*)")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*")
_ENDED = re.compile(r"[.!?:)”\"’|]\d{0,3}\s*$")


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16 with a byte order mark, or else Windows' western encoding."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_text(path: Path) -> ReportDocument:
    """Plain text, such as what another program took from a PDF."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    writer, line = Writer(), 1
    for number, page in enumerate(text.split("\f"), start=1):
        writer.page = number if "\f" in text else None
        writer.file_line = line
        writer.text(page)
        line += page.count("\n")
    return writer.document(path.name, paragraphs=empty_lines_mean_something(text.split("\n")))


def empty_lines_mean_something(lines: Sequence[str]) -> bool:
    """Whether empty lines part paragraphs: then most lines before one end like a sentence."""
    before = [a for a, b in pairwise(lines) if a.strip() and not b.strip()]
    return not before or 2 * sum(bool(_ENDED.search(line)) for line in before) >= len(before)


def read_markdown(path: Path) -> ReportDocument:
    """Markdown with tables and footnotes as GitHub and Pandoc write them."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    return _Markdown(text.split("\n")).document(path.name)


class _Markdown:
    """Writes blocks of lines, and each footnote behind the first block that points to it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines, self._writer = lines, Writer()
        self._notes = _notes(lines)
        self._caption = ""

    def document(self, name: str) -> ReportDocument:
        for first, block in _blocks(self._lines):
            if len(block) > 1 and _RULE.fullmatch(block[1]) and "|" in block[0]:
                self._table(first, block)
            else:
                self._paragraph(first, block)
        return self._writer.document(name)

    def _table(self, first: int, block: Sequence[str]) -> None:
        numbered = ((number, _cells(line)) for number, line in enumerate(block, start=first))
        rows = [(number, cells) for number, cells in numbered if cells]
        self._writer.grid(self._caption, [row for _, row in rows], [line for line, _ in rows])

    def _paragraph(self, first: int, block: Sequence[str]) -> None:
        text = "\n".join(_plain(line) for line in block)
        self._writer.file_line = first
        self._writer.paragraph(_REFERENCE.sub(self._number, text))
        for key in _REFERENCE.findall(text):
            note = self._notes.get(key)
            if note is not None and not note.written:
                self._notes[key] = replace(note, written=True)
                self._writer.file_line = note.line
                self._writer.paragraph(f"{note.number} {_plain(note.text)}")
        self._caption = _plain(block[-1]).strip()

    def _number(self, reference: re.Match[str]) -> str:
        note = self._notes.get(reference[1])
        return "" if note is None else str(note.number)


@dataclass(frozen=True, slots=True)
class _Note:
    """A footnote: the number it is shown with, its text, and the line of the file it begins on."""

    number: int
    text: str
    line: int
    written: bool = False


def _notes(lines: Sequence[str]) -> dict[str, _Note]:
    """Footnotes by key: a number for each, its own where the key is one, and its text."""
    found: dict[str, _Note] = {}
    for number, line in enumerate(lines, start=1):
        note = _NOTE.match(line)
        if note and note[1] not in found:
            shown = int(note[1]) if note[1].isdigit() else len(found) + 1
            found[note[1]] = _Note(shown, note[2], number)
    return found


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines that belong together, with the line of the file that the first of them stands on."""
    block: list[str] = []
    for number, line in enumerate(lines, start=1):
        blank = not line.strip() or _NOTE.match(line)
        heading = line.startswith("#")
        table = (
            bool(block) and ("|" in line) != ("|" in block[-1]) and line.lstrip().startswith("|")
        )
        if block and (blank or heading or table):
            yield number - len(block), block
            block = []
        if not blank:
            block.append(line)
        if heading:
            yield number, block
            block = []
    if block:
        yield len(lines) + 1 - len(block), block


def _cells(line: str) -> tuple[str, ...]:
    if _RULE.fullmatch(line):
        return ()
    return tuple(_plain(cell).strip() for cell in line.strip().strip("|").split("|"))


def _plain(line: str) -> str:
    without_links = re.sub(r"!?\[([^\]^]*)\]\([^)]*\)", r"\1", line)
    return _EMPHASIS.sub("", without_links)
