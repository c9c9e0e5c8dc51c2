"""The table as CSV with numbers for answers, and as Parquet: the numbers are those of the .sav.

A text begins with an apostrophe, so that no program takes it for a number, a formula or nothing; a
line break in it stands as U+2028 or U+2029, because PSPP ends a respondent at every line break. The
reading scripts undo both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from blikveld.responses import duckdb_io
from blikveld.responses.export.limits import SPSS
from blikveld.responses.export.table import ExportCell, ExportColumn, ExportTable
from blikveld.responses.schema import SnapshotColumn, Stored

BREAKS: Mapping[str, str] = {"\n": "\u2028", "\r": "\u2029"}
"""What stands in the CSV for a line break."""


def write_coded_csv(table: ExportTable, path: Path) -> None:
    """Write a line of names and a line a respondent, with the names of the .sav."""
    names = SPSS.fit_names(column.name for column in table.columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names.values())
        writer.writerows(_rows(table))


def write_coded_parquet(table: ExportTable, path: Path) -> None:
    """Write the same numbers as DOUBLE and texts as they are; no label has a place there."""
    names = SPSS.fit_names(column.name for column in table.columns)
    shape = [
        SnapshotColumn(names[column.name], "VARCHAR" if column.is_text else "DOUBLE")
        for column in table.columns
    ]
    rows = [
        tuple(_stored(column, cell) for column, cell in zip(table.columns, row, strict=True))
        for row in zip(*table.cells, strict=True)
    ]
    duckdb_io.write(shape, rows, path)


def _rows(table: ExportTable) -> Iterator[list[str]]:
    # The reason beside a text tells whether there is one: it may be an empty answer.
    for row in zip(*table.cells, strict=True):
        yield [_written(column, cell) for column, cell in zip(table.columns, row, strict=True)]


def _written(column: ExportColumn, cell: ExportCell) -> str:
    if isinstance(cell, str):
        return f"'{_on_one_line(SPSS.cut_text(cell))}"
    number = column.number(cell)
    return str(int(number)) if number.is_integer() else repr(number)


def _on_one_line(text: str) -> str:
    for sign, mark in BREAKS.items():
        text = text.replace(sign, mark)
    return text


def _stored(column: ExportColumn, cell: ExportCell) -> Stored:
    return cell if isinstance(cell, str) else column.number(cell)
