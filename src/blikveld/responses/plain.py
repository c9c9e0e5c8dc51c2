"""A snapshot as CSV, for programs that read no Parquet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from blikveld.responses import engine
from blikveld.responses.schema import Stored
from blikveld.responses.snapshot import Snapshot

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def write(snapshot: Snapshot, file: TextIO) -> None:
    """Write a line of columns and one line a respondent, in the order of the snapshot.

    Truth is `true` or `false`, what is missing is empty and its reason stands in `…__missing`. A
    text that a spreadsheet would run as a formula gets an apostrophe in front; the Parquet file
    has it as it is.
    """
    writer = csv.writer(file, lineterminator="\n")
    with snapshot.connect() as connection:
        writer.writerow(column.name for column in engine.columns(connection))
        writer.writerows(_plain(row) for row in engine.rows(connection))


def _plain(row: Sequence[Stored]) -> list[str]:
    return [_cell(cell) for cell in row]


def _cell(cell: Stored) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return f"'{cell}" if cell.startswith(_RUNS) else cell
        case _:
            return repr(cell)
