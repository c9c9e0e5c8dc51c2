"""Cubes: how many respondents stand in each combination of levels, with their sums of weights.

A cube is made in one pass over the respondents. Every table, subtotal, split and what-if that rests
on its axes is adding up after that, exact, and touches no respondent again: see `compute`. Here are
also rules over whole arrays, in three-valued logic. Engines fill the cubes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import BlikveldError
from blikveld.rules import Rule, Truth
from blikveld.rules.nodes import And, Atom, Constant, Not, Or
from blikveld.tabulation.axes import KINDS, Axes, Axis


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Where a rule is true and where it is false; where it is neither it is unknown.

    Both are arrays of shapes that fit each other.
    """

    true: NDArray[np.bool_]
    false: NDArray[np.bool_]


def evaluate_known(rule: Rule, of_leaf: Callable[[Atom], KnownTruth]) -> KnownTruth:
    """Return a rule over arrays, by the same logic as `rules.evaluate` over one person."""
    match rule:
        case Constant(value):
            return KnownTruth(np.array(value), np.array(not value))
        case Not(part):
            inner = evaluate_known(part, of_leaf)
            return KnownTruth(inner.false, inner.true)
        case And(parts):
            return _joined([evaluate_known(part, of_leaf) for part in parts])
        case Or(parts):
            inner = _joined([_swapped(evaluate_known(part, of_leaf)) for part in parts])
            return _swapped(inner)
        case _:
            return of_leaf(rule)


def known_of_levels(truths: Sequence[Truth]) -> KnownTruth:
    """Return what a leaf says of each level of its axis, as two arrays of one dimension."""
    true = np.fromiter((truth is True for truth in truths), dtype=bool, count=len(truths))
    false = np.fromiter((truth is False for truth in truths), dtype=bool, count=len(truths))
    return KnownTruth(true, false)


def _swapped(this: KnownTruth) -> KnownTruth:
    return KnownTruth(this.false, this.true)


def _joined(parts: Sequence[KnownTruth]) -> KnownTruth:
    true, false = np.array(True), np.array(False)
    for part in parts:
        true, false = true & part.true, false | part.false
    return KnownTruth(np.asarray(true), np.asarray(false))


Counts: TypeAlias = NDArray[np.int64]
Sums: TypeAlias = NDArray[np.float64]

LARGEST = 20_000_000
"""Combinations of levels above this are refused: they would not fit beside the respondents."""


class CubeTooLarge(BlikveldError):
    """A table would need more combinations of answers than can be held at once."""

    def __init__(self, names: tuple[str, ...], combinations: int) -> None:
        super().__init__(
            "cube-too-large",
            "the table of " + ", ".join(repr(name) for name in names),
            f"It has {combinations:,} combinations of answers; at most {LARGEST:,} are counted.",
            "Use fewer row variables, or variables with fewer codes.",
        )


@dataclass(frozen=True, slots=True)
class CubeOptions:
    """A multiple-response question as a cube counts it: people may stand in several options.

    Its levels are the options, each with who chose it, then 'answered', then the kinds of missing.
    Only the levels after the options add up to everybody.
    """

    name: str
    codes: tuple[str, ...]

    @property
    def size(self) -> int:
        """The options and the six states."""
        return len(self.codes) + 1 + len(KINDS)


Answer: TypeAlias = Axis | CubeOptions | None
"""What is counted within the strata; None counts people only."""


@dataclass(frozen=True, slots=True)
class CubeKey:
    """What a cube holds: who of the included, in which strata, by which answer.

    `where` are rules that must all be true. `weight` names a numeric variable; without it
    everybody counts for one.
    """

    where: tuple[Rule, ...]
    strata: tuple[Axis, ...]
    answer: Answer
    weight: str | None = None

    def __hash__(self) -> int:
        # Rules are slow to hash and rarely the only difference. Equality still compares them.
        return hash((len(self.where), self.strata, self.answer, self.weight))

    @property
    def shape(self) -> tuple[int, ...]:
        """The strata's sizes and then the answer's."""
        return (
            *(axis.size for axis in self.strata),
            1 if self.answer is None else self.answer.size,
        )

    def check(self) -> None:
        """Raise CubeTooLarge when there are too many combinations."""
        if prod(self.shape) > LARGEST:
            answer = () if self.answer is None else (self.answer.name,)
            raise CubeTooLarge((*(axis.name for axis in self.strata), *answer), prod(self.shape))


@dataclass(frozen=True, slots=True)
class Cube:
    """Respondents, the sum of their weights and of their squared weights, by stratum and answer.

    All three arrays are of shape `key.shape`. Unweighted, the sums equal the counts.
    """

    key: CubeKey
    n: Counts
    w: Sums
    w2: Sums

    def without(self, axis: Axis, level: int) -> Cube:
        """Return the cube when nobody of this level had taken part.

        ValueError without such an axis.
        """
        return self._kept(axis, np.arange(axis.size) != level)

    def only(self, axis: Axis, level: int) -> Cube:
        """Return the cube of this level alone. ValueError without such an axis."""
        return self._kept(axis, np.arange(axis.size) == level)

    def _kept(self, axis: Axis, levels: NDArray[np.bool_]) -> Cube:
        index = self.key.strata.index(axis)
        shape = [1] * len(self.key.shape)
        shape[index] = axis.size
        kept = levels.reshape(shape)
        return Cube(self.key, self.n * kept, self.w * kept, self.w2 * kept)


def stratum_truth(axes: Axes, rule: Rule, strata: tuple[Axis, ...]) -> NDArray[np.bool_]:
    """Return which strata the rule is true of, flat in the order of a cube.

    Raises ValueError when the rule looks at an axis that is not among the strata.
    """

    def of_leaf(leaf: Atom) -> KnownTruth:
        axis, truths = axes.leaf(leaf)
        shape = [1] * len(strata)
        shape[strata.index(axis)] = axis.size
        here = known_of_levels(truths)
        return KnownTruth(here.true.reshape(shape), here.false.reshape(shape))

    true = evaluate_known(rule, of_leaf).true
    return np.broadcast_to(true, tuple(axis.size for axis in strata)).reshape(-1)
