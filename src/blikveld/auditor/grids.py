"""Tables of files that people publish, as rows of texts: CSV, XLSX, HTML and DOCX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import lxml.etree
import lxml.html
import openpyxl

from blikveld.auditor.reading import UnreadablePublication

_LARGEST = 50_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAFE = lxml.etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class Grid:
    """One table. `name` is its sheet or caption, or its number in the file from 1."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def read_grids(path: Path) -> tuple[Grid, ...]:
    """Every table of a file. Raises UnreadablePublication."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _refuse(path, "It is over 50 MB.", "Cut it into smaller files.")
        return tuple(_READERS[path.suffix.lower()](path))
    except KeyError:
        raise _refuse(
            path, f"Tables in {path.suffix or 'such'} files cannot be read.", "Save it as CSV."
        ) from None
    except (OSError, ValueError, BadZipFile, csv.Error, lxml.etree.LxmlError) as error:
        raise _refuse(path, f"It cannot be read: {error}.", "Check the file.") from None


def _refuse(path: Path, problem: str, mend: str) -> UnreadablePublication:
    return UnreadablePublication("unreadable-publication", str(path), problem, mend)


def _csv(path: Path) -> Iterator[Grid]:
    text = path.read_text(encoding="utf-8-sig")
    dialect = csv.Sniffer().sniff(text[:5000], delimiters=",;\t")
    yield Grid("1", _tidy(csv.reader(io.StringIO(text), dialect)))


def _xlsx(path: Path) -> Iterator[Grid]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        rows = (["" if cell is None else str(cell) for cell in row] for row in sheet.values)
        yield Grid(sheet.title, _tidy(rows))


def _html(path: Path) -> Iterator[Grid]:
    page = lxml.html.fromstring(path.read_bytes())
    for number, table in enumerate(page.iter("table"), start=1):
        caption = table.find("caption")
        name = str(number) if caption is None else " ".join(_text(caption).split())
        rows = ([_text(cell) for cell in row.iter("td", "th")] for row in table.iter("tr"))
        yield Grid(name, _tidy(rows))


def _text(element: lxml.etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _docx(path: Path) -> Iterator[Grid]:
    with ZipFile(path) as package:
        root = lxml.etree.fromstring(package.read("word/document.xml"), _SAFE)
    for number, table in enumerate(root.iter(f"{_WORD}tbl"), start=1):
        rows = (
            ["".join(text.text or "" for text in cell.iter(f"{_WORD}t")) for cell in _cells(row)]
            for row in table.iter(f"{_WORD}tr")
        )
        yield Grid(str(number), _tidy(rows))


def _cells(row: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    return row.iter(f"{_WORD}tc")


def _tidy(rows: Iterator[Sequence[str]] | Iterator[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Rows with something in them, spaces made plain."""
    tidy = (tuple(" ".join(cell.split()) for cell in row) for row in rows)
    return tuple(row for row in tidy if any(row))


_READERS = {
    ".csv": _csv,
    ".tsv": _csv,
    ".txt": _csv,
    ".xlsx": _xlsx,
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
}
