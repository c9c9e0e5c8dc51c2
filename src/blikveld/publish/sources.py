"""What is counted and where: a snapshot or the reference respondents, by which engine.

Engines count on arrays here, or in a database or a cluster that is given. All give the same
tables.
"""

from __future__ import annotations

import importlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeAlias

from blikveld.atomic_files import whole
from blikveld.errors import BlikveldError
from blikveld.questionnaire.routing import Routing
from blikveld.responses.duckdb_io import VIEW
from blikveld.responses.schema import ResponseRecord, columns
from blikveld.responses.snapshot import ROWS, Snapshot, read, write
from blikveld.responses.term_sql import quoted
from blikveld.results.cell import DataOrigin
from blikveld.study.model import Study
from blikveld.synthetic import records
from blikveld.synthetic.records import ReferenceRecord
from blikveld.tabulation.engines.sql import (
    SPARK_SETTINGS,
    SqlEngine,
    database_engine,
    duckdb_engine,
    spark_engine,
)


class NoReference(BlikveldError):
    """A command needs reference respondents, and the study ships none."""

    def __init__(self, study: Study) -> None:
        super().__init__(
            "no-reference",
            str(study.folder),
            "This study ships no reference respondents.",
            "Give a snapshot's folder.",
        )


def load_reference(study: Study) -> tuple[ReferenceRecord, ...]:
    """Return the reference respondents of a study. Raises NoReference."""
    found = records.load(study)
    if not found:
        raise NoReference(study)
    return found


def complete_records(study: Study, found: Sequence[ReferenceRecord]) -> Iterator[ResponseRecord]:
    """Records as responses, completed by the questionnaire's own routing."""
    routing = Routing(study)
    return (ResponseRecord(str(record.respondent), record.person(routing)) for record in found)


@contextmanager
def snapshot_or_reference(study: Study, folder: Path | None) -> Iterator[Snapshot]:
    """Give a snapshot that was taken, or one of the reference respondents for as long as it is
    used.
    """
    if folder is not None:
        yield read(study, folder)
        return
    with tempfile.TemporaryDirectory(prefix="blikveld-") as made:
        answers = complete_records(study, load_reference(study))
        yield write(study, answers, Path(made) / "snapshot", origin=DataOrigin.REFERENCE)


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that either the whole file stands there or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as half:
        half.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


Name: TypeAlias = Literal["numpy", "duckdb", "postgresql", "spark"]
_PACKAGES = {"postgresql": "psycopg", "spark": "pyspark"}
_INSTALLED_AS = {"postgresql": "blikveld[postgresql]", "spark": "pyspark"}
_NAMED = {"DOUBLE": "DOUBLE PRECISION"}
"""What PostgreSQL calls a type by another name."""


@contextmanager
def open_engine(
    name: Name, study: Study, snapshot: Snapshot, database: str
) -> Iterator[SqlEngine | None]:
    """Give an engine while it is used; None stands for numpy. All give the same tables.

    `database` is the URL of a PostgreSQL database, in which a temporary table is made, or of a
    Spark cluster that can read the snapshot's file; empty is a Spark on this machine. Raises
    BlikveldError without the package or the URL that it takes, or when nobody answers there.
    """
    if name == "numpy":
        yield None
    elif name == "duckdb":
        yield duckdb_engine(study, snapshot)
    elif name == "postgresql":
        with _database(database) as connection:
            fill_table(connection, study, snapshot)
            yield database_engine(study, connection)
    else:
        if snapshot.remade is not None:
            problem = "The study was changed since, and its file holds the rows as they were."
            mend = "Write it anew first: blikveld snapshot --from FOLDER --out NEW."
            raise BlikveldError("engine", "--engine spark", problem, mend)
        with _cluster(database or "local[*]") as session:
            rows = session.read.parquet(str(Path(snapshot.folder) / ROWS))
            rows.createOrReplaceTempView(VIEW)
            yield spark_engine(study, session)


def fill_table(connection: Any, study: Study, snapshot: Snapshot) -> None:
    """Put a snapshot's rows in a table of PostgreSQL that goes with the connection (psycopg)."""
    shapes = ", ".join(
        f"{quoted(c.name)} {_NAMED.get(c.type, c.type)}" for c in columns(study.variables)
    )
    connection.execute(f"CREATE TEMPORARY TABLE {VIEW} ({shapes})")
    with snapshot.connect() as source, connection.cursor() as cursor:
        rows = source.execute(f"SELECT * FROM {VIEW}").fetchall()  # noqa: S608
        with cursor.copy(f"COPY {VIEW} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def _database(database: str) -> Iterator[Any]:
    driver = _package("postgresql")
    if not database:
        problem, mend = (
            "PostgreSQL needs an address.",
            "Add --database postgresql://user@host/name.",
        )
        raise BlikveldError("engine", "--engine postgresql", problem, mend)
    try:
        with driver.connect(database) as connection:
            yield connection
    except driver.Error as refused:
        # What the driver says may hold the password of the address.
        problem = "No database answers there, or it does not let us make a table."
        mend = (
            f"Look at the address after --database, and at its rights ({type(refused).__name__})."
        )
        raise BlikveldError("engine", "--engine postgresql", problem, mend) from None


@contextmanager
def _cluster(database: str) -> Iterator[Any]:
    builder = _package("spark").sql.SparkSession.builder.master(database).appName("blikveld")
    for key, value in SPARK_SETTINGS.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def _package(name: str) -> ModuleType:
    package = _PACKAGES[name]
    try:
        importlib.import_module(f"{package}.sql" if name == "spark" else package)
    except ImportError:
        problem = f"It takes the Python package {package}, which is not installed."
        mend = f"Install {_INSTALLED_AS[name]}, or leave --engine out."
        raise BlikveldError("engine", f"--engine {name}", problem, mend) from None
    return importlib.import_module(package)
