"""Three-valued logic on whole arrays: where a rule is true, and where it is false."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.rules import Leaf, Rule, Truth
from blikveld.rules.nodes import And, Constant, Not, Or


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Where a rule is true and where it is false; where it is neither it is unknown.

    Both are arrays of shapes that fit each other.
    """

    true: NDArray[np.bool_]
    false: NDArray[np.bool_]


def known(rule: Rule, of_leaf: Callable[[Leaf], KnownTruth]) -> KnownTruth:
    """A rule over arrays, by the same logic as `rules.evaluate` over one person."""
    match rule:
        case Constant(value):
            return KnownTruth(np.array(value), np.array(not value))
        case Not(part):
            inner = known(part, of_leaf)
            return KnownTruth(inner.false, inner.true)
        case And(parts):
            return _joined([known(part, of_leaf) for part in parts])
        case Or(parts):
            inner = _joined([_swapped(known(part, of_leaf)) for part in parts])
            return _swapped(inner)
        case _:
            return of_leaf(rule)


def of_levels(truths: Sequence[Truth]) -> KnownTruth:
    """What a leaf says of each level of its axis, as two arrays of one dimension."""
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
