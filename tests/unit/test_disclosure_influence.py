"""A share without one municipality tells that municipality's own count. Everybody is invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from blikveld.disclosure import (
    NotReleased,
    Policy,
    Release,
    SafeInfluence,
    SafeTable,
    Zeros,
    release_tables,
)
from blikveld.disclosure.tests_and_influences import may_stand_alone
from blikveld.publish import sources
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Cell, CellRequest, CellSource, Column, Influence, Row, Table
from blikveld.rules import EVERYBODY, Rule, parse
from blikveld.study.model import Study
from blikveld.tabulation.by_stratum import find_influences, shifts, stratify
from blikveld.tabulation.tables import count_tables

SOURCE = CellSource("made_up", "1", "0" * 64)
RULE = parse("answer == 'c0'")
Counts = Sequence[Sequence[int]]


def cell(count: int, base: int, base_rule: str, rule: Rule = RULE) -> Cell:
    return Cell(count, base, parse(base_rule), rule, SOURCE)


def by_place(counts: Counts) -> Table:
    """Invented counts: a row a municipality, a column an answer, with totals of both."""
    rows = []
    for index, line in (*enumerate(counts), (-1, [sum(c) for c in zip(*counts, strict=True)])):
        base = "True" if index < 0 else f"municipality == 'm{index}'"
        cells = [cell(n, sum(line), base, parse(f"answer == 'c{i}'")) for i, n in enumerate(line)]
        label = {"en": base}
        everybody = cell(sum(line), sum(line), base, EVERYBODY)
        rows.append(Row(base, label, 0 if index < 0 else 1, (*cells, everybody)))
    columns = [Column(f"c{i}", {"en": ""}) for i in range(len(counts[0]))]
    heads = (*columns, Column("total", {"en": "All"}, total=True))
    label = {"en": "made"}
    return Table("made", label, label, EVERYBODY, (label,), label, heads, tuple(rows))


def left_out(counts: Counts) -> dict[CellRequest, tuple[Influence, ...]]:
    """The share of the first answer without each municipality in turn."""
    count, base = sum(line[0] for line in counts), sum(map(sum, counts))
    made = []
    for index, line in enumerate(counts):
        own = cell(line[0], sum(line), f"municipality == 'm{index}'")
        rest = cell(count - line[0], base - sum(line), f"municipality != 'm{index}'")
        whole = cell(count, base, "True")
        made.append(
            Influence(CellRequest(EVERYBODY, RULE), f"m{index}", {"en": ""}, whole, rest, own)
        )
    return {CellRequest(EVERYBODY, RULE): tuple(made)}


def cleared(counts: Counts, policy: Policy | None = None, *, with_table: bool = True) -> Release:
    shown = [by_place(counts)] if with_table else []
    whole = cell(sum(line[0] for line in counts), sum(map(sum, counts)), "True")
    said = {CellRequest(EVERYBODY, RULE): whole}
    return release_tables(shown, said, policy or Policy(), influences=left_out(counts))


def told(found: Release) -> dict[str, SafeInfluence]:
    return {each.stratum: each for each in found.influences.get(CellRequest(EVERYBODY, RULE), ())}


def test_a_share_and_the_same_without_a_municipality() -> None:
    found = told(cleared([[30, 10], [10, 30], [20, 20]]))
    assert set(found) == {"m0", "m1", "m2"}
    assert (found["m0"].share.count, found["m0"].share.base) == (60, 120)
    assert (found["m0"].without.count, found["m0"].without.base) == (30, 80)


@pytest.mark.parametrize("small", [[3, 40], [40, 3], [2, 1]])
def test_nothing_is_told_of_a_municipality_with_few(small: list[int]) -> None:
    found = told(cleared([small, [30, 20], [20, 50]], with_table=False))
    assert set(found) == {"m1", "m2"}


def test_nobody_there_is_told_unless_zeros_are_hidden() -> None:
    counts = [[0, 40], [30, 20], [20, 50]]
    assert "m0" in told(cleared(counts, with_table=False))
    assert "m0" not in told(cleared(counts, Policy(zeros=Zeros.HIDDEN), with_table=False))


def test_what_remains_may_not_be_small_either() -> None:
    assert "m0" not in told(cleared([[40, 40], [3, 40]], with_table=False))


@pytest.mark.parametrize(
    ("own", "others", "alone"),
    [
        ((5, 10), (5, 10), True),
        ((0, 10), (0, 10), True),
        ((4, 10), (5, 10), False),
        ((6, 10), (5, 10), False),
        ((0, 4), (5, 10), False),
        ((5, 10), (4, 10), False),
        ((5, 10), (0, 4), False),
    ],
)
def test_each_number_of_a_municipality_and_of_the_others_is_large_enough(
    own: tuple[int, int], others: tuple[int, int], alone: bool
) -> None:
    inside, rest = cell(*own, "municipality == 'm0'"), cell(*others, "municipality != 'm0'")
    whole = cell(own[0] + others[0], own[1] + others[1], "True")
    ask = CellRequest(EVERYBODY, RULE)
    assert may_stand_alone(Influence(ask, "m0", {}, whole, rest, inside), Policy()) is alone


def test_a_count_that_a_table_keeps_back_is_not_told_by_subtraction() -> None:
    # Only the first count is small; whatever else the table keeps back protects it.
    counts = [[3, 40], [30, 20], [20, 50]]
    found = cleared(counts)
    hidden = {
        f"m{index}"
        for index, row in enumerate(found.tables["made"].rows[:-1])
        if row.cells[0].suppressed
    }
    assert len(hidden) > 1
    assert hidden.isdisjoint(told(found))


def test_a_made_up_influence_is_refused() -> None:
    one = told(cleared([[30, 10], [10, 30]]))["m0"]
    with pytest.raises(NotReleased):
        SafeInfluence("m0", {}, one.share, one.without, key=object())


def test_parts_that_are_not_everybody_are_refused() -> None:
    whole, part = cell(30, 60, "True"), cell(10, 20, "municipality == 'm0'")
    with pytest.raises(ValueError, match="not everybody"):
        Influence(CellRequest(EVERYBODY, RULE), "m0", {}, whole, part, part)


numbers = st.lists(
    st.lists(st.sampled_from([0, 1, 3, 4, 6, 9, 30]), min_size=2, max_size=2),
    min_size=3,
    max_size=4,
)


@given(numbers)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_no_influence_gives_a_number_away(counts: list[list[int]]) -> None:
    table = by_place(counts)
    said = {CellRequest(EVERYBODY, RULE): table.rows[-1].cells[0]}
    found = release_tables([table], said, Policy(), influences=left_out(counts))
    for index, line in enumerate(counts):
        for answer, count in enumerate(line):
            if Policy().small(count):
                low, high = _bounds(found, len(counts), 2 * index + answer)
                assert low <= 1
                assert high >= 4


def _printed(table: SafeTable) -> list[list[int | None]]:
    return [[cell.count for cell in row.cells] for row in table.rows]


def _bounds(found: Release, places: int, wanted: int) -> tuple[float, float]:
    """How low and high one count can be for who adds up all that is printed, by SciPy."""
    equations = list(_equations(found, places))
    if not equations:
        return 0.0, np.inf
    sums, totals = zip(*equations, strict=True)
    ends = []
    for sign in (1, -1):
        price = np.zeros(2 * places)
        price[wanted] = sign
        done = linprog(price, A_eq=np.array(sums), b_eq=np.array(totals), bounds=(0, 1000))
        assert done.status == 0, done.message
        ends.append(sign * done.fun)
    return ends[0] - 1e-6, ends[1] + 1e-6


def _equations(found: Release, places: int) -> Iterator[tuple[list[float], float]]:
    """Each printed number as the sum of counts that it is."""
    everybody = range(places)
    for row, numbers in enumerate(_printed(found.tables["made"])):
        inside = everybody if row == places else (row,)
        for answers, number in zip(((0,), (1,), (0, 1)), numbers, strict=True):
            if number is not None:
                yield _sum_of(places, inside, answers), number
    for name, each in told(found).items():
        others = [index for index in everybody if f"m{index}" != name]
        assert each.without.count is not None
        assert each.without.base is not None
        yield _sum_of(places, others, (0,)), each.without.count
        yield _sum_of(places, others, (0, 1)), each.without.base


def _sum_of(places: int, inside: Iterable[int], answers: Sequence[int]) -> list[float]:
    row = [0.0] * (2 * places)
    for index in inside:
        for answer in answers:
            row[2 * index + answer] = 1.0
    return row


@pytest.fixture(scope="module")
def snapshot(flagship: Study) -> Iterator[Snapshot]:
    with sources.snapshot_or_reference(flagship, None) as taken:
        yield taken


def test_the_same_shares_move_as_in_the_cubes(flagship: Study, snapshot: Snapshot) -> None:
    names = ["figure_8", "figure_35", "annex_c"]
    found = count_tables(flagship, snapshot, names)
    asks = [
        CellRequest(c.base_rule, c.rule)
        for t in found.values()
        for row in t.rows
        for c in row.cells
    ]
    moved = find_influences(flagship, snapshot, asks)
    ours = {
        (i.stratum, i.whole.count, i.whole.base, i.without.count, i.without.base)
        for each in moved.values()
        for i in each
    }
    cubes = {
        (
            s.stratum.code,
            s.count,
            s.base,
            s.count - s.left_count,
            s.base - s.left_base,
        )
        for s in shifts(stratify(flagship, snapshot, names))
    }
    assert ours == cubes
    assert len(ours) > 20


def test_the_report_of_2022_would_say_that_rotterdam_is_three_in_ten(
    flagship: Study, snapshot: Snapshot
) -> None:
    drugs = CellRequest(parse("suspicion != 'no'"), parse("'drugs' in forms"))
    (first, *_) = find_influences(flagship, snapshot, [drugs])[drugs]
    assert first.stratum == "rotterdam"
    assert (first.whole.count, first.whole.base) == (393, 821)
    assert round(100 * first.shift) == 6
