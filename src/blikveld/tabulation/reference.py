"""The plain version: every cell by asking every person, one rule at a time.

Slow and obvious. The cubes of every engine are held against it with generated questionnaires, data
and rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blikveld.rules import Person, Rule, evaluate, join_rules
from blikveld.study.model import Study, TablePlan
from blikveld.tabulation.planning import Layout, RowSpec, lay_out


def included(study: Study, persons: Iterable[Person]) -> list[Person]:
    """Those for whom every inclusion rule is true."""
    return [
        person
        for person in persons
        if all(evaluate(step.keep, person) is True for step in study.inclusion)
    ]


def counts(
    study: Study, persons: Sequence[Person], plan: TablePlan
) -> list[tuple[str, int, tuple[int, ...]]]:
    """For each row of a table its key, its base and the count of every column."""
    made = lay_out(study, plan)
    return [
        (line.key, len(base), tuple(_count(base, head.rule) for head in made.heads))
        for line in made.lines
        if line.level == 0 or _chosen(persons, made, line)
        for base in [_base(persons, plan, line)]
    ]


def _chosen(persons: Sequence[Person], made: Layout, line: RowSpec) -> bool:
    rules = (line.rule, *made.choosing)
    return any(all(evaluate(rule, person) is True for rule in rules) for person in persons)


def _base(persons: Sequence[Person], plan: TablePlan, line: RowSpec) -> list[Person]:
    rule = join_rules(plan.base, line.rule)
    return [person for person in persons if evaluate(rule, person) is True]


def _count(persons: Iterable[Person], rule: Rule) -> int:
    return sum(evaluate(rule, person) is True for person in persons)
