"""Tail probabilities of the distributions behind printed tests, from two special functions.

The regularised incomplete beta function is a continued fraction (Lentz's method), the incomplete
gamma function a series or a continued fraction: Numerical Recipes, 3rd edition, 6.2 and 6.4. The
tests hold them against SciPy, which the checker itself does without.
"""

from __future__ import annotations

import math

_STEPS = 100_000
_CLOSE = 1e-15
_TINY = 1e-300


def normal_tail(z: float) -> float:
    """P(Z > z) of a standard normal variable."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def t_tail(t: float, df: float) -> float:
    """P(T > t) of Student's t with `df` degrees of freedom."""
    half = 0.5 * f_tail(t * t, 1, df)
    return half if t >= 0 else 1 - half


def f_tail(f: float, df1: float, df2: float) -> float:
    """P(F > f) with `df1` and `df2` degrees of freedom; f must not be negative."""
    if df1 * f < df2:  # the smaller side, where the share keeps its figures
        return 1 - beta_share(df1 / 2, df2 / 2, df1 * f / (df1 * f + df2))
    return beta_share(df2 / 2, df1 / 2, df2 / (df2 + df1 * f))


def chi_square_tail(x: float, df: float) -> float:
    """P(X > x) of chi-square with `df` degrees of freedom; x must not be negative."""
    return gamma_tail(df / 2, x / 2)


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for positive a and b and x in [0, 1]."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function."""
    c, d = 1.0, _away_from_zero(1 - (a + b) * x / (a + 1))
    d = 1 / d
    h = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            h *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return h


def gamma_tail(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x), for positive a and x from 0."""
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    return 1 - front * _gamma_series(a, x) if x < a + 1 else front * _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for n in range(1, _STEPS):
        term *= x / (a + n)
        total += term
        if term < total * _CLOSE:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / _away_from_zero(b)
    h = d
    for n in range(1, _STEPS):
        term = n * (a - n)
        b += 2
        d = 1 / _away_from_zero(term * d + b)
        c = _away_from_zero(b + term / c)
        h *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return h


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
