"""Where one number comes from: its cell, its SQL, and the same number by other variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blikveld.errors import BlikveldError
from blikveld.locale import ReadersText
from blikveld.report import asks
from blikveld.responses.rule_sql import condition
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Cell, CellRequest, Column, Row, Table
from blikveld.rules import EVERYBODY, Rule, join_rules
from blikveld.study.model import Study, Text, Variable
from blikveld.study.variables import rule_of
from blikveld.tabulation.cell_counts import CellCounter, count_cells
from blikveld.tabulation.planning import ALL, TOTAL
from blikveld.tabulation.tables import count_tables


class NoSuchCell(BlikveldError):
    """No planned table and no sentence of the report has a number with this id."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "no-such-cell",
            f"number {name!r}",
            "No table of this study and no sentence of its report has it in this snapshot.",
            "Take the id from a table file, and give the snapshot that it was made from.",
        )


def cell_requests(tables: Iterable[Table]) -> tuple[CellRequest, ...]:
    """Return what the cells of these tables ask, those of totals left out."""
    return tuple(
        CellRequest(cell.base_rule, cell.rule)
        for table in tables
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if not column.total
    )


def size_requests(study: Study) -> dict[str, CellRequest]:
    """For each site how large a part of everybody it is."""
    variable = study.variables[study.sites.name]
    return {
        code.code: CellRequest(EVERYBODY, rule_of(variable, code.code)) for code in variable.codes
    }


def find_cell(
    study: Study, snapshot: Snapshot, name: str, counter: CellCounter | None = None
) -> tuple[Cell, tuple[Table, ...]]:
    """Return the number with this id, and the table it stands in when it does.

    Raises NoSuchCell.
    """
    for table in count_tables(study, snapshot).values():
        for row in table.with_empty(bool).rows:
            for cell in row.cells:
                if cell.id == name:
                    return cell, (table,)
    wanted = {ask for language in study.languages for ask in _asked(study, language)}
    for cell in count_cells(study, snapshot, wanted, counter).values():
        if cell.id == name:
            return cell, ()
    raise NoSuchCell(name)


def _asked(study: Study, language: str) -> Iterable[CellRequest]:
    try:
        return asks(study, language)
    except BlikveldError:
        # A study without a report text in this language has no sentences to look in.
        return ()


def side_table(
    study: Study, snapshot: Snapshot, cell: Cell, side: str, counter: CellCounter | None = None
) -> Table:
    """Return the number by one variable: a row a value, the part and its base."""
    variable = study.variables[side]
    bases = {
        code.code: join_rules(cell.base_rule, rule_of(variable, code.code))
        for code in variable.codes
    }
    rules = (EVERYBODY,) if cell.rule == EVERYBODY else (cell.rule, EVERYBODY)
    wanted = [
        CellRequest(base, rule) for base in (*bases.values(), cell.base_rule) for rule in rules
    ]
    cells = count_cells(study, snapshot, wanted, counter)
    rows = [
        Row(
            code.code,
            code.label,
            1,
            tuple(cells[CellRequest(bases[code.code], rule)] for rule in rules),
        )
        for code in variable.codes
    ]
    whole = Row("all", ALL, 0, tuple(cells[CellRequest(cell.base_rule, rule)] for rule in rules))
    return _table(study, variable, rules, (*rows, whole), cell.base_rule)


def _table(
    study: Study, variable: Variable, rules: Sequence[Rule], rows: tuple[Row, ...], base: Rule
) -> Table:
    counted: Text = ReadersText(nl="Aantal", en="Count")
    heads = (Column("count", counted), Column("total", TOTAL, total=True))
    label = variable.label
    return Table(
        key=f"explained_{variable.name}",
        number=label,
        title=label,
        base_rule=base,
        row_labels=(label,),
        column_label=counted,
        columns=heads[-len(rules) :],
        rows=rows,
    )


def cell_sql(study: Study, cell: Cell) -> str:
    """Return a query over a snapshot's rows that gives the count and the base."""
    included = tuple(step.keep for step in study.inclusion)
    base = _condition(study, (*included, cell.base_rule))
    part = _condition(study, (cell.rule,))
    counted = f"SUM(CASE WHEN {part} THEN 1 ELSE 0 END) AS n"
    return f"SELECT {counted}, COUNT(*) AS base FROM respondents WHERE {base}"  # noqa: S608


def _condition(study: Study, rules: tuple[Rule, ...]) -> str:
    return condition(join_rules(*rules), study.variables)
