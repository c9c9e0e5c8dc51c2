"""Random questionnaires, people and rules: each engine and each form of a rule says the same.

Names and codes are as nasty as a table engine can meet: quotes, comments, statements, signs of
every script. People have every kind of missing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blikveld.responses import duckdb_io
from blikveld.responses.rule_sql import UnusableLiteral, condition
from blikveld.responses.schema import ColumnClash, cells, columns, value
from blikveld.rules import (
    Missing,
    Person,
    Rule,
    Truth,
    UnknownCode,
    UnknownVariable,
    Value,
    WrongKind,
    describe_rule,
    evaluate,
    plain,
)
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    ComparisonOperator,
    Constant,
    CountChosen,
    Flag,
    Leaf,
    Not,
    OneOf,
    Or,
)
from blikveld.study.model import Code, Variable, VariableKind

NASTY = (
    "q",
    "Q",
    "a'b",
    'a"b',
    '"; DROP TABLE respondents; --',
    "' OR TRUE --",
    "$1",
    "?",
    "q__missing",
    "missing",
    "é",
    "e\u0301",
    "ß",
    "😀",
    "a\\'b",
    "null",
    "NaN",
    " ",
    "{label}",
    "0",
)
MISSING = st.sampled_from(Missing)
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
NAMES = TEXTS.filter(bool)
NUMBERS = st.sampled_from([-1.5, 0.0, 1.0, 2.0, 2.5, 1e300])
COMPARISONS = st.sampled_from(ComparisonOperator)
EQUALITIES = st.sampled_from([ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL])
WORLDS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class World:
    """A tiny questionnaire, the people who filled it in, and rules about them."""

    variables: Mapping[str, Variable]
    people: Sequence[Person]
    rules: Sequence[Rule]


@st.composite
def variables(draw: st.DrawFn) -> Variable:
    name, kind = draw(NAMES), draw(st.sampled_from(tuple(SAMPLES)))
    coded = kind in (VariableKind.SINGLE, VariableKind.MULTIPLE)
    codes = draw(st.lists(NAMES, unique=True, min_size=1, max_size=4)) if coded else []
    return Variable(name, kind, {"en": name}, tuple(Code(code, {"en": code}) for code in codes))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    found = draw(st.lists(variables(), min_size=1, max_size=4, unique_by=lambda v: v.name))
    questionnaire = {variable.name: variable for variable in found}
    try:
        columns(questionnaire)
    except ColumnClash:
        assume(False)
    people = draw(st.lists(_person(found), max_size=6))
    return World(questionnaire, people, draw(st.lists(_rule(found), min_size=1, max_size=5)))


def _person(found: Sequence[Variable]) -> st.SearchStrategy[Person]:
    return st.fixed_dictionaries({v.name: st.one_of(MISSING, _answer(v)) for v in found})


def _answer(variable: Variable) -> st.SearchStrategy[Value]:
    codes = [code.code for code in variable.codes]
    match variable.kind:
        case VariableKind.SINGLE:
            return st.sampled_from(codes)
        case VariableKind.MULTIPLE:
            ticked = st.sets(st.sampled_from(codes))
            return ticked.map(lambda chosen: tuple(c for c in codes if c in chosen))
        case VariableKind.FLAG:
            return st.booleans()
        case VariableKind.NUMBER:
            return NUMBERS
        case VariableKind.TEXT:
            return TEXTS


def _rule(found: Sequence[Variable]) -> st.SearchStrategy[Rule]:
    leaves: st.SearchStrategy[Rule] = st.one_of(
        st.booleans().map(Constant), *(_leaf(variable) for variable in found)
    )
    return st.recursive(leaves, _around, max_leaves=8)


def _around(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(inner.map(Not), parts.map(And), parts.map(Or))


def _leaf(variable: Variable) -> st.SearchStrategy[Leaf]:
    name = st.just(variable.name)
    codes = [code.code for code in variable.codes]
    code = st.one_of(st.sampled_from(codes), NAMES) if codes else TEXTS
    always = st.one_of(st.builds(Asked, name), st.builds(Answered, name))
    match variable.kind:
        case VariableKind.SINGLE | VariableKind.TEXT:
            several = st.lists(code, max_size=3).map(tuple)
            single = st.builds(Compare, name, EQUALITIES, code)
            return st.one_of(always, single, st.builds(OneOf, name, several))
        case VariableKind.MULTIPLE:
            number = st.one_of(st.integers(-1, 5), st.just(10**30))
            count = st.builds(CountChosen, name, COMPARISONS, number)
            return st.one_of(always, st.builds(Chosen, name, code), count)
        case VariableKind.FLAG:
            return st.one_of(always, st.builds(Flag, name))
        case VariableKind.NUMBER:
            number_ = st.one_of(NUMBERS, st.integers(-3, 3), st.just(float("inf")))
            return st.one_of(always, st.builds(Compare, name, COMPARISONS, number_))


def _rows(world: World) -> list[tuple[str | bool | float | None, ...]]:
    return [
        tuple(cell for variable in world.variables.values() for cell in cells(variable, person))
        for person in world.people
    ]


def _counted(world: World) -> list[tuple[Truth, ...]]:
    """For each person the truth of every rule, as the table engine sees it."""
    chosen = ", ".join(condition(rule, world.variables) for rule in world.rules)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        rows = _rows(world)
        duckdb_io.write(columns(world.variables), rows, path)
        with duckdb_io.load(path, len(rows)) as connection:
            return connection.execute(f"SELECT {chosen} FROM respondents").fetchall()  # noqa: S608


@given(worlds())
@WORLDS
def test_the_table_engine_and_the_evaluator_agree_on_everybody(world: World) -> None:
    plainly = [tuple(evaluate(rule, person) for rule in world.rules) for person in world.people]
    assert _counted(world) == plainly


@given(worlds())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_plain_form_says_the_same_of_everybody(world: World) -> None:
    for rule in world.rules:
        for person in world.people:
            assert evaluate(plain(rule), person) is evaluate(rule, person)
        assert plain(plain(rule)) == plain(rule)


@given(worlds())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_stored_comes_back(world: World) -> None:
    for variable in world.variables.values():
        for person in world.people:
            stored = tuple(cells(variable, person))
            assert value(variable, stored) == person[variable.name]


class _Labels:
    """Words of a made-up questionnaire: everything is called as it is coded."""

    def __init__(self, world: World) -> None:
        self.world = world

    def label(self, name: str) -> str:
        return self.world.variables[name].label["en"]

    def code(self, name: str, code: str) -> str:
        return self.world.variables[name].code(code).label["en"]


@given(worlds(), st.sampled_from(["nl", "en"]))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_rule_can_be_read_aloud_or_names_an_unknown_code(world: World, lang: str) -> None:
    for rule in world.rules:
        try:
            said = describe_rule(rule, _Labels(world), lang)
        except UnknownCode:
            continue
        assert "respondent" in said
        assert describe_rule(plain(rule), _Labels(world), lang) == said


SAMPLES: Mapping[VariableKind, Value] = {
    VariableKind.SINGLE: "a",
    VariableKind.TEXT: "a",
    VariableKind.MULTIPLE: ("a",),
    VariableKind.FLAG: True,
    VariableKind.NUMBER: 1.0,
}
ANY_LEAF = st.one_of(
    st.builds(Flag, st.just("v")),
    st.builds(Compare, st.just("v"), COMPARISONS, st.one_of(st.just("a"), NUMBERS)),
    st.builds(OneOf, st.just("v"), st.just(("a",))),
    st.builds(Chosen, st.just("v"), st.just("a")),
    st.builds(CountChosen, st.just("v"), COMPARISONS, st.integers(0, 2)),
    st.builds(Asked, st.sampled_from(["v", "w"])),
)


@given(st.sampled_from(tuple(SAMPLES)), ANY_LEAF)
def test_both_refuse_the_same_rules(kind: VariableKind, rule: Leaf) -> None:
    known = {"v": Variable("v", kind, {"en": "v"}, (Code("a", {"en": "a"}),))}
    try:
        evaluate(rule, {"v": SAMPLES[kind]})
    except (UnknownVariable, WrongKind) as refusal:
        with pytest.raises(type(refusal)):
            condition(rule, known)
    else:
        condition(rule, known)


@pytest.mark.parametrize("wanted", [10**400, 2**53 + 1, float("nan")])
def test_a_number_that_cannot_be_compared_exactly_is_refused(wanted: float) -> None:
    known = {"v": Variable("v", VariableKind.NUMBER, {"en": "v"})}
    with pytest.raises(UnusableLiteral):
        condition(Compare("v", ComparisonOperator.LESS, wanted), known)


def test_half_a_sign_is_refused() -> None:
    known = {"v": Variable("v", VariableKind.TEXT, {"en": "v"})}
    with pytest.raises(UnusableLiteral):
        condition(Compare("v", ComparisonOperator.EQUAL, "\ud800"), known)


def test_a_long_rule_is_counted_like_a_short_one() -> None:
    known = {"v": Variable("v", VariableKind.TEXT, {"en": "v"})}
    rule = Or(tuple(Compare("v", ComparisonOperator.EQUAL, f"x{i}") for i in range(2_000)))
    world = World(known, [{"v": "x1999"}, {"v": "y"}], [rule, Not(rule)])
    assert _counted(world) == [(True, False), (False, True)]
