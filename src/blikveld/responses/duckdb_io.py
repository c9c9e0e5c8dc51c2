"""Rows in and out of the table engine, DuckDB. Only this module knows how that is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import duckdb
import numpy as np

from blikveld.responses.schema import SnapshotColumn, Stored
from blikveld.responses.term_sql import literal, quoted

Connection: TypeAlias = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
VERSION = f"DuckDB {duckdb.__version__}"
VIEW = "respondents"

_TOGETHER = 122_880
"""Rows that are stored, read and counted together, by one thread."""

_ONE_THREAD = "SET threads = 1"
# One thread and fixed settings: the same rows in the same order give the same bytes.
_PARQUET = f"FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1, ROW_GROUP_SIZE {_TOGETHER}"
_NO_NETWORK = ("SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false")
_CLOSED = ("SET enable_external_access = false", "SET lock_configuration = true")


def write(columns: Sequence[SnapshotColumn], rows: Sequence[Sequence[Stored]], path: Path) -> None:
    """Write rows, in the order given, as a Parquet file; the same rows give the same bytes."""
    with _open() as connection:
        connection.execute(_ONE_THREAD)
        chosen = _register(connection, columns, rows)
        connection.execute(f"COPY ({chosen}) TO {literal(str(path))} ({_PARQUET})")


def fill(columns: Sequence[SnapshotColumn], rows: Sequence[Sequence[Stored]]) -> Connection:
    """Return rows in memory, in the order given, as `load` gives those of a file."""
    connection = _open()
    connection.execute(_ONE_THREAD)
    chosen = _register(connection, columns, rows)
    connection.execute(f"CREATE TABLE {VIEW} AS {chosen}")
    connection.unregister("arrays")
    return _close(connection)


def _register(
    connection: Connection, columns: Sequence[SnapshotColumn], rows: Sequence[Sequence[Stored]]
) -> str:
    """Lend rows to a connection; return the query that gives them with the types of columns."""
    arrays = {
        f"c{index}": np.array([_plain(cell) for cell in cells], dtype=object)
        for index, cells in enumerate(zip(*rows, strict=True) if rows else ((),) * len(columns))
    }
    chosen = ", ".join(
        f"CAST(c{index} AS {column.type}) AS {quoted(column.name)}"
        for index, column in enumerate(columns)
    )
    connection.register("arrays", arrays)
    # Names are quoted and types are ours; nothing here comes from an answer.
    return f"SELECT {chosen} FROM arrays"  # noqa: S608


def load(path: Path, rows: int, wanted: Sequence[SnapshotColumn] = ()) -> Connection:
    """Return the rows of a Parquet file under the name `respondents`.

    `rows` is how many there should be: where one thread does all, the file is read once and held in
    memory; of more rows each statement reads the columns that it needs. Of the columns those that
    are `wanted` come, in that order, or all.

    The connection can reach no other file and no network from then on, whatever is executed. Raises
    EngineError when this is no Parquet file, or one without these columns.
    """
    connection, place = _open(), literal(str(path.resolve()))
    # One thread holds fewer rows on their way than several.
    connection.execute(_ONE_THREAD)
    chosen = ", ".join(quoted(column.name) for column in wanted) or "*"
    query = f"SELECT {chosen} FROM read_parquet({place})"  # noqa: S608
    if rows <= _TOGETHER:
        connection.execute(f"CREATE TABLE {VIEW} AS {query}")
    else:
        connection.execute(f"CREATE VIEW {VIEW} AS {query}")
        connection.execute(f"SET allowed_paths = [{place}]")
    return _close(connection)


def look(path: Path) -> tuple[tuple[SnapshotColumn, ...], int]:
    """Return the columns of a Parquet file and how many rows it has. Raises EngineError."""
    with _open() as connection:
        connection.execute(_ONE_THREAD)
        file = f"read_parquet({literal(str(path))})"
        connection.execute(f"CREATE VIEW {VIEW} AS SELECT * FROM {file}")  # noqa: S608
        return columns(connection), count(connection)


def _close(connection: Connection) -> Connection:
    for setting in _CLOSED:
        connection.execute(setting)
    return connection


def columns(connection: Connection) -> tuple[SnapshotColumn, ...]:
    """Return the columns that are there, in order."""
    found = connection.execute(f"DESCRIBE {VIEW}").fetchall()
    return tuple(SnapshotColumn(str(name), str(kind)) for name, kind, *_ in found)


def count(connection: Connection) -> int:
    """Return the number of rows."""
    found = connection.execute(f"SELECT count(*) FROM {VIEW}").fetchall()  # noqa: S608
    return int(found[0][0])


def rows(connection: Connection) -> Iterable[Sequence[Stored]]:
    """Yield every row in the order of the file."""
    return connection.execute(f"SELECT * FROM {VIEW}").fetchall()  # noqa: S608


def count_distinct(connection: Connection) -> int:
    """Return how many different rows there are."""
    query = f"SELECT count(DISTINCT {_digest(connection)}) FROM {VIEW}"  # noqa: S608
    return int(connection.execute(query).fetchall()[0][0])


def distinct_rows(
    connection: Connection, where: str, one_in: int
) -> Iterable[tuple[Sequence[Stored], int]]:
    """Yield different rows for which `where` is true and how often each is there, in one order.

    About one in so many of them, the same ones each time; with 1 all.
    """
    chosen = f"({where}) AND {_digest(connection)} % {one_in} = 0"
    query = f"SELECT *, count(*) FROM {VIEW} WHERE {chosen} GROUP BY ALL ORDER BY ALL"  # noqa: S608
    return ((row[:-1], int(row[-1])) for row in connection.execute(query).fetchall())


def some_row(connection: Connection, where: str) -> Iterable[Sequence[Stored]]:
    """Yield one row for which `where` is true, if there is one."""
    return connection.execute(f"SELECT * FROM {VIEW} WHERE {where} LIMIT 1").fetchall()  # noqa: S608


def _digest(connection: Connection) -> str:
    """SQL for a number that is the same for equal rows and hardly ever for others."""
    return f"hash({', '.join(quoted(column.name) for column in columns(connection))})"


def _plain(cell: Stored) -> Stored:
    # The engine reads decimals and days exactly from text.
    return str(cell) if isinstance(cell, Decimal | date) else cell


def _open() -> Connection:
    connection = duckdb.connect(":memory:")
    # A bar would stand among what a command prints for other programs.
    connection.execute("SET enable_progress_bar = false")
    for setting in _NO_NETWORK:
        connection.execute(setting)
    return connection
