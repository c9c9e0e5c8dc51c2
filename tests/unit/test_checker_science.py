"""Intervals, changes, limits of values, numbers of people, and means of whole numbers."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations_with_replacement
from statistics import mean, stdev

import pytest

from blikveld.checker.check import CheckSettings, check
from blikveld.checker.document import Language, ReportDocument, TextLine
from blikveld.checker.findings import ClaimKind, Verdict
from blikveld.checker.impossible_values import PrintedMean, debit, grim, grimmer

USUAL = CheckSettings()


def found(
    text: str, language: Language = Language.ENGLISH, settings: CheckSettings = USUAL
) -> list[Verdict]:
    """The verdicts that are findings."""
    lines = tuple(TextLine(n, line) for n, line in enumerate(text.split("\n"), start=1))
    return [c.verdict for c in check(ReportDocument("made-up", lines), language, settings).findings]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("The effect was small, b = 0.12, 95% CI [0.04, 0.20], p = .004.", []),
        ("The effect was small, b = 0.12, 95% CI [0.20, 0.04].", [Verdict.INTERVAL]),
        ("The effect was small, b = 0.42, 95% CI [0.04, 0.20].", [Verdict.INTERVAL]),
        ("The effect was small, b = 0.12, 95% CI [0.10, 0.30].", [Verdict.OFF_CENTRE]),
        ("The effect was small, b = 0.12, 95% CI [-0.04, 0.28], p = .004.",
         [Verdict.P_AGAINST_INTERVAL]),
        ("The effect was small, b = 0.12, 95% CI [0.04, 0.20], p = .21.",
         [Verdict.P_AGAINST_INTERVAL]),
        ("Women more often, OR = 2.00, 95% CI 1.00 to 4.00.", []),
        ("Women more often, OR = 2.00, 95% CI 1.20 to 3.33, p = .008.", []),
        ("Women more often, OR = 2.00, 95% CI 0.20 to 3.33.", [Verdict.OFF_CENTRE]),
        ("Women more often, OR = 2.00, 95% CI 2.20 to 3.33.", [Verdict.INTERVAL]),
        ("They differ, t(28) = 2.20, p = .036, d = 0.57, 95% CI [.02, .15].", []),
        ("Much was explained, η² = .02, 95% CI [.00, .09].", []),
    ],
)  # fmt: skip
def test_an_interval_holds_its_estimate_in_the_middle(text: str, verdicts: list[Verdict]) -> None:
    assert found(text) == verdicts


def test_dutch_intervals_have_decimal_commas() -> None:
    right = "Het verschil is klein, b = 0,12, 95%-BI [0,04; 0,20]."
    assert found(right, Language.DUTCH) == []
    assert found(right.replace("0,12", "0,42"), Language.DUTCH) == [Verdict.INTERVAL]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("It rose from 20% to 30%, an increase of 50%.", []),
        ("It rose from 20% to 30%, an increase of 10 percentage points.", []),
        ("It rose from 20% to 30%, an increase of 10%.", [Verdict.POINTS]),
        ("It rose from 20% to 30%, an increase of 50 percentage points.", [Verdict.POINTS]),
        ("It rose from 20% to 30%, an increase of 80%.", [Verdict.WRONG]),
        ("It fell from 30% to 20%, a drop of 33%.", []),
        ("It fell from 30.4% to 20.1% (a drop of 10.3 percentage points).", []),
        ("It rose from 0% to 30%, an increase of 80%.", []),
    ],
)
def test_a_change_is_in_percent_or_in_points(text: str, verdicts: list[Verdict]) -> None:
    assert found(text) == verdicts


def test_dutch_changes() -> None:
    text = "Het steeg van 20% naar 30%, een stijging van {}."
    assert found(text.format("50%"), Language.DUTCH) == []
    assert found(text.format("10 procentpunt"), Language.DUTCH) == []
    assert found(text.format("10%"), Language.DUTCH) == [Verdict.POINTS]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("They differ (p = .000).", [Verdict.P_ZERO]),
        ("They differ (p < .001).", []),
        ("They differ (p = .0004).", []),
        ("The scale is good, Cronbach's alpha = 1.21.", [Verdict.IMPOSSIBLE]),
        ("The scale is good, Cronbach's alpha = .84.", []),
        ("Age and speed, r = 1.35.", [Verdict.IMPOSSIBLE]),
        ("Age and speed, r = -.35.", []),
    ],
)
def test_values_beyond_their_limits(text: str, verdicts: list[Verdict]) -> None:
    assert found(text) == verdicts


def test_two_swapped_figures_in_a_number_of_people() -> None:
    text = "In all 1,637 people took part. The {} people live in four towns."
    assert found(text.format("1,673")) == [Verdict.MISPRINT]
    assert found(text.format("1,638")) == []
    assert found(text.format("1,637")) == []


def _samples(n: int) -> list[tuple[int, ...]]:
    return list(combinations_with_replacement(range(1, 6), n))


@pytest.mark.parametrize("n", [3, 5, 7])
def test_grim_and_grimmer_allow_every_sample_there_is_and_refuse_most_others(n: int) -> None:
    """Held against all samples of n answers from 1 to 5."""
    real = {(f"{mean(s):.2f}", f"{stdev(s):.2f}") for s in _samples(n)}
    means = {m for m, _ in real}
    for printed, sd in real:
        assert grimmer(PrintedMean(Decimal(printed), n, Decimal(sd)))
    every = [f"{value / 100:.2f}" for value in range(100, 501)]
    assert {m for m in every if grim(PrintedMean(Decimal(m), n))} == means


def test_grimmer_refuses_a_deviation_that_grim_lets_pass() -> None:
    printed = PrintedMean(Decimal("3.44"), 18, Decimal("2.47"))
    assert grim(printed)
    assert not grimmer(printed)


def test_debit() -> None:
    assert debit(PrintedMean(Decimal("0.35"), 100, Decimal("0.48")))
    assert not debit(PrintedMean(Decimal("0.35"), 100, Decimal("0.35")))
    assert debit(PrintedMean(Decimal("0.50"), 4, Decimal("0.58")))


def test_means_are_held_against_n_only_when_asked_and_on_a_scale_of_whole_numbers() -> None:
    asked = CheckSettings(means=True)
    text = "They were content on a scale from 1 to 5 (M = 3.47, SD = 1.00, n = 20)."
    assert found(text) == []
    assert found(text, settings=asked) == [Verdict.MEAN]
    assert found(text.replace("3.47", "3.45"), settings=asked) == []
    assert found(text.replace("on a scale from 1 to 5", "very"), settings=asked) == []


def test_a_mean_is_its_own_kind_of_claim() -> None:
    line = TextLine(1, "On a scale from 1 to 5 (M = 3.45, SD = 1.00, n = 20).")
    result = check(ReportDocument("x", (line,)), Language.ENGLISH, CheckSettings(means=True))
    assert [c.kind for c in result.claims] == [ClaimKind.MEAN]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Safe 40%, unsafe 35% and no opinion 35% (one answer each).", [Verdict.SUM]),
        ("Safe 40%, unsafe 35% and no opinion 25% (one answer each).", []),
        ("Safe 40%, unsafe 35% and no opinion 26% (one answer each).", []),
        ("Safe 40%, unsafe 35% and no opinion 35%.", []),
        ("Safe 40%, unsafe 35% and afraid 20% (one answer each).", []),
    ],
)
def test_parts_make_a_hundred_where_the_sentence_says_one_answer_each(
    text: str, verdicts: list[Verdict]
) -> None:
    assert found(text) == verdicts


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Height and speed go together, r = .35, n = 50, p = .013.", []),
        ("Height and speed go together, r = .35, n = 50, p = .21.", [Verdict.DECISION]),
        ("Height and speed go together, r = .35, N = 50, p = .002.", [Verdict.P_VALUE]),
        ("Height and speed go together, r = .35, d = 50, p = .21.", []),
    ],
)
def test_a_correlation_is_held_against_its_n(text: str, verdicts: list[Verdict]) -> None:
    assert found(text) == verdicts


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("The margin of error is 3.1 percentage points for 1,000 respondents.", []),
        ("The margin of error is 4.5% (n = 1,000).", []),
        ("The margin of error is +/- 1.5% for 1,000 respondents.", [Verdict.MARGIN]),
        ("The margin of error is 2.6% (n = 1,000).", []),
        ("The margin of error is 2.6% at a 95% confidence level (n = 1,000).", [Verdict.MARGIN]),
        ("The margin of error is 1.5% (n = 1,000, population 1,200).", []),
        ("The margin of error is 1.5% for 1,000 respondents and 300 interviews.", []),
    ],
)
def test_a_margin_of_error_is_not_smaller_than_its_sample_allows(
    text: str, verdicts: list[Verdict]
) -> None:
    assert found(text) == verdicts


def test_dutch_margins_of_error() -> None:
    text = "De foutmarge is {} procentpunt bij 1.000 respondenten."
    assert found(text.format("3,1"), Language.DUTCH) == []
    assert found(text.format("1,5"), Language.DUTCH) == [Verdict.MARGIN]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("The share rose by 50%, from 20% to 30%.", []),
        ("The share rose by 10%, from 20% to 30%.", [Verdict.POINTS]),
        ("The share fell by 30 percentage points from 30% to 20%.", [Verdict.WRONG]),
        ("Membership went from 1,200 to 1,500, an increase of 25%.", []),
        ("Membership went from 1,200 to 1,500, an increase of 20%.", [Verdict.WRONG]),
        ("Membership grew by 30% (from 1,200 to 1,500).", [Verdict.WRONG]),
    ],
)
def test_a_change_may_come_before_its_ends_and_be_of_counts(
    text: str, verdicts: list[Verdict]
) -> None:
    assert found(text) == verdicts


def test_zeros_and_ones_are_held_against_their_deviation() -> None:
    asked = CheckSettings(means=True)
    text = "Of the answers, coded 0 or 1, the mean was known (M = 0.35, SD = {}, n = 100)."
    assert found(text.format("0.48"), settings=asked) == []
    assert found(text.format("0.35"), settings=asked) == [Verdict.MEAN]
    assert found(text.format("0.35")) == []


def test_one_in_three_is_held_against_its_percentage() -> None:
    assert found("One in three (33%) cycles to work.") == []
    assert found("One in three (45%) cycles to work.") == [Verdict.WORD]
