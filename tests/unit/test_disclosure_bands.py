"""Ranges in the place of numbers that could tell about a few people. Everybody is invented."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blikveld.disclosure import Band, Policy, SafeCell, release_tables
from blikveld.disclosure.audit import AuditFailed, audit_release
from blikveld.disclosure.bands import _snapped, bands
from blikveld.disclosure.linear_system import LinearSystem, build
from blikveld.disclosure.people import imagined
from blikveld.disclosure.policy import needs
from blikveld.disclosure.secondary import hide
from blikveld.report.printed import cell_text, share_text
from blikveld.results.cell import Cell, CellSource, Column, Row, Table
from blikveld.results.formatting import between, share_between
from blikveld.rules import EVERYBODY, Rule, parse

SOURCE = CellSource("made_up", "1", "0" * 64)


def cell(count: int, base: int, base_rule: Rule, rule: str) -> Cell:
    return Cell(count, base, base_rule, parse(rule), SOURCE)


def table(counts: Sequence[Sequence[int]]) -> Table:
    """Invented counts by team and answer, with totals of both."""
    lines = [*counts, [sum(column) for column in zip(*counts, strict=True)]]
    rows = []
    for at, line in enumerate(lines):
        last = at == len(counts)
        base = EVERYBODY if last else parse(f"team == 't{at}'")
        cells = [cell(n, sum(line), base, f"answer == 'c{i}'") for i, n in enumerate(line)]
        total = cell(sum(line), sum(line), base, "True")
        rows.append(Row(f"t{at}", {"en": ""}, 0 if last else 2, (*cells, total)))
    columns = (*(Column(f"c{i}", {"en": ""}) for i in range(len(lines[0]))),)
    label = {"en": "made"}
    heads = (*columns, Column("total", {"en": "All"}, total=True))
    return Table("made", label, label, EVERYBODY, (label,), label, heads, tuple(rows))


def cells_of(made: Table) -> list[Cell]:
    return [c for row in made.rows for c in row.cells]


def system_of(made: Table) -> LinearSystem:
    rules = (rule for c in cells_of(made) for rule in (c.base_rule, c.rule))
    return build(imagined(rules), [made], [])


def safe(counts: Sequence[Sequence[int]], policy: Policy | None = None) -> list[list[SafeCell]]:
    made = release_tables([table(counts)], {}, policy or Policy()).tables["made"]
    return [list(row.cells) for row in made.rows]


SMALL = [[3, 20, 31], [20, 30, 40], [30, 40, 55]]


def test_a_number_is_printed_or_has_a_range_in_which_it_lies() -> None:
    truth = [[*line, sum(line)] for line in SMALL]
    for line, shown in zip(truth, safe(SMALL), strict=False):
        for number, one in zip(line, shown, strict=True):
            if one.count is None:
                assert one.count_band is not None
                assert one.count_band.low <= number <= one.count_band.high
            else:
                assert one.count == number
                assert one.count_band is None


def test_a_small_number_lies_from_0_to_4_and_ranges_begin_at_a_multiple_of_five() -> None:
    found = safe(SMALL)
    assert found[0][0].count_band == Band(0, 4)
    ranges = [c.count_band for line in found for c in line if c.count_band]
    assert len(ranges) >= 4
    assert all((band.low % 5, band.high % 5) == (0, 4) for band in ranges)


def test_a_zero_that_protects_others_looks_like_a_small_number() -> None:
    # It rises by three. At a threshold of 10 a range 0–4 would tell that it stands for nobody.
    assert _snapped(0, 3.0, 0.0, 9) == Band(0, 9)
    assert _snapped(0, 3.0, 0.0, 4) == Band(0, 4)
    assert _snapped(12, 1.0, 6.0, 9) == Band(5, 14)


def test_a_zero_that_protects_others_could_be_any_small_count() -> None:
    system = system_of(made := table([[4, 0, 20], [0, 30, 25]]))
    wanted = needs(system, cells_of(made), policy := Policy())
    cheap = {i: 1.0 if value < 5 else 100.0 for i, value in enumerate(system.values)}
    found = hide(system, wanted, cheap, largest_small=policy.highest)
    zeros = {index for index in found.hidden if not system.values[index]}
    assert zeros
    assert zeros <= {need.index for need in found.met if need.highest == policy.highest}
    assert all(found.rise[index] > policy.highest - 1e-6 for index in zeros)


def test_a_number_that_is_the_same_in_every_world_is_printed() -> None:
    # The last team shares no small count with the others: its numbers need no range.
    assert all(one.count is not None for one in safe(SMALL)[2][1:])


@given(
    st.lists(
        st.lists(st.sampled_from([0, 1, 2, 4, 5, 6, 9, 14, 30]), min_size=2, max_size=3),
        min_size=3,
        max_size=4,
    ).filter(lambda counts: len({len(line) for line in counts}) == 1),
    st.sampled_from([3, 5, 10]),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_behind_every_range_the_audit_finds_room(counts: list[list[int]], threshold: int) -> None:
    made, policy = table(counts), Policy(threshold)
    system = system_of(made)
    wanted = needs(system, cells_of(made), policy)
    suppressed = hide(system, wanted, dict.fromkeys(range(999), 1.0))
    found = bands(system, suppressed)
    audit_release(system, found, suppressed.met)
    for index in system.printed:
        if policy.small(system.values[index]) and index not in system.certain:
            band = found[index]
            assert band.low <= 1
            assert band.high >= threshold - 1


def test_the_audit_refuses_a_range_that_is_too_narrow() -> None:
    made = table(SMALL)
    system = system_of(made)
    wanted = needs(system, cells_of(made), Policy())
    suppressed = hide(system, wanted, dict.fromkeys(range(999), 1.0))
    found = dict(bands(system, suppressed))
    (small,) = (i for i in found if system.values[i] == 3 and i in system.printed)
    found[small] = Band(2, 4)
    with pytest.raises(AuditFailed):
        audit_release(system, found, suppressed.met)


def test_a_range_is_printed_with_both_ends_and_no_percentage_in_a_table() -> None:
    small = safe(SMALL)[0][0]
    shown = cell_text(small, "nl")
    assert (shown.count, shown.share) == ("0–4", "")


@pytest.mark.parametrize(
    ("low", "high", "base", "printed"),
    [(5, 14, 158, "3–9%"), (0, 4, 21, "0–20%"), (15, 19, 19, "78–100%"), (20, 24, 63, "31–39%")],
)
def test_a_chart_prints_the_percentages_that_a_range_allows_rounded_outward(
    low: int, high: int, base: int, printed: str
) -> None:
    assert share_between(low, high, base, "nl") == printed


def test_large_ends_have_their_thousands_apart() -> None:
    assert between(1635, 1639, "nl") == "1.635–1.639"


def test_a_share_of_an_unprinted_base_has_no_percentages() -> None:
    small = safe(SMALL)[0][0]
    assert small.base is None or share_text(small, "en").endswith("%")
