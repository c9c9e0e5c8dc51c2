"""DOCX: paragraphs, tables and footnotes, read from the package itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from blikveld.checker.document import ReportDocument, Writer
from blikveld.checker.extract import files

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN, _FOOTNOTES, _ENDNOTES = "word/document.xml", "word/footnotes.xml", "word/endnotes.xml"
_KINDS = {f"{_W}footnoteReference": "f", f"{_W}endnoteReference": "e"}


def read(path: Path) -> ReportDocument:
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
                self._writer.grid(self._title, _rows(element))
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


def _rows(table: etree._Element) -> Iterator[tuple[str, ...]]:
    for row in table.iter(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            cells.append(" ".join(text for text in _texts(cell) if text))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = span.get(f"{_W}val") if span is not None else None
            cells += [""] * (min(int(wide), 50) - 1 if wide and wide.isdigit() else 0)
        yield tuple(cells)
