"""Weights that make a sample add up to known margins, and standard errors of what they estimate.

Respondents who share a level of every margin get the same factor, so the work is done on those
combinations, of which there are few; the respondents are touched twice, to add them up and to
multiply. Source: Deming and Stephan (1940); Ireland and Kullback (1968) for convergence.

Raking takes away what a margin explains: had another sample been drawn, its weights would have
been raked to the same margins. So the influence of a respondent is what remains of it after a
regression on the levels of the margins, weighted by the weights before raking. Taking raked weights
as if they were fixed, as `microdata.means` does, usually gives a standard error that is too large.
Source: Deville and Särndal (1992); Deville, Särndal and Sautory (1993) for raking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import UnusableData
from blikveld.stats.design import (
    Codes,
    Floats,
    StratifiedDesign,
    WeightedCounts,
    check_weights,
    kish,
    summed,
)
from blikveld.stats.microdata import Joint, SurveyDesign, influence_of_means, joint
from blikveld.stats.proportions import Estimates

TOLERANCE = 1e-9
"""The largest relative distance from any target at which raking is done."""
ROUNDS = 1_000
TRIMS = 100
SMALL = 1 << 16
"""Up to as many possible combinations are numbered in two bytes, empty ones included."""
DENSE = 4_000_000
"""Up to as many possible combinations are counted in one array; above it they are sorted."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What one variable adds up to in the population.

    `codes` (respondents,) are each respondent's level from nought; `targets` (levels,) how many
    people, or what share, each level has. `name` is for messages. Margins that were crossed, such
    as municipality by domain, are one margin with the combinations as levels.
    """

    name: str
    codes: Codes
    targets: Floats


@dataclass(frozen=True, slots=True)
class WeightBounds:
    """The smallest and largest weight that is allowed, as multiples of the mean weight.

    They are kept to one part in a million.
    """

    low: float = 0.0
    high: float = float("inf")

    def __post_init__(self) -> None:
        if not 0 <= self.low < 1 < self.high:
            raise UnusableData(
                "bounds-unusable",
                "raking with bounds",
                f"The bounds are {self.low:g} and {self.high:g}.",
                "Give one between 0 and 1 and one above 1: multiples of the mean weight.",
            )


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights (respondents,), the largest relative distance from a target, and rounds needed.

    `trimmed` is the number of respondents whose weight was brought within the bounds.
    """

    weights: Floats
    error: float
    rounds: int
    trimmed: int = 0


@dataclass(frozen=True, slots=True)
class _Cells:
    """The combinations that occur: each respondent's, and every combination's levels."""

    position: Codes
    levels: tuple[Codes, ...]
    size: int


def rake(
    margins: Sequence[Margin],
    weights: Floats | None = None,
    *,
    bounds: WeightBounds | None = None,
    tolerance: float = TOLERANCE,
) -> Raked:
    """Change weights (respondents,) as little as possible so that every margin is met.

    Without weights everybody starts at one. With `bounds`, weights are trimmed and raked in turn
    until they meet both. Raises UnusableData when margins do not add up to the same number, when a
    level that has people has no respondents (or none of positive weight), when respondents have
    no level or one without people, and when no weights meet all margins, naming the level that is
    furthest off. Equal to R's rake of the survey package with control = list(epsilon = 1e-12,
    maxit = 1000), whose defaults stop sooner and only warn when margins cannot be met.

    >>> sex = Margin("sex", np.array([0, 0, 0, 1]), np.array([50.0, 50.0]))
    >>> rake([sex]).weights.round(3).tolist()
    [16.667, 16.667, 16.667, 50.0]
    """
    for margin in margins:
        _check_margin(margin)
    margins = _of_one_total(margins)
    cells = _collapse(margins)
    start = None if weights is None else check_weights(weights)
    raked = _rake(cells, margins, start, tolerance)
    return raked if bounds is None else _within(cells, margins, raked, bounds, tolerance)


def _rake(
    cells: _Cells, margins: Sequence[Margin], weights: Floats | None, tolerance: float
) -> Raked:
    began = summed(cells.position, weights, cells.size)
    _check_occupied(cells, margins, began)
    found, rounds = _fit(cells, margins, began, tolerance)
    factor = np.divide(found, began, out=np.zeros_like(found), where=began > 0)
    spread = factor.take(cells.position)
    if weights is not None:
        spread *= weights
    return Raked(spread, _error(cells, margins, found)[0], rounds)


def _fit(
    cells: _Cells, margins: Sequence[Margin], began: Floats, tolerance: float
) -> tuple[Floats, int]:
    """Bring each margin to its targets in turn until all hold. Sums of shape (cells,)."""
    found = began.copy()
    for rounds in range(1, ROUNDS + 1):
        for margin, levels in zip(margins, cells.levels, strict=True):
            reached = summed(levels, found, len(margin.targets))
            wanted = np.zeros_like(reached)
            np.divide(margin.targets, reached, out=wanted, where=reached > 0)
            found *= wanted[levels]
        if _error(cells, margins, found)[0] <= tolerance:
            return found, rounds
    raise _unmet(cells, margins, found)


def _error(cells: _Cells, margins: Sequence[Margin], found: Floats) -> tuple[float, int, int]:
    """The largest relative distance from a target, and in which margin and level."""
    worst = (0.0, 0, 0)
    for number, (margin, levels) in enumerate(zip(margins, cells.levels, strict=True)):
        reached = summed(levels, found, len(margin.targets))
        apart = np.abs(reached - margin.targets)
        off = np.divide(apart, margin.targets, out=apart, where=margin.targets > 0)
        worst = max(worst, (float(off.max()), number, int(off.argmax())))
    return worst


def _within(
    cells: _Cells, margins: Sequence[Margin], raked: Raked, bounds: WeightBounds, tolerance: float
) -> Raked:
    """Trim and rake in turn. The last step is raking, so the margins hold to the tolerance."""
    mean = float(raked.weights.mean())
    low, high = bounds.low * mean, bounds.high * mean
    outside = np.zeros(len(raked.weights), dtype=bool)
    for _ in range(TRIMS):
        beyond = (raked.weights < low * (1 - 1e-6)) | (raked.weights > high * (1 + 1e-6))
        if not beyond.any():
            return Raked(raked.weights, raked.error, raked.rounds, int(outside.sum()))
        outside |= beyond
        rounds = raked.rounds
        raked = _rake(cells, margins, np.clip(raked.weights, low, high), tolerance)
        raked = Raked(raked.weights, raked.error, rounds + raked.rounds)
    raise UnusableData(
        "bounds-too-narrow",
        "raking with bounds",
        f"Trimming and raking {TRIMS} times found no weights between {bounds.low:g} and "
        f"{bounds.high:g} times their mean that meet the margins.",
        "Widen the bounds, or take levels together.",
    )


def _collapse(margins: Sequence[Margin]) -> _Cells:
    """Number the combinations of levels."""
    shape = tuple(len(margin.targets) for margin in margins)
    if prod(shape) > DENSE:
        return _collapse_sorted(margins)
    # Two bytes a respondent where that will do: half the time goes to reading them.
    kind = np.uint16 if prod(shape) <= SMALL else np.int64
    positions: Codes = margins[0].codes.astype(kind)
    for margin in margins[1:]:
        np.multiply(positions, kind(len(margin.targets)), out=positions)
        np.add(positions, margin.codes.astype(kind, copy=False), out=positions)
    if prod(shape) > SMALL:
        return _occurring(positions, shape)
    levels: tuple[Codes, ...] = tuple(np.indices(shape).reshape(len(shape), -1))
    return _Cells(positions, levels, prod(shape))


def _occurring(positions: Codes, shape: tuple[int, ...]) -> _Cells:
    """Only the combinations that occur, so that fitting does not work through empty ones."""
    present = np.bincount(positions, minlength=prod(shape)) > 0
    number = np.cumsum(present) - 1
    levels = np.unravel_index(np.flatnonzero(present), shape)
    return _Cells(number[positions], levels, int(number[-1]) + 1)


def _collapse_sorted(margins: Sequence[Margin]) -> _Cells:
    """The same when most combinations cannot occur: only those that do are numbered."""
    positions, first = np.zeros(len(margins[0].codes), dtype=np.int64), np.zeros(1, dtype=np.int64)
    for margin in margins:
        joined = positions * len(margin.targets) + margin.codes
        _, first, positions = np.unique(joined, return_index=True, return_inverse=True)
    return _Cells(positions, tuple(margin.codes[first] for margin in margins), len(first))


def _check_margin(margin: Margin) -> None:
    targets, codes = margin.targets, margin.codes
    if not (np.isfinite(targets) & (targets >= 0)).all() or targets.sum() <= 0:
        raise UnusableData(
            "target-unusable",
            f"margin {margin.name}",
            "A target is missing or below nought, or all are nought.",
            "Give how many people each level has.",
        )
    if not len(codes) or codes.min() < 0 or codes.max() >= len(targets):
        raise UnusableData(
            "level-unknown",
            f"margin {margin.name}",
            f"A respondent has no level among its {len(targets)}, or there are no respondents.",
            "Leave out respondents without a level, or give them one.",
        )


def _of_one_total(margins: Sequence[Margin]) -> tuple[Margin, ...]:
    """The margins, scaled to add up to exactly the same. Raises UnusableData when they differ by
    more than rounding does."""
    if not margins or len({len(margin.codes) for margin in margins}) > 1:
        raise UnusableData(
            "margins-uneven",
            "raking",
            "There is no margin, or margins are of different numbers of respondents.",
            "Give one or more margins of the same respondents.",
        )
    return tuple(_scaled(margin, margins[0]) for margin in margins)


def _scaled(margin: Margin, first: Margin) -> Margin:
    whole, own = first.targets.sum(), margin.targets.sum()
    if abs(own - whole) > 1e-6 * whole:
        raise UnusableData(
            "margins-contradict",
            f"margins {first.name} and {margin.name}",
            f"They add up to {whole:g} and {own:g}.",
            "Take margins of the same population, or turn all into shares.",
        )
    return Margin(margin.name, margin.codes, margin.targets * (whole / own))


def _check_occupied(cells: _Cells, margins: Sequence[Margin], began: Floats) -> None:
    for margin, levels in zip(margins, cells.levels, strict=True):
        reached = summed(levels, began, len(margin.targets))
        empty = (reached <= 0) & (margin.targets > 0)
        if empty.any():
            raise _level(
                margin, empty, "has people but no respondents with a weight", "level-empty"
            )
        closed = (reached > 0) & (margin.targets == 0)
        if closed.any():
            raise _level(margin, closed, "has respondents but no people", "level-without-people")


def _level(margin: Margin, which: NDArray[np.bool_], problem: str, code: str) -> UnusableData:
    first = int(np.flatnonzero(which)[0])
    return UnusableData(
        code,
        f"margin {margin.name}, level {first}",
        f"It {problem}.",
        "Take it together with a level like it, or leave it out of both.",
    )


def _unmet(cells: _Cells, margins: Sequence[Margin], found: Floats) -> UnusableData:
    error, number, level = _error(cells, margins, found)
    return UnusableData(
        "margins-unreachable",
        f"margin {margins[number].name}, level {level}",
        f"No weights meet all margins: it stays {error:.1%} off, as combinations are empty.",
        "Take levels together, or leave this margin out.",
    )


def means_raked(
    design: SurveyDesign, margins: Sequence[Margin], answers: Floats, start: Floats | None = None
) -> Joint:
    """Return weighted means of each column of answers (respondents, q), as `microdata.means` gives
    them.

    The weights of `design` are those that came out of `rake` with these margins; `start` are those
    that went in, equal ones if left out. Missing answers are not-a-number. Raises as
    `microdata.means` does. With equal weights at the start equal to R's svymean of a raked design;
    R takes them to be equal also when they were not.

    >>> from blikveld.stats.raking import rake
    >>> codes = np.array([0, 0, 0, 1])
    >>> margin = Margin("side", codes, np.array([2.0, 2.0]))
    >>> design = SurveyDesign(np.zeros(4, dtype=np.int64), rake([margin]).weights)
    >>> found = means_raked(design, [margin], np.array([1.0, 1.0, 1.0, 5.0])).estimates
    >>> round(found.value.item(), 6), round(found.se.item(), 6)
    (3.0, 0.0)
    """
    columns = answers.reshape(len(answers), -1)
    mean, influence, known = influence_of_means(design, columns)
    w = design.weights[:, None]
    each = np.divide(influence, w, out=np.zeros_like(influence), where=w > 0)
    before = np.ones(len(columns)) if start is None else start
    levels = [margin.codes for margin in margins]
    return joint(design, mean, w * (each - _explained(levels, before, each)), known)


def scores_raked(
    tally: WeightedCounts, values: Floats, levels: Sequence[Codes], strata: StratifiedDesign
) -> Estimates:
    """Return mean scores from a tally of everybody, shape (strata, combinations, categories).

    A combination is one of levels of the margins; `levels` holds for each margin the level of
    every combination, (combinations,). `values` has shape (categories, q): the score of each
    category in each of q estimates, not-a-number outside its base; a share has ones and noughts.
    Those outside a base have to be in the tally, as margins explain them too. Weights before
    raking were equal. Returns shape (q,). A base without anybody is not-a-number.

    >>> cells = np.array([[[2.0, 2.0], [1.0, 3.0]]])
    >>> tally = WeightedCounts(*(cells * w for w in (1.0, 0.5, 0.25)))
    >>> yes = np.array([[0.0], [1.0]])
    >>> found = scores_raked(tally, yes, [np.array([0, 1])], StratifiedDesign(np.array([8.0])))
    >>> found.value.item(), round(found.se.item(), 4)
    (0.625, 0.1768)
    """
    strata.check_base(tally.n.sum((1, 2)))
    known = ~np.isnan(values)
    score = np.where(known, values, 0.0)
    base = WeightedCounts(tally.n @ known, tally.w @ known, tally.w2 @ known)
    whole = base.w.sum((0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (tally.w @ score).sum((0, 1)) / whole
        each = np.where(known, (score - mean) / whole, 0.0)
    left = _left(tally, np.nan_to_num(each), levels)
    sums = np.einsum("hck,ckq->hq", tally.w, left)
    se = strata.se(np.einsum("hck,ckq->hq", tally.w2, left**2), sums)
    n = base.n.sum((0, 1))
    flat = WeightedCounts(*(x.reshape(-1, x.shape[-1]) for x in (base.n, base.w, base.w2)))
    with np.errstate(invalid="ignore", divide="ignore"):
        effective = n / kish(flat)
    return Estimates(mean, np.where(np.isnan(mean), np.nan, se), n, effective, strata.df)


def _left(tally: WeightedCounts, each: Floats, levels: Sequence[Codes]) -> Floats:
    """What margins leave unexplained of each (categories, q): (combinations, categories, q)."""
    combinations, categories = tally.n.shape[1:]
    long = np.tile(each, (combinations, 1))
    places = [np.repeat(level, categories) for level in levels]
    explained = _explained(places, tally.n.sum(0).reshape(-1), long)
    return (long - explained).reshape(combinations, categories, -1)


def _explained(levels: Sequence[Codes], weights: Floats, each: Floats) -> Floats:
    """The weighted least-squares prediction of each (rows, q) from the margins' levels."""
    sizes = [int(level.max(initial=-1)) + 1 for level in levels]
    starts = np.cumsum([0, *sizes[:-1]])
    places = [level.astype(np.int64) + start for level, start in zip(levels, starts, strict=True)]
    size = sum(sizes)
    cross = sum(
        (summed(a * size + b, weights, size**2) for a in places for b in places),
        start=np.zeros(size**2),
    ).reshape(size, size)
    answers = np.stack(
        [
            sum((summed(a, weights * column, size) for a in places), start=np.zeros(size))
            for column in each.T
        ],
        axis=1,
    )
    # Levels of several margins are never independent, so that the smallest solution is taken.
    slopes = np.linalg.lstsq(cross, answers, rcond=None)[0]
    predicted: Floats = np.sum([slopes[place] for place in places], axis=0)
    return predicted
