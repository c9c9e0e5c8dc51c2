"""Which other counts are suppressed, so that no small one can be had by subtraction.

For each number that must stay uncertain the cheapest change of other counts is looked for under
which it could as well be the lowest or the highest it must be able to be, while every sum still
holds (a linear program). Whatever changes must be suppressed. A zero may have to be suppressed too:
behind a suppressed number a reader must think any number possible, zero included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from blikveld.disclosure.linear_program import INFINITY, LinearProgram
from blikveld.disclosure.linear_system import LinearSystem
from blikveld.disclosure.policy import Need
from blikveld.errors import BlikveldError
from blikveld.results.cell import Band

TOLERANCE = 1e-6
_KEPT_BACK, _REST = 0.001, 0.00001
"""What is suppressed already costs next to nothing, and yet something: each world stays as near to
the truth as it can, so that ranges are drawn from the same worlds. Rests are not printed."""
_REWARD = 0.0009
"""Less than any number costs: a need moves along only where that gives nothing up."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """The numbers to keep back, the needs that meets, and how far each number went in any world."""

    hidden: frozenset[int]
    met: tuple[Need, ...]
    rise: NDArray[np.float64]
    fall: NDArray[np.float64]


class SuppressionInfeasible(BlikveldError):
    """A small count can be computed whatever else is suppressed."""

    def __init__(self, system: LinearSystem, index: int) -> None:
        super().__init__(
            "cannot-protect",
            system.names[index],
            "This count is below the threshold and can be computed from other counts.",
            "Merge this row or column with another.",
        )


class Worlds:
    """Other values that all numbers could have, each as near to the true ones as it can be.

    A number is a rise less a fall. Those that are `fixed` do neither; one unit of the others costs
    its price. Those that are `high_cost` do neither as long as there is a world in which they do
    not. A world is looked for until every need has been met in one: in each, needs that are still
    open are rewarded for moving along, so that few worlds are enough. `rise` and `fall` are how far
    each number went in any of them.
    """

    def __init__(
        self,
        system: LinearSystem,
        needs: Iterable[Need],
        fixed: Iterable[int],
        prices: Mapping[int, float],
        reward: float,
        high_cost: Collection[int] = (),
        settled: Mapping[int, Band] = MappingProxyType({}),
    ) -> None:
        self._system, self._prices, self._reward = system, dict(prices), reward
        self._dear = frozenset(high_cost) - settled.keys()
        self._settled = settled
        count = len(system.values)
        # Large ones first, because what they move often meets smaller needs as well; and in one
        # order in every run.
        self._needs = sorted(needs, key=lambda n: (-system.values[n.index], n.index))
        known = {*fixed, *(i for i, band in settled.items() if band.low == band.high)}
        self._program = LinearProgram(count, system.sums, width=2, fixed=dict.fromkeys(known, 0.0))
        self.rise, self.fall = np.zeros(count), np.zeros(count)
        self._free = self._all_bounds()
        held = {k: (0.0, 0.0) for i in self._dear for k in (i, i + count)}
        self._bounds = self._free | held
        self._program.set_bounds(self._bounds)
        self._program.set_costs({k: p for i, p in prices.items() for k in (i, i + count)})
        self.known: set[int] = set()
        """Needs of nobody that cannot be met: everybody knows."""
        self._open: dict[int, float] = {}
        self._wish(self._needs)

    def __iter__(self) -> Iterator[NDArray[np.float64]]:
        """The change of every number in one world after the other. Raises SuppressionInfeasible."""
        # What is wanted meanwhile is added at the end.
        for need in self._needs:
            for column in (need.index, need.index + len(self._system.values)):
                if column in self._open:
                    yield self._move(column, need.index)

    def want(self, needs: Sequence[Need]) -> None:
        """Look for worlds for these as well, after all others."""
        self._needs.extend(needs)
        self._wish(needs)

    def price(self, prices: Mapping[int, float]) -> None:
        """Set what a unit of change of a number costs from here on."""
        self._prices.update(prices)
        count = len(self._system.values)
        columns = (k for i in prices for k in (i, i + count) if k not in self._open)
        self._program.set_costs({k: self._prices[k % count] for k in columns})

    def _wish(self, needs: Iterable[Need]) -> None:
        """Reward these needs for moving along, as far as no world moved them yet."""
        count = len(self._system.values)
        reach = np.concatenate((self.rise, self.fall))
        for need in needs:
            value = self._system.values[need.index]
            wanted = {need.index: need.highest - value, need.index + count: value - need.lowest}
            open_ = {k: float(far) for k, far in wanted.items() if far > reach[k] + TOLERANCE}
            self._open.update(open_)
            self._program.set_costs(dict.fromkeys(open_, -self._reward))
            self._program.set_bounds({k: (0.0, far) for k, far in open_.items()})

    def _move(self, column: int, index: int) -> NDArray[np.float64]:
        """A world in which a number goes as far as it must be able to, up or down."""
        count, far = len(self._system.values), self._open[column]
        other = (column + count) % (2 * count)
        # A change costs what it is without its sign. That is linear only while a number is a rise
        # less a fall of which one is nought: so the other half is pinned at 0.
        self._program.set_bounds({column: (far, far), other: (0.0, 0.0)})
        found = self._program.minimise()
        if found is None:
            found = self._without_wishes(column)
        if found is None and self._dear:
            found = self._with_dear(column)
        if found is None and self._system.values[index]:
            raise SuppressionInfeasible(self._system, index)
        if found is None:
            # That nobody is there follows from what all tables are: no number tells it.
            self.known.add(index)
            del self._open[column]
            self._program.set_bounds({column: self._bounds[column], other: self._bound(other)})
            return np.zeros(count)
        self._program.set_bounds({column: (0.0, far), other: self._bound(other)})
        change: NDArray[np.float64] = found[:count] - found[count : 2 * count]
        # The same world shows how far every other number may be from its true value.
        self.rise, self.fall = np.maximum(self.rise, change), np.maximum(self.fall, -change)
        self._close()
        return change

    def _with_dear(self, column: int) -> NDArray[np.float64] | None:
        """A world in which what is dear moves too; what moved is dear no more."""
        count = len(self._system.values)
        self._hold(self._dear, free=True)
        found = self._without_wishes(column)
        if found is not None:
            change = found[:count] - found[count : 2 * count]
            self._dear -= {int(i) for i in np.flatnonzero(np.abs(change) > TOLERANCE)}
            self._hold(self._dear, free=False)
        return found

    def _hold(self, numbers: Iterable[int], *, free: bool) -> None:
        count = len(self._system.values)
        columns = [k for i in numbers for k in (i, i + count)]
        bounds = {k: self._free[k] if free else (0.0, 0.0) for k in columns}
        self._bounds |= bounds
        self._program.set_bounds(bounds)

    def _without_wishes(self, column: int) -> NDArray[np.float64] | None:
        """Needs that are open may be in the way: then each may go as far as it likes."""
        count = len(self._system.values)
        others = [k for k in self._open if k % count != column % count]
        self._program.set_bounds({k: self._bounds[k] for k in others})
        self._program.set_costs({k: self._prices[k % count] for k in others})
        found = self._program.minimise()
        self._program.set_bounds({k: (0.0, self._open[k]) for k in others})
        self._program.set_costs(dict.fromkeys(others, -self._reward))
        return found

    def _bound(self, column: int) -> tuple[float, float]:
        return (0.0, self._open[column]) if column in self._open else self._bounds[column]

    def _close(self) -> None:
        """Needs that were met in a world are rewarded no more."""
        reach = np.concatenate((self.rise, self.fall))
        met = [k for k, far in self._open.items() if reach[k] >= far - TOLERANCE]
        for column in met:
            del self._open[column]
        self._program.set_bounds({k: self._bounds[k] for k in met})
        self._program.set_costs({k: self._prices[k % len(self._system.values)] for k in met})

    def _all_bounds(self) -> dict[int, tuple[float, float]]:
        count = len(self._system.values)
        bounds = dict.fromkeys(range(count), (0.0, INFINITY))
        bounds |= {i + count: (0.0, float(v)) for i, v in enumerate(self._system.values)}
        for index, band in self._settled.items():
            value = self._system.values[index]
            bounds[index] = (0.0, float(band.high - value))
            bounds[index + count] = (0.0, float(value - band.low))
        for slack, found in self._program.inequalities.items():
            parts = sum(self._system.values[part] for part in found.parts)
            room = abs(self._system.values[found.whole] - parts)
            bounds[slack] = (-float(room), INFINITY)
        return bounds


def hide(
    system: LinearSystem,
    needs: Sequence[Need],
    prices: Mapping[int, float],
    high_cost: Collection[int] = (),
    settled: Mapping[int, Band] = MappingProxyType({}),
    largest_small: int = 0,
) -> Suppression:
    """The numbers to keep back of those that would be printed, dear ones last.

    All needs are met but those of nobody where everybody knows. In each world the numbers that are
    not kept back are what they are, so the worlds say as well how wide a range has to be.
    A 0 that is kept back to protect others becomes a need itself: it must be able to be
    `largest_small`, or a reader would know that fewer people stand behind it than behind any small
    count. One that cannot is printed, and protects nobody. `prices` says for each number what a
    unit costs. What is `settled` was printed before: a number stays, and a range is never left.
    Raises SuppressionInfeasible.
    """
    printed: set[int] = set()
    while True:
        hidden, wanted, worlds = _hide(
            system, needs, prices, high_cost, settled, largest_small, printed
        )
        stuck = (worlds.known & hidden) - settled.keys() - {need.index for need in needs}
        if not stuck:
            met = tuple(need for need in wanted if need.index not in worlds.known)
            return Suppression(frozenset(hidden & system.printed), met, worlds.rise, worlds.fall)
        printed |= stuck


def _hide(
    system: LinearSystem,
    needs: Sequence[Need],
    prices: Mapping[int, float],
    high_cost: Collection[int],
    settled: Mapping[int, Band],
    largest_small: int,
    printed: Collection[int],
) -> tuple[set[int], list[Need], Worlds]:
    """What is kept back where these are `printed`, all needs, and the worlds that meet them."""
    rests = set(range(len(system.values))) - system.printed
    before = {index for index, band in settled.items() if band.low < band.high}
    hidden = rests | {need.index for need in needs} | before
    worlds = Worlds(
        system,
        needs,
        {*system.certain, *printed},
        dict(prices) | dict.fromkeys(hidden, _KEPT_BACK) | dict.fromkeys(rests, _REST),
        _REWARD,
        high_cost=set(high_cost) - hidden - system.certain,
        settled=settled,
    )
    wanted = list(needs)
    for change in worlds:
        fresh = sorted({int(i) for i in np.flatnonzero(np.abs(change) > TOLERANCE)} - hidden)
        hidden.update(fresh)
        worlds.price(dict.fromkeys(fresh, _KEPT_BACK))
        zeros = [Need(i, 0, largest_small) for i in fresh if not system.values[i]]
        worlds.want(zeros)
        wanted += zeros
    return hidden, wanted, worlds
