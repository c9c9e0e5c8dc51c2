"""How many to invite of each municipality and domain, as an integer program that HiGHS proves.

Offers from one municipality and domain are alike, so the unknowns are counts per cell. Evenness is
the sum of squares of the counts per municipality and per domain: one more where there are few costs
less than where there are many. One thread and a fixed seed: the same offers give the same places.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import highspy

from blikveld.errors import BlikveldError

Cell = tuple[str, str | None]
"""A municipality, and a domain or None where that is not known."""
Group = tuple[int, str | None]
"""Either side of a cell: 0 and a municipality, or 1 and a domain."""


class NotProven(BlikveldError):
    """The solver could not prove its answer, so there is none."""


@dataclass(frozen=True, slots=True)
class Stock:
    """How many offers each cell has, and how many of them are invited already."""

    most: Mapping[Cell, int]
    least: Mapping[Cell, int] = field(default_factory=dict)

    def groups(self) -> tuple[Group, ...]:
        """Every municipality and domain with an offer, in order; 'domain not known' is one."""
        found = {group for cell, count in self.most.items() if count for group in groups(cell)}
        return tuple(sorted(found, key=lambda g: (g[0], g[1] or "")))

    def coverable(self) -> tuple[Group, ...]:
        """Those that can be covered: 'domain not known' is nothing to cover."""
        return tuple(group for group in self.groups() if group[1] is not None)


def groups(cell: Cell) -> tuple[Group, Group]:
    """The municipality and the domain of a cell."""
    return (0, cell[0]), (1, cell[1])


def cover(stock: Stock) -> Mapping[Cell, int]:
    """The fewest offers by which everything that can be covered is. Raises NotProven."""
    model = _Model(stock)
    for group in stock.coverable():
        model.at_least(group, 1)
    return model.solved(model.all())


def most_covered(stock: Stock, sample_size: int) -> int:
    """How many municipalities and domains `places` invitations can cover. Raises NotProven."""
    model = _Model(stock)
    model.fill(sample_size)
    covered = model.covered()
    found = model.solved([(column, -1.0) for column in covered])
    return len({g for cell, count in found.items() if count for g in groups(cell) if g[1]})


def fewest_unknown(stock: Stock, sample_size: int, least_covered: int) -> int:
    """How few whose domain is not known cover so many. Raises NotProven."""
    model = _covering(stock, sample_size, least_covered)
    found = model.solved(model.unknown())
    return sum(count for (_, domain), count in found.items() if domain is None)


def even(
    stock: Stock, sample_size: int, least_covered: int, most_unknown: int
) -> Mapping[Cell, int]:
    """The most even way to fill the places within these two bounds. Raises NotProven."""
    model = _covering(stock, sample_size, least_covered)
    model.row(model.unknown(), 0, most_unknown)
    return model.solved(model.unevenness(sample_size))


def unevenness(counts: Mapping[Cell, int]) -> int:
    """Σ n² over municipalities plus Σ n² over domains."""
    totals: dict[Group, int] = {}
    for cell, count in counts.items():
        for group in groups(cell):
            totals[group] = totals.get(group, 0) + count
    return sum(total * total for total in totals.values())


def _covering(stock: Stock, sample_size: int, least_covered: int) -> _Model:
    model = _Model(stock)
    model.fill(sample_size)
    covered = model.covered()
    model.row([(column, 1.0) for column in covered], least_covered, len(covered))
    return model


Terms = list[tuple[int, float]]


class _Model:
    def __init__(self, stock: Stock) -> None:
        self.stock, self.highs = stock, _solver()
        self.cells = {
            cell: self._whole(stock.least.get(cell, 0), most)
            for cell, most in sorted(
                stock.most.items(), key=lambda item: (item[0][0], item[0][1] or "")
            )
        }

    def _whole(self, least: float, most: float) -> int:
        column = int(self.highs.getNumCol())
        self.highs.addVar(least, most)
        self.highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        return column

    def row(self, terms: Terms, low: float, high: float) -> None:
        columns, factors = [c for c, _ in terms], [f for _, f in terms]
        self.highs.addRow(low, high, len(terms), columns, factors)

    def all(self) -> Terms:
        return [(column, 1.0) for column in self.cells.values()]

    def unknown(self) -> Terms:
        return [(column, 1.0) for cell, column in self.cells.items() if cell[1] is None]

    def fill(self, sample_size: int) -> None:
        room = max(sample_size, sum(self.stock.least.values()))
        wanted = min(room, sum(self.stock.most.values()))
        self.row(self.all(), wanted, wanted)

    def _of(self, group: Group) -> Terms:
        return [(column, 1.0) for cell, column in self.cells.items() if group in groups(cell)]

    def at_least(self, group: Group, least: int) -> None:
        self.row(self._of(group), least, highspy.kHighsInf)

    def covered(self) -> list[int]:
        """A column for each that can be covered: 1 only if somebody of it is invited."""
        columns = []
        for group in self.stock.coverable():
            column = self._whole(0, 1)
            self.row([*self._of(group), (column, -1.0)], 0, highspy.kHighsInf)
            columns.append(column)
        return columns

    def unevenness(self, sample_size: int) -> Terms:
        """Squares as steps: the k-th of a group costs 2k-1, and steps are taken cheapest first."""
        costs: Terms = []
        for group in self.stock.groups():
            reach = sum(m for cell, m in self.stock.most.items() if group in groups(cell))
            steps = [self._whole(0, 1) for _ in range(min(reach, _room(sample_size, self.stock)))]
            self.row([*self._of(group), *((step, -1.0) for step in steps)], 0, 0)
            costs += [(step, 2.0 * k - 1) for k, step in enumerate(steps, start=1)]
        return costs

    def solved(self, costs: Terms) -> Mapping[Cell, int]:
        if not self.cells:
            return {}
        for column, cost in costs:
            self.highs.changeColCost(column, cost)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            problem = f"The solver ended with {self.highs.modelStatusToString(status)!r}."
            mend = "Report this with the numbers of offers by municipality and domain."
            raise NotProven("not-proven", "the selection", problem, mend)
        values = self.highs.getSolution().col_value
        return {cell: round(values[column]) for cell, column in self.cells.items()}


def _room(sample_size: int, stock: Stock) -> int:
    return max(sample_size, sum(stock.least.values()))


def _solver() -> highspy.Highs:
    with _no_banner():
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in _OPTIONS.items():
        solver.setOptionValue(option, value)
    return solver


_OPTIONS: Mapping[str, bool | float] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    # The costs are whole numbers: an answer within less than one of the bound is the best.
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
}


@contextmanager
def _no_banner() -> Iterator[None]:
    # A new solver writes its name to standard output, where lists for other programs may stand.
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def counted(cells: Iterable[Cell]) -> Mapping[Cell, int]:
    """How many there are of each cell."""
    found: dict[Cell, int] = {}
    for cell in cells:
        found[cell] = found.get(cell, 0) + 1
    return found
