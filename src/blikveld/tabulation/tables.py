"""A study's plan and a snapshot make Tables: rows of Cells with subtotals and a grand total."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Protocol

from blikveld.errors import BlikveldError
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Cell, CellRequest, CellSource, Fixed, Row, Table
from blikveld.rules import join_rules
from blikveld.study.collector import resting
from blikveld.study.model import Study, TablePlan
from blikveld.tabulation.cell_counts import find_fixed
from blikveld.tabulation.compute import CrossTable, TableBatch
from blikveld.tabulation.cubes import Cube, CubeKey
from blikveld.tabulation.engines.included import Included
from blikveld.tabulation.planning import Planner


class NoSuchTable(BlikveldError):
    """A table is asked for that the study does not plan."""

    def __init__(self, study: Study, names: Collection[str]) -> None:
        super().__init__(
            "no-such-table",
            f"study {study.key!r}",
            f"It plans no table {', '.join(repr(name) for name in sorted(names))}.",
            "Choose from tables.yaml.",
        )


class Engine(Protocol):
    """Where cubes are counted; every engine gives the same."""

    def cubes(self, keys: Iterable[CubeKey]) -> Mapping[CubeKey, Cube]:
        """Count every cube among the included respondents."""


@resting()
def count_tables(
    study: Study,
    snapshot: Snapshot,
    names: Iterable[str] | None = None,
    engine: Engine | None = None,
) -> dict[str, Table]:
    """The tables the study plans, in the order of its file; with `names` only those.

    Counted on arrays in memory, or by `engine`, which must hold the same respondents. Rows that
    hold nobody at all among the included are left out. Raises NoSuchTable and CubeTooLarge.
    """
    planner = Planner(study)
    sheet = TableBatch(planner.jobs(planned(study, names)))
    people = Included(study, snapshot, planner.axes)
    source = CellSource(study.key, study.version, snapshot.digest)
    fixed_of = find_fixed(study, snapshot, people)
    counted = engine or people.engine(sheet.keys)
    crossed = sheet.tables(counted.cubes(sheet.keys))
    return {t.layout.plan.key: fill_table(study, t, source, fixed_of) for t in crossed}


def planned(study: Study, names: Iterable[str] | None = None) -> tuple[TablePlan, ...]:
    """The plans with these keys, or all of them. Raises NoSuchTable."""
    if names is None:
        return study.tables
    plans = {plan.key: plan for plan in study.tables}
    wanted = tuple(dict.fromkeys(names))
    if unknown := set(wanted) - plans.keys():
        raise NoSuchTable(study, unknown)
    return tuple(plans[name] for name in wanted)


def fill_table(
    study: Study, crossed: CrossTable, source: CellSource, fixed_of: Callable[[CellRequest], Fixed]
) -> Table:
    """One table, not yet cleared for print: a Cell for every row and column."""
    plan, variable = crossed.layout.plan, study.variables[crossed.layout.plan.columns]
    return Table(
        key=plan.key,
        number=plan.number,
        title=plan.title,
        base_rule=plan.base,
        row_labels=tuple(study.variables[name].label for name in plan.rows),
        column_label=variable.label,
        columns=tuple(head.column for head in crossed.layout.heads),
        rows=tuple(_rows(crossed, source, fixed_of)),
        multiple=crossed.layout.multiple,
    )


def _rows(
    crossed: CrossTable, source: CellSource, fixed_of: Callable[[CellRequest], Fixed]
) -> Iterator[Row]:
    for index, line in enumerate(crossed.layout.lines):
        if line.level == 0 or crossed.exists[index]:
            cells = tuple(_cells(crossed, index, source, fixed_of))
            yield Row(line.key, line.label, line.level, cells)


def _cells(
    crossed: CrossTable, index: int, source: CellSource, fixed_of: Callable[[CellRequest], Fixed]
) -> Iterator[Cell]:
    plan = crossed.layout.plan
    base_rule = join_rules(plan.base, crossed.layout.lines[index].rule)
    base = int(crossed.bases.n[index])
    for head, count in zip(crossed.layout.heads, crossed.cells.n[index].tolist(), strict=True):
        known = fixed_of(CellRequest(base_rule, head.rule))
        yield Cell(
            count=count,
            base=base,
            base_rule=base_rule,
            rule=head.rule,
            source=source,
            variable=plan.columns,
            category=head.column.key,
            fixed=known.count,
            share_fixed=known.share,
        )
