"""Shares, totals and mean scores from tallies, and intervals, for any number of cells at once.

Standard errors are those of a linearised estimate in the stratified design (see `design`): what R's
survey package calls svymean, svytotal and, when a tally has domains on its axes, svyby. Intervals
take arrays and give (low, high) of the same shape. Estimates from respondents are in `microdata`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy import special

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats, StratifiedDesign, WeightedCounts, kish


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates with their standard errors, all of one shape.

    `n` is the number of respondents in the base. `effective` is the number of equally weighted
    respondents that would carry as much (Kish). `df` belongs to the design. An estimate in whose
    base nobody has any weight is not-a-number, and so is its standard error.
    """

    value: Floats
    se: Floats
    n: Floats
    effective: Floats
    df: float


def shares(part: WeightedCounts, base: WeightedCounts, strata: StratifiedDesign) -> Estimates:
    """Return the weighted share of each part in its base.

    `part` and `base` have shape (strata, ...) and broadcast: with `part` (strata, domains,
    categories) and `base` (strata, domains, 1) every category gets its share per domain. Whoever is
    in a part must be in its base; this is what makes y^2 = y and the squared weights enough.
    Missing answers are in neither. Returns shape (...). Raises UnusableData as
    `StratifiedDesign.variance` does, for a part larger than its base, and for a base larger than
    the sample.

    >>> chosen = WeightedCounts.of_counts(np.array([[3], [1]]))
    >>> asked = WeightedCounts.of_counts(np.array([[4], [4]]))
    >>> found = shares(chosen, asked, StratifiedDesign(np.array([4.0, 4.0])))
    >>> found.value.item(), round(found.se.item(), 6)
    (0.5, 0.176777)
    """
    _check_part(part, base)
    whole = base.w.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = part.w.sum(0) / whole
        sums = (part.w - p * base.w) / whole
        squares = ((1 - p) ** 2 * part.w2 + p**2 * (base.w2 - part.w2)) / whole**2
    return _estimates(p, squares, sums, base, strata)


def scores(tally: WeightedCounts, values: Floats, strata: StratifiedDesign) -> Estimates:
    """Return the weighted mean of a score that depends on the category alone.

    `tally` has shape (strata, ..., categories), `values` (categories,); a category whose value
    is not-a-number is outside the base. Returns shape (...). So is an average number of mentions:
    tally the respondents by how many options they chose.

    >>> tally = WeightedCounts.of_counts(np.array([[2, 2, 1]]))
    >>> found = scores(tally, np.array([1.0, 2.0, np.nan]), StratifiedDesign(np.array([5.0])))
    >>> found.value.item(), found.n.item()
    (1.5, 4.0)
    """
    valid = ~np.isnan(values)
    cells = WeightedCounts(tally.n[..., valid], tally.w[..., valid], tally.w2[..., valid])
    base, value = cells.sum(-1), values[valid]
    whole = base.w.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (cells.w * value).sum((0, -1)) / whole
        away = (value - mean[..., None]) / whole[..., None]
        sums, squares = (cells.w * away).sum(-1), (cells.w2 * away**2).sum(-1)
    return _estimates(mean, squares, sums, base, strata)


def totals(part: WeightedCounts, strata: StratifiedDesign) -> Estimates:
    """Return the weighted number of people in each part, shape (strata, ...); returns (...).

    Estimates a number in the population when weights add up to it. Nobody at all is nought.
    Equal to R's svytotal. Source: Särndal, Swensson and Wretman (1992, section 2.8).

    >>> strata = StratifiedDesign(np.array([4.0, 4.0]))
    >>> found = totals(WeightedCounts.of_counts(np.array([3, 1])), strata)
    >>> found.value.item(), round(found.se.item(), 4)
    (4.0, 1.4142)
    """
    strata.check_base(part.n)
    counted = part.sum(0)
    se = strata.se(part.w2, part.w)
    return Estimates(counted.w, se, counted.n, _effective(part), strata.df)


def deff(found: Estimates) -> Floats:
    """Return how many times larger a share's variance is than in as large a simple random sample.

    Compared with drawing with replacement: v (n - 1) / (p (1 - p)). Not-a-number where the share
    is nought or one. Source: Kish (1965, section 8.2).

    >>> few, n = np.array(0.4), np.array(100.0)
    >>> round(deff(Estimates(few, np.array(0.06), n, n, 99.0)).item(), 3)
    1.485
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        simple = found.value * (1 - found.value) / (found.n - 1)
        effect: Floats = np.where(simple > 0, found.se**2 / simple, np.nan)
    return effect


def difference(first: Estimates, second: Estimates) -> Estimates:
    """Return the second less the first, of samples that share nobody and no stratum: two waves,
    say.

    Degrees of freedom by Satterthwaite (1946); the fewest when there are several estimates. For
    two groups inside one sample use `microdata.contrast`, which knows their covariance.

    >>> n = np.array(100.0)
    >>> before = Estimates(np.array(0.4), np.array(0.03), n, n, 99.0)
    >>> now = Estimates(np.array(0.5), np.array(0.04), n, n, 99.0)
    >>> apart = difference(before, now)
    >>> round(apart.value.item(), 3), round(apart.se.item(), 3), round(apart.df, 1)
    (0.1, 0.05, 183.6)
    """
    variance = first.se**2 + second.se**2
    with np.errstate(invalid="ignore", divide="ignore"):
        each = variance**2 / (first.se**4 / first.df + second.se**4 / second.df)
    df = float(np.nanmin(each)) if np.isfinite(each).any() else first.df + second.df
    return Estimates(
        second.value - first.value,
        np.sqrt(variance),
        first.n + second.n,
        first.effective + second.effective,
        df,
    )


def _estimates(
    value: Floats, squares: Floats, sums: Floats, base: WeightedCounts, strata: StratifiedDesign
) -> Estimates:
    """Shapes (...), (strata, ...), (strata, ...); empty bases become not-a-number, not errors."""
    strata.check_base(base.n)
    empty = np.isnan(value)
    se = strata.se(np.where(empty, 0.0, squares), np.where(empty, 0.0, sums))
    n = np.broadcast_to(base.n.sum(0), value.shape)
    effective = np.broadcast_to(_effective(base), value.shape)
    return Estimates(value, np.where(empty, np.nan, se), n, effective, strata.df)


def _effective(base: WeightedCounts) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        effective: Floats = base.n.sum(0) / kish(base)
    return effective


def _check_part(part: WeightedCounts, base: WeightedCounts) -> None:
    slack = 1e-9 * (1.0 + base.w.max(initial=0.0))
    if (part.n > base.n).any() or (part.w > base.w + slack).any():
        raise UnusableData(
            "part-beyond-base",
            "a share",
            "More people are in a part than in its base.",
            "Count the part among the base only.",
        )


Interval: TypeAlias = tuple[Floats, Floats]


def wilson(count: Floats, n: Floats, level: float = 0.95) -> Interval:
    """Return the score interval of a share from a simple random sample, without continuity
    correction.

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
    effective = _effective_size(found) * (_normal(level) / _t(level, found.df)) ** 2
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
    """Return an interval on the scale of log odds, brought back; keeps within [0, 1].

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
    """Return the exact binomial interval with the number of respondents that the design is worth.

    Wide; for small shares. `sampled` is the number of respondents drawn, in the base or not.
    Equal to R's svyciprop(…, method = "beta"), also in not limiting the number it works with to
    the number drawn. Shares of nought or one use Kish's effective number, where R gives none.
    Source: Korn and Graubard (1998).

    >>> low, high = korn_graubard(_example(), 100)
    >>> round(low.item(), 4), round(high.item(), 4)
    (0.3013, 0.505)
    """
    size = _effective_size(found) * (_t(level, sampled - 1) / _t(level, found.df)) ** 2
    tail, x = (1 - level) / 2, size * found.value
    low = np.where(found.value > 0, special.betaincinv(x, size - x + 1, tail), 0.0)
    high = np.where(found.value < 1, special.betaincinv(x + 1, size - x, 1 - tail), 1.0)
    empty = np.isnan(found.value)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def newcombe(
    first: Floats, first_interval: Interval, second: Floats, second_interval: Interval
) -> Interval:
    """Return an interval for the second share less the first, from an interval of each.

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


def _effective_size(found: Estimates) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = found.value * (1 - found.value) / found.se**2
    known = np.isfinite(worth) & (worth > 0)
    return np.where(known, worth, found.effective)


def _normal(level: float) -> float:
    if not 0 < level < 1:
        raise UnusableData(
            "level", "an interval", f"Its level is {level}.", "Give a level between 0 and 1."
        )
    return float(special.ndtri((1 + level) / 2))


def _t(level: float, df: float) -> float:
    _normal(level)
    if df <= 0:
        raise UnusableData(
            "no-degrees-of-freedom",
            "an interval",
            "The design leaves no degree of freedom: as many strata as units.",
            "Take strata together, so that one of them holds two units or more.",
        )
    return float(special.stdtrit(df, (1 + level) / 2))
