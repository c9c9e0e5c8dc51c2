"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from blikveld.checker.document import Document, Writer

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


def read_text(path: Path) -> Document:
    """Plain text, such as what another program took from a PDF."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    writer = Writer()
    for number, page in enumerate(text.split("\f"), start=1):
        writer.page = number if "\f" in text else None
        writer.text(page)
    return writer.document(path.name, paragraphs=empty_lines_mean_something(text.split("\n")))


def empty_lines_mean_something(lines: Sequence[str]) -> bool:
    """Whether empty lines part paragraphs: then most lines before one end like a sentence."""
    before = [a for a, b in pairwise(lines) if a.strip() and not b.strip()]
    return not before or 2 * sum(bool(_ENDED.search(line)) for line in before) >= len(before)


def read_markdown(path: Path) -> Document:
    """Markdown with tables and footnotes as GitHub and Pandoc write them."""
    lines = decode(path.read_bytes()).replace("\r\n", "\n").split("\n")
    notes = _notes(lines)
    writer, caption = Writer(), ""
    for block in _blocks(lines):
        if len(block) > 1 and _RULE.fullmatch(block[1]) and "|" in block[0]:
            writer.grid(caption, (cells for cells in map(_cells, block) if cells))
            continue
        text = "\n".join(_plain(line) for line in block)
        writer.paragraph(_REFERENCE.sub(lambda m: str(notes.get(m[1], ("", ""))[0]), text))
        for key in _REFERENCE.findall(text):
            if key in notes:
                number, note = notes.pop(key)
                writer.paragraph(f"{number} {_plain(note)}")
                notes[key] = (number, "")
        caption = _plain(block[-1]).strip()
    return writer.document(path.name)


def _notes(lines: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Footnotes by key: a number for each, its own where the key is one, and its text."""
    found: dict[str, tuple[int, str]] = {}
    for line in lines:
        note = _NOTE.match(line)
        if note and note[1] not in found:
            number = int(note[1]) if note[1].isdigit() else len(found) + 1
            found[note[1]] = (number, note[2])
    return found


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        blank = not line.strip() or _NOTE.match(line)
        heading = line.startswith("#")
        table = (
            bool(block) and ("|" in line) != ("|" in block[-1]) and line.lstrip().startswith("|")
        )
        if block and (blank or heading or table):
            yield block
            block = []
        if not blank:
            block.append(line)
        if heading:
            yield block
            block = []
    if block:
        yield block


def _cells(line: str) -> tuple[str, ...]:
    if _RULE.fullmatch(line):
        return ()
    return tuple(_plain(cell).strip() for cell in line.strip().strip("|").split("|"))


def _plain(line: str) -> str:
    without_links = re.sub(r"!?\[([^\]^]*)\]\([^)]*\)", r"\1", line)
    return _EMPHASIS.sub("", without_links)
