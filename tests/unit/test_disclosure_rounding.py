"""Every number a multiple, every sum still right, nothing small given away. Everybody is invented.

The attack in these tests is SciPy's: it shares no program with what rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from blikveld.disclosure import Policy, SafeTable, release_tables
from blikveld.disclosure.ledger import EarlierReleases, count_key
from blikveld.disclosure.linear_system import SumConstraint, build
from blikveld.disclosure.people import imagined
from blikveld.disclosure.rounding import narrow_increments, range_of
from blikveld.results.cell import Band, Cell, CellSource, Column, Row, Table
from blikveld.rules import EVERYBODY, Rule, parse
from blikveld.study.disclosure import ProtectionMethod

SOURCE = CellSource("made_up", "1", "0" * 64)
FIVE = Policy(5, method=ProtectionMethod.ROUNDED, rounding_base=5)
THREE = Policy(3, method=ProtectionMethod.ROUNDED, rounding_base=3)
Counts = Sequence[Sequence[int]]


def table(counts: Counts) -> Table:
    """Invented counts by team and answer, with totals of both."""
    lines = [*counts, [sum(column) for column in zip(*counts, strict=True)]]
    rows = []
    for at, line in enumerate(lines):
        base: Rule = EVERYBODY if at == len(counts) else parse(f"team == 't{at}'")
        cells = [
            Cell(n, sum(line), base, parse(f"answer == 'c{i}'"), SOURCE) for i, n in enumerate(line)
        ]
        total = Cell(sum(line), sum(line), base, EVERYBODY, SOURCE)
        rows.append(Row(f"t{at}", {"en": ""}, 0 if at == len(counts) else 2, (*cells, total)))
    label = {"en": "made"}
    codes = [Column(f"c{i}", label) for i in range(len(counts[0]))]
    heads = (*codes, Column("total", label, total=True))
    return Table("made", label, label, EVERYBODY, (label,), label, heads, tuple(rows))


def shown(found: SafeTable) -> list[list[int]]:
    numbers = [[cell.count for cell in row.cells] for row in found.rows]
    assert all(number is not None for line in numbers for number in line)
    return [[number or 0 for number in line] for line in numbers]


def rounded(counts: Counts, policy: Policy = FIVE) -> list[list[int]]:
    return shown(release_tables([table(counts)], {}, policy).tables["made"])


made = (
    st.integers(2, 3)
    .flatmap(
        lambda width: st.lists(
            st.lists(
                st.sampled_from([0, 1, 2, 3, 4, 5, 7, 9, 13, 31]), min_size=width, max_size=width
            ),
            min_size=2,
            max_size=4,
        )
    )
    .filter(lambda counts: sum(map(sum, counts)) > 0)
)


@given(made, st.sampled_from([FIVE, THREE]))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_number_is_the_multiple_beside_it_and_every_sum_holds(
    counts: list[list[int]], policy: Policy
) -> None:
    base, found = policy.rounding_base or 0, rounded(counts, policy)
    truth = [[*line, sum(line)] for line in counts]
    truth.append([sum(column) for column in zip(*truth, strict=True)])
    for line, told in zip(truth, found, strict=True):
        assert told[-1] == sum(told[:-1])
        for number, multiple in zip(line, told, strict=True):
            assert multiple % base == 0
            assert abs(multiple - number) < base
    assert found[-1] == [sum(column) for column in zip(*found[:-1], strict=True)]


@given(made, st.sampled_from([FIVE, THREE]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_no_small_number_follows_from_rounded_ones(counts: list[list[int]], policy: Policy) -> None:
    found = rounded(counts, policy)
    for row, line in enumerate(counts):
        for column, number in enumerate(line):
            if policy.small(number):
                low, high = attack(found, policy.rounding_base or 0, (row, column))
                assert low < high
                assert high >= policy.threshold or (low <= 1 and high == policy.highest)


def attack(found: list[list[int]], base: int, wanted: tuple[int, int]) -> tuple[int, int]:
    """Between which whole numbers one cell lies, for who knows the rule of rounding."""
    rows, columns = len(found) - 1, len(found[0]) - 1
    inside, ends = [], []
    for row, line in enumerate(found):
        for column, multiple in enumerate(line):
            picked = np.zeros((rows, columns))
            picked[
                slice(None) if row == rows else row, slice(None) if column == columns else column
            ] = 1
            inside.append(picked.ravel())
            ends.append((multiple - base + 1, multiple + base - 1))
    matrix, low, high = np.array(inside), *np.array(ends, dtype=float).T
    answers = []
    for sign in (1, -1):
        price = np.zeros(rows * columns)
        price[wanted[0] * columns + wanted[1]] = sign
        done = linprog(
            price, np.vstack([matrix, -matrix]), np.concatenate([high, -low]), bounds=(0, None)
        )
        assert done.status == 0, done.message
        answers.append(sign * done.fun)
    return int(np.ceil(answers[0] - 1e-6)), int(np.floor(answers[1] + 1e-6))


def test_a_number_that_was_printed_keeps_its_multiple() -> None:
    counts = [[3, 20, 31], [20, 32, 41]]
    first = release_tables([table(counts)], {}, FIVE)
    again = release_tables([table(counts)], {}, FIVE, before=first.fresh)
    assert shown(again.tables["made"]) == shown(first.tables["made"])
    assert not again.fresh


@pytest.mark.parametrize("old", [10, 15])
def test_a_multiple_of_an_earlier_snapshot_is_kept_while_it_is_beside_the_number(old: int) -> None:
    counts = [[12, 20], [20, 31]]
    key = count_key(table(counts).rows[0].cells[0])
    before = EarlierReleases({}, {key: old}, 5)
    found = release_tables([table(counts)], {}, FIVE, before=before).tables["made"]
    assert shown(found)[0][0] == old


def test_a_rounded_base_under_twenty_has_no_percentages() -> None:
    found = release_tables([table([[6, 8], [40, 31]])], {}, FIVE).tables["made"]
    assert [row.cells[0].base is None for row in found.rows] == [True, False, False]


@pytest.mark.parametrize("base", [None, 3])
def test_a_rounding_base_under_the_threshold_is_refused(base: int | None) -> None:
    with pytest.raises(ValueError, match="under the threshold"):
        Policy(5, method=ProtectionMethod.ROUNDED, rounding_base=base)


@pytest.mark.parametrize(
    ("threshold", "base"), [(2, 5), (3, 5), (5, 5), (6, 10), (10, 10), (12, 12)]
)
def test_before_the_final_release_numbers_are_rounded_to_at_least_the_threshold(
    threshold: int, base: int
) -> None:
    assert Policy(threshold).rounded().rounding_base == base


def grown(now: Sequence[Band], then: Sequence[Band], sums: list[SumConstraint]) -> dict[int, int]:
    cells = [
        Cell(b.high, b.high, parse(f"n == '{i}'"), EVERYBODY, SOURCE) for i, b in enumerate(now)
    ]
    system = build(imagined(c.base_rule for c in cells), [], [])
    system.values, system.sums = [band.high for band in now], dict.fromkeys(sums)
    known = dict(enumerate(now))
    return dict(narrow_increments(system, known, dict(enumerate(then)), 5))


def test_how_many_came_follows_from_who_came_in_all_and_a_multiple_that_was_passed() -> None:
    # 14 was printed as 10, and is 15 now; one person came in all.
    now = [Band(101, 101), Band(15, 15)]
    then = [Band(100, 108), range_of(10, 5)]
    part = SumConstraint(0, (1,), at_most=True)
    assert grown(now, then, [part]) == {0: 1, 1: 1}
    assert grown(now, then, []) == {}
    assert grown([now[0], Band(14, 19)], then, [part]) == {}


def test_how_many_came_follows_from_what_the_others_leave() -> None:
    whole = SumConstraint(0, (1, 2))
    then = [Band(16, 24), Band(6, 14), Band(6, 14)]
    assert grown([Band(26, 26), Band(14, 14), Band(12, 12)], then, [whole]) == {}
    exact = [Band(23, 23), Band(14, 14), Band(9, 9)]
    assert grown([Band(26, 26), Band(14, 14), Band(12, 12)], exact, [whole]) == {0: 3, 2: 3}
    # Five who came are no few.
    assert grown([Band(28, 28), Band(14, 14), Band(14, 14)], exact, [whole]) == {}


def test_who_came_is_not_told_when_the_final_numbers_follow_the_rounded_ones() -> None:
    counts = [[14, 40, 27], [20, 41, 35], [30, 50, 45]]
    later = [[15, 40, 27], [20, 41, 35], [30, 50, 45]]
    first = release_tables([table(counts)], {}, FIVE)
    multiples = {key: band.low for key, band in first.fresh.items()}
    multiples[count_key(table(counts).rows[0].cells[0])] = 10
    multiples[count_key(table(counts).rows[0].cells[-1])] = 85
    before = EarlierReleases({}, multiples, 5, 302)
    found = release_tables([table(later)], {}, Policy(), before=before).tables["made"]
    plain = release_tables([table(later)], {}, Policy()).tables["made"]
    assert plain.rows[0].cells[0].count == 15
    cell = found.rows[0].cells[0]
    assert cell.count is None
    assert cell.count_band is not None
    assert cell.count_band.low <= 14


def lines(found: SafeTable) -> Iterator[list[int | None]]:
    yield from ([cell.count for cell in row.cells] for row in found.rows)


def test_hidden_counts_have_a_sign_and_no_range() -> None:
    counts = [[3, 20, 31], [20, 30, 40], [30, 40, 55]]
    policy = replace(Policy(), method=ProtectionMethod.HIDDEN)
    found = release_tables([table(counts)], {}, policy).tables["made"]
    hidden = [cell for row in found.rows for cell in row.cells if cell.suppressed]
    assert len(hidden) >= 4
    assert all(cell.count_band is None and cell.base_band is None for cell in hidden)
    bands = release_tables([table(counts)], {}, Policy()).tables["made"]
    assert list(lines(found)) == list(lines(bands))
