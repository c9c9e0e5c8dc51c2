"""Tests of difference, how large a difference is, and several comparisons at once.

The tests that every report has take their p-value from scipy.special. scipy.stats, which takes half
a second and 50 MiB more to import, is loaded by the two that need it. Tests for samples that were
not simple random are in `rao_scott`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy import special

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats
from blikveld.stats.proportions import Estimates


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test statistic, its degrees of freedom and its two-sided p-value.

    Degrees of freedom are not-a-number for a test that has none.
    """

    statistic: float
    df: float
    p: float


def chi_square(table: NDArray[np.int64]) -> TestResult:
    """Pearson's chi-square of independence, without continuity correction.

    `table` holds counts, rows by columns, at least 2 by 2. Rows and columns without anybody
    are left out, as they say nothing. Raises UnusableData when fewer than two of either remain.
    For weighted answers see `rao_scott`.
    Source: Pearson (1900); equal to R's chisq.test(table, correct = FALSE).

    >>> round(chi_square(np.array([[639, 454], [92, 188], [85, 179]])).statistic, 3)
    97.683
    """
    kept = _filled(table)
    expected = _expected(kept)
    statistic = float(((kept - expected) ** 2 / expected).sum())
    df = (kept.shape[0] - 1) * (kept.shape[1] - 1)
    return TestResult(statistic, float(df), float(special.chdtrc(df, statistic)))


def fisher(table: NDArray[np.int64]) -> TestResult:
    """Fisher's exact test of a table of two by two.

    The statistic is the odds ratio of the sample; R's fisher.test prints an estimate that is
    conditional on the margins instead. The p-values are equal. Raises UnusableData for another
    shape and for a row or column without anybody. Source: Fisher (1935).

    >>> round(fisher(np.array([[3, 1], [1, 3]])).p, 6)
    0.485714
    """
    if _filled(table).shape != (2, 2):
        raise UnusableData(
            "not-two-by-two",
            "Fisher's exact test",
            f"The table has {table.shape[0]} rows and {table.shape[1]} columns.",
            "Use `association`, which knows what to do with larger tables.",
        )
    from scipy import stats

    result = stats.fisher_exact(_filled(table))
    return TestResult(float(result.statistic), float("nan"), float(result.pvalue))


def chi_square_simulated(
    table: NDArray[np.int64], *, draws: int = 9_999, seed: int = 1
) -> TestResult:
    """Pearson's chi-square held against tables drawn with the same margins.

    For tables too thin for the chi-square distribution. p is (1 + as large) / (1 + draws), so it
    is never nought, and depends on `seed` in its third figure. Raises as `chi_square` does.
    Sources: Patefield (1981) for drawing; Hope (1968) for the p-value. The same idea as R's
    chisq.test(table, simulate.p.value = TRUE), with other random numbers.

    >>> 0.015 < chi_square_simulated(np.array([[3, 9, 0], [11, 4, 1]])).p < 0.025
    True
    """
    from scipy import stats

    kept = _filled(table)
    expected = _expected(kept)
    seen = ((kept - expected) ** 2 / expected).sum()
    margins = stats.random_table(
        kept.sum(axis=1), kept.sum(axis=0), seed=np.random.default_rng(seed)
    )
    drawn = margins.rvs(draws)
    found = ((drawn - expected) ** 2 / expected).sum(axis=(1, 2))
    # Equal tables may differ in their last bit, and count as equally large.
    larger = int((found >= seen * (1 - 1e-7)).sum())
    return TestResult(float(seen), float("nan"), (1 + larger) / (1 + draws))


class Method(Enum):
    """Which test of independence was used."""

    CHI_SQUARE = "chi_square"
    FISHER = "fisher"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Association:
    """A test of independence with why it was this one.

    `least` is the smallest expected count, `thin` the share of cells that expect fewer than five.
    """

    method: Method
    result: TestResult
    least: float
    thin: float


def association(table: NDArray[np.int64]) -> Association:
    """Test independence by the method that the counts allow.

    The chi-square distribution is trusted when no cell expects fewer than one respondent and at
    most a fifth of the cells expect fewer than five; a table of two by two needs five everywhere.
    Otherwise Fisher's exact test (two by two) or a simulated p-value. Raises as `chi_square` does.
    Source: Cochran (1954).

    >>> association(np.array([[3, 1], [1, 3]])).method
    <Method.FISHER: 'fisher'>
    """
    kept = _filled(table)
    expected = _expected(kept)
    least, thin = float(expected.min()), float((expected < 5).mean())
    small = kept.shape == (2, 2)
    if least >= 1 and thin <= (0.0 if small else 0.2):
        return Association(Method.CHI_SQUARE, chi_square(kept), least, thin)
    if small:
        return Association(Method.FISHER, fisher(kept), least, thin)
    return Association(Method.SIMULATED, chi_square_simulated(kept), least, thin)


def t_paired(first: Floats, second: Floats) -> TestResult:
    """Student's t for the difference between two scores of the same people.

    Pairs in which either score is not-a-number are left out. Raises UnusableData under two pairs.
    With weights or strata, give `t_mean` the mean of the differences.
    Source: Student (1908); equal to R's t.test(first, second, paired = TRUE).

    >>> round(t_paired(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 2, 4, 4, 7])).p, 4)
    0.0993
    """
    first, second = both_scores(first, second)
    apart = first - second
    mean, df = apart.mean(), len(apart) - 1
    variance = ((apart - mean) ** 2).mean() * ((df + 1) / df)
    # Everybody equally far apart: endlessly sure, or nothing to say when that is not at all.
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = mean / np.sqrt(variance / (df + 1))
    return TestResult(float(statistic), float(df), _two_sided(statistic, df))


def t_mean(found: Estimates) -> TestResult:
    """Test whether one design-based mean, or difference, is nought: value over standard error.

    `found` holds a single estimate. Degrees of freedom are the design's; R's svyttest takes one
    fewer for a single mean. Raises UnusableData when the standard error is nought or unknown.

    >>> n = np.array(100.0)
    >>> round(t_mean(Estimates(np.array(0.1), np.array(0.05), n, n, 99.0)).p, 4)
    0.0482
    """
    value, se = float(found.value.item()), float(found.se.item())
    if not se > 0 or found.df <= 0:
        raise UnusableData(
            "no-standard-error",
            "a t-test",
            f"The standard error is {se:g}, on {found.df:g} degrees of freedom.",
            "Test an estimate that varies between respondents.",
        )
    return TestResult(value / se, found.df, _two_sided(value / se, found.df))


def _two_sided(statistic: float, df: float) -> float:
    """The chance that Student's t lies at least so far from nought."""
    return 2 * float(special.stdtr(df, -abs(statistic)))


def _expected(table: NDArray[np.int64]) -> Floats:
    """The counts under independence."""
    expected: Floats = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return expected


def both_scores(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return the pairs of which neither score is missing. Raises UnusableData under two pairs.

    >>> both_scores(np.array([1.0, np.nan, 3.0]), np.array([2.0, 2.0, 4.0]))
    (array([1., 3.]), array([2., 4.]))
    """
    both = ~(np.isnan(first) | np.isnan(second))
    if both.sum() < 2:
        raise UnusableData(
            "too-few-pairs",
            "a paired comparison",
            "It needs two people with both scores.",
            "Compare questions that at least two people answered both of.",
        )
    return first[both], second[both]


def _filled(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Without rows and columns in which nobody stands."""
    if (table < 0).any():
        raise UnusableData(
            "count-below-nought", "a table", "A count is below nought.", "Give counts of people."
        )
    kept: NDArray[np.int64] = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        raise UnusableData(
            "table-too-small",
            "a table",
            "A chi-square test needs two rows and two columns with respondents.",
            "Test a table in which both variables vary.",
        )
    return kept


def cramers_v(table: NDArray[np.int64]) -> float:
    """Return how strongly two questions go together, 0 (not) to 1 (one tells the other).

    `table` holds counts, rows by columns; empty rows and columns are left out. Raises as
    `chi_square` does. Source: Cramér (1946).

    >>> round(cramers_v(np.array([[639, 454], [92, 188], [85, 179]])), 3)
    0.244
    """
    rows, columns = int((table.sum(1) > 0).sum()), int((table.sum(0) > 0).sum())
    statistic = chi_square(table).statistic
    return float(np.sqrt(statistic / (table.sum() * (min(rows, columns) - 1))))


def phi(table: NDArray[np.int64]) -> float:
    """Return the correlation of two yes-no questions, -1 to 1, from counts of shape (2, 2).

    Positive when the diagonal is the heavier. Not-a-number when a row or column is empty.
    Source: Yule (1912).

    >>> round(phi(np.array([[30, 10], [10, 30]])), 3)
    0.5
    """
    if table.shape != (2, 2):
        raise UnusableData(
            "not-two-by-two",
            "phi",
            f"The table has {table.shape[0]} rows and {table.shape[1]} columns.",
            "Use Cramér's V for larger tables.",
        )
    (a, b), (c, d) = table.astype(np.float64).tolist()
    spread = (a + b) * (c + d) * (a + c) * (b + d)
    return float((a * d - b * c) / np.sqrt(spread)) if spread else float("nan")


def cohens_d_paired(first: Floats, second: Floats) -> float:
    """Return the mean difference of pairs in standard deviations of those differences (d_z).

    Positive when `first` is the larger. Pairs with a missing score are left out. Not the d of two
    groups: strongly correlated scores make it larger. Infinite when all differ equally,
    not-a-number when none differs. Raises UnusableData under two pairs. Sources: Cohen (1988,
    2.3.5); Lakens (2013).

    >>> cohens_d_paired(np.array([3.0, 4.0, 8.0]), np.array([1.0, 3.0, 5.0]))
    2.0
    """
    apart = np.subtract(*both_scores(first, second))
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(apart.mean() / apart.std(ddof=1))


def cohens_h(first: Floats, second: Floats) -> Floats:
    """Return the difference of two shares on a scale on which it is everywhere as hard to see.

    Positive when `second` is the larger; 0.2 is small, 0.5 medium, 0.8 large. Takes arrays of
    shares between 0 and 1. Source: Cohen (1988, chapter 6).

    >>> round(float(cohens_h(np.array(0.5), np.array(0.6))), 3)
    0.201
    """
    apart: Floats = 2 * np.arcsin(np.sqrt(second)) - 2 * np.arcsin(np.sqrt(first))
    return apart


class Correction(Enum):
    """What is held at the level that was chosen."""

    NONE = "none"
    """Each comparison on its own, as published reports often do. A text has to say so."""
    HOLM = "holm"
    """The chance of any false finding in the family."""
    BENJAMINI_HOCHBERG = "benjamini_hochberg"
    """The expected part of the findings that are false."""


@dataclass(frozen=True, slots=True)
class Family:
    """p-values after correction, with what a text must say beside them.

    `size` is the number of comparisons made; those that could not be made (not-a-number) are not
    among them and stay not-a-number.
    """

    p: Floats
    correction: Correction
    size: int


def adjust_p(p: Floats, correction: Correction) -> Family:
    """Correct a family of p-values, shape (comparisons,).

    Equal to R's p.adjust with method "holm" or "BH". Raises UnusableData for a value outside [0,
    1]. Sources: Holm (1979); Benjamini and Hochberg (1995).

    >>> adjust_p(np.array([0.01, 0.04, 0.03]), Correction.HOLM).p.tolist()
    [0.03, 0.06, 0.06]
    """
    made = ~np.isnan(p)
    if ((p[made] < 0) | (p[made] > 1)).any():
        raise UnusableData(
            "not-a-p-value",
            "a family of comparisons",
            "A value lies outside 0 to 1.",
            "Give the p-values of the comparisons.",
        )
    corrected = np.full(p.shape, np.nan)
    corrected[made] = _METHODS[correction](p[made])
    return Family(corrected, correction, int(made.sum()))


def _none(p: Floats) -> Floats:
    return p


def _holm(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")
    remaining = len(p) - np.arange(len(p))
    return _back(np.maximum.accumulate(p[order] * remaining), order)


def _benjamini_hochberg(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")[::-1]
    rank = len(p) - np.arange(len(p))
    return _back(np.minimum.accumulate(p[order] * (len(p) / rank)), order)


def _back(ordered: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    corrected = np.empty_like(ordered)
    corrected[order] = np.minimum(ordered, 1.0)
    return corrected


_METHODS = {
    Correction.NONE: _none,
    Correction.HOLM: _holm,
    Correction.BENJAMINI_HOCHBERG: _benjamini_hochberg,
}
