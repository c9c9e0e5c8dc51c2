"""Random rules with sums, counts, days, texts and rankings, over random people with every kind of
missing: the evaluator and the SQL of each database say the same of everybody. Everything invented.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pytest

from blikveld.responses import rule_sql, term_sql
from blikveld.responses.rule_sql import condition
from blikveld.responses.schema import cells, columns
from blikveld.responses.term_sql import Dialect, quoted
from blikveld.rules import (
    Missing,
    Person,
    Rule,
    Special,
    Truth,
    Value,
    describe_rule,
    format_rule,
    parse,
    plain,
)
from blikveld.rules.evaluate import evaluate
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Atom,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
    ComparisonOperator,
    Constant,
    CountChosen,
    CountTrue,
    Empty,
    Flag,
    IsTrue,
    Matches,
    Not,
    OneOf,
    Or,
)
from blikveld.rules.patterns import fits
from blikveld.rules.terms import (
    Coalesce,
    ConstantTerm,
    CountTerm,
    DaysBetween,
    LengthTerm,
    Minus,
    Plus,
    SumTerm,
    Term,
    Times,
    VariableTerm,
    YearsBetween,
)
from blikveld.rules.types import CalendarDate, DecimalNumber, VariableKind
from blikveld.study import whole_numbers
from blikveld.study.respondent_model import whole_limits
from blikveld.study.rule_literals import RuleLiterals
from blikveld.study.solver import FALSE, Circuit, Solver
from blikveld.study.term_literals import TermLiterals, TextLiterals, VariableLiterals
from blikveld.study.variables import Code, Variable
from blikveld.study.whole_numbers import Arithmetic, CalendarDay, WholeNumber
from blikveld.tabulation.axes import Axes
from blikveld.tabulation.cubes import KnownTruth, evaluate_known, known_of_levels
from blikveld.tabulation.engines.sql import level_sql

LABEL = {"en": "…"}
FIRST, LAST = date(1996, 2, 27), date(2004, 3, 2)


def _codes(*codes: str) -> tuple[Code, ...]:
    return tuple(Code(code, LABEL) for code in codes)


def _number(name: str, decimals: int, most: int) -> Variable:
    limits = DecimalNumber(decimals, Decimal(-most), Decimal(most))
    special = _codes("dont_know") if name == "whole" else ()
    return Variable(name, VariableKind.NUMBER, LABEL, limits=limits, special=special)


VARIABLES: Mapping[str, Variable] = {
    v.name: v
    for v in (
        _number("whole", 0, 9),
        _number("tenths", 1, 5),
        _number("cents", 2, 3),
        Variable(
            "score",
            VariableKind.NUMBER,
            LABEL,
            scored=DecimalNumber(1, Decimal(-2), Decimal("2.5")),
        ),
        Variable("born", VariableKind.DATE, LABEL, limits=CalendarDate(FIRST, LAST)),
        Variable("moved", VariableKind.DATE, LABEL, limits=CalendarDate(FIRST, LAST)),
        Variable("one", VariableKind.SINGLE, LABEL, _codes("x", "y", "z")),
        Variable("many", VariableKind.MULTIPLE, LABEL, _codes("p", "q", "r")),
        Variable("wishes", VariableKind.RANKING, LABEL, _codes("quiet", "light", "near")),
        Variable("words", VariableKind.TEXT, LABEL),
        Variable("flag", VariableKind.FLAG, LABEL),
    )
}
NUMBERS = ("whole", "tenths", "cents", "score")
DAYS = ("born", "moved")
SCORES = (-2.0, -0.1, 0.0, 0.2, 2.5)
TEXTS = ("1234 AB", "a\\b", "x'y", "é😀", "A.b", "aaa", "ab", "12", "two\nlines", "a|b")
PATTERNS = (
    "[0-9]{4} ?[A-Z]{2}",
    "a+",
    "(ab|12)",
    r"a\\b",
    "A.b",
    r"A\.b",
    ".*",
    "[^a]+",
    r"\d+",
    r"(a\|b|x'y)",
    "[a-z]{2,3}",
)


class _Maker:
    """Makes people and rules from a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def person(self) -> Person:
        return {name: self._value(variable) for name, variable in VARIABLES.items()}

    def _value(self, variable: Variable) -> Value:
        dice = self.dice
        if dice.random() < 0.3:
            return dice.choice(tuple(Missing))
        if variable.special and dice.random() < 0.2:
            return Special("dont_know")
        codes = [code.code for code in variable.codes]
        match variable.name:
            case "whole":
                return Decimal(dice.randint(-9, 9))
            case "tenths":
                return Decimal(dice.randint(-50, 50)) / 10
            case "cents":
                return Decimal(dice.randint(-300, 300)) / 100
            case "score":
                return dice.choice(SCORES)
            case "born" | "moved":
                edges = (date(2000, 2, 28), date(2000, 2, 29), date(2000, 3, 1), date(2001, 2, 28))
                anywhere = FIRST + timedelta(days=dice.randint(0, (LAST - FIRST).days))
                return dice.choice((*edges, anywhere, anywhere))
            case "one":
                return dice.choice(codes)
            case "many":
                return tuple(code for code in codes if dice.random() < 0.5)
            case "wishes":
                return tuple(dice.sample(codes, dice.randint(1, 3)))
            case "words":
                return dice.choice(TEXTS)
        return dice.random() < 0.5

    def rule(self, depth: int = 3, counts: int = 0) -> Rule:
        dice = self.dice
        way = dice.random()
        if depth == 0 or way < 0.45:
            return self._atom()
        if way < 0.55:
            return Not(self.rule(depth - 1, counts))
        if way < 0.65:
            return IsTrue(self.rule(depth - 1, counts))
        if way < 0.8 and counts < 2:
            rules = tuple(self.rule(depth - 1, counts + 1) for _ in range(dice.randint(2, 4)))
            return CountTrue(rules, self._comparison(), dice.randint(-1, 5))
        parts = tuple(self.rule(depth - 1, counts) for _ in range(dice.randint(2, 3)))
        return And(parts) if way < 0.9 else Or(parts)

    def _comparison(self) -> ComparisonOperator:
        return self.dice.choice(tuple(ComparisonOperator))

    def _equal(self) -> ComparisonOperator:
        return self.dice.choice((ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL))

    def _atom(self) -> Rule:
        dice = self.dice
        if dice.random() < 0.5:
            return self._compared()
        name = dice.choice(tuple(VARIABLES))
        always: list[Rule] = [Asked(name), Answered(name), Empty(name)]
        plain_number = dice.randint(-40, 40) / 10
        wanted = dice.choice(("quiet", "light", "near"))
        several = dice.choice(("many", "wishes"))
        return dice.choice(
            [
                *always,
                Flag("flag"),
                Compare(dice.choice(NUMBERS), self._comparison(), plain_number),
                Compare("one", self._equal(), dice.choice("xyz")),
                Compare("words", self._equal(), dice.choice(TEXTS)),
                OneOf("words", tuple(dice.sample(TEXTS, 2))),
                Chosen("many", dice.choice("pqr")),
                Chosen("wishes", wanted),
                CountChosen(several, self._comparison(), dice.randint(0, 4)),
                CompareRank("wishes", wanted, self._comparison(), dice.randint(0, 4)),
                Matches("words", dice.choice(PATTERNS)),
                Constant(dice.random() < 0.5),
            ]
        )

    def _compared(self) -> Rule:
        if self.dice.random() < 0.15:
            return CompareTerms(VariableTerm("born"), self._comparison(), self._day())
        left, right = self._term(2), self._term(2)
        if isinstance(left, ConstantTerm | CountTerm):
            left = VariableTerm("whole")
        return parse(format_rule(CompareTerms(left, self._comparison(), right)))

    def _day(self) -> Term:
        fixed = ConstantTerm(date(2000, 2, 29))
        return self.dice.choice((VariableTerm("born"), VariableTerm("moved"), fixed))

    def _constant(self) -> Decimal:
        return Decimal(self.dice.randint(-30, 30)).scaleb(-self.dice.randint(0, 2))

    def _term(self, depth: int) -> Term:
        dice = self.dice
        if depth == 0 or dice.random() < 0.35:
            return dice.choice(
                (
                    *map(VariableTerm, NUMBERS),
                    ConstantTerm(self._constant()),
                    CountTerm(dice.choice(("many", "wishes"))),
                    LengthTerm("words"),
                    DaysBetween(self._day(), self._day()),
                    YearsBetween(self._day(), self._day()),
                )
            )
        kind = dice.choice((Plus, Minus, Times, SumTerm, SumTerm, Coalesce))
        if kind in (Plus, Minus):
            return kind(self._term(depth - 1), self._term(depth - 1))
        if kind is Times:
            inner = self._term(depth - 1)
            return Times(inner, self._constant())
        if kind is Coalesce:
            return Coalesce(self._term(depth - 1), self._constant())
        terms = tuple(self._term(depth - 1) for _ in range(dice.randint(1, 3)))
        return SumTerm(terms, dice.randint(1, len(terms)))


SEEDS = range(30)
EACH = [pytest.param(n, marks=[pytest.mark.long] if n >= 10 else []) for n in SEEDS]
PEOPLE, RULES = 30, 40


@cache
def world(seed: int) -> tuple[tuple[Person, ...], tuple[Rule, ...]]:
    maker = _Maker(seed)
    people = tuple(maker.person() for _ in range(PEOPLE))
    return people, tuple(maker.rule() for _ in range(RULES))


Truths = list[list[Truth]]


def _plainly(seed: int, of: Callable[[Rule, Person], Truth] = evaluate) -> Truths:
    people, rules = world(seed)
    return [[of(rule, person) for rule in rules] for person in people]


Condition = Callable[..., str]
TYPES = {
    Dialect.POSTGRESQL: {"DOUBLE": "DOUBLE PRECISION"},
    Dialect.SQLITE: {"DOUBLE": "REAL", "DATE": "TEXT"},
}


def _create(dialect: Dialect) -> str:
    names = TYPES.get(dialect, {})
    each = (f"{quoted(c.name)} {names.get(c.type, c.type)}" for c in columns(VARIABLES))
    return f"CREATE TABLE people (n INTEGER, {', '.join(each)})"


def _rows(seed: int) -> list[tuple[object, ...]]:
    people, _ = world(seed)
    return [
        (n, *(cell for variable in VARIABLES.values() for cell in cells(variable, person)))
        for n, person in enumerate(people)
    ]


def _query(
    seed: int, dialect: Dialect, write: Condition = condition, part: slice = slice(RULES)
) -> str:
    _, rules = world(seed)
    told = ", ".join(
        f"{write(rule, VARIABLES, dialect)} AS r{n}" for n, rule in enumerate(rules[part])
    )
    return f"SELECT {told} FROM people ORDER BY n"  # noqa: S608 (our own names)


def _known(rows: Iterable[Sequence[object]]) -> Truths:
    return [[None if cell is None else bool(cell) for cell in row] for row in rows]


def _in_duckdb(seed: int, write: Condition = condition) -> Truths:
    with duckdb.connect() as connection:
        connection.execute(_create(Dialect.DUCKDB))
        marks = ", ".join("?" for _ in range(1 + len(columns(VARIABLES))))
        connection.executemany(f"INSERT INTO people VALUES ({marks})", _rows(seed))  # noqa: S608
        return _known(connection.execute(_query(seed, Dialect.DUCKDB, write)).fetchall())


def _in_sqlite(seed: int, write: Condition = condition) -> Truths:
    connection = sqlite3.connect(":memory:")
    connection.create_function(
        "REGEXP", 2, lambda p, text: None if text is None else bool(re.fullmatch(p, text))
    )
    connection.execute(_create(Dialect.SQLITE))
    rows = [tuple(map(_for_sqlite, row)) for row in _rows(seed)]
    marks = ", ".join("?" for _ in range(1 + len(columns(VARIABLES))))
    connection.executemany(f"INSERT INTO people VALUES ({marks})", rows)  # noqa: S608
    try:
        return _known(connection.execute(_query(seed, Dialect.SQLITE, write)).fetchall())
    finally:
        connection.close()


def _for_sqlite(cell: object) -> object:
    if isinstance(cell, Decimal):
        return float(cell)
    return str(cell) if isinstance(cell, date) else cell


def test_the_rules_use_every_form_and_are_true_false_and_unknown() -> None:
    truths = [truth for seed in SEEDS for row in _plainly(seed) for truth in row]
    assert min(truths.count(kind) for kind in (True, False, None)) > len(truths) / 10
    told = " ".join(format_rule(rule) for seed in SEEDS for rule in world(seed)[1])
    forms = "sum( least= coalesce( days( years( length( rank( empty( is_true( matches( date("
    assert [form for form in forms.split() if form not in told] == []


@pytest.mark.parametrize("seed", EACH)
def test_duckdb_and_sqlite_say_what_the_evaluator_says(seed: int) -> None:
    plainly = _plainly(seed)
    assert _in_duckdb(seed) == plainly
    assert _in_sqlite(seed) == plainly


@pytest.mark.parametrize("seed", EACH)
def test_columns_of_levels_in_memory_say_what_the_evaluator_says(seed: int) -> None:
    people, rules = world(seed)
    study: Any = SimpleNamespace(variables=VARIABLES, questions={}, coded=(), derived=(), scores=())
    axes = Axes(study)
    needed = axes.needed(rules)
    told = ", ".join(f"{level_sql(axis, VARIABLES)} AS l{n}" for n, axis in enumerate(needed))
    with duckdb.connect() as connection:
        connection.execute(_create(Dialect.DUCKDB))
        marks = ", ".join("?" for _ in range(1 + len(columns(VARIABLES))))
        connection.executemany(f"INSERT INTO people VALUES ({marks})", _rows(seed))  # noqa: S608
        found = connection.execute(f"SELECT {told} FROM people ORDER BY n").fetchall()  # noqa: S608
    levels = dict(zip(needed, np.array(found, dtype=np.int16).T, strict=True))

    def of_leaf(leaf: Atom) -> KnownTruth:
        axis, truths = axes.leaf(leaf)
        by_level = known_of_levels(truths)
        return KnownTruth(by_level.true[levels[axis]], by_level.false[levels[axis]])

    known = [evaluate_known(rule, of_leaf) for rule in rules]
    shape = (len(people),)
    true = np.array([np.broadcast_to(truth.true, shape) for truth in known]).T
    false = np.array([np.broadcast_to(truth.false, shape) for truth in known]).T
    assert true.tolist() == [[truth is True for truth in row] for row in _plainly(seed)]
    assert false.tolist() == [[truth is False for truth in row] for row in _plainly(seed)]


class _Answers:
    """The literals of every variable, and those that hold for one person."""

    def __init__(self, solver: Solver) -> None:
        self.solver, self.circuit = solver, Circuit(solver)
        self.arithmetic = Arithmetic(self.circuit)
        self.literals = {name: self._literals(v) for name, v in VARIABLES.items()}

    def _literals(self, variable: Variable) -> VariableLiterals:
        new, arithmetic = self.solver.new_literal, self.arithmetic
        answered = new()
        numbers = [(number, new()) for number in SCORES] if variable.scored else []
        codes = {code.code: new() for code in variable.codes}
        match variable.limits:
            case DecimalNumber() as limits:
                value: WholeNumber | None = arithmetic.free_number(*whole_limits(limits))
            case _:
                value = None
        ranking = variable.kind is VariableKind.RANKING
        is_text = variable.kind is VariableKind.TEXT
        return VariableLiterals(
            answered,
            new(),
            codes=codes,
            numbers=numbers,
            flag=new(),
            ranks={code: arithmetic.free_number(1, 5) for code in codes} if ranking else {},
            value=value,
            day=arithmetic.free_day(FIRST, LAST) if variable.name in DAYS else None,
            text=TextLiterals(arithmetic, self.solver, answered, _ignore) if is_text else None,
            special=new() if variable.special else FALSE,
        )

    def holding(self, person: Person) -> list[int]:
        """What holds for this person; call it once every rule has its literals."""
        return [at for name in VARIABLES for at in self._holding(name, person[name])]

    def _holding(self, name: str, value: Value) -> Iterator[int]:
        found = self.literals[name]
        yield _signed(found.answered, not isinstance(value, Missing))
        yield _signed(found.asked, value is not Missing.NOT_ASKED)
        if VARIABLES[name].special:
            yield _signed(found.special, isinstance(value, Special))
        match value:
            case Missing() | Special():
                return
            case bool():
                yield _signed(found.flag, value)
            case float():
                yield from (_signed(at, number == value) for number, at in found.numbers)
            case Decimal() if found.value is not None:
                limits = VARIABLES[name].limits
                assert isinstance(limits, DecimalNumber)
                yield from _bits(found.value, int(value.scaleb(limits.decimals or 0)))
            case date() if found.day is not None:
                yield from _bits(found.day.year, value.year)
                first = date(2000, 1, 1)
                yield from _bits(found.day.place, (value.replace(year=2000) - first).days)
            case tuple():
                yield from (_signed(at, code in value) for code, at in found.codes.items())
                for code, number in found.ranks.items():
                    yield from _bits(number, value.index(code) + 1 if code in value else 5)
            case str() if found.text is not None:
                yield from _text_holding(found.text, value)
            case str():
                yield from (_signed(at, code == value) for code, at in found.codes.items())


def _ignore(word: str, literal: int) -> None:
    """Nobody codes these texts."""


def _text_holding(text: TextLiterals, value: str) -> Iterator[int]:
    yield from (_signed(at, word == value) for word, at in text.words.items())
    yield from (_signed(text.matches(p), fits(p, value)) for p in PATTERNS)
    if text.length_asked is not None:
        yield from _bits(text.length_asked, len(value))


def _signed(literal: int, holds: bool) -> int:
    return literal if holds else -literal


def _bits(number: WholeNumber, value: int) -> Iterator[int]:
    for place, bit in enumerate(number.bits):
        yield _signed(bit, bool((value - number.offset) >> place & 1))


def _all_patterns(answers: _Answers) -> None:
    """Patterns get their literals before the solver answers."""
    text = answers.literals["words"].text
    for pattern in PATTERNS if text else ():
        text.matches(pattern)


def _by_the_solver(seed: int) -> Truths:
    """Each truth by the solver, with every answer fixed; nothing where no such person can be."""
    people, rules = world(seed)
    with Solver() as solver:
        answers = _Answers(solver)
        written = RuleLiterals(
            answers.circuit,
            lambda name, moment: answers.literals[name],
            lambda name: VARIABLES[name].rule_type,
        )
        truths = [written.truth(rule) for rule in rules]
        _all_patterns(answers)
        found: Truths = []
        for person in people:
            # Every answer is fixed, so what the rules are follows, and one model shows them all.
            if not solver.solve(answers.holding(person)):
                return []
            known = [(solver.holds(true), solver.holds(false)) for true, false in truths]
            found.append([True if true else False if false else None for true, false in known])
        return found


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_the_solver_says_what_the_evaluator_says(seed: int) -> None:
    assert _by_the_solver(seed) == _plainly(seed)


def _without_birthday(self: Arithmetic, first: CalendarDay, last: CalendarDay) -> WholeNumber:
    return self.minus(last.year, first.year)


def _answered(self: TermLiterals, variable: VariableLiterals) -> int:
    return variable.answered


SLIPS: Mapping[str, tuple[object, str, object]] = {
    "years without the birthday": (Arithmetic, "years", _without_birthday),
    "the leap day lies elsewhere": (whole_numbers, "_FEBRUARY_29", 58),
    "don't know is a number": (TermLiterals, "_known", _answered),
    "one side is turned round": (Arithmetic, "minus", Arithmetic.plus),
    "what is unknown adds something": (Arithmetic, "where", lambda self, number, literal: number),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_of_the_solver_is_seen(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, wrong = SLIPS[slip]
    monkeypatch.setattr(where, name, wrong)
    assert any(_by_the_solver(seed) != _plainly(seed) for seed in SEEDS[:6])


@pytest.mark.postgres
def test_postgresql_says_what_the_evaluator_says(postgres: str) -> None:
    import psycopg

    with psycopg.connect(postgres) as connection:
        for seed in SEEDS:
            connection.execute("DROP TABLE IF EXISTS people")
            connection.execute(_create(Dialect.POSTGRESQL))
            rows = _rows(seed)
            marks = ", ".join(["%s"] * len(rows[0]))
            insert = f"INSERT INTO people VALUES ({marks})"  # noqa: S608 (our own marks)
            connection.cursor().executemany(insert, rows)
            found = connection.execute(_query(seed, Dialect.POSTGRESQL)).fetchall()
            assert _known(found) == _plainly(seed)


def test_spark_is_given_texts_as_it_reads_them() -> None:
    assert Dialect.SPARK.text("x'y") == r"'x\'y'"
    assert Dialect.SPARK.text(r"a\'b") == r"'a\\\'b'"


@pytest.mark.spark
@pytest.mark.long
def test_spark_says_what_the_evaluator_says(spark: Any, tmp_path: Path) -> None:
    for seed in SEEDS[:3]:
        path = tmp_path / f"{seed}.parquet"
        with duckdb.connect() as connection:
            connection.execute(_create(Dialect.DUCKDB))
            marks = ", ".join("?" for _ in range(1 + len(columns(VARIABLES))))
            connection.executemany(f"INSERT INTO people VALUES ({marks})", _rows(seed))  # noqa: S608
            connection.execute(f"COPY people TO '{path}' (FORMAT parquet)")
        spark.read.parquet(str(path)).createOrReplaceTempView("people")
        # A few rules at a time: Spark compiles each statement, and long ones take it minutes.
        for start in range(0, RULES, 10):
            part = slice(start, start + 10)
            found = spark.sql(_query(seed, Dialect.SPARK, part=part)).collect()
            assert _known(found) == [row[part] for row in _plainly(seed)]


@pytest.mark.parametrize("seed", EACH)
def test_the_plain_form_and_the_text_say_the_same(seed: int) -> None:
    people, rules = world(seed)
    for rule in rules:
        assert parse(format_rule(rule)) == rule
        for person in people:
            assert evaluate(plain(rule), person) is evaluate(rule, person)


class _Names:
    """Everything is called as it is coded."""

    def label(self, name: str) -> str:
        return name

    def code(self, name: str, code: str) -> str:
        return code


@pytest.mark.parametrize("language", ["nl", "en", "de", "fr"])
def test_every_rule_can_be_read_aloud(language: str) -> None:
    for seed in SEEDS[:8]:
        for rule in world(seed)[1]:
            said = describe_rule(rule, _Names(), language)
            assert "{" not in said.replace("{2}", "").replace("{4}", "").replace("{2,3}", "")
            assert describe_rule(plain(rule), _Names(), language) == said


# Deliberate mistakes


EVALUATOR = sys.modules[evaluate.__module__]
MISTAKES: Mapping[str, tuple[ModuleType, str, str]] = {
    "a count of rules is known too early": (
        EVALUATOR,
        "possible = range(known, known + truths.count(None) + 1)",
        "possible = range(known, known + 1)",
    ),
    "is_true is unknown": (EVALUATOR, "evaluate(part, person) is True", "evaluate(part, person)"),
    "empty of who was not asked": (
        EVALUATOR,
        "None if value is Missing.NOT_ASKED else isinstance(value, Missing)",
        "isinstance(value, Missing)",
    ),
    "a sum needs one more": (EVALUATOR, "if len(known) >= least", "if len(known) > least"),
    "minus is plus": (EVALUATOR, "_EXACT.subtract, left", "_EXACT.add, left"),
    "the birthday counts a day late": (
        EVALUATOR,
        "(last.month, last.day) < (first.month, first.day)",
        "(last.month, last.day) <= (first.month, first.day)",
    ),
    "days run backwards": (EVALUATOR, "(last - first).days", "(first - last).days"),
    "places begin at nought": (EVALUATOR, "value.index(option) + 1", "value.index(option)"),
    "coalesce gives nought": (
        EVALUATOR,
        "return value if found is None",
        "return Decimal(0) if found is None",
    ),
    "sql: a constant is not scaled": (
        term_sql,
        "whole = int(number.scaleb(decimals))",
        "whole = int(number)",
    ),
    "sql: a variable is not scaled": (
        term_sql,
        "units = 10 ** self._own(term)",
        "units = 1",
    ),
    "sql: a sum needs one more": (term_sql, "{known} >= {least}", "{known} > {least}"),
    "sql: what is unknown is one": (term_sql, "COALESCE({part}, 0)", "COALESCE({part}, 1)"),
    "sql: minus is plus": (
        term_sql,
        "{self.number(left, decimals)} - {self.number(right, decimals)}",
        "{self.number(left, decimals)} + {self.number(right, decimals)}",
    ),
    "sql: the birthday counts a day late": (
        term_sql,
        "{self._month_day(last)} < {self._month_day(first)}",
        "{self._month_day(last)} <= {self._month_day(first)}",
    ),
    "sql: is_true is unknown": (
        rule_sql,
        "COALESCE({self.condition(part)}, FALSE)",
        "{self.condition(part)}",
    ),
    "sql: an unknown rule is not possible": (
        rule_sql,
        "CASE WHEN NOT {part} THEN 0 ELSE 1 END",
        "CASE WHEN {part} THEN 1 ELSE 0 END",
    ),
    "sql: at least is more than": (
        rule_sql,
        'return f"{known} >= {number}", f"{possible} < {number}"',
        'return f"{known} > {number}", f"{possible} <= {number}"',
    ),
    "sql: what was not ranked stands on top": (
        rule_sql,
        "below = len(codes(variable)) + 2",
        "below = 0",
    ),
    "sql: empty of who was not asked": (
        rule_sql,
        "WHEN {missing} <> {not_asked} THEN TRUE",
        "WHEN TRUE THEN TRUE",
    ),
}


def _remade(module: ModuleType, old: str, new: str) -> ModuleType:
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert source.count(old) == 1, old
    copy = ModuleType(module.__name__)
    sys.modules[module.__name__] = copy
    exec(compile(source.replace(old, new), module.__name__, "exec"), copy.__dict__)  # noqa: S102
    return copy


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_deliberate_mistake_is_seen(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, old, new = MISTAKES[mistake]
    for each in (EVALUATOR, term_sql, rule_sql):
        monkeypatch.setitem(sys.modules, each.__name__, each)
    made = _remade(module, old, new)
    if module is EVALUATOR:
        assert any(_plainly(seed, made.evaluate) != _plainly(seed) for seed in SEEDS)
        return
    if module is term_sql:
        made = _remade(rule_sql, "class UnusableLiteral", "class UnusableLiteral")

    def write(rule: Rule, variables: Mapping[str, Variable], dialect: Dialect) -> str:
        return str(made.condition(rule, variables, made.Dialect(dialect.value)))

    assert any(_in_duckdb(seed, write) != _plainly(seed) for seed in SEEDS)
