"""The engines by name, each made from what its users have at hand.

Connections are told apart by what they can do, so no database driver is needed to import this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from blikveld.responses.duckdb_io import VIEW
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import Study
from blikveld.tabulation.axes import Axes
from blikveld.tabulation.engines.sql import SqlEngine


class Cursor(Protocol):
    """The rows of a statement."""

    def fetchall(self) -> Sequence[Sequence[object]]:
        """All of them."""


class Connection(Protocol):
    """A connection to PostgreSQL (psycopg) or another database that executes a text."""

    def execute(self, query: str, /) -> Cursor:
        """Run one statement."""


class SparkFrame(Protocol):
    """What a cluster gives for a statement."""

    def collect(self) -> Iterable[Sequence[object]]:
        """Its rows."""


class SparkSession(Protocol):
    """A session on a Spark cluster, such as `pyspark.sql.SparkSession`."""

    def sql(self, query: str, /) -> SparkFrame:
        """Run one statement."""


SPARK_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
}
"""Settings with which Spark reads quoted names as the other databases do."""


def duckdb_engine(study: Study, snapshot: Snapshot) -> SqlEngine:
    """Counts a snapshot in the table engine it is read with."""
    connection = snapshot.connect()
    return SqlEngine(study, Axes(study), lambda text: connection.execute(text).fetchall())


def database_engine(study: Study, connection: Connection, table: str = VIEW) -> SqlEngine:
    """Counts in a database where `table` has the columns of the study's snapshot."""
    return SqlEngine(study, Axes(study), lambda text: connection.execute(text).fetchall(), table)


def spark_engine(study: Study, session: SparkSession, view: str = VIEW) -> SqlEngine:
    """Counts on a Spark cluster, where `view` has the columns of the study's snapshot.

    The session must have SPARK_SETTINGS.
    """
    return SqlEngine(study, Axes(study), lambda text: session.sql(text).collect(), view)
