"""The parts of the reconstruction, each by itself."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from blikveld.results.formatting import percentage
from blikveld.rules import EVERYBODY
from blikveld.study.published_figures import Measure, Population
from blikveld.synthetic.cells import sets_of
from blikveld.synthetic.claims import Target, fitting
from blikveld.synthetic.constraints import pins
from blikveld.synthetic.solve import Constraint, Infeasible, IntegerProgram, rake, solve
from blikveld.synthetic.statistic import chi_squares


def _row(label: str, columns: list[int], total: float) -> Constraint:
    return Constraint(label, np.array(columns), np.ones(len(columns)), total, total)


def _problem(*rows: Constraint, size: int = 4) -> IntegerProgram:
    return IntegerProgram("test", np.ones(size), np.full(size, np.inf), rows)


def test_whole_numbers_meet_every_row() -> None:
    rows = [_row("a", [0, 1], 7), _row("b", [2, 3], 5), _row("c", [0, 2], 6)]
    found = solve(_problem(*rows), np.full(4, 0.5))
    assert [int(found[row.columns].sum()) for row in rows] == [7, 5, 6]
    assert (found >= 0).all()


def test_whole_numbers_lie_beside_the_raked_table() -> None:
    rows = [_row("a", [0, 1], 70), _row("b", [2, 3], 50), _row("c", [0, 2], 60)]
    problem = _problem(*rows)
    found = solve(problem, np.full(4, 0.5))
    assert (np.abs(found - rake(problem)) <= 1).all()


def test_raking_gives_the_products_of_the_margins() -> None:
    """Without further knowledge two margins are independent: 70·60/120 = 35."""
    rows = [_row("a", [0, 1], 70), _row("b", [2, 3], 50), _row("c", [0, 2], 60)]
    assert rake(_problem(*rows)) == pytest.approx([35, 35, 25, 25], abs=0.01)


def test_a_contradiction_names_its_rows() -> None:
    rows = [_row("a", [0, 1], 7), _row("all", [0, 1, 2, 3], 9), _row("b", [2, 3], 5)]
    with pytest.raises(Infeasible) as caught:
        solve(_problem(*rows), np.full(4, 0.5))
    assert set(caught.value.labels) <= {"a", "all", "b"}
    assert caught.value.labels


def test_nothing_is_written_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    solve(_problem(_row("a", [0, 1], 7)), np.full(4, 0.5))
    assert capfd.readouterr().out == ""


@given(base=st.integers(1, 2000), percent=st.integers(0, 100))
def test_counts_that_fit_a_printed_percentage(base: int, percent: int) -> None:
    """Exactly the counts whose share, rounded half up, is the printed number."""
    low, high = fitting(str(percent), base)
    fit = [n for n in range(base + 1) if percentage(n, base) == str(percent)]
    assert fit == [n for n in range(max(low, 0), high + 1) if n <= base]


def test_a_percentage_that_no_count_gives() -> None:
    low, high = fitting("32", 30)
    assert low > high


@given(st.lists(st.integers(1, 60), min_size=6, max_size=6))
def test_chi_square_is_pearsons(cells: list[int]) -> None:
    expected = chi2_contingency(np.array(cells).reshape(2, 3), correction=False).statistic
    assert chi_squares(np.array([cells]), (2, 3))[0] == pytest.approx(expected)


def test_chi_square_of_several_tables_at_once_skips_empty_columns() -> None:
    tables = np.array([[10, 0, 20, 30, 0, 5], [1, 1, 1, 1, 1, 1]])
    first = chi2_contingency([[10, 20], [30, 5]], correction=False).statistic
    assert chi_squares(tables, (2, 3)) == pytest.approx([first, 0.0])


def _statistic(measure: Measure, value: str, *variables: str) -> Target:
    return Target(
        f"{measure.value} of {variables}",
        measure,
        Population.INCLUDED,
        EVERYBODY,
        base=1637,
        value=value,
        variables=variables,
    )


def test_pinned_sums_give_the_printed_t() -> None:
    """R: t = mean(d) / (sd(d) / sqrt(n)) must print as 1.312 for the pinned sums."""
    claims = [
        _statistic(Measure.MEAN, "3.09", "first"),
        _statistic(Measure.SPREAD, "0.99", "first"),
        _statistic(Measure.MEAN, "3.07", "second"),
        _statistic(Measure.SPREAD, "0.99", "second"),
        _statistic(Measure.T_PAIRED, "1.312", "first", "second"),
    ]
    for pin in pins(claims, 5):
        total = pin.totals["first"] - pin.totals["second"]
        (squares,) = pin.squares.values()
        variance = (squares - total**2 / 1637) / 1636
        assert f"{total / 1637 / (variance / 1637) ** 0.5:.3f}" == "1.312"
        assert [f"{pin.totals[name] / 1637:.2f}" for name in ("first", "second")] == [
            "3.09",
            "3.07",
        ]
        assert (squares - total) % 2 == 0


def test_without_statistics_there_is_one_empty_choice() -> None:
    (pin,) = pins([], 5)
    assert pin.totals == {}


@given(
    size=st.integers(1, 12),
    shares=st.lists(st.floats(0, 1), min_size=3, max_size=3),
    alone=st.floats(0, 1),
    seed=st.integers(0, 99),
)
def test_handed_out_options(size: int, shares: list[float], alone: float, seed: int) -> None:
    """Every option as often as was found, everybody at least one, exclusive ones by themselves."""
    exclusive = round(alone * size)
    rest = size - exclusive
    wanted = {code: round(share * rest) for code, share in zip("abc", shares, strict=True)}
    wanted["a"] = max(wanted["a"], rest - wanted["b"] - wanted["c"], 0)
    wanted["none"] = exclusive
    found = sets_of(size, wanted, {"none"}, random.Random(seed))
    assert {code: sum(code in chosen for chosen in found) for code in wanted} == wanted
    assert all(found)
    assert all(chosen == {"none"} or "none" not in chosen for chosen in found)
