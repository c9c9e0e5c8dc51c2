"""Random questionnaires, people and rules: cubes of every engine equal the plain evaluator.

Everything here is invented.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blikveld.kinds import Multiple, OpenText, Single
from blikveld.responses.rule_sql import quoted
from blikveld.responses.schema import ResponseRecord, columns, raw_names
from blikveld.responses.snapshot import ROWS, Snapshot, write
from blikveld.rules import Missing, Value, parse
from blikveld.study.model import (
    Code,
    Coded,
    Derived,
    DerivedCase,
    InclusionStep,
    Mode,
    Net,
    Option,
    Period,
    Question,
    QuestionKind,
    Score,
    Section,
    Study,
    TablePlan,
    Variable,
    VariableKind,
)
from blikveld.study.sites import Site, Sites
from blikveld.tabulation.engines.arrays import Included
from blikveld.tabulation.engines.sql import database_engine, duckdb_engine, spark_engine
from blikveld.tabulation.planning import Planner
from blikveld.tabulation.tables import Engine, count_plainly, count_tables, select_included

WORDS = {"en": "…"}
SITES = tuple(Site(key, key) for key in ("here", "there", "empty"))
DAY = Period(date(2026, 1, 1), date(2026, 12, 31))
CODES = ("a", "b", "c", "dont_know")
SINGLES = ("job", "liking", "age")
MULTIPLES = ("bread", "cake")
SIDES = ("municipality", "job", "trade", "keen", "liking", "age", "mood", "bread")
COLUMNS = ("liking", "age", "bread", "cake", "keen", "mood", "trade", "municipality")
patient = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=30)


def _question(key: str, kind: QuestionKind) -> Question:
    options = (
        ()
        if kind.variable_kind is VariableKind.TEXT
        else tuple(Option(c, WORDS, WORDS) for c in CODES)
    )
    return Question(key, "1", kind, WORDS, WORDS, options=options)


def _made() -> tuple[tuple[Coded, ...], tuple[Derived, ...], tuple[Score, ...]]:
    """One of each way in which a variable follows from others."""
    codes = (Code("craft", WORDS), Code("shop", WORDS))
    trade = Coded("trade", WORDS, "job", codes, {"a": "craft", "b": "shop"}, {}, None)
    sector = Coded("sector", WORDS, "trade", codes, {"craft": "shop"}, {}, "craft")
    keen = Derived("keen", WORDS, _cases("liking_score >= 2", "liking == 'c'"))
    mood = Derived("mood", WORDS, _cases("keen == 'yes' and 'a' in bread", "count(cake) < 2"))
    score = Score("liking_score", WORDS, "liking", {"a": 1.0, "b": 2.5, "c": 3.0})
    return (trade, sector), (keen, mood), (score,)


def _cases(yes: str, no: str) -> tuple[DerivedCase, ...]:
    return (DerivedCase("yes", WORDS, parse(yes)), DerivedCase("no", WORDS, parse(no)))


LEAVES = st.one_of(
    st.builds(
        "{} {} {!r}".format,
        st.sampled_from(SINGLES),
        st.sampled_from(("==", "!=")),
        st.sampled_from(CODES),
    ),
    st.builds("{!r} in {}".format, st.sampled_from(CODES), st.sampled_from(MULTIPLES)),
    st.builds(
        "count({}) {} {}".format,
        st.sampled_from(MULTIPLES),
        st.sampled_from(("<", ">=")),
        st.integers(0, 3),
    ),
    st.builds(
        "{}({})".format,
        st.sampled_from(("asked", "answered")),
        st.sampled_from((*SINGLES, *MULTIPLES, "remarks", "mood", "liking_score")),
    ),
    st.sampled_from(
        (
            "completed",
            "True",
            "False",
            "municipality == 'here'",
            "trade == 'craft'",
            "sector in ('craft', 'shop')",
            "keen == 'yes'",
            "mood != 'no'",
            "liking_score > 1",
            "remarks == 'invented'",
            "age in ('a', 'dont_know')",
        )
    ),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=4,
)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """A questionnaire with made variables, inclusion rules and some planned tables."""
    coded, derived, scores = _made()
    questions = (
        *(_question(key, Single()) for key in SINGLES),
        *(_question(key, Multiple()) for key in MULTIPLES),
        _question("remarks", OpenText()),
    )
    keeps = draw(st.lists(RULES, max_size=2))
    return Study(
        key="generated",
        version="1",
        languages=("en",),
        title=WORDS,
        period=DAY,
        fieldwork=DAY,
        modes=(Mode.WEB,),
        sites=Sites("municipality", "municipalities", WORDS, WORDS, SITES),
        classifications=(),
        sections=(Section("all", WORDS, questions),),
        coded=coded,
        derived=derived,
        scores=scores,
        inclusion=tuple(InclusionStep(f"s{n}", WORDS, parse(k)) for n, k in enumerate(keeps)),
        tables=tuple(draw(_plan(number)) for number in range(draw(st.integers(1, 4)))),
        banner=draw(st.sampled_from(((), ("job",), ("job", "municipality")))),
    )


@st.composite
def _plan(draw: st.DrawFn, number: int) -> TablePlan:
    base, columns = draw(RULES), draw(st.sampled_from(COLUMNS))
    return TablePlan(
        key=f"t{number}",
        number=WORDS,
        title=WORDS,
        base=parse(base),
        rows=tuple(draw(st.lists(st.sampled_from(SIDES), max_size=2, unique=True))),
        columns=columns,
        order=(),
        total=draw(st.booleans()),
        exclude=draw(st.sampled_from(({}, {columns: ("dont_know",)}, {"age": ("b", "c")}))),
        nets=_nets(columns) if draw(st.booleans()) else (),
        not_asked=draw(st.booleans()),
    )


def _nets(columns: str) -> tuple[Net, ...]:
    asked = (*SINGLES, *MULTIPLES)
    return (Net("either", WORDS, ("a", "c")),) if columns in asked else ()


def _values(variable: Variable) -> st.SearchStrategy[Value]:
    codes = tuple(code.code for code in variable.codes)
    match variable.kind:
        case VariableKind.SINGLE:
            # One municipality stays without respondents.
            some: st.SearchStrategy[Value] = st.sampled_from([c for c in codes if c != "empty"])
        case VariableKind.MULTIPLE:
            some = st.sets(st.sampled_from(codes)).map(
                lambda chosen: tuple(code for code in codes if code in chosen)
            )
        case VariableKind.TEXT:
            some = st.sampled_from(("invented", "it's", ""))
        case _:
            some = st.booleans()
    return st.one_of(some, some, st.sampled_from(Missing))


@dataclass(frozen=True)
class Asked:
    """A study and the answers that were drawn for it."""

    study: Study
    people: Sequence[dict[str, Value]]

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        responses = (ResponseRecord(str(n), person) for n, person in enumerate(self.people))
        with tempfile.TemporaryDirectory() as folder:
            yield write(self.study, responses, Path(folder) / "snapshot")


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    study = draw(studies())
    values = {name: _values(study.variables[name]) for name in raw_names(study)}
    return Asked(study, draw(st.lists(st.fixed_dictionaries(values), max_size=12)))


@given(asked())
@patient
def test_every_cell_equals_the_plain_evaluator(this: Asked) -> None:
    with this.snapshot() as snapshot:
        people = select_included(this.study, snapshot.persons())
        found = count_tables(this.study, snapshot)
    for plan in this.study.tables:
        rows = [(r.key, r.cells, r.cells[0].base if r.cells else 0) for r in found[plan.key].rows]
        assert [(k, b, tuple(c.count for c in cells)) for k, cells, b in rows] == [
            (key, base if cells else 0, cells)
            for key, base, cells in count_plainly(this.study, people, plan)
        ]


def same(study: Study, snapshot: Snapshot, other: Engine) -> None:
    """Hold another engine against numpy: every cube, every number."""
    planner = Planner(study)
    keys = tuple(dict.fromkeys(key for job in planner.jobs(study.tables) for key in job.keys))
    arrays = Included(study, snapshot, planner.axes).engine(keys).cubes(keys)
    cubes = other.cubes(keys)
    for key in keys:
        np.testing.assert_array_equal(cubes[key].n, arrays[key].n)
        np.testing.assert_array_equal(cubes[key].w, arrays[key].w)
        np.testing.assert_array_equal(cubes[key].w2, arrays[key].w2)


@given(asked())
@patient
def test_duckdb_equals_numpy(this: Asked) -> None:
    with this.snapshot() as snapshot:
        same(this.study, snapshot, duckdb_engine(this.study, snapshot))


@pytest.mark.postgres
@given(this=asked())
@settings(patient, max_examples=20)
def test_postgres_equals_numpy(postgres: str, this: Asked) -> None:
    import psycopg

    with this.snapshot() as snapshot, psycopg.connect(postgres) as connection:
        shapes = ", ".join(
            f"{quoted(column.name)} {column.type.replace('DOUBLE', 'DOUBLE PRECISION')}"
            for column in columns(this.study.variables)
        )
        connection.execute(f"CREATE TEMPORARY TABLE respondents ({shapes}) ON COMMIT DROP")
        with snapshot.connect() as source, connection.cursor() as cursor:
            rows = source.execute("SELECT * FROM respondents").fetchall()
            with cursor.copy("COPY respondents FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        same(this.study, snapshot, database_engine(this.study, connection))


@pytest.mark.spark
@given(this=asked())
@settings(patient, max_examples=4, phases=(Phase.explicit, Phase.generate))
def test_spark_equals_numpy(spark: Any, this: Asked) -> None:
    with this.snapshot() as snapshot:
        frame = spark.read.parquet(str(snapshot.folder / ROWS))
        frame.createOrReplaceTempView("respondents")
        same(this.study, snapshot, spark_engine(this.study, spark))
