"""Raking meets its margins, keeps its bounds, and refuses what cannot be met."""

from __future__ import annotations

import numpy as np
import pytest

from blikveld.errors import UnusableData
from blikveld.stats import raking
from blikveld.stats.raking import Margin, WeightBounds, rake

ONE = np.array([0, 0, 0, 1, 1, 1, 1, 1])
TWO = np.array([0, 1, 1, 0, 0, 0, 1, 1])


def margin(name: str, codes: np.ndarray, *targets: float) -> Margin:
    return Margin(name, codes, np.array(targets))


def reached(weights: np.ndarray, codes: np.ndarray) -> list[float]:
    return np.bincount(codes, weights).round(6).tolist()


def test_margins_are_met() -> None:
    found = rake([margin("one", ONE, 50, 50), margin("two", TWO, 40, 60)])
    assert reached(found.weights, ONE) == [50, 50]
    assert reached(found.weights, TWO) == [40, 60]
    assert found.error <= raking.TOLERANCE


def test_ratios_within_a_combination_are_kept() -> None:
    start = np.arange(1.0, 9.0)
    found = rake([margin("one", ONE, 5, 5), margin("two", TWO, 4, 6)], start)
    assert found.weights[2] / found.weights[1] == pytest.approx(3 / 2)


def test_bounds_are_kept_and_margins_still_met() -> None:
    margins = [margin("one", ONE, 50, 50), margin("two", TWO, 35, 65)]
    free, bound = rake(margins), rake(margins, bounds=WeightBounds(0.5, 1.5))
    assert (free.weights / free.weights.mean()).max() > 1.54
    ratio = bound.weights / bound.weights.mean()
    assert ratio.min() >= 0.5
    assert ratio.max() <= 1.5 * (1 + 1e-6)
    assert reached(bound.weights, TWO) == [35, 65]
    assert bound.trimmed == 2


def test_bounds_too_narrow_are_refused() -> None:
    with pytest.raises(UnusableData, match=r"no weights between 0\.9 and 1\.1"):
        rake([margin("one", ONE, 60, 40)], bounds=WeightBounds(0.9, 1.1))


@pytest.mark.parametrize("bounds", [(1.0, 2.0), (0.5, 0.9), (-1.0, 2.0), (2.0, 0.5)])
def test_bounds_that_make_no_sense(bounds: tuple[float, float]) -> None:
    with pytest.raises(UnusableData, match="The bounds are"):
        WeightBounds(*bounds)


def test_margins_that_add_up_differently() -> None:
    with pytest.raises(UnusableData, match="margins one and two: They add up to 100 and 90"):
        rake([margin("one", ONE, 50, 50), margin("two", TWO, 40, 50)])


def test_margins_that_differ_by_rounding_are_the_same() -> None:
    found = rake([margin("one", ONE, 50, 50), margin("two", TWO, 40, 60.00001)])
    assert found.weights.sum() == pytest.approx(100)


def test_a_level_of_people_without_respondents() -> None:
    with pytest.raises(UnusableData, match="margin one, level 2: It has people but no respondents"):
        rake([margin("one", ONE, 50, 40, 10)])


def test_a_level_whose_respondents_weigh_nothing() -> None:
    with pytest.raises(
        UnusableData, match="level 0: It has people but no respondents with a weight"
    ):
        rake([margin("one", ONE, 50, 50)], (ONE == 1).astype(float))


def test_a_level_of_respondents_without_people() -> None:
    with pytest.raises(UnusableData, match="level 1: It has respondents but no people"):
        rake([margin("one", ONE, 100, 0)])


def test_an_empty_combination_that_makes_margins_unreachable() -> None:
    codes = np.array([0, 0, 1, 1])
    with pytest.raises(UnusableData, match="No weights meet all margins"):
        rake([margin("one", codes, 50, 50), margin("again", codes, 40, 60)])


@pytest.mark.parametrize("targets", [(np.nan, 1), (-1, 2), (0, 0)])
def test_targets_that_are_no_numbers_of_people(targets: tuple[float, float]) -> None:
    with pytest.raises(UnusableData, match="A target is missing"):
        rake([margin("one", ONE, *targets)])


@pytest.mark.parametrize("codes", [[-1, 0], [0, 2], []])
def test_respondents_without_a_level(codes: list[int]) -> None:
    with pytest.raises(UnusableData, match="has no level among its 2"):
        rake([margin("one", np.array(codes, dtype=np.int64), 1, 1)])


def test_no_margins_or_uneven_ones() -> None:
    with pytest.raises(UnusableData, match="There is no margin"):
        rake([])
    with pytest.raises(UnusableData, match="different numbers of respondents"):
        rake([margin("one", ONE, 1, 1), margin("two", TWO[1:], 1, 1)])


def test_weights_that_cannot_be_used() -> None:
    with pytest.raises(UnusableData, match="respondent 3"):
        rake([margin("one", ONE, 1, 1)], np.where(np.arange(8) == 3, -1.0, 1.0))


def test_many_margins_give_the_same_as_counting_all_combinations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(1)
    margins = [Margin(str(k), rng.integers(0, 5, 400), rng.uniform(1, 2, 5)) for k in range(4)]
    margins = [Margin(m.name, m.codes, m.targets / m.targets.sum()) for m in margins]
    dense = rake(margins)
    monkeypatch.setattr(raking, "SMALL", 10)
    np.testing.assert_allclose(rake(margins).weights, dense.weights, rtol=1e-12)
    monkeypatch.setattr(raking, "DENSE", 10)
    np.testing.assert_allclose(rake(margins).weights, dense.weights, rtol=1e-12)


def test_small_codes_do_not_overflow() -> None:
    codes = np.arange(255, dtype=np.uint8)
    many = [Margin(str(k), codes, np.ones(255)) for k in range(2)]
    assert rake(many).weights.tolist() == [1.0] * 255
