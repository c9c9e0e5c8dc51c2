"""Cubes by numpy: the respondents as columns of level numbers, counted block by block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import BlikveldError
from blikveld.rules import Leaf, Rule
from blikveld.rules.nodes import And
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import Cube, CubeKey, Options, Sums
from blikveld.tabulation.truth import Known, known, of_levels

Levels: TypeAlias = NDArray[np.int16]
"""The level of every respondent on an axis, in the snapshot's order."""

_Index: TypeAlias = NDArray[np.intp]

_BLOCK = 1 << 16
"""Respondents at a time: few enough that a block and its counts stay in the processor's cache."""


class BadWeights(BlikveldError):
    """A weight is missing, negative or infinite, or there is one for nobody."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__("bad-weights", f"weight {name!r}", problem, "Give everybody a weight.")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who chose what at a multiple-response question: one element a chosen option.

    `rows` rises; `codes` are places among the question's options.
    """

    rows: NDArray[np.int32]
    codes: Levels


@dataclass(frozen=True)
class ArrayEngine:
    """The included respondents in memory.

    `levels` holds the columns for every axis that keys will name, `mentions` those for every
    multiple-response question, `weights` one number a respondent. All are of length `rows`.
    """

    axes: Axes
    rows: int
    levels: Mapping[Axis, Levels]
    mentions: Mapping[str, Mentions] = field(default_factory=dict)
    weights: Mapping[str, Sums] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, weights in self.weights.items():
            _check_weights(name, weights, self.rows)

    def cubes(self, keys: Iterable[CubeKey]) -> dict[CubeKey, Cube]:
        """Count every cube. KeyError for an axis or weight that was not loaded."""
        strata: dict[tuple[tuple[Rule, ...], tuple[Axis, ...]], _Index] = {}
        found = {}
        for key in dict.fromkeys(keys):
            same = (key.where, key.strata)
            if same not in strata:
                strata[same] = self._strata(key)
            found[key] = self._cube(key, strata[same])
        return found

    def _strata(self, key: CubeKey) -> _Index:
        """Everybody's stratum as one number; who is not in the cube gets one after the last."""
        index = np.zeros(self.rows, dtype=np.intp)
        for axis in key.strata:
            index *= axis.size
            index += self.levels[axis]
        if key.where:
            index[~self.true(And(key.where))] = prod(axis.size for axis in key.strata)
        return index

    def true(self, rule: Rule) -> NDArray[np.bool_]:
        """Who the rule is true of. KeyError for an axis that was not loaded."""

        def of_leaf(leaf: Leaf) -> Known:
            axis, truths = self.axes.leaf(leaf)
            by_level, levels = of_levels(truths), self.levels[axis]
            return Known(by_level.true[levels], by_level.false[levels])

        return np.broadcast_to(known(rule, of_leaf).true, (self.rows,))

    def _cube(self, key: CubeKey, strata: _Index) -> Cube:
        # Counts stay far below 2^53, up to which floating point adds whole numbers exactly.
        w = self._sums(key, strata, None)
        n = w.astype(np.int64)
        if key.weight is None:
            return Cube(key, n, w, w)
        weights = self.weights[key.weight]
        w, w2 = (self._sums(key, strata, power) for power in (weights, weights * weights))
        return Cube(key, n, w, w2)

    def _sums(self, key: CubeKey, strata: _Index, weights: Sums | None) -> Sums:
        """The counts, or the sums of weights, in the shape of the cube."""
        if not isinstance(key.answer, Options):
            levels = None if key.answer is None else self.levels[key.answer]
            return _added(strata, None, levels, key.shape, weights)
        mentions = self.mentions[key.answer.name]
        options = (*key.shape[:-1], len(key.answer.codes))
        states = (*key.shape[:-1], key.answer.size - len(key.answer.codes))
        chosen = _added(strata, mentions.rows, mentions.codes, options, weights)
        state = self.levels[self.axes.state(key.answer.name)]
        return np.concatenate((chosen, _added(strata, None, state, states, weights)), axis=-1)


def _added(
    strata: _Index,
    rows: NDArray[np.int32] | None,
    levels: Levels | None,
    shape: tuple[int, ...],
    weights: Sums | None,
) -> Sums:
    """Everybody counted, or weighed, by stratum and level.

    With `rows`, it says whose each level is; without, there is one a respondent.
    """
    width, bins = shape[-1], prod(shape)
    total = np.zeros(bins)
    for start in range(0, len(strata if rows is None else rows), _BLOCK):
        here = slice(start, start + _BLOCK)
        whose = here if rows is None else rows[here]
        index = strata[whose] * width
        if levels is not None:
            index += levels[here]
        part = None if weights is None else weights[whose]
        # Whoever is outside the cube has a number at or beyond `bins`, which is cut off.
        total += np.bincount(index, part, minlength=bins)[:bins]
    return total.reshape(shape)


def _check_weights(name: str, weights: Sums, rows: int) -> None:
    if weights.shape != (rows,):
        raise BadWeights(name, f"There are {weights.size} weights for {rows} respondents.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise BadWeights(name, "A weight is missing, negative or infinite.")
