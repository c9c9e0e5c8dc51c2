"""Tables of files that people publish, as rows of texts: CSV, XLSX, HTML, DOCX and PDF.

A PDF holds words at places and no tables: lines of several words with wide gaps between them, right
under each other, are read as one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import lxml.etree
import lxml.html
import openpyxl
import pypdfium2

from blikveld.auditor.reading import UnreadablePublication

_LARGEST = 50_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAFE = lxml.etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class PublishedGrid:
    """One table. `name` is its sheet or caption, or its number in the file from 1."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def read_grids(path: Path) -> tuple[PublishedGrid, ...]:
    """Every table of a file. Raises UnreadablePublication."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _refuse(path, "It is over 50 MB.", "Cut it into smaller files.")
        return tuple(_READERS[path.suffix.lower()](path))
    except KeyError:
        raise _refuse(
            path, f"Tables in {path.suffix or 'such'} files cannot be read.", "Save it as CSV."
        ) from None
    except (
        *(OSError, ValueError, BadZipFile, csv.Error),
        *(lxml.etree.LxmlError, pypdfium2.PdfiumError),
    ) as error:
        raise _refuse(path, f"It cannot be read: {error}.", "Check the file.") from None


def _refuse(path: Path, problem: str, mend: str) -> UnreadablePublication:
    return UnreadablePublication("unreadable-publication", str(path), problem, mend)


def _csv(path: Path) -> Iterator[PublishedGrid]:
    text = path.read_text(encoding="utf-8-sig")
    dialect = csv.Sniffer().sniff(text[:5000], delimiters=",;\t")
    yield PublishedGrid("1", _tidy(csv.reader(io.StringIO(text), dialect)))


def _xlsx(path: Path) -> Iterator[PublishedGrid]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        rows = (["" if cell is None else str(cell) for cell in row] for row in sheet.values)
        yield PublishedGrid(sheet.title, _tidy(rows))


def _html(path: Path) -> Iterator[PublishedGrid]:
    page = lxml.html.fromstring(path.read_bytes())
    for number, table in enumerate(page.iter("table"), start=1):
        caption = table.find("caption")
        name = str(number) if caption is None else " ".join(_text(caption).split())
        rows = ([_text(cell) for cell in row.iter("td", "th")] for row in table.iter("tr"))
        yield PublishedGrid(name, _tidy(rows))


def _text(element: lxml.etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _docx(path: Path) -> Iterator[PublishedGrid]:
    with ZipFile(path) as package:
        root = lxml.etree.fromstring(package.read("word/document.xml"), _SAFE)
    for number, table in enumerate(root.iter(f"{_WORD}tbl"), start=1):
        rows = (
            ["".join(text.text or "" for text in cell.iter(f"{_WORD}t")) for cell in _cells(row)]
            for row in table.iter(f"{_WORD}tr")
        )
        yield PublishedGrid(str(number), _tidy(rows))


def _cells(row: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    return row.iter(f"{_WORD}tc")


@dataclass(frozen=True, slots=True)
class _PrintedText:
    """A piece of a line of a page; its left and right end, and the height of its line."""

    text: str
    left: float
    right: float
    bottom: float
    height: float


_GAP = 0.9
"""So many times the height of a letter apart, two words stand in two columns."""
_LINE = 2.6
"""So many times the height of a letter below another, a line still belongs to its table."""


def _pdf(path: Path) -> Iterator[PublishedGrid]:
    number = 0
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            for block in _blocks(_printed_lines(page.get_textpage())):
                number += 1
                yield PublishedGrid(str(number), _tidy(iter(_columns(block))))
    finally:
        document.close()


def _printed_lines(page: Any) -> list[list[_PrintedText]]:
    """The lines of a page from top to bottom, each as its pieces from left to right."""
    pieces: list[_PrintedText] = []
    for number in range(page.count_rects()):
        left, bottom, right, top = page.get_rect(number)
        text = page.get_text_bounded(left, bottom, right, top).strip()
        if text:
            pieces.append(_PrintedText(text, left, right, bottom, top - bottom))
    lines: list[list[_PrintedText]] = []
    for piece in sorted(pieces, key=lambda each: (-each.bottom, each.left)):
        if lines and abs(lines[-1][0].bottom - piece.bottom) < piece.height / 2:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [_joined(sorted(line, key=lambda each: each.left)) for line in lines]


def _joined(line: list[_PrintedText]) -> list[_PrintedText]:
    """Pieces that stand close together as one."""
    found = line[:1]
    for piece in line[1:]:
        last = found[-1]
        if piece.left - last.right < _GAP * last.height:
            text = f"{last.text} {piece.text}"
            found[-1] = _PrintedText(text, last.left, piece.right, last.bottom, last.height)
        else:
            found.append(piece)
    return found


def _blocks(lines: list[list[_PrintedText]]) -> Iterator[list[list[_PrintedText]]]:
    """Lines of several pieces right under each other."""
    block: list[list[_PrintedText]] = []
    for line in lines:
        is_near = block and block[-1][0].bottom - line[0].bottom < _LINE * line[0].height
        if block and not (is_near and len(line) > 1):
            if len(block) > 1:
                yield block
            block = []
        if len(line) > 1:
            block.append(line)
    if len(block) > 1:
        yield block


def _columns(block: list[list[_PrintedText]]) -> Iterator[list[str]]:
    """The lines of a block with a text for each column; pieces above each other share one."""
    widest = max(len(line) for line in block)
    spans: list[tuple[float, float]] = []
    for piece in sorted(
        (piece for line in block if len(line) == widest for piece in line),
        key=lambda each: each.left,
    ):
        if spans and piece.left <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], piece.right))
        else:
            spans.append((piece.left, piece.right))
    for line in block:
        cells = [""] * len(spans)
        for piece in line:
            at = min(range(len(spans)), key=lambda n: _apart(spans[n], piece))
            cells[at] = f"{cells[at]} {piece.text}".strip()
        yield cells


def _apart(span: tuple[float, float], piece: _PrintedText) -> float:
    return abs((span[0] + span[1]) / 2 - (piece.left + piece.right) / 2)


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
    ".pdf": _pdf,
}
