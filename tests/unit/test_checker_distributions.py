"""The checker's own tail probabilities against SciPy's."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from blikveld.checker.distributions import chi_square_tail, f_tail, normal_tail, t_tail

DF = st.floats(0.5, 20_000)


def close(ours: float, theirs: float) -> bool:
    """Equal to nine figures, or so small that no report prints the difference."""
    return math.isclose(ours, theirs, rel_tol=1e-8, abs_tol=1e-13)


@settings(max_examples=300, deadline=None)
@given(st.floats(-60, 60), DF)
def test_t(t: float, df: float) -> None:
    assert close(t_tail(t, df), float(special.stdtr(df, -t)))


@settings(max_examples=300, deadline=None)
@given(st.floats(0, 500), DF, DF)
def test_f(f: float, df1: float, df2: float) -> None:
    assert close(f_tail(f, df1, df2), float(special.fdtrc(df1, df2, f)))


@settings(max_examples=300, deadline=None)
@given(st.floats(0, 30_000), DF)
def test_chi_square(x: float, df: float) -> None:
    assert close(chi_square_tail(x, df), float(special.chdtrc(df, x)))


@pytest.mark.parametrize("z", [-8.0, -1.96, 0.0, 0.5, 1.96, 8.0])
def test_normal(z: float) -> None:
    assert close(normal_tail(z), float(special.ndtr(-z)))
