"""The flagship's whole plan, counted by every engine: equal cell for cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blikveld.cli import steps
from blikveld.figures.cell import Table
from blikveld.responses.columns import quoted
from blikveld.responses.schema import columns
from blikveld.responses.snapshot import ROWS, Snapshot
from blikveld.study.model import Study
from blikveld.tabulation.engines.choose import database_engine, duckdb_engine, spark_engine
from blikveld.tabulation.tables import tables


@pytest.fixture(scope="module")
def snapshot(flagship: Study) -> Iterator[Snapshot]:
    with steps.snapshot_or_reference(flagship, None) as taken:
        yield taken


@pytest.fixture(scope="module")
def expected(flagship: Study, snapshot: Snapshot) -> dict[str, Table]:
    return tables(flagship, snapshot)


def test_duckdb(flagship: Study, snapshot: Snapshot, expected: dict[str, Table]) -> None:
    engine = duckdb_engine(flagship, snapshot)
    assert tables(flagship, snapshot, engine=engine) == expected


@pytest.mark.postgres
def test_postgres(
    flagship: Study, snapshot: Snapshot, expected: dict[str, Table], postgres: str
) -> None:
    import psycopg

    with psycopg.connect(postgres) as connection:
        fill(connection, flagship, snapshot)
        engine = database_engine(flagship, connection)
        assert tables(flagship, snapshot, engine=engine) == expected


def fill(connection: Any, study: Study, snapshot: Snapshot) -> None:
    """Put a snapshot's rows in a temporary table of PostgreSQL."""
    kinds = {"DOUBLE": "DOUBLE PRECISION"}
    shapes = ", ".join(
        f"{quoted(c.name)} {kinds.get(c.type, c.type)}" for c in columns(study.variables)
    )
    connection.execute(f"CREATE TEMPORARY TABLE respondents ({shapes})")
    with snapshot.connect() as source, connection.cursor() as cursor:
        rows = source.execute("SELECT * FROM respondents").fetchall()
        with cursor.copy("COPY respondents FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@pytest.mark.spark
def test_spark(flagship: Study, snapshot: Snapshot, expected: dict[str, Table], spark: Any) -> None:
    spark.read.parquet(str(Path(snapshot.folder) / ROWS)).createOrReplaceTempView("respondents")
    engine = spark_engine(flagship, spark)
    assert tables(flagship, snapshot, engine=engine) == expected
