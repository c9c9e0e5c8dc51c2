"""The same cubes as portable SQL, for respondents that live in a database or on a cluster.

Two statements answer a whole plan: a UNION ALL of GROUP BYs for single answers, and one with a
sum for every option of multiple-response questions. Both stand on one list of level numbers.
Only counts leave the database, never a respondent's row.

The text keeps to what DuckDB, PostgreSQL and Spark share: CASE, COUNT, SUM, GROUP BY on plain
columns, aliases that differ; no GROUPING SETS. Spark needs its ANSI mode with quoted identifiers
(`spark.sql.ansi.enabled`, `spark.sql.ansi.doubleQuotedIdentifiers`).

An engine is made from whatever runs the statements. Connections are told apart by what they can
do, so that no database driver is needed to import this. Cubes in memory are in `arrays`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from blikveld.errors import BlikveldError
from blikveld.responses.duckdb_io import VIEW
from blikveld.responses.rule_sql import condition
from blikveld.responses.schema import codes, missing_column, option_column
from blikveld.responses.snapshot import Snapshot
from blikveld.responses.term_sql import Dialect, chosen_sql, literal, quoted
from blikveld.rules import EVERYBODY, Rule
from blikveld.rules.nodes import And, Constant, Not, Or
from blikveld.study.model import Study, Variable, VariableKind
from blikveld.tabulation.axes import KINDS, Axes, Axis, AxisKind
from blikveld.tabulation.cubes import Cube, CubeKey, CubeOptions, Sums


def level_sql(
    axis: Axis, variables: Mapping[str, Variable], dialect: Dialect = Dialect.DUCKDB
) -> str:
    """SQL that numbers the level of a respondent, from 0 in the order of `axis.levels`.

    NULL for a row that no snapshot can hold. Names and codes are quoted, whatever signs they have.
    """
    if axis.kind is AxisKind.TRUTH:
        rule = condition(axis.rule or EVERYBODY, variables, dialect)
        return f"CASE WHEN {rule} THEN 0 WHEN NOT {rule} THEN 1 ELSE 2 END"
    answers = list(_level_cases(axis, variables[axis.name]))
    first = axis.size - len(KINDS)
    missing = quoted(missing_column(axis.name))
    kinds = [
        f"WHEN {missing} = {literal(kind.value)} THEN {first + index}"
        for index, kind in enumerate(KINDS)
    ]
    return f"CASE {' '.join((*answers, *kinds))} END"


def _level_cases(axis: Axis, variable: Variable) -> Iterator[str]:
    name = quoted(axis.name)
    match axis.kind:
        case AxisKind.VALUE if variable.kind is VariableKind.FLAG:
            yield f"WHEN {name} THEN 0 WHEN NOT {name} THEN 1"
        case AxisKind.VALUE:
            for index, code in enumerate(codes(variable)):
                yield f"WHEN {name} = {literal(code)} THEN {index}"
        case AxisKind.OPTION:
            option = quoted(option_column(axis.name, axis.option))
            yield f"WHEN {option} THEN 0 WHEN NOT {option} THEN 1"
        case AxisKind.COUNT:
            missing = quoted(missing_column(axis.name))
            yield f"WHEN {missing} IS NULL THEN {chosen_sql(variable)}"
        case AxisKind.STATE:
            yield f"WHEN {quoted(missing_column(axis.name))} IS NULL THEN 0"


def needed_axes(axes: Axes, keys: Iterable[CubeKey]) -> tuple[Axis, ...]:
    """Return every axis that these cubes look at, each once."""
    found: dict[Axis, None] = {}
    for key in keys:
        found.update(dict.fromkeys((*key.strata, *axes.needed(key.where))))
        match key.answer:
            case Axis():
                found[key.answer] = None
            case CubeOptions(name, codes):
                found[axes.state(name)] = None
                found.update(dict.fromkeys(axes.option(name, code) for code in codes))
    return tuple(found)


Fetch: TypeAlias = Callable[[str], Iterable[Sequence[object]]]
"""Runs a statement and gives its rows."""


class ForeignRow(BlikveldError):
    """A table in a database holds what no snapshot of this study can hold."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "foreign-row",
            f"column {name!r}",
            "It holds a value that the study does not have.",
            "Fill the table from a snapshot of this version of the study.",
        )


@dataclass(frozen=True)
class SqlEngine:
    """Counts where the respondents are. `table` has the columns of the snapshot."""

    study: Study
    axes: Axes
    fetch: Fetch
    table: str = VIEW
    dialect: Dialect = Dialect.DUCKDB

    def cubes(self, keys: Iterable[CubeKey]) -> dict[CubeKey, Cube]:
        """Count every cube. Raises ForeignRow and the database's own errors."""
        wanted = tuple(dict.fromkeys(keys))
        found = {key: np.zeros((*key.shape, 3)) for key in wanted}
        for statement in statements(self.study, self.axes, wanted, self.table, self.dialect):
            for row in self.fetch(statement.text):
                statement.put_counts(row, found)
        return {key: _cube(key, sums) for key, sums in found.items()}


@dataclass(frozen=True)
class SqlStatement:
    """One query, and where the numbers of its rows belong.

    A row names its cube and stratum, and a tall one its answer; then come counts, and with
    `sums` 3 also sums of weights and of squared weights. A wide row has `width` of each.
    """

    text: str
    keys: tuple[CubeKey, ...]
    strata: int
    width: int
    wide: bool
    sums: int

    def put_counts(self, row: Sequence[object], found: Mapping[CubeKey, Sums]) -> None:
        """Put the numbers of one row into the cube that it names."""
        numbers = [0.0 if value is None else float(str(value)) for value in row[1 + self.strata :]]
        key = self.keys[int(str(row[0]))]
        stratum = tuple(_place(key, n, row[1 + n]) for n in range(len(key.strata)))
        if self.wide:
            sums = np.array(numbers).reshape(self.sums, self.width).T
            found[key][stratum] += sums[: key.shape[-1]]
        else:
            answer = int(numbers[0])
            if answer < 0:
                raise ForeignRow(key.answer.name if key.answer else "")
            found[key][(*stratum, answer)] += np.array(numbers[1:])


def statements(
    study: Study,
    axes: Axes,
    keys: Sequence[CubeKey],
    table: str = VIEW,
    dialect: Dialect = Dialect.DUCKDB,
) -> tuple[SqlStatement, ...]:
    """Return the queries for these cubes: at most two."""
    population = tuple(step.keep for step in study.inclusion)
    rules = (*population, *(rule for key in keys for rule in key.where))
    needed = dict.fromkeys((*needed_axes(axes, keys), *axes.needed(rules)))
    names = {axis: f"a{n}" for n, axis in enumerate(needed)}
    writer = _SqlWriter(study, axes, names, table, dialect)
    tall = tuple(key for key in keys if not isinstance(key.answer, CubeOptions))
    wide = tuple(key for key in keys if isinstance(key.answer, CubeOptions))
    made = (writer.statement(part, wide=part is wide) for part in (tall, wide) if part)
    return tuple(made)


@dataclass(frozen=True)
class _SqlWriter:
    study: Study
    axes: Axes
    names: Mapping[Axis, str]
    table: str
    dialect: Dialect

    def statement(self, keys: tuple[CubeKey, ...], *, wide: bool) -> SqlStatement:
        strata = max(len(key.strata) for key in keys)
        width = max(key.shape[-1] for key in keys)
        sums = 1 if all(key.weight is None for key in keys) else 3
        branches = (
            self._branch(number, key, strata, width if wide else None, sums)
            for number, key in enumerate(keys)
        )
        text = f"WITH coded AS (\n{self._coded(keys)}\n)\n" + "\nUNION ALL\n".join(branches)
        return SqlStatement(text, keys, strata, width, wide, sums)

    def _coded(self, keys: Sequence[CubeKey]) -> str:
        variables = self.study.variables
        # A level that no snapshot can hold becomes -1, so that it is seen and not dropped.
        columns = [
            f"COALESCE({level_sql(axis, variables, self.dialect)}, -1) AS {name}"
            for axis, name in self.names.items()
        ]
        weights = dict.fromkeys(key.weight for key in keys if key.weight is not None)
        columns += [f"{quoted(weight)} AS {_weight(weight)}" for weight in weights]
        # Names and codes were quoted by `level` and `quoted`.
        return f"SELECT {', '.join(columns) or '1 AS one'}\nFROM {quoted(self.table)}"

    def _branch(self, number: int, key: CubeKey, strata: int, width: int | None, sums: int) -> str:
        sides = [self.names[axis] for axis in key.strata]
        shown = [f"{number} AS cube", *(f"{side} AS k{n}" for n, side in enumerate(sides))]
        shown += [f"-1 AS k{n}" for n in range(len(sides), strata)]
        if width is None:
            if isinstance(key.answer, Axis):
                sides.append(self.names[key.answer])
            shown.append(f"{sides[-1] if isinstance(key.answer, Axis) else 0} AS answer")
            shown += self._sums("", key.weight, "TRUE")[:sums]
        else:
            shown += self._wide(key, width, sums)
        grouped = f" GROUP BY {', '.join(dict.fromkeys(sides))}" if sides else ""
        where = self._where(key)
        # Without an alias Spark may take `WHERE (TRUE)` for an alias with a list of columns.
        return f"SELECT {', '.join(shown)} FROM coded AS c WHERE {where}{grouped}"  # noqa: S608

    def _wide(self, key: CubeKey, width: int, sums: int) -> list[str]:
        levels = [*self._levels(key), *("FALSE" for _ in range(width - key.shape[-1]))]
        each = [self._sums(str(n), key.weight, part) for n, part in enumerate(levels)]
        return [these[kind] for kind in range(sums) for these in each]

    def _levels(self, key: CubeKey) -> Iterable[str]:
        """For each level of a multiple-response question the condition of standing in it."""
        if isinstance(key.answer, CubeOptions):
            for code in key.answer.codes:
                yield f"{self.names[self.axes.option(key.answer.name, code)]} = 0"
            state = self.axes.state(key.answer.name)
            for index in range(state.size):
                yield f"{self.names[state]} = {index}"

    def _sums(self, end: str, weight: str | None, part: str) -> list[str]:
        values = ["1"] * 3
        if weight is not None:
            values[1:] = [_weight(weight), f"{_weight(weight)} * {_weight(weight)}"]
        return [
            f"SUM(CASE WHEN {part} THEN {value} ELSE 0 END) AS {name}{end}"
            for name, value in zip(("n", "w", "v"), values, strict=True)
        ]

    def _where(self, key: CubeKey) -> str:
        rules = (*(step.keep for step in self.study.inclusion), *key.where)
        return self._text(And(rules), truth=True)

    def _text(self, rule: Rule, *, truth: bool) -> str:
        """SQL that is true where the rule is `truth`, and false where it is not or is unknown."""
        match rule:
            case Constant(value):
                return "TRUE" if value is truth else "FALSE"
            case Not(part):
                return self._text(part, truth=not truth)
            case And(parts) | Or(parts):
                word = " AND " if isinstance(rule, And) is truth else " OR "
                texts = [self._text(part, truth=truth) for part in parts]
                return f"({word.join(texts)})" if texts else self._empty(rule, truth=truth)
            case _:
                axis, truths = self.axes.leaf(rule)
                levels = [str(n) for n, found in enumerate(truths) if found is truth]
                return f"{self.names[axis]} IN ({', '.join(levels)})" if levels else "FALSE"

    def _empty(self, rule: And | Or, *, truth: bool) -> str:
        return "TRUE" if isinstance(rule, And) is truth else "FALSE"


def _weight(name: str) -> str:
    return quoted(f"weight {name}")


def _place(key: CubeKey, number: int, value: object) -> int:
    index = int(str(value))
    if index < 0:
        raise ForeignRow(key.strata[number].name)
    return index


def _cube(key: CubeKey, sums: Sums) -> Cube:
    n, w, w2 = (np.ascontiguousarray(sums[..., kind]) for kind in range(3))
    return Cube(key, np.rint(n).astype(np.int64), w, w2)


class Cursor(Protocol):
    """The rows of a statement."""

    def fetchall(self) -> Sequence[Sequence[object]]:
        """Return all of them."""


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
    """Return counts a snapshot in the table engine it is read with."""
    connection = snapshot.connect()
    return SqlEngine(study, Axes(study), lambda text: connection.execute(text).fetchall())


def database_engine(study: Study, connection: Connection, table: str = VIEW) -> SqlEngine:
    """Return counts in PostgreSQL, where `table` has the columns of the study's snapshot."""
    axes, dialect = Axes(study), Dialect.POSTGRESQL
    return SqlEngine(study, axes, lambda text: connection.execute(text).fetchall(), table, dialect)


def spark_engine(study: Study, session: SparkSession, view: str = VIEW) -> SqlEngine:
    """Return counts on a Spark cluster, where `view` has the columns of the study's snapshot.

    The session must have SPARK_SETTINGS.
    """
    axes, dialect = Axes(study), Dialect.SPARK
    return SqlEngine(study, axes, lambda text: session.sql(text).collect(), view, dialect)
