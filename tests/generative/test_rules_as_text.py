"""A rule written as text is read back as the same rule, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.rules import Person, Rule, evaluate, format_rule, join_rules, parse
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
    Not,
    OneOf,
    Or,
)

NAMES = st.sampled_from(["q", "Q", "or_", "not_q", "asked", "count", "answered", "in_", "job_2"])
CODES = st.one_of(
    st.sampled_from(
        ["", " or ", "' or '", '"', "\\", "a\nb", " and ", "no", "'", "é", "\x00", "{x}"]
    ),
    st.text(max_size=6),
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
COMPARISONS = st.sampled_from(ComparisonOperator)
EQUALITIES = st.sampled_from([ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL])
LEAVES: st.SearchStrategy[Rule] = st.one_of(
    st.booleans().map(Constant),
    NAMES.map(Flag),
    NAMES.map(Asked),
    NAMES.map(Answered),
    st.builds(Compare, NAMES, EQUALITIES, CODES),
    st.builds(Compare, NAMES, COMPARISONS, NUMBERS),
    st.builds(OneOf, NAMES, st.lists(CODES, min_size=1, max_size=4).map(tuple)),
    st.builds(Chosen, NAMES, CODES),
    st.builds(CountChosen, NAMES, COMPARISONS, st.integers(-5, 30)),
)


def _larger(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(parts.map(Not), several.map(And), several.map(Or))


RULES = st.recursive(LEAVES, _larger, max_leaves=15)


@given(RULES)
@settings(max_examples=2_000, deadline=None, derandomize=True)
def test_a_rule_survives_being_written_and_read(rule: Rule) -> None:
    assert parse(format_rule(rule)) == rule


@given(st.lists(RULES, max_size=4))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_rules_that_are_joined_survive_as_well(rules: list[Rule]) -> None:
    joined = join_rules(*rules)
    assert parse(format_rule(joined)) == joined


PEOPLE: tuple[Person, ...] = tuple(
    {"a": first, "b": second, "c": third}
    for first in (True, False)
    for second in (True, False)
    for third in (True, False)
)
FLAGS = st.recursive(st.sampled_from("abc").map(Flag), _larger, max_leaves=8)


@given(st.lists(FLAGS, max_size=3))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_joined_rules_hold_where_all_hold(rules: list[Rule]) -> None:
    joined = join_rules(*rules)
    for person in PEOPLE:
        all_hold = all(evaluate(rule, person) is True for rule in rules)
        assert (evaluate(joined, person) is True) == all_hold
        assert evaluate(parse(format_rule(joined)), person) == evaluate(joined, person)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (join_rules(), "True"),
        (join_rules(Or((Flag("a"), Flag("b"))), Flag("c")), "(a or b) and c"),
        (join_rules(And((Flag("a"), Flag("b"))), Flag("b"), Constant(True)), "a and b"),
        (Not(Chosen("q", "x")), "'x' not in q"),
        (Not(Or((Flag("a"), Not(OneOf("q", ("x",)))))), "not (a or q not in ('x',))"),
        (And(()), "True"),
        (Or(()), "False"),
        (Or((Flag("a"),)), "(a)".strip("()")),
    ],
)
def test_how_a_rule_is_written(rule: Rule, text: str) -> None:
    assert format_rule(rule) == text
