"""Pearson's chi-square for samples that were not simple random: weights, strata, clusters.

Under independence Pearson's statistic then behaves like a sum of chi-squares of one degree of
freedom, each times a generalised design effect: the eigenvalues of (C'PC)^-1 C'DC, in which C holds
the interaction contrasts, P what the covariance of the contrasts would be under simple random
sampling, and D what it is in this design. The first-order correction divides by their mean, the
second-order correction also matches their spread, by Satterthwaite's method. Sources: Rao and
Scott (1981, 1984); Thomas and Rao (1987) for the F distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import linalg
from scipy import stats as scipy_stats

from blikveld.errors import UnusableData
from blikveld.stats.design import Codes, Floats, StratifiedDesign, WeightedCounts
from blikveld.stats.microdata import SurveyDesign, category_shares

NOTHING = 1e-9
"""A mean design effect up to this is rounding: the strata determine the answers."""


class CorrectionOrder(Enum):
    """Which moments of the design effects are corrected for."""

    FIRST = "first"
    """R's svychisq(…, statistic = "Chisq"). `statistic` is Pearson's own, `p` is corrected."""
    SECOND = "second"
    """R's svychisq(…, statistic = "F"), and the usual choice."""


@dataclass(frozen=True, slots=True)
class DesignTest:
    """A design-based test of independence.

    `df` is of the numerator. `df2` belongs to the denominator of the F distribution, infinite for
    the first order. `effect` is the mean generalised design effect: 1 when the sample is as good
    as a simple random one, 2 when it is worth half.
    """

    statistic: float
    df: float
    df2: float
    p: float
    effect: float


def rao_scott(
    cells: WeightedCounts, strata: StratifiedDesign, order: CorrectionOrder = CorrectionOrder.SECOND
) -> DesignTest:
    """Test independence of rows and columns in a tally of shape (strata, rows, columns).

    Rows and columns in which nobody has any weight are left out, as they say nothing. A single
    empty cell is allowed. Whoever misses either answer is left out of the tally but counts in
    `strata`. Raises UnusableData when fewer than two rows or columns remain, when empty cells leave
    a contrast unknown, and as `StratifiedDesign.variance` does.

    >>> table = np.array([[639, 454], [92, 188], [85, 179]])
    >>> strata = StratifiedDesign(np.array([1637.0]))
    >>> found = rao_scott(WeightedCounts.of_counts(table[np.newaxis]), strata)
    >>> round(found.statistic * found.df, 2), round(found.effect, 3)
    (97.62, 1.001)
    """
    strata.check_base(cells.n.sum((1, 2)))
    w = cells.w.sum(0)
    rows, columns = _kept(w)
    kept_w, kept_w2 = (sums[:, rows][:, :, columns] for sums in (cells.w, cells.w2))
    covariance = _covariance(kept_w, kept_w2, strata)
    share = w[np.ix_(rows, columns)] / w.sum()
    return _test(share, covariance, float(cells.n.sum()), strata.df, order)


def rao_scott_rows(
    design: SurveyDesign,
    rows: Codes,
    columns: Codes,
    shape: tuple[int, int],
    order: CorrectionOrder = CorrectionOrder.SECOND,
) -> DesignTest:
    """Return the same from respondents' codes (respondents,), for samples drawn in clusters.

    A code below nought is a missing answer. Raises as `rao_scott` does.

    >>> one, two = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 1, 1])
    >>> round(rao_scott_rows(SurveyDesign.simple(6), one, two, (2, 2)).p, 4)
    0.4896
    """
    known = (rows >= 0) & (columns >= 0)
    cell = np.where(known, rows * shape[1] + columns, -1)
    found = category_shares(design, cell, shape[0] * shape[1])
    share = found.estimates.value.reshape(shape)
    kept = np.zeros(shape, dtype=bool)
    kept[np.ix_(*_kept(share))] = True
    inside = np.flatnonzero(kept)
    size = (int(kept.any(1).sum()), int(kept.any(0).sum()))
    covariance = found.covariance[np.ix_(inside, inside)]
    respondents, df = float(known.sum()), found.estimates.df
    return _test(share[kept].reshape(size), covariance, respondents, df, order)


def _kept(w: Floats) -> tuple[Codes, Codes]:
    rows, columns = np.flatnonzero(w.sum(1) > 0), np.flatnonzero(w.sum(0) > 0)
    if min(len(rows), len(columns)) < 2:
        raise UnusableData(
            "table-too-small",
            "a chi-square test",
            "It has fewer than two rows or two columns with respondents.",
            "Test a table in which both variables vary.",
        )
    return rows, columns


def _covariance(w: Floats, w2: Floats, strata: StratifiedDesign) -> Floats:
    """Of the shares of all cells, (cells, cells), from sums of shape (strata, rows, columns)."""
    w, w2 = w.reshape(len(w), -1), w2.reshape(len(w2), -1)
    whole = w.sum()
    p = w.sum(0) / whole
    sums = (w - p * w.sum(1, keepdims=True)) / whole
    beside = w2[:, :, None] * p
    squares = w2[:, :, None] * np.eye(len(p)) - beside - beside.transpose(0, 2, 1)
    squares += w2.sum(1)[:, None, None] * np.outer(p, p)
    return strata.variance(squares / whole**2, sums[:, :, None] * sums[:, None, :])


def _test(
    share: Floats, covariance: Floats, n: float, df: float, order: CorrectionOrder
) -> DesignTest:
    effects = _effects(share, covariance, n)
    pearson, mean = _pearson(share) * n, float(effects.mean())
    if df <= 0 or mean <= NOTHING:
        raise _no_variance()
    if order is CorrectionOrder.FIRST:
        p = float(scipy_stats.chi2.sf(pearson / mean, len(effects)))
        return DesignTest(pearson, float(len(effects)), float("inf"), p, mean)
    statistic = pearson / float(effects.sum())
    df1 = float(effects.sum() ** 2 / (effects**2).sum())
    p = float(scipy_stats.f.sf(statistic, df1, df1 * df))
    return DesignTest(statistic, df1, df1 * df, p, mean)


def _effects(share: Floats, covariance: Floats, n: float) -> Floats:
    """The generalised design effects, one for each interaction contrast."""
    contrasts = np.kron(_centred(share.shape[0]), _centred(share.shape[1]))
    p = share.reshape(-1)
    # A cell without anybody has no variance to compare with; its contrasts rest on the others.
    scaled = contrasts * np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)[:, None]
    simple, actual = contrasts.T @ scaled / n, scaled.T @ covariance @ scaled
    if np.linalg.matrix_rank(simple, hermitian=True) < len(simple):
        raise UnusableData(
            "too-many-empty-cells",
            "a chi-square test",
            "So many cells are empty that some contrasts cannot be estimated.",
            "Take categories together, or leave rare ones out.",
        )
    found: Floats = linalg.eigh(actual, simple, eigvals_only=True)
    return found


def _centred(size: int) -> Floats:
    """Contrasts that add up to nought, (size, size - 1): each level against those before it."""
    against = np.triu(np.full((size, size - 1), -1.0))
    against[np.arange(1, size), np.arange(size - 1)] = np.arange(1, size)
    return against


def _pearson(share: Floats) -> float:
    expected = np.outer(share.sum(1), share.sum(0))
    return float(((share - expected) ** 2 / expected).sum())


def _no_variance() -> UnusableData:
    return UnusableData(
        "no-degrees-of-freedom",
        "a chi-square test",
        "The design leaves nothing from which to estimate a variance.",
        "Take strata together, so that one of them holds two units or more.",
    )
