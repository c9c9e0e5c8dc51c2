"""Rounding once, half up, from whole numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blikveld.results.formatting import half_up, percentage


def test_half_goes_up() -> None:
    assert percentage(1, 8, 0) == "13"
    assert percentage(1, 8, 1) == "12.5"
    assert percentage(1, 200, 0) == "1"


def test_nothing_of_nothing_is_not_zero_per_cent() -> None:
    assert percentage(0, 0) is None


@given(base=st.integers(1, 10**6), data=st.data(), decimals=st.integers(0, 3))
def test_the_printed_share_is_the_nearest_and_half_goes_up(
    base: int, data: st.DataObject, decimals: int
) -> None:
    count = data.draw(st.integers(0, base))
    printed = Fraction(percentage(count, base, decimals) or "")
    exact, step = Fraction(100 * count, base), Fraction(1, 10**decimals)
    assert -step / 2 < printed - exact <= step / 2


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(-3, 2), 1, "-1.5"),
        (Fraction(-3, 2), 0, "-2"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(-1, 4), 0, "0"),
        (Fraction(-1, 20), 1, "-0.1"),
        (Fraction(-999, 1000), 2, "-1.00"),
        (2.675, 2, "2.68"),
        (0.125, 2, "0.13"),
        (Decimal("-0.005"), 2, "-0.01"),
        (7, 2, "7.00"),
    ],
)
def test_half_goes_away_from_nought(
    value: int | float | Decimal | Fraction, decimals: int, text: str
) -> None:
    assert half_up(value, decimals) == text


@given(st.fractions(max_denominator=10**6), st.integers(0, 4))
def test_below_nought_is_rounded_as_above(value: Fraction, decimals: int) -> None:
    above, below = half_up(abs(value), decimals), half_up(-abs(value), decimals)
    assert below.removeprefix("-") == above
    assert abs(Fraction(below) + abs(value)) <= Fraction(1, 2 * 10**decimals)
