"""How large a difference is, whatever the number of respondents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats
from blikveld.stats.hypothesis_tests import both_scores, chi_square


def cramers_v(table: NDArray[np.int64]) -> float:
    """How strongly two questions go together, 0 (not) to 1 (one tells the other).

    `table` holds counts, rows by columns; empty rows and columns are left out. Raises as
    `tests.chi_square` does. Source: Cramér (1946).

    >>> round(cramers_v(np.array([[639, 454], [92, 188], [85, 179]])), 3)
    0.244
    """
    rows, columns = int((table.sum(1) > 0).sum()), int((table.sum(0) > 0).sum())
    statistic = chi_square(table).statistic
    return float(np.sqrt(statistic / (table.sum() * (min(rows, columns) - 1))))


def phi(table: NDArray[np.int64]) -> float:
    """The correlation of two yes-no questions, -1 to 1, from counts of shape (2, 2).

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
    """The mean difference of pairs in standard deviations of those differences (d_z).

    Positive when `first` is the larger. Pairs with a missing score are left out. Not the d of two
    groups: strongly correlated scores make it larger. Infinite when all differ equally,
    not-a-number when none differs. Raises Refused under two pairs. Sources: Cohen (1988, 2.3.5);
    Lakens (2013).

    >>> cohens_d_paired(np.array([3.0, 4.0, 8.0]), np.array([1.0, 3.0, 5.0]))
    2.0
    """
    apart = np.subtract(*both_scores(first, second))
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(apart.mean() / apart.std(ddof=1))


def cohens_h(first: Floats, second: Floats) -> Floats:
    """The difference of two shares on a scale on which it is everywhere as hard to see.

    Positive when `second` is the larger; 0.2 is small, 0.5 medium, 0.8 large. Takes arrays of
    shares between 0 and 1. Source: Cohen (1988, chapter 6).

    >>> round(float(cohens_h(np.array(0.5), np.array(0.6))), 3)
    0.201
    """
    apart: Floats = 2 * np.arcsin(np.sqrt(second)) - 2 * np.arcsin(np.sqrt(first))
    return apart
