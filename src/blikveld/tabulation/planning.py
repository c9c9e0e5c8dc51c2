"""The rows and columns of a planned table, and which cubes the tables of a plan rest on.

A table's rows and the part of its base that its strata decide are added up from the cube; the
rest of the base says who is in the cube at all. Tables with the same rest and the same question
share a cube, whatever their rows: that is what the study's banner is for. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from blikveld.locale import ReadersText
from blikveld.responses.schema import codes
from blikveld.results.cell import Column
from blikveld.rules import EVERYBODY, Rule, any_of, join_rules, names, parts_of
from blikveld.rules.nodes import Asked, Not
from blikveld.study.model import Study, TablePlan, Text, VariableKind
from blikveld.study.variables import rule_of
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import Answer, CubeKey, CubeOptions, Sums, stratum_truth

TOTAL: Text = ReadersText(nl="Totaal", en="Total")
ALL: Text = ReadersText(nl="Allemaal samen", en="All together")
NOT_ASKED: Text = ReadersText(nl="Niet gevraagd", en="Not asked")


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


def lay_out(study: Study, plan: TablePlan) -> Layout:
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


_WIDE = 200_000
"""Strata above this number are not shared between tables."""


@dataclass(frozen=True, slots=True)
class CubeColumn:
    """Where a head is found in a cube: the levels of its answer that add up to it.

    None for the total, which is the base.
    """

    head: int
    levels: NDArray[np.bool_] | None


@dataclass(frozen=True)
class JobGroup:
    """Lines of one table that are read from cubes with the same strata.

    `truth` has a row a line and a column a stratum: 1 where the line and the base hold. `chosen`
    is the same for the part of the base that says which lines there are, and `people` everybody.
    """

    lines: tuple[int, ...]
    strata: tuple[Axis, ...]
    truth: Sums
    chosen: Sums
    parts: tuple[tuple[CubeKey, tuple[CubeColumn, ...]], ...]
    people: CubeKey


@dataclass(frozen=True)
class TableJob:
    """One table and where its numbers are found."""

    layout: Layout
    groups: tuple[JobGroup, ...]

    @cached_property
    def keys(self) -> tuple[CubeKey, ...]:
        """The cubes it rests on."""
        parts = (key for group in self.groups for key, _ in group.parts)
        return tuple(dict.fromkeys((*parts, *(group.people for group in self.groups))))


class Planner:
    """Makes Jobs of the plans of one study, for one weight."""

    def __init__(self, study: Study, *, weight: str | None = None) -> None:
        self.study, self.weight = study, weight
        self.axes = Axes(study)
        self._known: dict[tuple[Rule, tuple[Axis, ...]], NDArray[np.bool_]] = {}
        self.banner = tuple(dict.fromkeys(self.axes.of(name).axis for name in find_banner(study)))

    def jobs(self, plans: Iterable[TablePlan]) -> tuple[TableJob, ...]:
        """Return a job a plan, in order.

        Raises TooManyCodes, CubeTooLarge, UnknownVariable and WrongKind.
        """
        return tuple(self.job(plan) for plan in plans)

    def job(self, plan: TablePlan) -> TableJob:
        """Return where one table is found."""
        for name in (*plan.rows, plan.columns):
            # Before anything is laid out: rows multiply.
            self.axes.variable(name)
        made = lay_out(self.study, plan)
        base = parts_of(plan.base)
        answers = self._answers(plan, made.heads)
        found = self._by_strata(made).items()
        groups = (self._group(made, base, answers, strata, tuple(at)) for strata, at in found)
        return TableJob(made, tuple(groups))

    def _by_strata(self, made: Layout) -> Mapping[tuple[Axis, ...], Sequence[int]]:
        """Which lines are read from which strata; a total from the same as what it adds up."""
        wanted = [self._strata(line.rule) for line in made.lines]
        largest = sorted(dict.fromkeys(wanted), key=len, reverse=True)
        found: dict[tuple[Axis, ...], list[int]] = {}
        for index, own in enumerate(wanted):
            strata = next(these for these in largest if set(own) <= set(these))
            found.setdefault(strata, []).append(index)
        return found

    def _strata(self, rule: Rule) -> tuple[Axis, ...]:
        """The banner and what the rule needs; without the banner where that would be too much."""
        own = self.axes.needed([rule])
        wide = tuple(dict.fromkeys((*self.banner, *own)))
        return wide if prod(axis.size for axis in wide) <= _WIDE else own

    def _group(
        self,
        made: Layout,
        base: tuple[Rule, ...],
        answers: Mapping[Answer, tuple[CubeColumn, ...]],
        strata: tuple[Axis, ...],
        lines: tuple[int, ...],
    ) -> JobGroup:
        rules = [made.lines[line].rule for line in lines]
        within, where = self._split(base, strata)
        chosen, choosing = self._split(made.choosing, strata)
        people = CubeKey(choosing, strata, None, self.weight)
        counted = tuple(
            (CubeKey(where, strata, answer, self.weight), columns)
            for answer, columns in answers.items()
        )
        for key in (people, *(key for key, _ in counted)):
            key.check()
        truth = self._truth(rules, strata)
        return JobGroup(lines, strata, truth * within, truth * chosen, counted, people)

    def _split(
        self, rules: Sequence[Rule], strata: tuple[Axis, ...]
    ) -> tuple[NDArray[np.bool_], tuple[Rule, ...]]:
        """In which strata the rules hold that strata decide, and the rules that they don't."""
        decided = [rule for rule in rules if set(self.axes.needed([rule])) <= set(strata)]
        rest = tuple(rule for rule in rules if rule not in decided)
        return self._true(join_rules(*decided), strata), rest

    def _truth(self, rules: Sequence[Rule], strata: tuple[Axis, ...]) -> Sums:
        return np.array([self._true(rule, strata) for rule in rules], dtype=np.float64)

    def _true(self, rule: Rule, strata: tuple[Axis, ...]) -> NDArray[np.bool_]:
        found = self._known.get((rule, strata))
        if found is None:
            found = self._known[rule, strata] = stratum_truth(self.axes, rule, strata)
        return found

    def _answers(
        self, plan: TablePlan, heads: Sequence[ColumnSpec]
    ) -> Mapping[Answer, tuple[CubeColumn, ...]]:
        """The heads, by the answer they are counted in; the total goes with the first."""
        found: dict[Answer, list[CubeColumn]] = {self._main(plan.columns): []}
        main = next(iter(found))
        for index, head in enumerate(heads):
            answer, levels = self._head(head.rule, main)
            found.setdefault(answer, []).append(CubeColumn(index, levels))
        return {answer: tuple(columns) for answer, columns in found.items()}

    def _main(self, name: str) -> Answer:
        variable = self.axes.variable(name)
        if variable.kind is VariableKind.MULTIPLE:
            return CubeOptions(name, codes(variable))
        return self.axes.of(name).axis

    def _head(self, rule: Rule, main: Answer) -> tuple[Answer, NDArray[np.bool_] | None]:
        if rule == EVERYBODY:
            return main, None
        if isinstance(main, CubeOptions):
            return self._option(rule, main)
        if main is None or self.axes.needed([rule]) != (main,):
            raise ValueError(f"the rule {rule} does not divide by its column variable")
        return main, self._true(rule, (main,))

    def _option(self, rule: Rule, main: CubeOptions) -> tuple[Answer, NDArray[np.bool_]]:
        # Only a rule about one chosen option has an `option`; all others are counted apart.
        option = getattr(rule, "option", None)
        if option in main.codes:
            levels = np.zeros(main.size, dtype=bool)
            levels[main.codes.index(option)] = True
            return main, levels
        # Who chose one of several is no sum: people may have chosen two of them.
        return self.axes.truth(rule), np.array([True, False, False])


def find_banner(study: Study) -> tuple[str, ...]:
    """Return the variables that the study's tables are split by; sites where it names none."""
    return study.banner or (study.sites.name,)
