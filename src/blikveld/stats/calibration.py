"""Standard errors of estimates with raked weights.

Raking takes away what a margin explains: had another sample been drawn, its weights would have
been raked to the same margins. So the influence of a respondent is what remains of it after a
regression on the levels of the margins, weighted by the weights before raking. Taking raked weights
as if they were fixed, as `rows.means` does, usually gives a standard error that is too large.
Source: Deville and Särndal (1992); Deville, Särndal and Sautory (1993) for raking.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from blikveld.stats.design import Codes, Floats, StratifiedDesign, WeightedCounts, kish, summed
from blikveld.stats.microdata import Joint, SurveyDesign, influence_of_means, joint
from blikveld.stats.proportions import Estimates
from blikveld.stats.raking import Margin


def means_raked(
    design: SurveyDesign, margins: Sequence[Margin], answers: Floats, start: Floats | None = None
) -> Joint:
    """Weighted means of each column of answers (respondents, q), as `rows.means` gives them.

    The weights of `design` are those that came out of `rake` with these margins; `start` are
    those that went in, equal ones if left out. Missing answers are not-a-number. Raises as
    `rows.means` does. With equal weights at the start equal to R's svymean of a raked design; R
    takes them to be equal also when they were not.

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
    """Mean scores from a tally of everybody, shape (strata, combinations, categories).

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
