"""Estimates from other samples than the one there is: replicates, and one stratum left out.

Replicates are for what has no formula: ranks, medians, the largest of several shares. Every
respondent gets a random weight from a gamma distribution, the weights of a stratum are made to add
up to what they were, and the share is computed anew. A sum of gamma weights is itself gamma, so a
whole cell of a table is drawn at once and the number of respondents costs nothing. The shape is
chosen so that the variance of a total is, without simulation error, that of `design`:
alpha n = (n - 1) / (1 - f) - 1 in a stratum of n. Sources: Rubin (1981); Rao and Wu (1988);
Beaumont and Patak (2012).

Leaving a stratum out tells what an estimate would have been without it, and how a group of strata
differs from the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats, LonelyPsu, StratifiedDesign, WeightedCounts
from blikveld.stats.proportions import Estimates, difference, shares

SMALLEST = 0.02
"""The least shape of one respondent's weight: below it, gamma draws vanish. A stratum of two would
need nought, and gets a variance that is 2% too small instead."""


def replicate_shares(
    cells: WeightedCounts, strata: StratifiedDesign, *, replicates: int = 1_000, seed: int = 1
) -> Floats:
    """Return shares of categories in every replicate, shape (replicates, ..., categories).

    `cells` has shape (strata, ..., categories); the categories exclude each other and are
    together the base. Whoever is in `strata` but in no category is outside the base. Weights that
    differ within a cell are drawn from their first two moments. Not-a-number where the base is
    empty. The same seed gives the same replicates. Raises UnusableData for a stratum of one unless
    `strata.lonely` is CERTAINTY, in which case it is the same in every replicate.

    >>> cells = WeightedCounts.of_counts(np.array([[60, 40]]))
    >>> strata = StratifiedDesign(np.array([100.0]))
    >>> found = replicate_shares(cells, strata, replicates=5_000)
    >>> found.shape, round(float(found[:, 1].std()), 2)
    ((5000, 2), 0.05)
    """
    _check_lonely(strata)
    # Drawing is nearly all of the work, and this generator is the fastest that numpy has.
    rng = np.random.Generator(np.random.SFC64(seed))
    parts = np.zeros((replicates, *cells.w.shape[1:]))
    # One place for the draws of every stratum: new memory each time costs a quarter more.
    room = np.empty_like(parts)
    for h in np.flatnonzero(strata.sampled > 0):
        parts += _stratum(
            WeightedCounts(cells.n[h], cells.w[h], cells.w2[h]), strata, int(h), room, rng
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        parts /= _together(parts)[..., None]
    return parts


def percentile(replicates: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the interval that holds the middle `level` of the replicates, (low, high) of shape
    (...).

    Source: Efron (1979).

    >>> low, high = percentile(np.arange(1001.0))
    >>> round(low.item(), 3), round(high.item(), 3)
    (25.0, 975.0)
    """
    tail = (1 - level) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail], axis=0)
    return low, high


def _stratum(
    cell: WeightedCounts, strata: StratifiedDesign, h: int, room: Floats, rng: np.random.Generator
) -> Floats:
    """The weight in each cell of one stratum, in `room`; or that of a cell when it is certain."""
    n, uncounted = float(strata.sampled[h]), float(strata.uncounted[h])
    if n == 1 or uncounted <= 0:
        return cell.w
    shape = max(((n - 1) / uncounted - 1) / n, SMALLEST)
    drawn = rng.standard_gamma(cell.n * shape, room.shape, out=room)
    outside = n - cell.n.sum(-1)
    whole = _together(drawn)
    if (outside > 0).any():
        whole += rng.standard_gamma(outside * shape, whole.shape)
    np.divide(n, whole, out=whole)
    drawn *= whole[..., None]
    return _weighted(drawn, cell, uncounted * n / (n - 1), rng)


def _together(parts: Floats) -> Floats:
    """The sum over the categories; numpy's own is slow along an axis of few elements."""
    total = np.zeros(parts.shape[:-1])
    for part in np.moveaxis(parts, -1, 0):
        total += part
    return total


def _weighted(
    drawn: Floats, cell: WeightedCounts, spread: float, rng: np.random.Generator
) -> Floats:
    """From the number of people drawn to the sum of their weights.

    `spread` is the variance of the random weight of one respondent.
    """
    if np.array_equal(cell.w, cell.n) and np.array_equal(cell.w2, cell.n):
        return drawn
    mean = np.divide(cell.w, cell.n, out=np.zeros_like(cell.w), where=cell.n > 0)
    drawn *= mean
    uneven = cell.w2 - cell.w * mean
    if (uneven > 1e-9 * cell.w2).any():
        drawn += rng.standard_normal(drawn.shape) * np.sqrt(spread * np.maximum(uneven, 0.0))
        np.maximum(drawn, 0.0, out=drawn)
    return drawn


def _check_lonely(strata: StratifiedDesign) -> None:
    if strata.alone.any() and strata.lonely is not LonelyPsu.CERTAINTY:
        raise UnusableData(
            "stratum-alone",
            "stratum " + ", ".join(str(int(h)) for h in np.flatnonzero(strata.alone)),
            "It has one unit, which cannot be drawn in another way.",
            "Take it together with a stratum like it, or say that it was certain to be drawn.",
        )


@dataclass(frozen=True, slots=True)
class StratumInfluence:
    """An estimate, shape (...), and the same without each stratum, shape (strata, ...).

    Not-a-number where nobody is left in the base.
    """

    value: Floats
    without: Floats

    @property
    def shift(self) -> Floats:
        """How much the estimate changes when a stratum is left out, (strata, ...)."""
        return self.without - self.value


@dataclass(frozen=True, slots=True)
class Moved:
    """One stratum that moves one estimate: `position` is the estimate's index in shape (...)."""

    stratum: int
    position: tuple[int, ...]
    shift: float


@dataclass(frozen=True, slots=True)
class Against:
    """Shares in a group of strata and in the other strata, and the first less the second."""

    group: Estimates
    others: Estimates
    difference: Estimates


def leave_out_strata(part: WeightedCounts, base: WeightedCounts) -> StratumInfluence:
    """Return shares without each stratum in turn, from tallies of shape (strata, ...) as for
    `shares`.

    >>> part = WeightedCounts.of_counts(np.array([1, 8]))
    >>> base = WeightedCounts.of_counts(np.array([10, 10]))
    >>> leave_out_strata(part, base).without.tolist()
    [0.8, 0.1]
    """
    part_w, base_w = np.broadcast_arrays(part.w, base.w)
    return _left_out(part_w, base_w)


def leave_out_scores(tally: WeightedCounts, values: Floats) -> StratumInfluence:
    """Return mean scores without each stratum, from a tally (strata, ..., categories) as for
    `scores`.

    >>> tally = WeightedCounts.of_counts(np.array([[2, 2], [0, 4]]))
    >>> leave_out_scores(tally, np.array([1.0, 2.0])).without.tolist()
    [2.0, 1.5]
    """
    valid = ~np.isnan(values)
    cells = tally.w[..., valid]
    return _left_out((cells * values[valid]).sum(-1), cells.sum(-1))


def move_share(found: StratumInfluence, least: float) -> tuple[Moved, ...]:
    """Return every stratum that moves an estimate by `least` or more, the largest first.

    `least` is in the estimate's own unit: 0.03 is three points of a share. Raises UnusableData when
    it is not above nought.

    >>> part = WeightedCounts.of_counts(np.array([29, 9, 8]))
    >>> base = WeightedCounts.of_counts(np.array([90, 40, 50]))
    >>> found = move_share(leave_out_strata(part, base), 0.03)
    >>> [(one.stratum, round(one.shift, 3)) for one in found]
    [(0, -0.067), (2, 0.037)]
    """
    if not least > 0:
        raise UnusableData(
            "least-shift",
            "the list of what moves",
            f"The smallest shift to list is {least:g}.",
            "Give a shift above nought; 0.03 is three points.",
        )
    # A shift that is exactly `least` may be stored a little below it.
    places = np.argwhere(np.abs(found.shift) >= least * (1 - 1e-12)).tolist()
    all_moved = [Moved(h, tuple(at), float(found.shift[(h, *at)])) for h, *at in places]
    return tuple(sorted(all_moved, key=lambda m: (-round(abs(m.shift), 12), m.stratum, m.position)))


def compare_against(
    part: WeightedCounts, base: WeightedCounts, strata: StratifiedDesign, members: NDArray[np.bool_]
) -> Against:
    """Return shares in the strata that are `members` (strata,) against those in all others.

    The two share no stratum, so their variances add up. Raises as `shares` does, and UnusableData
    when all strata, or none, are members.

    >>> part = WeightedCounts.of_counts(np.array([30, 5]))
    >>> base = WeightedCounts.of_counts(np.array([60, 50]))
    >>> found = compare_against(part, base, StratifiedDesign(base.n), np.array([True, False]))
    >>> round(found.difference.value.item(), 3), round(found.difference.se.item(), 3)
    (0.4, 0.078)
    """
    if members.all() or not members.any():
        raise UnusableData(
            "group-of-all",
            "one group against the others",
            "All strata are in the group, or none is.",
            "Choose some of the strata.",
        )
    group = _only(part, base, strata, members)
    others = _only(part, base, strata, ~members)
    return Against(group, others, difference(others, group))


def _left_out(part: Floats, base: Floats) -> StratumInfluence:
    with np.errstate(invalid="ignore", divide="ignore"):
        value = part.sum(0) / base.sum(0)
        rest = base.sum(0) - base
        # What remains of subtracting everything is rounding, not people.
        gone = rest <= 1e-12 * base.sum(0)
        without = np.where(gone, np.nan, (part.sum(0) - part) / rest)
    return StratumInfluence(value, without)


def _only(
    part: WeightedCounts, base: WeightedCounts, strata: StratifiedDesign, kept: NDArray[np.bool_]
) -> Estimates:
    return shares(_masked(part, kept), _masked(base, kept), strata.only(kept))


def _masked(tally: WeightedCounts, kept: NDArray[np.bool_]) -> WeightedCounts:
    mask = kept.reshape(-1, *[1] * (tally.n.ndim - 1))
    return WeightedCounts(tally.n * mask, tally.w * mask, tally.w2 * mask)
