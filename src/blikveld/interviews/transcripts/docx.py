"""DOCX: the words as they read with all changes accepted, without comments."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from blikveld.interviews.transcripts import plain
from blikveld.interviews.transcripts.refusal import TranscriptRefused
from blikveld.interviews.transcripts.signs import cleaned
from blikveld.interviews.transcripts.turn import Heard, Turn, joined

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_LARGEST = 64 * 2**20
_LEFT_OUT = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText"))
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t"}
_HEAD = re.compile(r"(\S.{0,118}?)(?:\s{2,}|\t\s*)(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d+)?\s*$")
_SPAN = re.compile(r"\s*\d{1,2}:\d{1,2}:\d{1,2}[.,]\d+\s*-->\s*\d{1,2}:\d{1,2}:\d{1,2}[.,]\d+\s*$")


def read(raw: bytes, name: str) -> Heard:
    """The turns of a .docx: as Teams writes them, or 'Name: words'. Raises TranscriptRefused."""
    root = _document(raw, name)
    lines = [line for paragraph in _paragraphs(root) for line in paragraph.split("\n")]
    turns = tuple(joined(_teams(lines)))
    notes = tuple(_notes(root))
    if any(turn.speaker for turn in turns):
        return Heard(turns, notes)
    heard = plain.read("\n".join(lines), name)
    return Heard(heard.turns, (*notes, *heard.notes))


def _document(raw: bytes, name: str) -> etree._Element:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            with archive.open(_DOCUMENT) as member:
                # Cut off where no talk gets to, so that a bomb becomes broken XML and no more.
                return etree.fromstring(member.read(_LARGEST), parser)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, RuntimeError) as error:
        problem = f"This is no Word document that can be read ({error})."
    except etree.XMLSyntaxError as error:
        problem = f"The document in it is broken: {error.msg}."
    raise TranscriptRefused("no-docx", name, problem, "Save it again as .docx.")


def _paragraphs(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter(f"{_W}p"):
        yield cleaned("".join(_words(paragraph)))


def _words(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _LEFT_OUT or child.tag == f"{_W}p":
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[str(child.tag)]
        else:
            yield from _words(child)


def _teams(lines: list[str]) -> Iterator[Turn]:
    # Two forms: 'Name   0:03' above the words, or a line of times, the name, the words.
    speaker: str | None = None
    named_next = False
    for line in lines:
        if _SPAN.match(line):
            named_next = True
        elif named_next and line.strip():
            speaker, named_next = line.strip(), False
        elif head := _HEAD.match(line.strip("\n")):
            speaker = head[1].strip()
        else:
            yield Turn(speaker, " ".join(line.split()))


def _notes(root: etree._Element) -> Iterator[str]:
    comments = sum(1 for _ in root.iter(f"{_W}commentReference"))
    changes = sum(1 for tag in ("ins", "del", "moveFrom") for _ in root.iter(f"{_W}{tag}"))
    if comments:
        yield f"Comments were left out: {comments}."
    if changes:
        yield f"Tracked changes were taken as accepted: {changes}."
