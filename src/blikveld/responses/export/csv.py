"""A snapshot as CSV, for programs that read no Parquet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from blikveld.responses import duckdb_io
from blikveld.responses.schema import Stored
from blikveld.responses.snapshot import Snapshot

_RUNS = ("=", "+", "-", "@", "\t", "\r")
_READ_AS_MISSING = frozenset(
    {"", "#n/a", "#n/a n/a", "#na", "1.#ind", "1.#qnan", "<na>", "n/a", "na", "nan", "none", "null"}
)
"""What R and pandas take for a missing value when they read a CSV, between quotes or not."""


def write(snapshot: Snapshot, file: TextIO) -> None:
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
        case _:
            return repr(cell)


def survivable(text: str) -> str:
    """A text as other programs keep it: with an apostrophe in front of what they would change.

    A spreadsheet runs what begins with a sign such as =, and R and pandas take `NA` and blanks for
    no answer. What begins with apostrophes before such a text gets one more, so that taking off the
    first always gives back what was written.
    """
    bare = text.lstrip("'")
    changed = bare.startswith(_RUNS) or bare.strip().casefold() in _READ_AS_MISSING
    return f"'{text}" if changed else text
