"""A snapshot as CSV, once in words and once with numbers for answers, and the latter as Parquet.

In words: codes as the study has them, for programs that read no Parquet. With numbers: those of the
.sav, and a day stands as 1999-12-31. There a text begins with an apostrophe, so that no program
takes it for a number, a formula or nothing; a line break in it stands as U+2028 or U+2029, because
PSPP ends a respondent at every line break. The reading scripts undo both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from blikveld.responses import duckdb_io
from blikveld.responses.export.limits import SPSS
from blikveld.responses.export.table import Content, ExportCell, ExportColumn, ExportTable
from blikveld.responses.schema import SnapshotColumn, Stored
from blikveld.responses.snapshot import Snapshot

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_READ_AS_MISSING = frozenset(
    {"", "#n/a", "#n/a n/a", "#na", "1.#ind", "1.#qnan", "<na>", "n/a", "na", "nan", "none", "null"}
)
"""What R and pandas take for a missing value when they read a CSV, between quotes or not."""


def write_plain_csv(snapshot: Snapshot, file: TextIO) -> None:
    """Write a line of columns and one line a respondent, in the order of the snapshot.

    Truth is `true` or `false`, what is missing is empty and its reason stands in `…__missing`. Text
    is written by `survivable`; the Parquet file has it as it is.
    """
    writer = csv.writer(file, lineterminator="\n")
    with snapshot.connect() as connection:
        writer.writerow(column.name for column in duckdb_io.columns(connection))
        writer.writerows(_plain(row) for row in duckdb_io.rows(connection))


def _plain(row: Sequence[Stored]) -> list[str]:
    return [_cell(cell) for cell in row]


def _cell(cell: Stored) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return survivable(cell)
        case Decimal() | date():
            return str(cell)
        case _:
            return repr(cell)


def survivable(text: str) -> str:
    """Return a text as other programs keep it: with an apostrophe in front of what they would
    change.

    A spreadsheet runs what begins with a sign such as =, and R and pandas take `NA` and blanks for
    no answer. What begins with apostrophes before such a text gets one more, so that taking off the
    first always gives back what was written.
    """
    bare = text.lstrip("'")
    changed = bare.startswith(_RUNS) or bare.strip().casefold() in _READ_AS_MISSING
    return f"'{text}" if changed else text


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
        SnapshotColumn(names[column.name], _TYPES.get(column.role, "DOUBLE"))
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
    if cell is None or isinstance(cell, date):
        return cell.isoformat() if cell else ""
    number = column.number(cell)
    return str(int(number)) if number.is_integer() else repr(number)


def _on_one_line(text: str) -> str:
    for sign, mark in BREAKS.items():
        text = text.replace(sign, mark)
    return text


def _stored(column: ExportColumn, cell: ExportCell) -> Stored:
    return cell if cell is None or isinstance(cell, str | date) else column.number(cell)


_TYPES: Mapping[Content, str] = {Content.TEXT: "VARCHAR", Content.DATE: "DATE"}
