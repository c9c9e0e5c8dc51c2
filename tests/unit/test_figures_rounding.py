"""Rounding once, half up, from whole numbers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from blikveld.figures.rounding import percentage


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
