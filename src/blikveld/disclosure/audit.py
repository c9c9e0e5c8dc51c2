"""What a reader could find out: the last look before anything leaves, made in another way.

It knows nothing of how counts were chosen. It takes what will be printed as given, numbers and
bands, and asks of everything that must stay uncertain how low and how high it can be. The bounds
are those of the linear program, rounded inwards to whole people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from blikveld.disclosure.linear_program import INFINITY, LinearProgram
from blikveld.disclosure.linear_system import LinearSystem
from blikveld.disclosure.policy import Need
from blikveld.errors import BlikveldError
from blikveld.results.cell import Band

_TOLERANCE = 1e-6


class AuditFailed(BlikveldError):
    """The numbers to be printed would tell a count that was suppressed."""

    def __init__(self, system: LinearSystem, index: int, low: int, high: int) -> None:
        super().__init__(
            "unprotected",
            system.names[index],
            f"What is printed leaves only {low} to {high} for a count that is suppressed.",
            "This is a fault of Blikveld; nothing was released. Please report it.",
        )


def audit_release(
    system: LinearSystem, kept_back: Mapping[int, Band], needs: Iterable[Need]
) -> None:
    """Raise AuditFailed when a number can be told more closely than it may be.

    One that must stay uncertain must be able to be anything from its lowest to its highest; one
    that only protects others must have at least two possible values.
    """
    reader, wanted = _Attacker(system, kept_back), {need.index: need for need in needs}
    for index in sorted({*wanted, *kept_back}):
        need = wanted.get(index)
        ends = (need.lowest, need.highest) if need else None
        low, high = reader.interval(index, ends)
        safe = low < high if ends is None else low <= ends[0] and high >= ends[1]
        if not safe:
            raise AuditFailed(system, index, low, high)


class _Attacker:
    """Somebody who adds and subtracts everything that is printed."""

    def __init__(self, system: LinearSystem, kept_back: Mapping[int, Band]) -> None:
        self._values = system.values
        rests = set(range(len(system.values))) - system.printed
        banded = {i: (float(band.low), float(band.high)) for i, band in kept_back.items()}
        self._unknown = dict.fromkeys(rests - system.certain, (0.0, INFINITY)) | banded
        known = {i: float(v) for i, v in enumerate(system.values) if i not in self._unknown}
        self._program = LinearProgram(len(system.values), system.sums, width=1, fixed=known)
        self._program.set_bounds(self._unknown)
        self._low = np.array(system.values, dtype=float)
        self._high = self._low.copy()

    def interval(self, index: int, ends: tuple[int, int] | None) -> tuple[int, int]:
        """The lowest and highest whole value, as far as they have to be known."""
        lowest = ends[0] if ends else self._values[index] - 1
        if self._low[index] > lowest and not (ends is None and self._moves(index)):
            self._stretch(index, 1.0)
        if self._high[index] < ends[1] if ends else not self._moves(index):
            self._stretch(index, -1.0)
        low, high = self._low[index], self._high[index]
        return int(np.ceil(low - _TOLERANCE)), int(np.floor(high + _TOLERANCE))

    def _moves(self, index: int) -> bool:
        return bool(self._high[index] - self._low[index] >= 1)

    def _stretch(self, index: int, cost: float) -> None:
        # A bound far away keeps the program bounded; nobody needs to know how far it goes.
        low, high = self._unknown[index]
        self._program.set_bounds({index: (low, min(high, float(self._values[index] + 1000)))})
        self._program.set_costs({index: cost})
        found = self._program.minimise()
        self._program.set_costs({index: 0.0})
        self._program.set_bounds({index: (low, high)})
        if found is None:
            raise RuntimeError("the true numbers do not agree with their own sums")
        # One solution is a witness for every cell, not only for the one that was asked.
        self._low = np.minimum(self._low, found[: len(self._low)])
        self._high = np.maximum(self._high, found[: len(self._high)])
