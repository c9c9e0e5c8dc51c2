"""What it costs to keep a number back: which ones readers can best do without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from blikveld.disclosure.linear_system import LinearSystem
from blikveld.results.cell import Cell, Table

_INFLUENCE, _ROW, _CHART, _SUBTOTAL, _TOTAL, _BASE, _SENTENCE = 0.3, 1.5, 4.0, 5.0, 6.0, 8.0, 1000.0
_POWER = 0.3
"""Tried from 0 to 1 on the shipped study: the fewest numbers are suppressed near this."""
_ZERO = 3.0
"""Once suppressed a 0 must be able to be any small count, which takes others along."""


def prices_of(
    system: LinearSystem, tables: Sequence[Table], cells: Iterable[Cell], said: Iterable[Cell]
) -> Mapping[int, float]:
    """For each number what a unit of change costs: somewhat more for a large one, and by its use.

    Given up first are influences, then rows of tables, charts, subtotals, totals, bases, and last
    of all what sentences say. A number in several places counts as the dearest of them.
    """
    classes = dict.fromkeys(range(len(system.values)), _INFLUENCE)

    def note(index: int, high_cost: float) -> None:
        classes[index] = max(classes[index], high_cost)

    for table in tables:
        for level, cell in _levels(table):
            note(system.count(cell), level)
            note(system.base(cell), max(level, _SUBTOTAL))
    for cell in cells:
        note(system.count(cell), _CHART)
        note(system.base(cell), _BASE)
    for cell in said:
        note(system.count(cell), _SENTENCE)
        note(system.base(cell), _SENTENCE)
    # A power under one, because what readers lose grows with the number, but slower.
    return {
        i: high_cost * ((system.values[i] + 1) ** _POWER if system.values[i] else _ZERO)
        for i, high_cost in classes.items()
    }


def _levels(table: Table) -> Iterable[tuple[float, Cell]]:
    deepest = max((row.level for row in table.rows), default=0)
    high_cost = {0: _TOTAL, 1: _SUBTOTAL}
    for row in table.rows:
        level = _ROW if row.level == deepest > 0 else high_cost.get(row.level, _ROW)
        yield from ((level, cell) for cell in row.cells)
