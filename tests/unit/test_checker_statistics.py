"""Test statistics: found in their spellings, p computed again, decisions as statcheck's.

The numbers are those of statcheck's own examples (its tests of decision errors, of computed p and
of spellings); the sentences are ours.
"""

from __future__ import annotations

import pytest

from blikveld.checker.document import Flow, Language
from blikveld.checker.findings import ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.statistics import Test, find, p_value, statistics


def judged(text: str, language: Language = Language.ENGLISH) -> list[ReportedClaim]:
    """The statistics of a sentence, judged."""
    flow = Flow(text, (0,), (1,))
    return list(statistics(flow, language, Phrases(language)))


@pytest.mark.parametrize(
    "printed",
    [
        "t(28) = 2.20, p = .06",
        "t(28) = 1.20, p = .03",
        "F(2, 28) = 22.20, p = .06",
        "F(2, 28) = 2.20, p = .03",
        "r(28) = .22, p = .03",
        "r(28) = .52, p = .06",
        "chi2(28) = 2.20, p = .03",
        "chi2(28) = 52.20, p = .06",
        "z = 1.20, p = .03",
        "z = 2.20, p = .06",
        "Q(28) = 2.20, p = .03",
        "Q(28) = 52.20, p = .06",
        "t(48) = 1.02, p < .05",
        "t(28) = 2.20, ns",
    ],
)
def test_a_p_on_the_wrong_side_of_05_changes_the_decision(printed: str) -> None:
    assert [c.verdict for c in judged(f"The groups differed, {printed}.")] == [Verdict.DECISION]


# Values of t(28) whose two-sided p is .04, .05 and .06.
T04, T05, T06 = 2.153935, 2.048407, 1.960136


@pytest.mark.parametrize(
    ("t", "printed", "changes"),
    [
        (T04, "p = .04", False),
        (T05 + 0.0001, "p = .04", False),
        (T06, "p = .04", True),
        (T04, "p = .05", False),
        (T05, "p = .05", False),
        (T06, "p = .05", True),
        (T04, "p = .06", True),
        (T05 + 0.0001, "p = .06", True),
        (T06, "p = .06", False),
        (T04, "p < .04", False),
        (T06, "p < .04", True),
        (T04, "p < .05", False),
        (T05 + 0.0001, "p < .05", False),
        (T06, "p < .05", True),
        (T04, "p < .06", False),
        (T06, "p < .06", False),
        (T04, "p > .04", False),
        (T06, "p > .04", False),
        (T04, "p > .05", True),
        (T05 + 0.0001, "p > .05", True),
        (T06, "p > .05", False),
        (T04, "p > .06", True),
        (T05 + 0.0001, "p > .06", True),
        (T06, "p > .06", False),
    ],
)
def test_decisions_near_05(t: float, printed: str, changes: bool) -> None:
    found = judged(f"t(28) = {t:.6f}, {printed}")
    assert (found[0].verdict is Verdict.DECISION) is changes


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("t(28) = 2.20, p = .04", Verdict.RIGHT),
        ("t(28) = 2.20, p = .03", Verdict.P_VALUE),
        ("t(28) = 2.20, p = .05", Verdict.P_VALUE),
        ("t(28) = -2.20, p = .04", Verdict.RIGHT),
        ("t(28.1) = 2.20, p = .04", Verdict.RIGHT),
        ("F(2, 28) = 2.20, p = .13", Verdict.RIGHT),
        ("F(2, 28) = 2.20, p = .15", Verdict.P_VALUE),
        ("r(28) = .22, p = .24", Verdict.RIGHT),
        ("r(28) = .22, p = .26", Verdict.P_VALUE),
        ("r(28) = 1.22, p = .03", Verdict.IMPOSSIBLE),
        ("z = 2.20, p = .03", Verdict.RIGHT),
        ("z = 2.20, p = .04", Verdict.P_VALUE),
        ("chi2(28) = 22.20, p = .77", Verdict.RIGHT),
        ("chi2(28) = 22.20, p = .79", Verdict.P_VALUE),
        ("Q(28) = 22.20, p = .77", Verdict.RIGHT),
        ("t(28) < 2.20, p = .30", Verdict.RIGHT),
        ("t(28) > 2.20, p = .30", Verdict.DECISION),
    ],
)
def test_p_is_computed_again_from_every_value_that_rounds_to_the_printed_one(
    printed: str, verdict: Verdict
) -> None:
    assert [c.verdict for c in judged(printed)] == [verdict]


@pytest.mark.parametrize(
    "printed",
    [
        "t ( 28 ) = 2.20 , p = .04",
        "t(28)=2.20,p=.04",
        "t(28) = 2.20; p = .04",
        "t[28] = 2.20, p = 0.04",
        "t(28) = 2,000.20, p < .001",
        "F[2, 28] = 2.2, p = .13",
        "F(2,25) = 11.37, MSE = 236.43, p < .01",
        "X2(28, N = 129) = 22.2, p = .77",
        "χ2(1, N = 11,455) = 16.78, p <.001",
        "chi²(1, n = 81) = 3.25, p = 0.07",
        "x^2(28) = 22.20, p = .77",
        "Qw(2) = 2.20, p = .33",
        "Q-between(2) = 2.20, p = .33",
        "t(191) = 8.22, p < . 001",
    ],
)
def test_spellings(printed: str) -> None:
    assert [c.verdict for c in judged(printed)] == [Verdict.RIGHT]


@pytest.mark.parametrize(
    "printed",
    [
        "t(2,28) = 2.20, p = .03",
        "t(28) = 2.20, p = 1.03",
        "q(2) = 2.2, p = .03",
        "Qs(2) = 2.2, p = .03",
        "We spoke with 28 people (t = 2).",
    ],
)
def test_what_only_looks_like_a_test_is_left_alone(printed: str) -> None:
    assert judged(printed) == []


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("X2 (5) = 92,85, p < 0,001", Verdict.RIGHT),
        ("X2 (5) = 9,28, p < ,001", Verdict.DECISION),
        ("χ² (3) = 7,81; p = 0,05", Verdict.RIGHT),
        ("chi-kwadraat(3) = 7,81; p = 0,05", Verdict.RIGHT),
        ("F(2; 45) = 3,21, p = ,05", Verdict.RIGHT),
        ("r(30) = ,45, p = ,01", Verdict.RIGHT),
        ("z = 2,10, p = ,036", Verdict.RIGHT),
        ("t (48) = 1,02, p < ,05", Verdict.DECISION),
        ("t (1,312) = 1636, p = 0,190", Verdict.SWAPPED),
        ("t (1636) = 1,312, p = 0,190", Verdict.RIGHT),
        ("t(1.636) = 1,31, p = 0,190", Verdict.RIGHT),
        ("t(1.636) = 1,31, p = 0,590", Verdict.P_VALUE),
    ],
)
def test_dutch_spellings_with_decimal_commas(printed: str, verdict: Verdict) -> None:
    found = judged(f"Er is een verschil, {printed}.", Language.DUTCH)
    assert [c.verdict for c in found] == [verdict]


def test_a_text_about_one_sided_tests_may_print_half_the_p() -> None:
    assert judged("t(28) = 1.80, p = .04")[0].verdict is Verdict.DECISION
    assert judged("t(28) = 1.80, p = .04, one-tailed")[0].verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("test", "value", "df"),
    [
        (Test.T, 2.048, (28.0,)),
        (Test.F, 3.340, (2.0, 28.0)),
        (Test.R, 0.361, (28.0,)),
        (Test.Z, 1.960, ()),
        (Test.CHI_SQUARE, 41.337, (28.0,)),
        (Test.Q, 41.337, (28.0,)),
    ],
)
def test_the_critical_values_of_every_textbook_have_p_05(
    test: Test, value: float, df: tuple[float, ...]
) -> None:
    assert p_value(test, value, df) == pytest.approx(0.05, abs=1e-4)


def test_what_cannot_be_is_no_number() -> None:
    assert p_value(Test.F, -1.0, (2.0, 28.0)) != p_value(Test.F, -1.0, (2.0, 28.0))
    assert p_value(Test.T, 1.0, (0.0,)) != p_value(Test.T, 1.0, (0.0,))


def test_several_tests_in_one_sentence() -> None:
    assert len(find("t(28) = 2.20, p = .03, t(28) = 1.23, p = .04.", Language.ENGLISH)) == 2


def test_a_p_that_was_corrected_for_several_tests_is_only_asked_about() -> None:
    plain = "They differ, t(23) = 2.78, p = .064."
    assert [c.verdict for c in judged(plain)] == [Verdict.DECISION]
    told = plain + " All p are Bonferroni corrected."
    assert [(c.verdict, "Times 6" in c.explanation) for c in judged(told)] == [
        (Verdict.CORRECTED, True)
    ]
    assert [c.verdict for c in judged(told.replace(".064", ".069"))] == [Verdict.DECISION]


@pytest.mark.parametrize("p", ["p = 1 × 10−9", "p = 1·10-9", "p = 1 3 10 9", "p = 1e-9"])
def test_a_power_of_ten_is_no_p_of_one(p: str) -> None:
    assert [c.verdict for c in judged(f"They differ, t(28) = 8.80, {p}.") if c.finding] == []
