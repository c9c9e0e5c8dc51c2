"""DOCX: the words as they read with all changes accepted, without comments."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from blikveld.interviews.transcripts import plain
from blikveld.interviews.transcripts.turns import CLOCK, Heard, TranscriptRefused, cleaned

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_LARGEST = 64 * 2**20
_LEFT_OUT = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText"))
_TIME = re.compile(CLOCK)
_LONGEST_NAME = 60
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t"}


def read(raw: bytes, name: str) -> Heard:
    """The turns of a .docx, of whatever program. Raises TranscriptRefused.

    A row of a table with a short first cell is read as 'Name: words'.
    """
    root = _document(raw, name)
    lines = [line for block in _blocks(root) for line in cleaned(block).split("\n")]
    heard = plain.heard(lines)
    return Heard(heard.turns, (*_notes(root), *heard.notes))


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


def _blocks(element: etree._Element) -> Iterator[str]:
    """The paragraphs and rows of a document, in order."""
    for child in element:
        if child.tag == f"{_W}p":
            yield "".join(_words(child))
            yield from _blocks(child)
        elif child.tag == f"{_W}tr":
            yield _row([" ".join(_blocks(cell)).strip() for cell in child.iter(f"{_W}tc")])
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _row(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    times = [cell for cell in filled if _TIME.fullmatch(cell)]
    who, *words = [cell for cell in filled if cell not in times] or [""]
    time = f"[{times[0]}] " if times else ""
    short = len(who) <= _LONGEST_NAME and ":" not in who
    return f"{time}{who}: {' '.join(words)}" if words and short else "\n".join(filled)


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


def _notes(root: etree._Element) -> Iterator[str]:
    comments = sum(1 for _ in root.iter(f"{_W}commentReference"))
    changes = sum(1 for tag in ("ins", "del", "moveFrom") for _ in root.iter(f"{_W}{tag}"))
    if comments:
        yield f"Comments were left out: {comments}."
    if changes:
        yield f"Tracked changes were taken as accepted: {changes}."
