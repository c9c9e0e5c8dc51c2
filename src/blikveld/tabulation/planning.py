"""Which cubes the tables of a plan rest on: as few as possible, each one pass.

A table's rows and the part of its base that its strata decide are added up from the cube; the
rest of the base says who is in the cube at all. Tables with the same rest and the same question
share a cube, whatever their rows: that is what the study's banner is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from blikveld.responses.schema import codes
from blikveld.rules import EVERYBODY, Rule, join_rules, parts_of
from blikveld.study.model import Study, TablePlan, VariableKind
from blikveld.tabulation.axes import Axes, Axis
from blikveld.tabulation.cubes import Answer, CubeKey, CubeOptions, Sums, stratum_truth
from blikveld.tabulation.layout import ColumnSpec, Layout, layout

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
        self.banner = tuple(dict.fromkeys(self.axes.of(name).axis for name in _banner(study)))

    def jobs(self, plans: Iterable[TablePlan]) -> tuple[TableJob, ...]:
        """A job a plan, in order.

        Raises TooManyCodes, CubeTooLarge, UnknownVariable and WrongKind.
        """
        return tuple(self.job(plan) for plan in plans)

    def job(self, plan: TablePlan) -> TableJob:
        """Where one table is found."""
        for name in (*plan.rows, plan.columns):
            # Before anything is laid out: rows multiply.
            self.axes.variable(name)
        made = layout(self.study, plan)
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
        option = getattr(rule, "option", None)
        if option in main.codes:
            levels = np.zeros(main.size, dtype=bool)
            levels[main.codes.index(option)] = True
            return main, levels
        # Who chose one of several is no sum: people may have chosen two of them.
        return self.axes.truth(rule), np.array([True, False, False])


def _banner(study: Study) -> tuple[str, ...]:
    return study.banner or ("municipality",)
