"""Tests of difference, against R. The calls stand beside the results."""

from __future__ import annotations

import numpy as np
import pytest

from blikveld.stats.hypothesis_tests import chi_square, t_paired


def test_chi_square_equals_r() -> None:
    # R 4.2: chisq.test(matrix(c(639,92,85,454,188,179), 3), correct = FALSE)
    # X-squared = 97.683, df = 2, p-value < 2.2e-16
    result = chi_square(np.array([[639, 454], [92, 188], [85, 179]]))
    assert round(result.statistic, 3) == 97.683
    assert result.df == 2
    assert result.p < 1e-15


def test_rows_and_columns_without_anybody_say_nothing() -> None:
    full = np.array([[10, 20], [30, 5]])
    padded = np.array([[10, 0, 20], [0, 0, 0], [30, 0, 5]])
    assert chi_square(padded) == chi_square(full)


def test_a_table_of_one_column_is_refused() -> None:
    with pytest.raises(ValueError, match="two rows and two columns"):
        chi_square(np.array([[3], [4]]))


def test_paired_t_equals_r() -> None:
    # R 4.2 says of t.test(c(1,2,3,4,5), c(2,2,4,4,7), paired = TRUE):
    # t = -2.1381, df = 4, p-value = 0.09930
    result = t_paired(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 2, 4, 4, 7]))
    assert result.statistic == pytest.approx(-2.138090, abs=1e-6)
    assert result.df == 4
    assert result.p == pytest.approx(0.09930, abs=1e-5)


def test_pairs_with_a_missing_score_are_left_out() -> None:
    whole = t_paired(np.array([1.0, 2, 4]), np.array([2.0, 2, 7]))
    holed = t_paired(np.array([1.0, 2, 4, np.nan]), np.array([2.0, 2, 7, 1]))
    assert whole == holed
