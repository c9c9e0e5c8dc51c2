"""The one door between computing and printing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from blikveld.disclosure import safe_values
from blikveld.disclosure.audit import audit_release
from blikveld.disclosure.influences import may_stand_alone
from blikveld.disclosure.linear_system import LinearSystem, build
from blikveld.disclosure.people import People, imagined
from blikveld.disclosure.policy import Policy, needs
from blikveld.disclosure.prices import prices_of
from blikveld.disclosure.safe_values import (
    Release,
    SafeCell,
    SafeInfluence,
    SafeRow,
    SafeStatistic,
    SafeTable,
)
from blikveld.disclosure.secondary import hide
from blikveld.results.cell import Cell, CellRequest, Row, Table
from blikveld.results.influence import Influence
from blikveld.results.statistic import Hypothesis, Statistic, StatisticRequest
from blikveld.rules import format_rule

_LARGE = 20
"""A paired test needs so many times the threshold of respondents. It is one equation about all
pairs of scores together, which among many people leaves every small count open."""


def release_tables(
    tables: Iterable[Table],
    cells: Mapping[CellRequest, Cell],
    policy: Policy,
    statistics: Mapping[StatisticRequest, Statistic] = MappingProxyType({}),
    high_cost: Collection[CellRequest] | None = None,
    influences: Mapping[CellRequest, Sequence[Influence]] = MappingProxyType({}),
    people: People | None = None,
) -> Release:
    """Clear tables, cells and statistics for print: what one tells, another may not give away.

    Groups are known by who can be in them, of `people`; without it no more is known of anybody than
    what the rules name, which is right only for numbers outside a study's variables. Counts under
    the policy's threshold are suppressed, and so are the counts they could be computed from; an
    audit with its own linear programs has the last word. Percentages of suppressed counts or bases
    are nowhere in the result.

    A test of independence is cleared where all counts of its table are among `cells` and none of
    them is suppressed: with its margins, the statistic of a small table gives away the counts.

    Cells that are `dear`, or all where it is None, are suppressed last: a sentence cannot do
    without its number, where a chart or a table shows a band. `influences` of shares (see
    `tabulation.influences`) are given up first.

    Raises SuppressionInfeasible, AuditFailed, and InconsistentCounts when the input contradicts
    itself.
    """
    together = tuple(tables)
    # In one order whatever the caller's, so that the same numbers are always the ones suppressed.
    ordered = [cells[ask] for ask in sorted(cells, key=_text)]
    moved = (each for ask in sorted(influences, key=_text) for each in influences[ask])
    candidates = [each for each in moved if may_stand_alone(each, policy)]
    everywhere = [
        *ordered,
        *(c for table in together for row in table.rows for c in row.cells),
        *(c for each in candidates for c in (each.whole, each.without, each.own)),
    ]
    known = people or imagined(rule for c in everywhere for rule in (c.base_rule, c.rule))
    system = build(known, together, ordered, candidates)
    said = ordered if high_cost is None else [cells[ask] for ask in high_cost]
    printer = _Releaser(system, _suppressed(system, together, ordered, said, policy), policy)
    return Release(
        {table.key: printer.table(table) for table in together},
        {ask: printer.cell(cell) for ask, cell in cells.items()},
        policy,
        {ask: printer.statistic(found, cells) for ask, found in statistics.items()},
        printer.influences(candidates),
        safe_values._KEY,
    )


def _text(ask: CellRequest) -> tuple[str, str]:
    return format_rule(ask.base_rule), format_rule(ask.rule)


def _suppressed(
    system: LinearSystem,
    tables: Sequence[Table],
    cells: Sequence[Cell],
    said: Collection[Cell],
    policy: Policy,
) -> frozenset[int]:
    everywhere = [*cells, *(c for table in tables for row in table.rows for c in row.cells)]
    wanted = needs(system, everywhere, policy)
    if not wanted:
        return frozenset()
    prices = prices_of(system, tables, cells, said)
    high_cost = {index for cell in said for index in (system.count(cell), system.base(cell))}
    hidden = hide(system, wanted, prices, high_cost)
    audit_release(system, hidden, wanted)
    return hidden


class _Releaser:
    """Makes safe values, knowing what is suppressed."""

    def __init__(self, system: LinearSystem, kept_back: frozenset[int], policy: Policy) -> None:
        self._system, self._kept_back, self._policy = system, kept_back, policy

    def table(self, table: Table) -> SafeTable:
        return SafeTable(
            table.key,
            table.number,
            table.title,
            table.base_rule,
            table.row_labels,
            table.column_label,
            table.columns,
            tuple(self._row(row) for row in table.rows),
            table.multiple,
            table.notes,
            safe_values._KEY,
        )

    def _row(self, row: Row) -> SafeRow:
        cells = tuple(self.cell(cell) for cell in row.cells)
        return SafeRow(row.key, row.label, row.level, cells, safe_values._KEY)

    def statistic(self, found: Statistic, cells: Mapping[CellRequest, Cell]) -> SafeStatistic:
        """The outcome of a test, where none of what it is made of is suppressed."""
        shown = self._may_publish(found, cells)
        return SafeStatistic(
            id=found.id,
            ask=found.ask,
            method=found.method,
            value=found.value if shown else None,
            df=found.df if shown else None,
            p=found.p if shown else None,
            base=found.base if shown else None,
            source=found.source,
            fixed=found.fixed,
            key=safe_values._KEY,
        )

    def influences(
        self, found: Iterable[Influence]
    ) -> dict[CellRequest, tuple[SafeInfluence, ...]]:
        """Those of which neither share is suppressed, by the share."""
        made: dict[CellRequest, tuple[SafeInfluence, ...]] = {}
        for each in found:
            share, without = self.cell(each.whole), self.cell(each.without)
            if None not in (share.count, share.base, without.count, without.base):
                safe_one = SafeInfluence(
                    each.municipality, each.label, share, without, key=safe_values._KEY
                )
                made[each.ask] = (*made.get(each.ask, ()), safe_one)
        return made

    def _may_publish(self, found: Statistic, cells: Mapping[CellRequest, Cell]) -> bool:
        if found.ask.comparison is Hypothesis.PAIRED_MEANS:
            return self._may_publish_pairs(found, cells)
        counts = [cells.get(ask) for row in found.ask.cells for ask in row]
        return all(
            cell is not None and self._system.count(cell) not in self._kept_back for cell in counts
        )

    def _may_publish_pairs(self, found: Statistic, cells: Mapping[CellRequest, Cell]) -> bool:
        """Among many people, and where those without both scores are not few themselves."""
        everybody = cells.get(found.ask.everybody)
        if everybody is None or self._system.count(everybody) in self._kept_back:
            return False
        large = found.base >= _LARGE * self._policy.threshold
        return large and not self._policy.small(everybody.count - found.base)

    def cell(self, cell: Cell) -> SafeCell:
        """A cell with its numbers, or their bands where they are suppressed."""
        count = self._system.count(cell) in self._kept_back
        base = self._system.base(cell) in self._kept_back
        return SafeCell(
            id=cell.id,
            count=None if count else cell.count,
            base=None if base else cell.base,
            base_rule=cell.base_rule,
            rule=cell.rule,
            source=cell.source,
            variable=cell.variable,
            category=cell.category,
            mentions=cell.mentions,
            fixed=cell.fixed,
            share_fixed=cell.fixed or cell.share_fixed,
            key=safe_values._KEY,
        )
