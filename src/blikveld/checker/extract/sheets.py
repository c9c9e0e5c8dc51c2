"""Sheets: comma separated values and workbooks, as text and as tables parted by empty rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zipfile import ZipFile

from blikveld.checker.document import Notice, NoticeKind, ReportDocument, Writer
from blikveld.checker.extract import files
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
        if cells > files.CELLS:
            raise files.too_large(path.name, f"It has more than {files.CELLS:,} cells")
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


_FORMULA_ALONE = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def read_workbook(path: Path) -> ReportDocument:
    """Every sheet of a workbook, values as they are shown."""
    # Here, so that a CSV file does not load the library of workbooks.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with ZipFile(path) as package:
        files.check_parts(package, path.name)
        for name in package.namelist():
            files.part(package, name, path.name)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, OSError, AttributeError, TypeError) as error:
        raise files.unreadable(path.name, "It is broken") from error
    missing = _formulas_without_value(path)
    writer, clock, cells = Writer(), files.Clock(path.name), 0
    for sheet in book.worksheets:
        rows: list[SheetRow] = []
        for number, row in enumerate(sheet.iter_rows(), start=1):
            clock.check()
            cells += len(row)
            if cells > files.CELLS:
                raise files.too_large(path.name, f"It has more than {files.CELLS:,} cells")
            rows.append((number, tuple(shown(cell.value, cell.number_format) for cell in row)))
        write_blocks(writer, sheet.title, rows)
    book.close()
    if missing:
        writer.notice(Notice(NoticeKind.FORMULAS_WITHOUT_VALUE, (missing,)))
    return writer.document(path.name)


def _formulas_without_value(path: Path) -> int:
    """How many cells hold a formula and no value, as programs that never calculate write them."""
    with ZipFile(path) as package:
        sheets = [n for n in package.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n)]
        parts = [files.part(package, name, path.name) or b"" for name in sheets]
    return sum(len(_FORMULA_ALONE.findall(part)) for part in parts)


def shown(value: object, pattern: str | None) -> str:
    """A cell as its number format shows it; percentages get their sign and decimals."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).strip()
    if pattern and "%" in pattern:
        return f"{_rounded(Decimal(str(value)) * 100, _decimals(pattern))}%"
    if isinstance(value, float) and not value.is_integer():
        decimals = _decimals(pattern or "")
        return str(_rounded(Decimal(str(value)), decimals)) if decimals else str(value)
    return str(int(value))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _decimals(pattern: str) -> int:
    after = pattern.split(".", 1)[1] if "." in pattern else ""
    return len(after) - len(after.lstrip("0"))
