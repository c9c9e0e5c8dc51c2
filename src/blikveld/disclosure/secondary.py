"""Which other counts are kept back, so that no small one can be had by subtraction.

For each small count the cheapest change of other counts is looked for under which it could as well
be 1, or threshold - 1, while every sum still holds (a linear program). Whatever changes must be
kept back; what it costs is the number of people it would have told about. A zero may have to be
kept back too: behind a kept-back number a reader must think any number possible, zero included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.policy import Policy
from blikveld.disclosure.program import INFINITY, Program
from blikveld.disclosure.system import System
from blikveld.errors import BlikveldError

_TOLERANCE = 1e-6


class CannotProtect(BlikveldError):
    """A small count can be computed whatever else is kept back."""

    def __init__(self, system: System, index: int) -> None:
        parts = " and ".join(sorted(str(part) for part in system.keys[index].parts))
        super().__init__(
            "cannot-protect",
            parts or "everybody",
            "This count is small and follows from the numbers around it.",
            "Leave out this row or column, or lower the threshold.",
        )


class Protector:
    """Grows the set of kept-back numbers until every small one is safe.

    Numbers that are `dear` are kept back last, those that are `told` never. `hidden` are kept
    back already.
    """

    def __init__(
        self,
        system: System,
        small: frozenset[int],
        policy: Policy,
        dear: frozenset[int] = frozenset(),
        told: frozenset[int] = frozenset(),
        hidden: frozenset[int] = frozenset(),
    ) -> None:
        self._system, self._policy = system, policy
        self.kept_back = set(small | hidden)
        self._small = sorted(small, key=lambda i: (-system.values[i], i))
        count = len(system.values)
        self._program = Program(count, system.sums, width=2)
        self._reach_up = np.zeros(count)
        self._reach_down = np.zeros(count)
        fixed = {k: (0.0, 0.0) for i in told for k in (i, i + count)}
        self._bounds = self._all_bounds() | fixed
        self._program.bound(self._bounds)
        # What a sentence says is dear: it is given up when nothing else is left.
        price = {i: (v + 2.0) * (1000 if i in dear else 1) for i, v in enumerate(system.values)}
        free = dict.fromkeys(self.kept_back, 0.0)
        self._program.price({k: p for i, p in (price | free).items() for k in (i, i + count)})

    def _all_bounds(self) -> dict[int, tuple[float, float]]:
        count = len(self._system.values)
        bounds = dict.fromkeys(range(count), (0.0, INFINITY))
        bounds |= {i + count: (0.0, float(v)) for i, v in enumerate(self._system.values)}
        inequalities = [s for s in self._system.sums if s.at_most or s.at_least]
        for slack, found in zip(self._program.slacks(), inequalities, strict=True):
            parts = sum(self._system.values[part] for part in found.parts)
            room = abs(self._system.values[found.whole] - parts)
            bounds[slack] = (-float(room), INFINITY)
        return bounds

    def protect(self) -> frozenset[int]:
        """All indices to keep back. Raises CannotProtect."""
        for index in self._small:
            value = self._system.values[index]
            self._move(index, self._policy.highest - value, up=True)
            self._move(index, value - self._policy.lowest, up=False)
        return frozenset(self.kept_back)

    def _move(self, index: int, distance: int, *, up: bool) -> None:
        """Make sure that a number could be `distance` higher, or lower."""
        reach = self._reach_up if up else self._reach_down
        if distance <= 0 or reach[index] >= distance - _TOLERANCE:
            return
        count = len(self._system.values)
        moved, still = (index, index + count) if up else (index + count, index)
        before = {moved: self._bounds[moved], still: self._bounds[still]}
        self._program.bound({moved: (float(distance), float(distance)), still: (0.0, 0.0)})
        found = self._program.cheapest()
        self._program.bound(before)
        if found is None:
            raise CannotProtect(self._system, index)
        self._keep_back(found[:count] - found[count : 2 * count])

    def _keep_back(self, change: NDArray[np.float64]) -> None:
        count = len(self._system.values)
        moved = {int(i) for i in np.flatnonzero(np.abs(change) > _TOLERANCE)}
        fresh = moved - self.kept_back
        self.kept_back |= fresh
        self._program.price({k: 0.0 for i in sorted(fresh) for k in (i, i + count)})
        # The same change protects every other small count that moves along far enough.
        self._reach_up = np.maximum(self._reach_up, change)
        self._reach_down = np.maximum(self._reach_down, -change)
