"""All numbers to be printed as one system of sums, as a reader with pencil and paper sees it.

A count is known by the set of conditions that its people meet. So a row total of one table, the
same group in another table and the base of a sentence are one number, wherever they stand: keeping
a count back in one place and printing it in another cannot happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from blikveld.disclosure.keys import Key, Keys, Parts, families, keys_of, looks_at, meets
from blikveld.errors import BlikveldError
from blikveld.figures.cell import Cell, Table
from blikveld.figures.influence import Influence
from blikveld.rules import Rule, format_rule
from blikveld.rules.nodes import Chosen, Compare, Comparison


@dataclass(frozen=True, slots=True)
class Sum:
    """`whole` is the sum of `parts`; with `at_most` the parts may add up to less.

    With `at_least` they may add up to more.
    """

    whole: int
    parts: tuple[int, ...]
    at_most: bool = False
    at_least: bool = False


class TwoNumbers(BlikveldError):
    """The same people were counted twice with different results."""

    def __init__(self, cell: Cell, found: int, before: int) -> None:
        super().__init__(
            "two-numbers",
            f"{format_rule(cell.rule)} of {format_rule(cell.base_rule)}",
            f"This was counted as {found} and elsewhere as {before}.",
            "Make all tables and cells from one snapshot.",
        )


@dataclass(slots=True)
class System:
    """Every number once, and the sums between them."""

    naming: Keys = field(default_factory=Keys)
    values: list[int] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    where: dict[Key, int] = field(default_factory=dict)
    sums: dict[Sum, None] = field(default_factory=dict)

    def number(self, key: Key, value: int, cell: Cell) -> int:
        """The index of a number, which is added when it is new."""
        if key not in self.where:
            self.where[key] = len(self.values)
            self.keys.append(key)
            self.values.append(value)
        index = self.where[key]
        if self.values[index] != value:
            raise TwoNumbers(cell, value, self.values[index])
        return index

    def count(self, cell: Cell) -> int:
        """The index of a cell's count."""
        return self.number(self.naming.count(cell), cell.count, cell)

    def base(self, cell: Cell) -> int:
        """The index of a cell's base."""
        return self.number(self.naming.base(cell), cell.base, cell)

    def add(self, found: Sum) -> None:
        """Note a sum if it holds in the numbers; what only looks like a sum is left out."""
        total = sum(self.values[part] for part in found.parts)
        whole = self.values[found.whole]
        holds = (
            total == whole
            or (found.at_most and total < whole)
            or (found.at_least and total > whole)
        )
        if holds and found.whole not in found.parts:
            self.sums[found] = None


def build(tables: Sequence[Table], cells: Iterable[Cell]) -> System:
    """The system of everything in these tables and cells."""
    system = System(keys_of(tables))
    alone = list(cells)
    _number(system, (*(c for table in tables for row in table.rows for c in row.cells), *alone))
    for table in tables:
        _nested(system, table)
        _with_rest(system, table)
    _partitions(system)
    return system


def extend(system: System, influences: Iterable[Influence]) -> None:
    """Add what a reader learns when shares are also printed without a municipality.

    The numbers of the municipality itself come in with them: they are the difference.
    """
    for found in influences:
        _number(system, (found.whole, found.without, found.own))
        for index in (system.count, system.base):
            system.add(Sum(index(found.whole), (index(found.without), index(found.own))))
    _partitions(system)


def _number(system: System, cells: Iterable[Cell]) -> None:
    for cell in cells:
        count, base = system.count(cell), system.base(cell)
        if count != base:
            system.add(Sum(base, (count,), at_most=True))


def _nested(system: System, table: Table) -> None:
    for column in range(len(table.columns)):
        for whole, parts in families([row.level for row in table.rows]):
            indices = [system.count(table.rows[row].cells[column]) for row in (whole, *parts)]
            system.add(Sum(indices[0], tuple(indices[1:])))


def _with_rest(system: System, table: Table) -> None:
    """Where a table shows who was not asked, its answers and they are the whole base of a row."""
    if not any(column.rest for column in table.columns):
        return
    for row in table.rows:
        parts = tuple(
            system.count(cell)
            for column, cell in zip(table.columns, row.cells, strict=True)
            if column.rest or isinstance(cell.rule, Compare | Chosen)
        )
        system.add(Sum(system.base(row.cells[0]), parts, at_least=table.multiple))


def _partitions(system: System) -> None:
    single, multiple = _groups(system)
    for (rest, _), codes in single.items():
        if rest in system.where:
            system.add(Sum(system.where[rest], tuple(codes.values())))
    for (rest, _), codes in multiple.items():
        # Everybody ticks something where an answer is required, so ticks are no fewer than people.
        if rest in system.where and len(codes) > 1:
            system.add(Sum(system.where[rest], tuple(codes.values()), at_least=True))
    for key, index in list(system.where.items()):
        for part in _ordered(key.parts):
            _link(system, key, index, part, single)


@lru_cache(maxsize=20_000)
def _ordered(parts: Parts) -> Sequence[Rule]:
    # A set has another order in every run; in another order, sums give other equally cheap answers.
    return sorted(parts, key=str)


def _groups(
    system: System,
) -> tuple[Mapping[tuple[Key, str], dict[str, int]], Mapping[tuple[Key, str], dict[str, int]]]:
    """For each group of people and variable: code to index, of single and multiple choice."""
    single: dict[tuple[Key, str], dict[str, int]] = defaultdict(dict)
    multiple: dict[tuple[Key, str], dict[str, int]] = defaultdict(dict)
    for key, index in system.where.items():
        for part in _ordered(key.parts):
            rest = Key(key.parts - {part})
            match part:
                case Compare(name, Comparison.EQUAL, str() as code):
                    single[rest, name][code] = index
                case Chosen(name, code):
                    multiple[rest, name][code] = index
    return single, multiple


def _link(
    system: System,
    key: Key,
    index: int,
    part: Rule,
    single: Mapping[tuple[Key, str], dict[str, int]],
) -> None:
    """A group such as `suspicion != 'no'` is the sum of the answers that meet it."""
    name = looks_at(part)
    if name is None:
        return
    codes = single.get((Key(key.parts - {part}), name), {})
    inside = tuple(i for code, i in codes.items() if meets(part, name, code))
    if inside and inside != (index,):
        system.add(Sum(index, inside))
