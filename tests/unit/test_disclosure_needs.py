"""Which numbers must stay uncertain: small ones, small differences, and that all are the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from blikveld.disclosure.linear_system import LinearSystem, add_kinds, build
from blikveld.disclosure.people import People, imagined
from blikveld.disclosure.policy import Policy, needs
from blikveld.results.cell import Cell, CellSource
from blikveld.rules import EVERYBODY, parse
from blikveld.study.disclosure import SameAnswer, Zeros

SOURCE = CellSource("made", "1", "0" * 64)
TEAM = "team == 'a'"
PART = "team == 'a' and felt == 'ill' and said == 'boss'"
"""Part of a team by two questions at once: no one question leaves the others of the team."""


def needed(
    counts: Mapping[str, int], policy: Policy, everybody: int = 300
) -> tuple[LinearSystem, dict[tuple[str, int], tuple[int, int]]]:
    """Of so many people in all, what must stay uncertain of these groups and of their rests.

    By name and value; a rule that stands behind `of` is the base of the one before it.
    """
    cells = [Cell(everybody, everybody, EVERYBODY, EVERYBODY, SOURCE)]
    for text, count in counts.items():
        rule, _, base = text.partition(" of ")
        size = counts[base] if base else everybody
        cells.append(Cell(count, size, parse(base or "True"), parse(rule), SOURCE))
    rules = [rule for cell in cells for rule in (cell.base_rule, cell.rule)]
    system = build(imagined(rules), (), cells)
    found = needs(system, cells, policy)
    named = {n.index: system.names[n.index].removesuffix(" of True") for n in found}
    return system, {(named[n.index], system.values[n.index]): (n.lowest, n.highest) for n in found}


@pytest.mark.parametrize(
    ("count", "ends"), [(0, None), (1, (1, 4)), (4, (1, 4)), (5, None), (6, None)]
)
def test_from_one_to_under_the_threshold_a_count_is_small(
    count: int, ends: tuple[int, int] | None
) -> None:
    assert needed({TEAM: count}, Policy())[1].get((TEAM, count)) == ends


def test_a_zero_is_small_where_zeros_are_hidden_and_one_that_nobody_prints_is_not() -> None:
    counts = {TEAM: 300}
    hidden = Policy(zeros=Zeros.HIDDEN)
    assert needed({TEAM: 0}, hidden)[1][TEAM, 0] == (0, 4)
    assert ("a rest", 0) not in needed(counts, hidden)[1]


@pytest.mark.parametrize(
    ("whole", "apart", "told"),
    [(30, 1, True), (30, 4, True), (30, 5, False), (5, 3, True), (4, 3, False)],
)
def test_a_small_difference_of_two_numbers_is_small(whole: int, apart: int, told: bool) -> None:
    found = needed({TEAM: whole, PART: whole - apart}, Policy())[1]
    assert found.get(("a rest", apart)) == ((1, 4) if told else None)


@pytest.mark.parametrize(("size", "told"), [(5, True), (14, True), (15, False), (40, False)])
def test_that_all_of_a_small_group_gave_one_answer_must_stay_open(size: int, told: bool) -> None:
    found = needed({TEAM: size, PART: size}, Policy())[1]
    assert found.get(("a rest", 0)) == ((0, 4) if told else None)


@pytest.mark.parametrize("size", [5, 15, 200])
def test_of_any_group_or_of_none(size: int) -> None:
    counts = {TEAM: size, PART: size}
    every = Policy(same_answer=SameAnswer.EVERY_GROUP)
    assert needed(counts, every)[1][("a rest", 0)] == (0, 4)
    assert needed(counts, Policy(same_answer=SameAnswer.SHOWN))[1] == {}


@pytest.mark.parametrize("size", [1, 4])
def test_of_few_people_neither_how_many_they_are_nor_that_all_are_the_same(size: int) -> None:
    counts = {TEAM: size, f"{PART} of {TEAM}": size}
    assert needed(counts, Policy())[1].get(("a rest", 0)) == (0, 4)
    shown = needed(counts, Policy(same_answer=SameAnswer.SHOWN))[1]
    assert ("a rest", 0) not in shown


def test_of_few_people_of_whom_some_gave_another_answer_the_rest_is_no_number_by_itself() -> None:
    found = needed({TEAM: 4, f"{PART} of {TEAM}": 2}, Policy())[1]
    assert [name for name, _ in found if name == "a rest"] == []


@pytest.mark.parametrize(("everybody", "certain"), [(14, False), (15, True)])
def test_how_many_count_in_all_is_no_secret_unless_they_are_few(
    everybody: int, certain: bool
) -> None:
    system, found = needed({}, Policy(), everybody)
    assert (system.values.index(everybody) in system.certain) is certain
    assert not found
    assert needed({}, Policy(), 4)[1] == {("True", 4): (1, 4)}


def test_people_in_one_group_and_not_in_another_are_no_number_unless_something_tells_them() -> None:
    """Thirty are in each of two groups, two of them in that one alone: the sums tell no two."""
    kinds = {("1", "1"): 28, ("1", "2"): 2, ("2", "1"): 2, ("2", "2"): 28}
    persons = [{"x": x, "y": y} for x, y in kinds]
    cells = [
        Cell(30, 60, EVERYBODY, parse(rule), SOURCE) for rule in ("x in ('1', '3')", "y != '2'")
    ]
    system = build(People(persons, {}, tuple(kinds.values())), (), cells)
    add_kinds(system)
    assert sorted(system.values[index] for index in system.kinds) == [2, 2, 28, 28]
    assert needs(system, cells, Policy()) == ()
