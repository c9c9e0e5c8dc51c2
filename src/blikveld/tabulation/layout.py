"""Rows and columns of a planned table, with their rules and labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from blikveld.results.cell import Column
from blikveld.rules import EVERYBODY, Rule, any_of, join_rules, names, parts_of
from blikveld.rules.nodes import Asked, Not
from blikveld.study.model import Study, TablePlan, Text, VariableKind
from blikveld.study.variables import rule_of

TOTAL: Text = {"nl": "Totaal", "en": "Total"}
ALL: Text = {"nl": "Allemaal samen", "en": "All together"}
NOT_ASKED: Text = {"nl": "Niet gevraagd", "en": "Not asked"}


@dataclass(frozen=True, slots=True)
class RowSpec:
    """A row that a table may have. `rule` says nothing of what the plan's own base says.

    `level` 0 is the grand total, 1 a subtotal, 2 a row under it.
    """

    key: str
    label: Text
    level: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column and the rule of who stands in it."""

    column: Column
    rule: Rule


@dataclass(frozen=True, slots=True)
class Layout:
    """All lines of a plan, those that may turn out to hold nobody included, and all heads.

    `choosing` are the parts of the base that look at row variables only: they say which rows the
    table is about. A line of which nobody included is chosen is not shown. One that is chosen and
    in which nobody was asked is: that is a result.
    """

    plan: TablePlan
    lines: tuple[RowSpec, ...]
    heads: tuple[ColumnSpec, ...]
    multiple: bool
    choosing: tuple[Rule, ...]


def layout(study: Study, plan: TablePlan) -> Layout:
    """With two row variables the second stands nested under the first: rows, then subtotal."""
    first = RowSpec("all", ALL, 0, EVERYBODY)
    lines = tuple(_under(study, plan, plan.rows, first)) if plan.rows else (first,)
    multiple = study.variables[plan.columns].kind is VariableKind.MULTIPLE
    choosing = tuple(part for part in parts_of(plan.base) if names(part) <= set(plan.rows))
    return Layout(plan, lines, tuple(_heads(study, plan)), multiple, choosing)


def _under(
    study: Study, plan: TablePlan, variables: tuple[str, ...], group: RowSpec
) -> Iterator[RowSpec]:
    """The lines inside one group, and then the group's own line as their total."""
    if variables:
        variable = study.variables[variables[0]]
        for code in variable.codes:
            if code.code in plan.exclude.get(variable.name, ()):
                continue
            key = code.code if group.level == 0 else f"{group.key}.{code.code}"
            rule = join_rules(group.rule, rule_of(variable, code.code))
            inside = RowSpec(key, code.label, group.level + 1, rule)
            yield from _under(study, plan, variables[1:], inside)
    yield group


def _heads(study: Study, plan: TablePlan) -> Iterator[ColumnSpec]:
    variable = study.variables[plan.columns]
    nets = {net.key: net for net in plan.nets}
    left_out = plan.exclude.get(variable.name, ())
    codes = tuple(code.code for code in variable.codes if code.code not in left_out)
    for key in plan.order or (*codes, *nets):
        if key in nets:
            rule = any_of(*(rule_of(variable, code) for code in nets[key].codes))
            yield ColumnSpec(Column(key, nets[key].label), rule)
        else:
            yield ColumnSpec(Column(key, variable.code(key).label), rule_of(variable, key))
    if plan.not_asked:
        yield ColumnSpec(Column("not_asked", NOT_ASKED, rest=True), Not(Asked(plan.columns)))
    if plan.total:
        yield ColumnSpec(Column("total", TOTAL, total=True), EVERYBODY)
