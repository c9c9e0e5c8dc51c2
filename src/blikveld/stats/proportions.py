"""Shares, totals and mean scores from tallies, for any number of table cells at once.

Standard errors are those of a linearised estimate in the stratified design (see `design`): what R's
survey package calls svymean, svytotal and, when a tally has domains on its axes, svyby.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    """The weighted share of each part in its base.

    `part` and `base` have shape (strata, ...) and broadcast: with `part` (strata, domains,
    categories) and `base` (strata, domains, 1) every category gets its share per domain. Whoever
    is in a part must be in its base; this is what makes y^2 = y and the squared weights enough.
    Missing answers are in neither. Returns shape (...). Raises Refused as `Strata.variance`
    does, for a part larger than its base, and for a base larger than the sample.

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
    """The weighted mean of a score that depends on the category alone.

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
    """The weighted number of people in each part, shape (strata, ...); returns (...).

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
    """How many times larger a share's variance is than in as large a simple random sample.

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
    """The second less the first, of samples that share nobody and no stratum: two waves, say.

    Degrees of freedom by Satterthwaite (1946); the fewest when there are several estimates. For
    two groups inside one sample use `rows.contrast`, which knows their covariance.

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
