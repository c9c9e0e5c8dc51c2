"""Sampling designs, and the variance of an estimate under each.

An estimate is a smooth function of weighted totals. To first order its error is the total of one
number per respondent, its influence z: for a share p among weights adding up to W, an answer y of
weight w has z = w (y - p) / W. The variance of such a total in a stratified sample with
replacement, or without one when population sizes are known, is

    sum over strata h of (1 - n_h / N_h) n_h / (n_h - 1) (sum z^2 - (sum z)^2 / n_h)

(Woodruff 1971; Särndal, Swensson and Wretman 1992, chapter 5). It needs only sums per stratum, and
n_h counts everybody drawn in the stratum, also those outside the base of the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import UnusableData

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.integer[Any]]


class LonelyPsu(Enum):
    """What a stratum with a single unit contributes, in which nothing can be seen to vary."""

    FAIL = "refuse"
    CERTAINTY = "certain"
    """Nothing, as if the unit had been certain to be drawn."""
    AVERAGE = "average"
    """As much as the other strata do on average."""
    ADJUST = "centre"
    """Its distance from the overall mean instead of from its own: careful, never too small."""


@dataclass(frozen=True, slots=True)
class WeightedCounts:
    """What a cube holds: respondents, the sum of their weights, and of their squared weights.

    Three arrays of one shape. The first axis is the stratum; the functions say what the others
    are. Unweighted, all three are equal. A respondent without a weight may not be in it.
    """

    n: Floats
    w: Floats
    w2: Floats

    @classmethod
    def of_counts(cls, counts: Codes) -> WeightedCounts:
        """Return everybody counts for one.

        >>> float(WeightedCounts.of_counts(np.array([[3, 1]])).w2.sum())
        4.0
        """
        n = np.asarray(counts, dtype=np.float64)
        return cls(n, n, n)

    def sum(self, axis: int | tuple[int, ...]) -> WeightedCounts:
        """Return the tally when the levels of these axes are taken together."""
        return WeightedCounts(self.n.sum(axis), self.w.sum(axis), self.w2.sum(axis))


@dataclass(frozen=True, slots=True)
class StratifiedDesign:
    """The units drawn in each stratum, shape (strata,).

    A unit is a respondent, or a cluster when clusters were drawn. `population` holds the units
    that could have been drawn; without it they are taken to be very many. `weighted` counts the
    units whose weight is more than nought (default: all) and matters to degrees of freedom only.
    A stratum without anybody contributes nothing.

    Raises UnusableData for a stratum of which more were drawn than there are, and for a count that
    is missing or below nought.
    """

    sampled: Floats
    population: Floats | None = None
    lonely: LonelyPsu = LonelyPsu.FAIL
    weighted: Floats | None = None

    def __post_init__(self) -> None:
        _check_counts("sampled", self.sampled)
        if self.population is not None:
            _check_counts("population", self.population)
            _check_population(self.sampled, self.population)

    @property
    def df(self) -> float:
        """Degrees of freedom: units of positive weight less the strata that hold any."""
        units = self.sampled if self.weighted is None else self.weighted
        return float(units.sum() - np.count_nonzero(units))

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which strata hold one unit out of more, so that their variance is unknown."""
        alone: NDArray[np.bool_] = (self.sampled == 1) & (self.uncounted > 0)
        return alone

    @property
    def uncounted(self) -> Floats:
        """The part of each stratum that was not drawn: 1 - n / N."""
        if self.population is None:
            return np.ones_like(self.sampled)
        return 1.0 - self.sampled / np.maximum(self.population, 1.0)

    def variance(self, squares: Floats, products: Floats) -> Floats:
        """Return the variance of totals of influence.

        `squares` is the sum of z^2 (or of z z' for a covariance), `products` the square of the
        sum of z (or its outer product), both of shape (strata, ...). Returns shape (...).
        Raises UnusableData when a stratum of one unit takes part and `lonely` is FAIL, and when
        the sums are of another number of strata.
        """
        self._check_fit(len(squares))
        self._check_alone(squares)
        shape = (-1, *[1] * (squares.ndim - 1))
        n = self.sampled.reshape(shape)
        scale = self.uncounted.reshape(shape) * n / np.maximum(n - 1.0, 1.0)
        within = scale * (squares - products / np.maximum(n, 1.0))
        alone = self.alone.reshape(shape)
        kept = squares * self.uncounted.reshape(shape) if self.lonely is LonelyPsu.ADJUST else 0.0
        total: Floats = np.where(alone, kept, within).sum(axis=0)
        return total * self._inflation()

    def se(self, squares: Floats, sums: Floats) -> Floats:
        """Return the standard error of totals of influence: sums of z^2 and of z, (strata, ...)."""
        return np.sqrt(np.maximum(self.variance(squares, sums**2), 0.0))

    def only(self, kept: NDArray[np.bool_]) -> StratifiedDesign:
        """Return the sample had the other strata not taken part. `kept` has shape (strata,)."""
        weighted = None if self.weighted is None else self.weighted * kept
        return StratifiedDesign(self.sampled * kept, self.population, self.lonely, weighted)

    def _inflation(self) -> float:
        if self.lonely is not LonelyPsu.AVERAGE or not self.alone.any():
            return 1.0
        used = np.count_nonzero(self.sampled)
        if used == self.alone.sum():
            raise _lonely_psu(self.alone)
        return float(used / (used - self.alone.sum()))

    def check_base(self, n: Floats) -> None:
        """Raise UnusableData when a base (strata, ...) holds more respondents than were drawn."""
        self._check_fit(len(n))
        most = n.reshape(len(n), -1).max(axis=1, initial=0.0)
        if (most > self.sampled).any():
            stratum = int(np.flatnonzero(most > self.sampled)[0])
            raise UnusableData(
                "base-beyond-sample",
                f"stratum {stratum}",
                f"{most[stratum]:g} are in the base, {self.sampled[stratum]:g} were drawn.",
                "Count everybody drawn in the stratum, in the base or not.",
            )

    def _check_fit(self, strata: int) -> None:
        if strata != len(self.sampled):
            raise UnusableData(
                "strata-differ",
                "an estimate",
                f"Its sums are of {strata} strata, the sample is of {len(self.sampled)}.",
                "Give both for the same strata, those without respondents included.",
            )

    def _check_alone(self, squares: Floats) -> None:
        if self.lonely is LonelyPsu.FAIL and self.alone.any():
            present = np.abs(squares).reshape(len(squares), -1).sum(axis=1) > 0
            if (self.alone & present).any():
                raise _lonely_psu(self.alone & present)


def kish(tally: WeightedCounts) -> Floats:
    """Return how much unequal weights inflate a variance: n sum(w^2) / sum(w)^2 over the first
    axis.

    Shape (...); 1 when all weights are equal, not-a-number when nobody has any. Weights of
    nought count in n, as they are respondents paid for who add nothing.
    Source: Kish (1965, section 11.7).

    >>> kish(WeightedCounts(np.array([2.0]), np.array([4.0]), np.array([10.0]))).item()
    1.25
    """
    total = tally.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        effect: Floats = total.n * total.w2 / total.w**2
    return effect


def summed(positions: Codes, values: Floats | None, size: int) -> Floats:
    """Return the sum of values (or the number) at each of `size` places, shape (size,).

    >>> summed(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    return np.bincount(positions, values, minlength=size).astype(np.float64, copy=False)


def check_weights(weights: Floats) -> Floats:
    """Return the weights, (respondents,). Raises UnusableData for one that is missing, infinite or
    negative.

    >>> check_weights(np.array([1.0, 0.0])).tolist()
    [1.0, 0.0]
    """
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        raise UnusableData(
            "weight-unusable",
            f"the weight of respondent {int(np.flatnonzero(bad)[0])}",
            f"{int(bad.sum())} weights are missing, infinite or below nought.",
            "Give every respondent a weight of nought or more.",
        )
    return weights


def _check_counts(name: str, counts: Floats) -> None:
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise UnusableData(
            "stratum-count",
            f"the strata's {name} units",
            "A count is missing or below nought.",
            "Count the units of every stratum; a stratum without any has nought.",
        )


def _check_population(sampled: Floats, population: Floats) -> None:
    if (sampled > population).any():
        stratum = int(np.flatnonzero(sampled > population)[0])
        raise UnusableData(
            "population-too-small",
            f"stratum {stratum}",
            f"{sampled[stratum]:g} units were drawn of {population[stratum]:g}.",
            "Give the number of units that could have been drawn, or leave populations out.",
        )


def _lonely_psu(alone: NDArray[np.bool_]) -> UnusableData:
    return UnusableData(
        "stratum-alone",
        "stratum " + ", ".join(str(int(place)) for place in np.flatnonzero(alone)),
        "It has one unit, so that its variance cannot be estimated.",
        "Take it together with a stratum like it, or choose what it contributes: see Lonely.",
    )
