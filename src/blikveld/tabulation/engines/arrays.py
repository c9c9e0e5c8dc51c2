"""Cubes by numpy: the respondents as columns of level numbers, counted block by block.

The columns are those of the included respondents of a snapshot, each read once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import BlikveldError
from blikveld.inclusion import Mask, funnel, read_numbers
from blikveld.responses.snapshot import Snapshot
from blikveld.rules import Rule
from blikveld.rules.nodes import And, Atom
from blikveld.study.model import Study
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import (
    Counts,
    Cube,
    CubeKey,
    CubeOptions,
    KnownTruth,
    Sums,
    evaluate_known,
    known_of_levels,
)
from blikveld.tabulation.engines.sql import level_sql, needed_axes

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

    def part(self, start: int, stop: int) -> Mentions:
        """Return those of some of the respondents, who are numbered from 0 again."""
        # Looked up as numbers of the same kind, for which nothing is copied.
        ends = np.array((start, stop), dtype=self.rows.dtype)
        here = slice(*np.searchsorted(self.rows, ends))
        return Mentions(self.rows[here] - np.int32(start), self.codes[here])


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
        wanted = dict.fromkeys(keys)
        sums = {key: np.zeros((1 if key.weight is None else 3, *key.shape)) for key in wanted}
        # All cubes of a block before the next one: what they share is still in the cache, and
        # nothing is made that is as long as there are respondents.
        for start in range(0, self.rows, _BLOCK):
            self._part(start, min(start + _BLOCK, self.rows))._add(sums)
        return {key: _cube(key, found) for key, found in sums.items()}

    def _part(self, start: int, stop: int) -> ArrayEngine:
        """Some of the respondents, without a copy of them."""
        return ArrayEngine(
            self.axes,
            stop - start,
            {axis: levels[start:stop] for axis, levels in self.levels.items()},
            {name: mentions.part(start, stop) for name, mentions in self.mentions.items()},
            {name: weights[start:stop] for name, weights in self.weights.items()},
        )

    def _add(self, sums: Mapping[CubeKey, Sums]) -> None:
        strata: dict[tuple[tuple[Rule, ...], tuple[Axis, ...]], _Index] = {}
        for key, found in sums.items():
            same = (key.where, key.strata)
            if same not in strata:
                strata[same] = self._strata(key)
            for total, weights in zip(found, self._powers(key.weight), strict=True):
                self._add_one(key, strata[same], weights, total)

    def _powers(self, weight: str | None) -> tuple[Sums | None, ...]:
        """What counts respondents, and then their weights and squared weights."""
        if weight is None:
            return (None,)
        return None, self.weights[weight], self.weights[weight] ** 2

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
        """Return who the rule is true of. KeyError for an axis that was not loaded."""

        def of_leaf(leaf: Atom) -> KnownTruth:
            axis, truths = self.axes.leaf(leaf)
            by_level, levels = known_of_levels(truths), self.levels[axis]
            return KnownTruth(by_level.true[levels], by_level.false[levels])

        return np.broadcast_to(evaluate_known(rule, of_leaf).true, (self.rows,))

    def _add_one(self, key: CubeKey, strata: _Index, weights: Sums | None, total: Sums) -> None:
        """The counts, or the sums of weights, in the shape of the cube."""
        if not isinstance(key.answer, CubeOptions):
            levels = None if key.answer is None else self.levels[key.answer]
            total += _counted(strata, levels, total.shape, weights)
            return
        mentions, offered = self.mentions[key.answer.name], len(key.answer.codes)
        options, states = total[..., :offered], total[..., offered:]
        whose, weighed = strata[mentions.rows], weights
        if weights is not None:
            weighed = weights[mentions.rows]
        options += _counted(whose, mentions.codes, options.shape, weighed)
        state = self.levels[self.axes.state(key.answer.name)]
        states += _counted(strata, state, states.shape, weights)


def _counted(
    strata: _Index, levels: Levels | None, shape: tuple[int, ...], weights: Sums | None
) -> Counts | Sums:
    """Everybody counted, or weighed, by stratum and level."""
    index = strata * shape[-1]
    if levels is not None:
        index += levels
    bins = prod(shape)
    # Whoever is outside the cube has a number at or beyond `bins`, which is cut off.
    return np.bincount(index, weights, minlength=bins)[:bins].reshape(shape)


def _cube(key: CubeKey, sums: Sums) -> Cube:
    # Counts stay far below 2^53, up to which floating point adds whole numbers exactly.
    w, w2 = (sums[0], sums[0]) if key.weight is None else (sums[1], sums[2])
    return Cube(key, sums[0].astype(np.int64), w, w2)


def _check_weights(name: str, weights: Sums, rows: int) -> None:
    if weights.shape != (rows,):
        raise BadWeights(name, f"There are {weights.size} weights for {rows} respondents.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise BadWeights(name, "A weight is missing, negative or infinite.")


class Included:
    """What cubes and rules need of the included; a column is read once, a part of a rule too.

    Masks are as long as there are included, in the snapshot's order.
    """

    def __init__(
        self,
        study: Study,
        snapshot: Snapshot,
        axes: Axes | None = None,
        block: tuple[int, Mask] | None = None,
    ) -> None:
        self._study, self._snapshot = study, snapshot
        self._axes = Axes(study) if axes is None else axes
        self._start, self._included = block or (0, funnel(study, snapshot).included)
        self._levels: dict[Axis, Levels] = {}
        self._masks: dict[Rule, Mask] = {}
        self._rows = int(self._included.sum())
        self._columns = ArrayEngine(self._axes, self._rows, self._levels)

    def engine(
        self, keys: Iterable[CubeKey], weights: Mapping[str, Sums] | None = None
    ) -> ArrayEngine | BlockEngine:
        """Return what these cubes need, in memory; of many respondents a block at a time.

        `weights` gives numbers to names that keys use, one for each row of the snapshot; other
        names are numeric variables. Raises BadWeights.
        """
        wanted = tuple(dict.fromkeys(keys))
        names = {key.weight for key in wanted if key.weight is not None}
        if len(self._included) > _MANY and not names:
            return BlockEngine(self._study, self._snapshot, self._axes, self._included)
        return self._whole(wanted, names, dict(weights or {}))

    def _whole(
        self, wanted: Sequence[CubeKey], names: Collection[str], given: Mapping[str, Sums]
    ) -> ArrayEngine:
        self._read(needed_axes(self._axes, wanted))
        weighed = {n: given[n] if n in given else read_numbers(self._snapshot, n) for n in names}
        options = {key.answer: None for key in wanted if isinstance(key.answer, CubeOptions)}
        return ArrayEngine(
            self._axes,
            self._rows,
            self._levels,
            {answer.name: self._mentions(answer) for answer in options},
            {name: weighed[name][self._included] for name in names},
        )

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Read what these rules look at in one query."""
        self._read(self._axes.needed(rules))

    def mask(self, rule: Rule) -> Mask:
        """Return who of the included the rule is true of."""
        found = self._masks.get(rule)
        if found is None:
            found = self._masks[rule] = self._made(rule)
        return found

    def _made(self, rule: Rule) -> Mask:
        if not isinstance(rule, And):
            self.prepare([rule])
            return self._columns.true(rule)
        # Rules that are joined are rarely new themselves.
        self.prepare(part for part in rule.parts if part not in self._masks)
        mask = np.ones(self._rows, dtype=bool)
        for part in rule.parts:
            mask &= self.mask(part)
        return mask

    def _read(self, axes: Iterable[Axis]) -> None:
        new = tuple(axis for axis in axes if axis not in self._levels)
        if not new:
            return
        columns = ", ".join(
            f"CAST({level_sql(axis, self._study.variables)} AS SMALLINT) AS a{index}"
            for index, axis in enumerate(new)
        )
        with self._snapshot.connect() as connection:
            # Names and codes in `columns` were quoted by `level`.
            part = f"LIMIT {len(self._included)} OFFSET {self._start}"
            query = f"SELECT {columns} FROM respondents {part}"  # noqa: S608
            arrays = connection.execute(query).fetchnumpy()
        for index, axis in enumerate(new):
            column = np.asarray(arrays[f"a{index}"], dtype=np.int16)
            self._levels[axis] = column[self._included]

    def add_cubes(self, sums: Mapping[CubeKey, Sums]) -> None:
        """Add what these respondents are in cubes without weights."""
        self._whole(tuple(sums), (), {})._add(sums)

    def _mentions(self, options: CubeOptions) -> Mentions:
        chosen = [self._levels[self._axes.option(options.name, c)] == 0 for c in options.codes]
        rows, places = np.nonzero(np.array(chosen).T)
        return Mentions(rows.astype(np.int32), places.astype(np.int16))


_MANY = 200_000
"""The columns of so many respondents are not held in memory all at once."""


@dataclass(frozen=True)
class BlockEngine:
    """The included respondents of a large snapshot, of whom a block is read at a time."""

    study: Study
    snapshot: Snapshot
    axes: Axes
    included: Mask

    def cubes(self, keys: Iterable[CubeKey]) -> dict[CubeKey, Cube]:
        """Count every cube, all of them without weights."""
        sums = {key: np.zeros((1, *key.shape)) for key in dict.fromkeys(keys)}
        for start in range(0, len(self.included), _BLOCK):
            block = start, self.included[start : start + _BLOCK]
            Included(self.study, self.snapshot, self.axes, block).add_cubes(sums)
        return {key: _cube(key, found) for key, found in sums.items()}
