"""What a reader could find out: the last look before anything leaves, made in another way.

It knows nothing of how counts were chosen. It takes what will be printed as given, and asks of
every kept-back number how low and how high it can be. The bounds are those of the linear program,
rounded inwards to whole people.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from blikveld.disclosure.policy import Policy
from blikveld.disclosure.program import INFINITY, Program
from blikveld.disclosure.system import System
from blikveld.errors import BlikveldError

_TOLERANCE = 1e-6


class Unprotected(BlikveldError):
    """The numbers to be printed would tell a count that was kept back."""

    def __init__(self, system: System, index: int, low: int, high: int) -> None:
        parts = " and ".join(sorted(str(part) for part in system.keys[index].parts))
        super().__init__(
            "unprotected",
            parts or "everybody",
            f"What is printed leaves only {low} to {high} for a count that is kept back.",
            "This is a fault of Blikveld; nothing was released. Please report it.",
        )


def audit(system: System, kept_back: Collection[int], policy: Policy) -> None:
    """Raise Unprotected when a kept-back number can be told more closely than the rule allows.

    A small count must be able to be anything from `policy.lowest` to `policy.highest`; one that
    only protects others must have at least two possible values.
    """
    reader = _Reader(system, kept_back, policy)
    for index in sorted(kept_back):
        low, high = reader.interval(index)
        if policy.small(system.values[index]):
            safe = low <= policy.lowest and high >= policy.highest
        else:
            safe = low < high
        if not safe:
            raise Unprotected(system, index, low, high)


class _Reader:
    """Somebody who adds and subtracts everything that is printed."""

    def __init__(self, system: System, kept_back: Collection[int], policy: Policy) -> None:
        self._policy, self._values = policy, system.values
        self._program = Program(len(system.values), system.sums, width=1)
        known = {i: (float(v), float(v)) for i, v in enumerate(system.values)}
        unknown = dict.fromkeys(kept_back, (0.0, INFINITY))
        self._program.bound(known | unknown)
        self._low = np.array(system.values, dtype=float)
        self._high = self._low.copy()

    def interval(self, index: int) -> tuple[int, int]:
        """The lowest and highest whole value, as far as they have to be known."""
        if self._low[index] > self._policy.lowest:
            self._stretch(index, 1.0)
        if not self._far_enough(index):
            self._stretch(index, -1.0)
        low, high = self._low[index], self._high[index]
        return int(np.ceil(low - _TOLERANCE)), int(np.floor(high + _TOLERANCE))

    def _far_enough(self, index: int) -> bool:
        if self._policy.small(self._values[index]):
            return bool(self._high[index] >= self._policy.highest)
        return bool(self._high[index] - self._low[index] >= 1)

    def _stretch(self, index: int, cost: float) -> None:
        # A bound far away keeps the program bounded; nobody needs to know how far it goes.
        ceiling = float(self._values[index] + 10 * (self._policy.highest + 1))
        self._program.bound({index: (0.0, ceiling)})
        self._program.price({index: cost})
        found = self._program.cheapest()
        self._program.price({index: 0.0})
        self._program.bound({index: (0.0, INFINITY)})
        if found is None:
            raise RuntimeError("the true numbers do not agree with their own sums")
        self._low = np.minimum(self._low, found[: len(self._low)])
        self._high = np.maximum(self._high, found[: len(self._high)])
