"""Estimates from respondents instead of tallies: for scores that are not categories, for samples
drawn in clusters, and for estimates whose covariance is needed.

A missing answer (not-a-number, or a code below nought) leaves its respondent out of that one
estimate. The respondent still counts as drawn, as a base smaller than the sample is a domain of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import UnusableData
from blikveld.stats.design import (
    Codes,
    Floats,
    LonelyPsu,
    StratifiedDesign,
    WeightedCounts,
    check_weights,
    kish,
    summed,
)
from blikveld.stats.proportions import Estimates


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """How each respondent was drawn. All arrays have shape (respondents,) but `population`.

    `strata` are codes from nought; `clusters` are any numbers, one for each cluster drawn, every
    cluster within one stratum. `population` has shape (strata,) and counts what was drawn:
    respondents, or clusters. Raises UnusableData for unusable weights, strata without a code, and
    clusters that lie in two strata.
    """

    strata: Codes
    weights: Floats
    clusters: Codes | None = None
    population: Floats | None = None
    lonely: LonelyPsu = LonelyPsu.FAIL
    size: int | None = None

    def __post_init__(self) -> None:
        check_weights(self.weights)
        if len(self.strata) and self.strata.min() < 0:
            raise UnusableData(
                "stratum-missing",
                f"respondent {int(np.argmin(self.strata))}",
                "It has no stratum.",
                "Give every respondent a stratum; use one stratum when none were drawn.",
            )

    @classmethod
    def simple(cls, respondents: int) -> SurveyDesign:
        """Return everybody equally likely and for one: a simple random sample with replacement."""
        return cls(np.zeros(respondents, dtype=np.int64), np.ones(respondents))

    @property
    def frame(self) -> StratifiedDesign:
        """The units drawn per stratum."""
        _, positions, stratum = self._units()
        size = self._size()
        heavy = summed(positions, self.weights, len(stratum)) > 0
        return StratifiedDesign(
            summed(stratum, None, size),
            self.population,
            self.lonely,
            summed(stratum, heavy.astype(np.float64), size),
        )

    def covariance(self, influence: Floats) -> Floats:
        """Return the covariance (q, q) of totals of influence (respondents, q)."""
        _, positions, stratum = self._units()
        z = _grouped(influence, positions, len(stratum))
        size = self._size()
        sums = _grouped(z, stratum, size)
        squares = np.stack([z[stratum == h].T @ z[stratum == h] for h in range(size)])
        return self.frame.variance(squares, sums[:, :, None] * sums[:, None, :])

    def _size(self) -> int:
        if self.size is not None:
            return self.size
        if self.population is not None:
            return len(self.population)
        return int(self.strata.max(initial=0)) + 1

    def _units(self) -> tuple[Codes, Codes, Codes]:
        """The units, each respondent's unit, and each unit's stratum."""
        if self.clusters is None:
            every = np.arange(len(self.strata))
            return every, every, self.strata
        units, first, positions = np.unique(self.clusters, return_index=True, return_inverse=True)
        stratum = self.strata[first]
        if (stratum[positions] != self.strata).any():
            raise UnusableData(
                "cluster-in-two-strata",
                f"cluster {units[positions[stratum[positions] != self.strata][0]]}",
                "It lies in more than one stratum.",
                "Number clusters afresh in every stratum, or correct the strata.",
            )
        return units, positions, stratum


@dataclass(frozen=True, slots=True)
class Joint:
    """Estimates of one sample, shape (q,), and their covariance, (q, q)."""

    estimates: Estimates
    covariance: Floats


def means(design: SurveyDesign, answers: Floats) -> Joint:
    """Return the weighted mean of each column of answers, (respondents, q) or (respondents,).

    Raises UnusableData for a column in which nobody with any weight answered. Equal to R's svymean
    of the survey package, in which however na.rm leaves out whoever missed any of the columns.

    >>> found = means(SurveyDesign.simple(4), np.array([1.0, 2.0, 3.0, np.nan]))
    >>> found.estimates.value.item(), found.estimates.n.item()
    (2.0, 3.0)
    """
    return joint(design, *influence_of_means(design, answers.reshape(len(answers), -1)))


def means_by(design: SurveyDesign, answers: Floats, domains: Codes, size: int) -> Joint:
    """Return the weighted mean of answers (respondents,) in each of `size` domains.

    Domain codes are from nought; a code below nought is in none. Equal to R's svyby(…, svymean),
    which leaves the covariance between domains at nought. Raises as `means` does.

    >>> answers, domains = np.array([1.0, 3.0, 5.0, 5.0]), np.array([0, 0, 1, -1])
    >>> found = means_by(SurveyDesign.simple(4), answers, domains, 2)
    >>> found.estimates.value.tolist()
    [2.0, 5.0]
    """
    inside = domains[:, None] == np.arange(size)
    return means(design, np.where(inside, answers[:, None], np.nan))


def category_shares(design: SurveyDesign, codes: Codes, size: int) -> Joint:
    """Return the weighted share of each of `size` categories among those with a code of nought or
    more.

    Equal to R's svymean of a factor. Raises as `means` does.

    >>> found = category_shares(SurveyDesign.simple(5), np.array([0, 0, 1, 0, -1]), 2)
    >>> found.estimates.value.tolist()
    [0.75, 0.25]
    """
    chosen = (codes[:, None] == np.arange(size)).astype(np.float64)
    return means(design, np.where(codes[:, None] >= 0, chosen, np.nan))


def totals(design: SurveyDesign, answers: Floats) -> Joint:
    """Return the weighted total of each column of answers; a missing answer adds nothing.

    Equal to R's svytotal(…, na.rm = TRUE) for one column.

    >>> totals(SurveyDesign.simple(3), np.array([1.0, 2.0, np.nan])).estimates.value.item()
    3.0
    """
    columns = answers.reshape(len(answers), -1)
    known = ~np.isnan(columns)
    influence = design.weights[:, None] * np.where(known, columns, 0.0)
    return joint(design, influence.sum(0), influence, known)


def contrast(found: Joint, coefficients: Floats) -> Estimates:
    """Return a sum of estimates each times a coefficient, (q,): a difference has -1 and 1. Shape
    ().

    Equal to R's svycontrast. `n` and `effective` are the smallest of those that take part.

    >>> answers, domains = np.array([1.0, 3.0, 5.0, 6.0]), np.array([0, 0, 1, 1])
    >>> found = means_by(SurveyDesign.simple(4), answers, domains, 2)
    >>> contrast(found, np.array([-1.0, 1.0])).value.item()
    3.5
    """
    used = coefficients != 0
    variance = coefficients @ found.covariance @ coefficients
    each = found.estimates
    return Estimates(
        np.asarray(coefficients[used] @ each.value[used]),
        np.sqrt(np.maximum(variance, 0.0)),
        each.n[used].min(),
        each.effective[used].min(),
        each.df,
    )


def crosstab(rows: Codes, columns: Codes, shape: tuple[int, int], weights: Floats) -> Floats:
    """Return the sum of weights in every cell of rows by columns; a code below nought is left out.

    Equal to R's svytable. Raises UnusableData for a code beyond `shape`.

    >>> crosstab(np.array([0, 1, 1]), np.array([0, 0, -1]), (2, 2), np.array([1.0, 2.0, 4.0]))
    array([[1., 0.],
           [2., 0.]])
    """
    if max(rows.max(initial=-1) - shape[0], columns.max(initial=-1) - shape[1]) >= 0:
        raise UnusableData(
            "code-beyond-table",
            "a crosstab",
            f"A code lies beyond its {shape[0]} rows or {shape[1]} columns.",
            "Give the number of categories of both variables.",
        )
    known = (rows >= 0) & (columns >= 0)
    positions = rows[known].astype(np.int64) * shape[1] + columns[known]
    size = shape[0] * shape[1]
    return summed(positions, check_weights(weights)[known], size).reshape(shape)


def influence_of_means(
    design: SurveyDesign, columns: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return the means (q,), each respondent's influence on them, and whether it answered, (…,
    q)."""
    known = ~np.isnan(columns)
    w = design.weights[:, None] * known
    whole = _present(w.sum(0))
    y = np.where(known, columns, 0.0)
    mean = (w * y).sum(0) / whole
    return mean, w * (y - mean) / whole, known


def joint(
    design: SurveyDesign, value: Floats, influence: Floats, known: NDArray[np.bool_]
) -> Joint:
    """Return estimates (q,) from the influence of every respondent on each, (respondents, q)."""
    covariance = design.covariance(influence)
    weights = design.weights[:, None] * known
    base = WeightedCounts(known.astype(np.float64), weights, weights**2)
    n = base.n.sum(0)
    se = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        effective = n / kish(base)
    return Joint(Estimates(value, se, n, effective, design.frame.df), covariance)


def _grouped(values: Floats, positions: Codes, size: int) -> Floats:
    """Sum the rows of (rows, q) that share a place: (size, q)."""
    columns = [summed(positions, column, size) for column in values.T]
    return np.stack(columns, axis=1) if columns else np.zeros((size, 0))


def _present(whole: Floats) -> Floats:
    if (whole <= 0).any():
        raise UnusableData(
            "nobody-answered",
            f"column {int(np.flatnonzero(whole <= 0)[0])}",
            "Nobody with a weight above nought answered.",
            "Leave the column out, or widen its base.",
        )
    return whole
