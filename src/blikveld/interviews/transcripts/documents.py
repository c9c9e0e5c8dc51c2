"""Documents of word processors: DOCX, OpenDocument, PDF and RTF, as lines of a text.

Of a Word document the words are those that read with all changes accepted, without comments.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdf
from lxml import etree
from pypdf.errors import PyPdfError

from blikveld.interviews.transcripts import plain
from blikveld.interviews.transcripts.turns import (
    CLOCK,
    ParsedTranscript,
    TranscriptRefused,
    cleaned,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_LARGEST = 64 * 2**20
_LEFT_OUT = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText"))
_TIME = re.compile(CLOCK)
_LONGEST_NAME = 60
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t"}


def docx(raw: bytes, name: str) -> ParsedTranscript:
    """The turns of a .docx, of whatever program. Raises TranscriptRefused.

    A row of a table with a short first cell is read as 'Name: words'.
    """
    root = _document(raw, name)
    lines = [line for block in _blocks(root) for line in cleaned(block).split("\n")]
    parsed = plain.read_lines(lines)
    return ParsedTranscript(parsed.turns, (*_notes(root), *parsed.notes))


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


_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_NOT_READ = frozenset((f"{_OFFICE}annotation", f"{_T}tracked-changes", f"{_T}note"))
_WHITE = {f"{_T}line-break": "\n", f"{_T}tab": "\t"}
_FEWEST_LETTERS = 20


def odt(raw: bytes, name: str) -> ParsedTranscript:
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
    return plain.read_lines(lines)


def _inside_a_note(element: etree._Element) -> bool:
    return any(above.tag in _NOT_READ for above in element.iterancestors())


def _written(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _WHITE:
            yield _WHITE[str(child.tag)]
        elif child.tag == f"{_T}s":
            yield " " * int(child.get(f"{_T}c", "1"))
        elif child.tag not in _NOT_READ:
            yield from _written(child)
        yield child.tail or ""


def pdf(raw: bytes, name: str) -> ParsedTranscript:
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
    return plain.read_lines(text.split("\n"))


_PIECE = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\u(?P<code>-?\d+) ?|\\(?P<word>[a-z]+)(?P<number>-?\d+)? ?"
    r"|\\(?P<sign>[^a-z])|(?P<open>\{)|(?P<close>\})|[\r\n]+|(?P<text>[^\\{}\r\n]+)"
)
_WRITTEN = {"par": "\n", "line": "\n", "sect": "\n", "row": "\n", "cell": "\t", "tab": "\t"} | {
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_NO_WORDS = frozenset(
    (
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "annotation",
    )
) | {"generator", "listtable", "listoverridetable", "themedata", "datastore"}
_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_ESCAPED = {"~": "\u00a0", "_": "\u2011", "-": ""}


def rtf(raw: bytes, name: str) -> ParsedTranscript:
    """The turns of a rich text. Raises TranscriptRefused."""
    pieces = "".join(_Reader().signs(raw.decode("latin-1")))
    # Signs above the first plane come as two halves.
    text = pieces.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not text.strip():
        raise TranscriptRefused("empty", name, "No words stand in it.", "Save it again as .docx.")
    return plain.read_lines(cleaned(text).split("\n"))


@dataclass
class _Group:
    """What holds inside a pair of braces: whether it is words, and how a sign is written twice."""

    hidden: bool = False
    twice: int = 1


@dataclass
class _Reader:
    """Where a reader is: its groups, its code page, and the bytes that stand for a sign read."""

    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    page: str = "cp1252"
    skip: int = 0

    def signs(self, source: str) -> Iterator[str]:
        """The words of RTF, piece by piece; groups that only describe are left out."""
        for match in _PIECE.finditer(source):
            if match["open"]:
                self.groups.append(_Group(self.groups[-1].hidden, self.groups[-1].twice))
            elif match["close"]:
                del self.groups[max(len(self.groups) - 1, 1) :]
            elif match["sign"] == "*":
                self.groups[-1].hidden = True
            elif match["word"]:
                yield self._command(match["word"], match["number"])
            elif not self.groups[-1].hidden:
                yield self._shown(match)

    def _command(self, word: str, number: str | None) -> str:
        group = self.groups[-1]
        group.hidden = group.hidden or word in _NO_WORDS
        group.twice = int(number) if word == "uc" and number else group.twice
        if word == "ansicpg" and number:
            self.page = f"cp{number}"
        self.page = _PAGES.get(word, self.page)
        return "" if group.hidden else _WRITTEN.get(word, "")

    def _shown(self, match: re.Match[str]) -> str:
        if match["code"]:
            self.skip = self.groups[-1].twice
            return chr(int(match["code"]) % 0x1_0000)
        if match["byte"]:
            skipped, self.skip = self.skip > 0, max(self.skip - 1, 0)
            return "" if skipped else self._decoded(match["byte"])
        text = match["text"] or _ESCAPED.get(match["sign"] or "", match["sign"] or "")
        text, self.skip = text[self.skip :], 0
        return text

    def _decoded(self, byte: str) -> str:
        try:
            return bytes.fromhex(byte).decode(self.page, "replace")
        except LookupError:
            return bytes.fromhex(byte).decode("cp1252", "replace")
