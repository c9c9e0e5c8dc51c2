"""Outcome rates against the source's formulas, worked out by hand for invented counts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from blikveld.errors import UnusableData
from blikveld.stats.outcomes import Dispositions, Rates, eligibility, rates

CASES = Dispositions(
    complete=400,
    partial=50,
    refused=150,
    not_reached=200,
    other=20,
    unknown_household=60,
    unknown_other=40,
    not_eligible=80,
)


@pytest.mark.parametrize(
    ("rate", "share"),
    [
        ("rr1", Fraction(400, 920)),
        ("rr2", Fraction(450, 920)),
        ("rr3", Fraction(400, 870)),
        ("rr4", Fraction(450, 870)),
        ("rr5", Fraction(400, 820)),
        ("rr6", Fraction(450, 820)),
        ("coop1", Fraction(400, 620)),
        ("coop2", Fraction(450, 620)),
        ("coop3", Fraction(400, 600)),
        ("coop4", Fraction(450, 600)),
        ("ref1", Fraction(150, 920)),
        ("ref2", Fraction(150, 870)),
        ("ref3", Fraction(150, 820)),
        ("con1", Fraction(620, 920)),
        ("con2", Fraction(620, 870)),
        ("con3", Fraction(620, 820)),
    ],
)
def test_each_rate(rate: str, share: Fraction) -> None:
    assert getattr(rates(CASES, e=0.5), rate) == pytest.approx(float(share), abs=1e-12)


def test_eligibility_is_estimated_and_told() -> None:
    assert eligibility(CASES) == 820 / 900
    assert rates(CASES).e == 820 / 900


def test_without_known_cases_the_careful_choice() -> None:
    assert eligibility(Dispositions(unknown_other=5)) == 1.0


def test_nobody_was_called() -> None:
    found = rates(Dispositions())
    assert all(getattr(found, name) is None for name in Rates.__slots__ if name != "e")


def test_bad_input_is_refused() -> None:
    with pytest.raises(UnusableData, match="disposition refused"):
        Dispositions(refused=-1)
    with pytest.raises(UnusableData, match=r"is 1\.2"):
        rates(CASES, e=1.2)
