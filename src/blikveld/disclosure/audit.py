"""What a reader could find out: the last look before anything leaves, made in another way.

It knows nothing of how counts were chosen. It takes what will be printed as given, numbers and
bands, and asks of everything that must stay uncertain how low and how high it can be. The bounds
are those of the linear program, rounded inwards to whole people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from blikveld.disclosure.linear_program import INFINITY, LinearProgram
from blikveld.disclosure.linear_system import LinearSystem
from blikveld.disclosure.policy import Need, Policy
from blikveld.errors import BlikveldError
from blikveld.results.cell import Band

_TOLERANCE = 1e-6
_LOOKS, _WORTH = 12, 0.8
"""How often many ends are looked for at once, while that leaves under so large a part of them."""


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
    reader.look_around({need.index: (need.lowest, need.highest) for need in wanted.values()})
    for index in sorted({*wanted, *kept_back}):
        need = wanted.get(index)
        ends = (need.lowest, need.highest) if need else None
        low, high = reader.interval(index, ends)
        safe = low < high if ends is None else low <= ends[0] and high >= ends[1]
        if not safe:
            raise AuditFailed(system, index, low, high)


def find_exposed(system: LinearSystem, shown: Mapping[int, Band], policy: Policy) -> int | None:
    """A number that rounding gives away: one value is left, or only small ones and not all of them.

    `shown` has for each rounded number between which values readers know it to be.
    """
    reader, ends = _Attacker(system, shown), (policy.lowest, policy.highest)
    small = [i for i in sorted(shown) if policy.small(system.values[i])]
    reader.look_around(dict.fromkeys(small, ends))
    for index in small:
        low, high = reader.interval(index, ends)
        if low == high or (high < policy.threshold and not (low <= ends[0] and high >= ends[1])):
            return index
    for index in sorted(shown):
        low, high = reader.interval(index, None)
        if low == high:
            return index
    return None


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

    def look_around(self, wanted: Mapping[int, tuple[int, int]]) -> None:
        """See how far many numbers go at once: one world may show the ends of hundreds."""
        for sign, end in ((1.0, 0), (-1.0, 1)):
            open_ = self._short(wanted, end)
            for _ in range(_LOOKS):
                before = len(open_)
                if before:
                    self._run(open_, sign)
                open_ = self._short(open_, end)
                if not open_ or len(open_) > _WORTH * before:
                    break

    def _short(
        self, wanted: Mapping[int, tuple[int, int]], end: int
    ) -> Mapping[int, tuple[int, int]]:
        """Those that no world so far showed at this end."""
        seen = (self._low, self._high)[end]
        sign = (1, -1)[end]
        return {
            i: ends
            for i, ends in wanted.items()
            if sign * seen[i] > sign * ends[end] and i in self._unknown
        }

    def interval(self, index: int, ends: tuple[int, int] | None) -> tuple[int, int]:
        """The lowest and highest whole value, as far as they have to be known."""
        lowest = ends[0] if ends else self._values[index] - 1
        if self._low[index] > lowest and not (ends is None and self._moves(index)):
            self._run([index], 1.0)
        if self._high[index] < ends[1] if ends else not self._moves(index):
            self._run([index], -1.0)
        return self._whole(index)

    def _moves(self, index: int) -> bool:
        # 6.1 to 7.8 is further than one, and holds one whole number.
        low, high = self._whole(index)
        return low < high

    def _whole(self, index: int) -> tuple[int, int]:
        """The lowest and highest whole value in the worlds so far."""
        low, high = self._low[index], self._high[index]
        return int(np.ceil(low - _TOLERANCE)), int(np.floor(high + _TOLERANCE))

    def _run(self, indices: Collection[int], cost: float) -> None:
        # A bound far away keeps the program bounded; nobody needs to know how far it goes.
        own = {i: self._unknown[i] for i in indices}
        far = {i: (low, min(high, self._values[i] + 1000.0)) for i, (low, high) in own.items()}
        self._program.set_bounds(far)
        self._program.set_costs(dict.fromkeys(own, cost))
        found = self._program.minimise()
        self._program.set_costs(dict.fromkeys(own, 0.0))
        self._program.set_bounds(own)
        if found is None:
            raise RuntimeError("the true numbers do not agree with their own sums")
        # One solution is a witness for every cell, not only for the one that was asked.
        self._low = np.minimum(self._low, found[: len(self._low)])
        self._high = np.maximum(self._high, found[: len(self._high)])
