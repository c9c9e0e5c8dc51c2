"""Tests of difference, as the field reports them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test statistic, its degrees of freedom and its two-sided p-value."""

    statistic: float
    df: float
    p: float


def chi_square(table: NDArray[np.int64]) -> TestResult:
    """Pearson's chi-square of independence, without continuity correction.

    `table` holds counts, rows by columns, at least 2 by 2. Rows and columns without anybody
    are left out, as they say nothing. Raises ValueError when fewer than two of either remain.
    Source: Pearson (1900); equal to R's chisq.test(table, correct = FALSE).
    """
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        raise ValueError("a chi-square test needs two rows and two columns with respondents")
    result = scipy_stats.chi2_contingency(kept, correction=False)
    return TestResult(float(result.statistic), float(result.dof), float(result.pvalue))


def t_paired(first: NDArray[np.float64], second: NDArray[np.float64]) -> TestResult:
    """Student's t for the difference between two scores of the same people.

    Pairs in which either score is not-a-number are left out. Raises ValueError under two pairs.
    Source: Student (1908); equal to R's t.test(first, second, paired = TRUE).
    """
    both = ~(np.isnan(first) | np.isnan(second))
    if both.sum() < 2:
        raise ValueError("a paired t-test needs two people with both scores")
    result = scipy_stats.ttest_rel(first[both], second[both])
    return TestResult(float(result.statistic), float(result.df), float(result.pvalue))
