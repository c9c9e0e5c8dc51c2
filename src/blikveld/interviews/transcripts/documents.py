"""OpenDocument and PDF: their lines, to be read as those of a text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pypdf
from lxml import etree
from pypdf.errors import PyPdfError

from blikveld.interviews.transcripts import plain
from blikveld.interviews.transcripts.turns import Heard, TranscriptRefused, cleaned

_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LARGEST = 64 * 2**20
_LEFT_OUT = frozenset((f"{_OFFICE}annotation", f"{_T}tracked-changes", f"{_T}note"))
_WHITE = {f"{_T}line-break": "\n", f"{_T}tab": "\t"}
_FEWEST_LETTERS = 20


def odt(raw: bytes, name: str) -> Heard:
    """The turns of an OpenDocument text. Raises TranscriptRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive, archive.open("content.xml") as member:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(member.read(_LARGEST), parser)
    except (zipfile.BadZipFile, KeyError, OSError, etree.XMLSyntaxError) as error:
        problem = f"This is no OpenDocument text that can be read ({error})."
        raise TranscriptRefused("no-odt", name, problem, "Save it again as .odt.") from None
    paragraphs = (p for p in root.iter(f"{_T}p", f"{_T}h") if not _inside_a_note(p))
    lines = [line for p in paragraphs for line in cleaned("".join(_written(p))).split("\n")]
    return plain.heard(lines)


def _inside_a_note(element: etree._Element) -> bool:
    return any(above.tag in _LEFT_OUT for above in element.iterancestors())


def _written(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _WHITE:
            yield _WHITE[str(child.tag)]
        elif child.tag == f"{_T}s":
            yield " " * int(child.get(f"{_T}c", "1"))
        elif child.tag not in _LEFT_OUT:
            yield from _written(child)
        yield child.tail or ""


def pdf(raw: bytes, name: str) -> Heard:
    """The turns of a PDF that holds text. Raises TranscriptRefused for pictures of text."""
    try:
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        problem = f"This PDF cannot be read ({type(error).__name__})."
        raise TranscriptRefused("no-pdf", name, problem, "Save it again as PDF or .docx.") from None
    text = cleaned("\n".join(pages))
    if sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
        problem = f"Its {len(pages)} pages hold no text, so they are pictures."
        raise TranscriptRefused("pictures", name, problem, "Give the file it was printed from.")
    return plain.heard(text.split("\n"))
