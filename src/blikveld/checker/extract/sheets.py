"""Comma separated values, and what all sheets share: text, and tables parted by empty rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from blikveld.checker.document import ReportDocument, Writer
from blikveld.checker.extract import limits
from blikveld.checker.extract.plain import decode

_SAMPLE = 20_000

SheetRow = tuple[int, tuple[str, ...]]
"""The row's number in the sheet, or its first line in the file, and its cells."""


def read_csv(path: Path) -> ReportDocument:
    """Comma, semicolon or tab separated values."""
    text = decode(path.read_bytes())
    try:
        dialect = csv.Sniffer().sniff(text[:_SAMPLE], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    rows: list[SheetRow] = []
    cells, line = 0, 1
    reader = csv.reader(io.StringIO(text), dialect)
    for row in reader:
        cells += len(row)
        if cells > limits.CELLS:
            raise limits.too_large(path.name, f"It has more than {limits.CELLS:,} cells")
        rows.append((line, tuple(cell.strip() for cell in row)))
        line = reader.line_num + 1
    writer = Writer()
    write_blocks(writer, "", rows)
    return writer.document(path.name)


def write_blocks(writer: Writer, title: str, rows: Iterable[SheetRow]) -> None:
    """Rows with one filled cell are text; the others are tables, parted by empty rows."""
    table: list[SheetRow] = []
    heading = title
    for number, row in [*rows, (0, ())]:
        filled = [cell for cell in row if cell]
        if len(filled) > 1:
            table.append((number, row))
            continue
        if table:
            writer.grid(heading, _squared(table), [line for line, _ in table])
            writer.text("")
            table = []
        if filled:
            heading = f"{title} {filled[0]}".strip() if title else filled[0]
            writer.file_line = number
            writer.paragraph(filled[0])


def _squared(table: list[SheetRow]) -> Iterator[tuple[str, ...]]:
    """Rows without the empty columns to their left."""
    first = min(next(i for i, cell in enumerate(row) if cell) for _, row in table)
    for _, row in table:
        yield row[first:]
