"""A table plan and a snapshot make a Table: rows of Cells with subtotals and a grand total."""

from __future__ import annotations

from collections.abc import Iterator

from blikveld.figures.cell import Ask, Cell, Column, Row, Table
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import Study, TablePlan, Text, VariableKind
from blikveld.tabulation.anchors import counter_of
from blikveld.tabulation.count import Counter, conjoin, rule_of

_TOTAL: Text = {"nl": "Totaal", "en": "Total"}
_ALL: Text = {"nl": "Allemaal samen", "en": "All together"}


def tables(study: Study, snapshot: Snapshot) -> dict[str, Table]:
    """Every table the study plans, in the order of its file."""
    counter = counter_of(study, snapshot)
    return {plan.key: table(study, counter, plan) for plan in study.tables}


def table(study: Study, counter: Counter, plan: TablePlan) -> Table:
    """One table. Rows that hold nobody at all among the included are left out.

    With two row variables the second stands nested under the first: rows, then the subtotal.
    """
    columns = tuple(_columns(study, plan))
    rows = tuple(
        Row(key, label, level, _cells(counter, plan, columns, rule))
        for key, label, level, rule in _rows(study, counter, plan)
    )
    variable = study.variables[plan.columns]
    return Table(
        key=plan.key,
        place=plan.place,
        title=plan.title,
        base_rule=plan.base_text,
        row_labels=tuple(study.variables[name].label for name in plan.rows),
        column_label=variable.label,
        columns=columns,
        rows=rows,
        multiple=variable.kind is VariableKind.MULTIPLE,
    )


def _columns(study: Study, plan: TablePlan) -> Iterator[Column]:
    variable = study.variables[plan.columns]
    order = plan.order or tuple(code.code for code in variable.codes)
    for code in order:
        yield Column(code, variable.code(code).label)
    if plan.total:
        yield Column("total", _TOTAL, total=True)


def _cells(
    counter: Counter, plan: TablePlan, columns: tuple[Column, ...], row_rule: str
) -> tuple[Cell, ...]:
    base = conjoin(plan.base_text, row_rule)
    asks = [Ask(base, _column_rule(counter, plan, column)) for column in columns]
    counter.prepare([base, *(ask.rule for ask in asks)])
    return tuple(counter.cell(ask) for ask in asks)


def _column_rule(counter: Counter, plan: TablePlan, column: Column) -> str:
    if column.total:
        return "True"
    return rule_of(counter.variables[plan.columns], column.key)


def _rows(study: Study, counter: Counter, plan: TablePlan) -> Iterator[tuple[str, Text, int, str]]:
    if plan.rows:
        yield from _under(study, counter, plan.rows, "True", "", _ALL, 0)
    else:
        yield "all", _ALL, 0, "True"


def _under(
    study: Study,
    counter: Counter,
    variables: tuple[str, ...],
    rule: str,
    key: str,
    label: Text,
    level: int,
) -> Iterator[tuple[str, Text, int, str]]:
    """The rows inside one group, and then the group's own row as their total."""
    if variables:
        variable = study.variables[variables[0]]
        for code in variable.codes:
            inside = conjoin(rule, rule_of(variable, code.code))
            if counter.count(inside):
                deeper = f"{key}.{code.code}" if key else code.code
                yield from _under(
                    study, counter, variables[1:], inside, deeper, code.label, level + 1
                )
    yield key or "all", label, level, rule
