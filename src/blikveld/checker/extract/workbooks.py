"""Workbooks: every sheet, each number as the sheet shows it."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from blikveld.checker.document import Notice, NoticeKind, ReportDocument, Writer
from blikveld.checker.extract import limits
from blikveld.checker.extract.sheets import SheetRow, write_blocks

_FORMULA_ALONE = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def read_workbook(path: Path) -> ReportDocument:
    """Every sheet of a workbook, values as they are shown."""
    with ZipFile(path) as package:
        limits.check_parts(package, path.name)
        for name in package.namelist():
            limits.part(package, name, path.name)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, OSError, AttributeError, TypeError) as error:
        raise limits.unreadable(path.name, "It is broken") from error
    missing = _formulas_without_value(path)
    writer, clock, cells = Writer(), limits.Clock(path.name), 0
    for sheet in book.worksheets:
        rows: list[SheetRow] = []
        for number, row in enumerate(sheet.iter_rows(), start=1):
            clock.check()
            cells += len(row)
            if cells > limits.CELLS:
                raise limits.too_large(path.name, f"It has more than {limits.CELLS:,} cells")
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
        parts = [limits.part(package, name, path.name) or b"" for name in sheets]
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
