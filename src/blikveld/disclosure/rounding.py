"""Controlled rounding: every number becomes the multiple below or above it, and all sums hold.

One integer program decides which of the two, at the least change. A reader who knows the rule knows
of each number that it is less than a base away from what is printed. An attack with linear programs
of its own looks at the result; a number that it narrows down is rounded the other way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import highspy
import numpy as np

from blikveld.disclosure.audit import find_exposed
from blikveld.disclosure.linear_program import INFINITY, new_solver
from blikveld.disclosure.linear_system import LinearSystem, SumConstraint
from blikveld.disclosure.policy import Policy
from blikveld.errors import BlikveldError
from blikveld.results.cell import Band

_KEEP = 1000.0
"""An earlier multiple that is still beside the number is kept, unless no sum would hold then."""
_ATTEMPTS = 20


class RoundingInfeasible(BlikveldError):
    """No choice of multiples lets all sums hold and hides every small count."""

    def __init__(self, base: int, name: str) -> None:
        super().__init__(
            "cannot-round",
            name,
            f"Rounded to {base}, either a sum would not hold or a small number be given away.",
            "Merge small groups, leave out a table, or choose method: bands.",
        )


def round_counts(
    system: LinearSystem,
    policy: Policy,
    prices: Mapping[int, float],
    settled: Mapping[int, int] = MappingProxyType({}),
    earlier: Mapping[int, int] = MappingProxyType({}),
) -> Mapping[int, int]:
    """The multiple to print for each number of the system, rests included.

    `settled` multiples were printed of this snapshot and stay. `earlier` ones were printed of an
    earlier snapshot and are kept where they are still the one below or above. Raises
    RoundingInfeasible.
    """
    base = policy.rounding_base
    if base is None:
        raise ValueError("this policy does not round")
    refused: dict[int, int] = {}
    for _ in range(_ATTEMPTS):
        chosen = _choose(system, base, prices, settled, earlier, refused)
        if chosen is None:
            break
        exposed = find_exposed(system, _ranges(system, chosen, base), policy)
        if exposed is None:
            return chosen
        if exposed in refused or exposed in settled:
            raise RoundingInfeasible(base, system.names[exposed])
        refused[exposed] = chosen[exposed]
    raise RoundingInfeasible(base, "the tables of this release")


def range_of(multiple: int, base: int) -> Band:
    """Between which values a number lies that is printed as this multiple."""
    return Band(max(0, multiple - base + 1), multiple + base - 1)


def _ranges(system: LinearSystem, chosen: Mapping[int, int], base: int) -> Mapping[int, Band]:
    shown = system.printed - system.certain
    return {index: range_of(chosen[index], base) for index in shown}


def _choose(
    system: LinearSystem,
    base: int,
    prices: Mapping[int, float],
    settled: Mapping[int, int],
    earlier: Mapping[int, int],
    refused: Mapping[int, int],
) -> Mapping[int, int] | None:
    """Multiples under which every sum holds, at the least change; None where there are none."""
    model, low = new_solver(presolve=True), []
    costs, bounds = [], []
    for index, value in enumerate(system.values):
        down, up = _ends(value, base, settled.get(index), refused.get(index))
        low.append(down)
        bounds.append(up)
        wish = _KEEP if earlier.get(index) == base * up else -_KEEP
        extra = wish if earlier.get(index) in (base * down, base * up) and down < up else 0.0
        costs.append(prices.get(index, 1.0) * (base - 2 * (value % base)) - extra)
    size = len(low)
    model.addVars(size, np.array(low, dtype=float), np.array(bounds, dtype=float))
    columns = np.arange(size, dtype=np.int32)
    model.changeColsCost(size, columns, np.array(costs))
    model.changeColsIntegrality(
        size, columns, np.full(size, highspy.HighsVarType.kInteger, dtype=object)
    )
    for row in system.sums:
        least, most = _sides(row)
        indices = np.array([row.whole, *row.parts], dtype=np.int32)
        model.addRow(least, most, len(indices), indices, np.array([1.0] + [-1.0] * len(row.parts)))
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = np.rint(np.array(model.getSolution().col_value)).astype(int)
    return {index: base * int(times) for index, times in enumerate(found)}


def _ends(value: int, base: int, settled: int | None, refused: int | None) -> tuple[int, int]:
    """How often the base may go into what is printed, at least and at most."""
    if settled is not None:
        return settled // base, settled // base
    down, up = value // base, -(-value // base)
    if refused == base * down:
        return up, up
    return (down, down) if refused == base * up else (down, up)


def _sides(row: SumConstraint) -> tuple[float, float]:
    """Between what the whole less its parts lies."""
    return (-INFINITY if row.at_least else 0.0), (INFINITY if row.at_most else 0.0)


def narrow_increments(
    system: LinearSystem,
    now: Mapping[int, Band],
    then: Mapping[int, Band],
    threshold: int,
) -> Iterator[tuple[int, int]]:
    """Numbers of which follows by how many people, few ones, they grew since an earlier snapshot.

    `now` and `then` say between which values readers know each number to be; nobody left in
    between. What grew obeys the same sums as the numbers themselves. Gives index and growth.
    """
    size = len(system.values)
    low, high = np.zeros(size), np.full(size, np.inf)
    for index, before in then.items():
        after = now.get(index, Band(system.values[index], system.values[index]))
        low[index] = max(0, after.low - before.high)
        high[index] = max(0, after.high - before.low)
    _propagate(system.sums, low, high)
    for index in sorted(then):
        if low[index] == high[index] and 0 < low[index] < threshold:
            yield index, int(low[index])


_SWEEPS = 30


def _propagate(sums: Iterable[SumConstraint], low: np.ndarray, high: np.ndarray) -> None:
    rows = [(row, np.array(row.parts)) for row in sums if row.parts]
    for _ in range(_SWEEPS):
        moved = False
        for row, parts in rows:
            moved |= _tighten(row, parts, low, high)
        if not moved:
            return


def _tighten(row: SumConstraint, parts: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
    """Move the ends that one sum moves; True where any did."""
    least, most = low[parts].sum(), high[parts].sum()
    before = low[parts].sum() + low[row.whole], high[parts].sum(), high[row.whole]
    if not row.at_least:
        # The whole grew by at least what its parts did.
        low[row.whole] = max(low[row.whole], least)
        high[parts] = np.minimum(high[parts], high[row.whole] - (least - low[parts]))
    if not row.at_most:
        high[row.whole] = min(high[row.whole], most)
        if np.isfinite(most):
            low[parts] = np.maximum(low[parts], low[row.whole] - (most - high[parts]))
    after = low[parts].sum() + low[row.whole], high[parts].sum(), high[row.whole]
    return before != after
