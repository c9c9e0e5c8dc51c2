"""Documents of marked-up text, HTML and DOCX: paragraphs, tables with captions, footnotes.

A footnote of HTML is read at the place it belongs to; DOCX is read from the package itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

import lxml.html
from lxml import etree
from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser

from blikveld.checker.document import ReportDocument, Writer
from blikveld.checker.extract import files

_SKIP = {"script", "style", "template", "noscript", "head", "svg", "nav"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "li", "ul", "ol", "dl",
    "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "blockquote", "pre",
    "body", "html", "details", "summary", "address", "form", "fieldset", "legend",
}  # fmt: skip
_DEEPEST = 200


def read_html(path: Path) -> ReportDocument:
    """An HTML page as text and tables."""
    parser = HTMLParser(encoding=None, no_network=True, huge_tree=False, remove_comments=True)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except ParserError as error:
        raise files.unreadable(path.name, "It holds no text") from error
    return _HtmlReader(root).document(path.name)


class _HtmlReader:
    def __init__(self, root: HtmlElement) -> None:
        self._root, self._writer = root, Writer()
        self._buffer: list[str] = []
        self._pending: list[tuple[str, HtmlElement]] = []
        self._notes = {
            element.get("id", ""): element
            for element in root.iter()
            if isinstance(element.tag, str) and element.get("id")
        }
        self._used: set[HtmlElement] = {
            target for link in root.iter("a") if (target := self._target(link)) is not None
        }

    def document(self, name: str) -> ReportDocument:
        self._walk(self._root, 0)
        self._flush()
        return self._writer.document(name)

    def _target(self, link: HtmlElement) -> HtmlElement | None:
        """The footnote a link points to: its text is only a number, and the note stands apart."""
        href, text = link.get("href") or "", (link.text_content() or "").strip(" []()")
        if not href.startswith("#") or not re.fullmatch(r"\d{1,3}", text):
            return None
        parent = link.getparent()
        raised = (parent is not None and parent.tag == "sup") or link.find("sup") is not None
        target = self._notes.get(href[1:])
        while target is not None and target.tag not in _BLOCKS:
            target = target.getparent()
        return target if raised or "note" in (link.get("class") or "") else None

    def _walk(self, element: HtmlElement, depth: int) -> None:
        if not isinstance(element.tag, str) or element.tag in _SKIP or element in self._used:
            return
        if element.tag == "table":
            self._flush()
            self._table(element)
        elif depth > _DEEPEST:
            self._buffer.append(element.text_content() or "")
        else:
            self._inside(element, depth)

    def _inside(self, element: HtmlElement, depth: int) -> None:
        block = element.tag in _BLOCKS
        if block:
            self._flush()
            self._writer.file_line = element.sourceline
        if element.tag in ("br", "hr"):
            self._buffer.append(" ")
        target = self._target(element) if element.tag == "a" else None
        if target is not None:
            number = (element.text_content() or "").strip(" []()")
            self._buffer.append(number)
            self._pending.append((number, target))
        else:
            self._buffer.append(element.text or "")
            for child in element:
                self._walk(child, depth + 1)
                self._buffer.append(child.tail or "")
        if block:
            self._flush()

    def _flush(self) -> None:
        text = " ".join("".join(_parted(self._buffer)).split())
        self._buffer = []
        self._writer.paragraph(text)
        pending, self._pending = self._pending, []
        for number, target in pending:
            note = " ".join((target.text_content() or "").split()).strip("↩︎ ^")
            note = re.sub(rf"^\[?{number}\]?[.:)]?\s+", "", note)
            self._writer.file_line = target.sourceline
            self._writer.paragraph(f"{number} {note}")

    def _table(self, table: HtmlElement) -> None:
        captions = table.findall("caption")
        title = " ".join((captions[0].text_content() or "").split()) if captions else ""
        self._writer.paragraph(title)
        rows = list(_html_rows(table))
        self._writer.grid(title, [cells for _, cells in rows], [line for line, _ in rows])
        self._writer.text("")


def _parted(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces of text, with a space where a percentage ends in one and a word begins the next.

    On a page with its key figures in large type the two stand apart, and only the style says so.
    """
    before = ""
    for piece in filter(None, pieces):
        yield f" {piece}" if before.endswith("%") and piece[0].isalpha() else piece
        before = piece


def _html_rows(table: HtmlElement) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows of cells with their line; a cell that spans columns is followed by empty ones."""
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in ("td", "th"):
                cells.append(" ".join((cell.text_content() or "").split()))
                span = cell.get("colspan") or "1"
                cells += [""] * (min(int(span), 50) - 1 if span.isdigit() else 0)
        if cells:
            yield row.sourceline or 0, tuple(cells)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN, _FOOTNOTES, _ENDNOTES = "word/document.xml", "word/footnotes.xml", "word/endnotes.xml"
_KINDS = {f"{_W}footnoteReference": "f", f"{_W}endnoteReference": "e"}


def read_docx(path: Path) -> ReportDocument:
    """A Word document as text and tables. Deleted text under track changes is left out."""
    with ZipFile(path) as package:
        files.check_parts(package, path.name)
        main = files.part(package, _MAIN, path.name)
        if main is None:
            raise files.unreadable(path.name, "It is not a Word document")
        notes = {
            **_notes(files.part(package, _FOOTNOTES, path.name), "f", path.name),
            **_notes(files.part(package, _ENDNOTES, path.name), "e", path.name),
        }
    body = _parse(main, path.name).find(f"{_W}body")
    if body is None:
        raise files.unreadable(path.name, "It is not a Word document")
    return _WordReader(notes).document(body, path.name)


def _parse(content: bytes, location: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise files.unreadable(location, "It is broken") from error


def _notes(content: bytes | None, kind: str, location: str) -> dict[str, str]:
    if content is None:
        return {}
    return {
        kind + (note.get(f"{_W}id") or ""): " ".join(text for text in _texts(note) if text)
        for note in _parse(content, location)
    }


def _texts(element: etree._Element) -> Iterator[str]:
    for paragraph in element.iter(f"{_W}p"):
        yield "".join(run.text or "" for run in paragraph.iter(f"{_W}t")).strip()


class _WordReader:
    def __init__(self, notes: dict[str, str]) -> None:
        self._notes, self._writer = notes, Writer()
        self._number = 0
        self._title = ""

    def document(self, body: etree._Element, name: str) -> ReportDocument:
        for element in body.iter(f"{_W}p", f"{_W}tbl"):
            if any(parent.tag == f"{_W}tbl" for parent in element.iterancestors()):
                continue
            if element.tag == f"{_W}tbl":
                self._writer.grid(self._title, _docx_rows(element))
                self._writer.text("")
            else:
                self._paragraph(element)
        return self._writer.document(name)

    def _paragraph(self, paragraph: etree._Element) -> None:
        parts: list[str] = []
        pending: list[str] = []
        for element in paragraph.iter():
            if element.tag == f"{_W}t":
                parts.append(element.text or "")
            elif element.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                parts.append(" ")
            elif element.tag == f"{_W}noBreakHyphen":
                parts.append("-")
            elif isinstance(element.tag, str) and element.tag in _KINDS:
                self._number += 1
                parts.append(str(self._number))
                key = _KINDS[element.tag] + (element.get(f"{_W}id") or "")
                pending.append(f"{self._number} {self._notes.get(key, '')}")
        text = " ".join("".join(parts).split())
        self._title = text or self._title
        self._writer.paragraph(text)
        for note in pending:
            self._writer.paragraph(note)


def _docx_rows(table: etree._Element) -> Iterator[tuple[str, ...]]:
    for row in table.iter(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            cells.append(" ".join(text for text in _texts(cell) if text))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = span.get(f"{_W}val") if span is not None else None
            cells += [""] * (min(int(wide), 50) - 1 if wide and wide.isdigit() else 0)
        yield tuple(cells)
