"""Intervals for shares and means. All take arrays and give (low, high) of the same shape."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from scipy import stats as scipy_stats

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats
from blikveld.stats.proportions import Estimates

Interval: TypeAlias = tuple[Floats, Floats]


def wilson(count: Floats, n: Floats, level: float = 0.95) -> Interval:
    """The score interval of a share from a simple random sample, without continuity correction.

    `count` out of `n`, which need not be whole. Not-a-number where n is nought. Never leaves
    [0, 1] and has a width also when nobody, or everybody, is counted. Equal to R's
    prop.test(count, n, correct = FALSE). Source: Wilson (1927).

    >>> low, high = wilson(np.array([393.0]), np.array([821.0]))
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.4447, 0.5129)
    """
    z = _normal(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = count / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    # At the ends the two terms cancel to within rounding only; the bound is exact there.
    low = np.where(count == 0, 0.0, centre - half)
    high = np.where(count == n, 1.0, centre + half)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def wilson_design(found: Estimates, level: float = 0.95) -> Interval:
    """Wilson's interval with the number of respondents that the design is worth.

    That number is p (1 - p) / se^2, with the normal quantile replaced by t's of the design's
    degrees of freedom. A share of nought or one has no such number; Kish's effective number
    stands in. Source: Franco, Little, Louis and Slud (2019).

    >>> low, high = wilson_design(_example())
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.3066, 0.5013)
    """
    effective = _effective(found) * (_normal(level) / _t(level, found.df)) ** 2
    return wilson(found.value * effective, effective, level)


def wald(found: Estimates, level: float = 0.95) -> Interval:
    """Value plus and minus t times the standard error: for means, totals and differences.

    Equal to R's confint(…, df = degf(design)) in the survey package.

    >>> low, high = wald(_example())
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.3008, 0.4992)
    """
    half = _t(level, found.df) * found.se
    return found.value - half, found.value + half


def logit(found: Estimates, level: float = 0.95) -> Interval:
    """An interval on the scale of log odds, brought back; keeps within [0, 1].

    Not-a-number for a share of nought or one, which has no odds. Equal to R's
    svyciprop(…, method = "xlogit").

    >>> low, high = logit(_example())
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.306, 0.502)
    """
    p = found.value
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = np.log(p / (1 - p))
        half = _t(level, found.df) * found.se / (p * (1 - p))
        low, high = 1 / (1 + np.exp(half - middle)), 1 / (1 + np.exp(-half - middle))
    usable = (p > 0) & (p < 1)
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def korn_graubard(found: Estimates, sampled: int, level: float = 0.95) -> Interval:
    """The exact binomial interval with the number of respondents that the design is worth.

    Wide; for small shares. `sampled` is the number of respondents drawn, in the base or not.
    Equal to R's svyciprop(…, method = "beta"), also in not limiting the number it works with to
    the number drawn. Shares of nought or one use Kish's effective number, where R gives none.
    Source: Korn and Graubard (1998).

    >>> low, high = korn_graubard(_example(), 100)
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.3013, 0.505)
    """
    size = _effective(found) * (_t(level, sampled - 1) / _t(level, found.df)) ** 2
    tail, x = (1 - level) / 2, size * found.value
    low = np.where(found.value > 0, scipy_stats.beta.ppf(tail, x, size - x + 1), 0.0)
    high = np.where(found.value < 1, scipy_stats.beta.ppf(1 - tail, x + 1, size - x), 1.0)
    empty = np.isnan(found.value)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def newcombe(
    first: Floats, first_interval: Interval, second: Floats, second_interval: Interval
) -> Interval:
    """An interval for the second share less the first, from an interval of each.

    Of samples that share nobody. Works with any interval, so also with design-based ones.
    Source: Newcombe (1998, method 10); Zou and Donner (2008).

    >>> a, b = np.array(0.6), np.array(0.8)
    >>> low, high = newcombe(a, wilson(a * 80, np.array(80.0)), b, wilson(b * 70, np.array(70.0)))
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.0524, 0.3339)
    """
    (l1, u1), (l2, u2) = first_interval, second_interval
    middle = second - first
    low = middle - np.sqrt((second - l2) ** 2 + (u1 - first) ** 2)
    return low, middle + np.sqrt((u2 - second) ** 2 + (first - l1) ** 2)


def _example() -> Estimates:
    """40% of 100 with a standard error of 5 points, for the examples above."""
    n = np.array(100.0)
    return Estimates(np.array(0.4), np.array(0.05), n, n, 99.0)


def _effective(found: Estimates) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = found.value * (1 - found.value) / found.se**2
    known = np.isfinite(worth) & (worth > 0)
    return np.where(known, worth, found.effective)


def _normal(level: float) -> float:
    if not 0 < level < 1:
        raise UnusableData(
            "level", "an interval", f"Its level is {level}.", "Give a level between 0 and 1."
        )
    return float(scipy_stats.norm.ppf((1 + level) / 2))


def _t(level: float, df: float) -> float:
    _normal(level)
    if df <= 0:
        raise UnusableData(
            "no-degrees-of-freedom",
            "an interval",
            "The design leaves no degree of freedom: as many strata as units.",
            "Take strata together, so that one of them holds two units or more.",
        )
    return float(scipy_stats.t.ppf((1 + level) / 2, df))
