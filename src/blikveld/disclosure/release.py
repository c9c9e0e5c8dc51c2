"""The one door between computing and printing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blikveld.disclosure import safe
from blikveld.disclosure.audit import audit
from blikveld.disclosure.policy import Policy
from blikveld.disclosure.primary import primary, tells_too_much
from blikveld.disclosure.safe import Release, SafeCell, SafeRow, SafeTable
from blikveld.disclosure.secondary import Protector
from blikveld.disclosure.system import System, build
from blikveld.figures.cell import Ask, Cell, Row, Table


def release(tables: Iterable[Table], cells: Mapping[Ask, Cell], policy: Policy) -> Release:
    """Clear tables and cells for print, together: what one tells, another may not give away.

    Counts under the policy's threshold are kept back, and so are the counts they could be
    computed from; an audit with its own linear programs has the last word. Percentages of
    kept-back counts or bases are nowhere in the result.

    Raises CannotProtect, Unprotected, and TwoNumbers when the input contradicts itself.
    """
    together = tuple(tables)
    system = build(together, cells.values())
    kept_back = _kept_back(system, cells, policy)
    printer = _Printer(system, kept_back, policy)
    return Release(
        {table.key: printer.table(table) for table in together},
        {ask: printer.sentence(cell) for ask, cell in cells.items()},
        policy,
        safe._KEY,
    )


def _kept_back(system: System, cells: Mapping[Ask, Cell], policy: Policy) -> frozenset[int]:
    small = primary(system, policy)
    if not small:
        return small
    said = (cell for cell in cells.values() if not tells_too_much(cell, policy))
    dear = frozenset(i for cell in said for i in (system.count(cell), system.base(cell)))
    found = Protector(system, small, policy, dear - small).protect()
    audit(system, found, policy)
    return found


class _Printer:
    """Makes safe values, knowing what is kept back."""

    def __init__(self, system: System, kept_back: frozenset[int], policy: Policy) -> None:
        self._system, self._kept_back, self._policy = system, kept_back, policy

    def table(self, table: Table) -> SafeTable:
        return SafeTable(
            table.key,
            table.place,
            table.title,
            table.base_rule,
            table.row_labels,
            table.column_label,
            table.columns,
            tuple(self._row(row) for row in table.rows),
            table.multiple,
            table.notes,
            safe._KEY,
        )

    def _row(self, row: Row) -> SafeRow:
        cells = tuple(self._cell(cell) for cell in row.cells)
        return SafeRow(row.key, row.label, row.level, cells, safe._KEY)

    def sentence(self, cell: Cell) -> SafeCell:
        """A cell for running text, where nothing stands around it."""
        return self._cell(cell, hide=tells_too_much(cell, self._policy))

    def _cell(self, cell: Cell, *, hide: bool = False) -> SafeCell:
        count_hidden = hide or self._system.count(cell) in self._kept_back
        base_hidden = self._system.base(cell) in self._kept_back
        return SafeCell(
            id=cell.id,
            count=None if count_hidden else cell.count,
            base=None if base_hidden else cell.base,
            base_rule=cell.base_rule,
            rule=cell.rule,
            source=cell.source,
            variable=cell.variable,
            category=cell.category,
            mentions=cell.mentions,
            fixed=cell.fixed,
            key=safe._KEY,
        )
