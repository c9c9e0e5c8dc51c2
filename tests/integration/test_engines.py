"""The flagship's whole plan, counted by every engine: equal cell for cell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blikveld.errors import BlikveldError
from blikveld.publish import sources
from blikveld.responses.snapshot import ROWS, Snapshot
from blikveld.results.cell import Table
from blikveld.study.model import Study
from blikveld.tabulation.engines.sql import duckdb_engine, spark_engine
from blikveld.tabulation.tables import count_tables


@pytest.fixture(scope="module")
def snapshot(flagship: Study) -> Iterator[Snapshot]:
    with sources.snapshot_or_reference(flagship, None) as taken:
        yield taken


@pytest.fixture(scope="module")
def expected(flagship: Study, snapshot: Snapshot) -> dict[str, Table]:
    return count_tables(flagship, snapshot)


def test_duckdb(flagship: Study, snapshot: Snapshot, expected: dict[str, Table]) -> None:
    engine = duckdb_engine(flagship, snapshot)
    assert count_tables(flagship, snapshot, engine=engine) == expected


@pytest.mark.postgres
def test_postgres(
    flagship: Study, snapshot: Snapshot, expected: dict[str, Table], postgres: str
) -> None:
    with sources.open_engine("postgresql", flagship, snapshot, postgres) as engine:
        assert count_tables(flagship, snapshot, engine=engine) == expected


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [
        ("postgresql", "", "needs an address"),
        ("postgresql", "postgresql://nobody:secret@127.0.0.1:1/none", "No database answers"),
    ],
)
def test_no_database(
    flagship: Study, snapshot: Snapshot, name: sources.Name, at: str, said: str
) -> None:
    with (
        pytest.raises(BlikveldError, match=said) as refused,
        sources.open_engine(name, flagship, snapshot, at),
    ):
        pass
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["postgresql", "spark"])
def test_an_engine_whose_package_is_not_there(
    flagship: Study, snapshot: Snapshot, name: sources.Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("psycopg", "pyspark", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, package, None)
    with (
        pytest.raises(BlikveldError, match="not installed"),
        sources.open_engine(name, flagship, snapshot, "postgresql://127.0.0.1/none"),
    ):
        pass


@pytest.mark.long
@pytest.mark.spark
def test_spark(flagship: Study, snapshot: Snapshot, expected: dict[str, Table], spark: Any) -> None:
    spark.read.parquet(str(Path(snapshot.folder) / ROWS)).createOrReplaceTempView("respondents")
    engine = spark_engine(flagship, spark)
    assert count_tables(flagship, snapshot, engine=engine) == expected
