"""What an estimate would have been without one stratum; a group of strata against the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats, StratifiedDesign, WeightedCounts
from blikveld.stats.proportions import Estimates, difference, shares


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
    """One stratum that moves one estimate: `place` is the estimate's index in shape (...)."""

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
    """Shares without each stratum in turn, from tallies of shape (strata, ...) as for `shares`.

    >>> part = WeightedCounts.of_counts(np.array([1, 8]))
    >>> base = WeightedCounts.of_counts(np.array([10, 10]))
    >>> leave_out_strata(part, base).without.tolist()
    [0.8, 0.1]
    """
    part_w, base_w = np.broadcast_arrays(part.w, base.w)
    return _left_out(part_w, base_w)


def leave_out_scores(tally: WeightedCounts, values: Floats) -> StratumInfluence:
    """Mean scores without each stratum, from a tally (strata, ..., categories) as for `scores`.

    >>> tally = WeightedCounts.of_counts(np.array([[2, 2], [0, 4]]))
    >>> leave_out_scores(tally, np.array([1.0, 2.0])).without.tolist()
    [2.0, 1.5]
    """
    valid = ~np.isnan(values)
    cells = tally.w[..., valid]
    return _left_out((cells * values[valid]).sum(-1), cells.sum(-1))


def moved(found: StratumInfluence, least: float) -> tuple[Moved, ...]:
    """Every stratum that moves an estimate by `least` or more, the largest first.

    `least` is in the estimate's own unit: 0.03 is three points of a share. Raises Refused when
    it is not above nought.

    >>> part = WeightedCounts.of_counts(np.array([29, 9, 8]))
    >>> base = WeightedCounts.of_counts(np.array([90, 40, 50]))
    >>> [(one.stratum, round(one.shift, 3)) for one in moved(leave_out_strata(part, base), 0.03)]
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


def against(
    part: WeightedCounts, base: WeightedCounts, strata: StratifiedDesign, members: NDArray[np.bool_]
) -> Against:
    """Shares in the strata that are `members` (strata,) against those in all others.

    The two share no stratum, so their variances add up. Raises as `shares` does, and Refused when
    all strata, or none, are members.

    >>> part = WeightedCounts.of_counts(np.array([30, 5]))
    >>> base = WeightedCounts.of_counts(np.array([60, 50]))
    >>> found = against(part, base, StratifiedDesign(base.n), np.array([True, False]))
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
