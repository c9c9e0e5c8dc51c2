"""Proofs on groups of people: whether all of a base were asked, whether two groups are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from blikveld.errors import Fault
from blikveld.rules import EVERYBODY, Rule, format_rule, join_rules, names
from blikveld.rules.nodes import Asked
from blikveld.study.loader.study_files import TABLES
from blikveld.study.model import Question, Study, TablePlan
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import Solver
from blikveld.yaml_reading.fault_log import FaultLog


def routed_behind(study: Study, name: str) -> tuple[Question, ...]:
    """The questions that a variable is made from and that not everybody is asked."""
    made = {coded.key: frozenset({coded.source}) for coded in study.coded}
    for derived in study.derived:
        made[derived.key] = frozenset().union(*(names(case.when) for case in derived.cases))
    found, waiting = dict[str, None](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = None
            waiting.extend(sorted(made.get(one, ())))
    questions = (study.questions[one] for one in found if one in study.questions)
    return tuple(question for question in questions if question.ask_if != EVERYBODY)


def who_was_asked(study: Study, name: str) -> Rule:
    """The base of a variable that nobody gave one: who was asked it, or everybody."""
    return Asked(name) if routed_behind(study, name) else EVERYBODY


def check_bases(study: Study, ledger: FaultLog) -> None:
    """Write down each table whose base holds people who were not asked its question.

    What cannot be decided is left alone: a base is refused only where such a person can exist.
    """
    names_of_columns = dict.fromkeys(plan.columns for plan in study.tables if not plan.not_asked)
    routed = {name: routed_behind(study, name) for name in names_of_columns}
    wanted = [plan for plan in study.tables if routed.get(plan.columns)]
    if not wanted:
        return
    with Solver() as solver:
        model = RespondentModel(solver, study)
        for plan in wanted:
            behind = routed[plan.columns]
            clauses = _outside(study, model, plan.base, plan.columns, behind)
            if not plan.not_asked and solver.solve(clauses) is True:
                ledger.add(_fault(plan, behind))


class BaseProofs:
    """Proves whether people of a base were never asked what a number of theirs speaks of.

    Hold it open as long as there are numbers to prove; `solver` is the caller's to close.
    """

    def __init__(self, study: Study, solver: Solver) -> None:
        self._study = study
        self._model = RespondentModel(solver, study)
        self._known: dict[tuple[Rule, Rule], Rule | None] = {}

    def missing_route(self, base: Rule, rule: Rule) -> Rule | None:
        """Return who is asked, where `base` holds others and `rule` stays unknown of them.

        None where everybody was asked, where the rule is false of who was not (it says itself
        who is counted), and where it cannot be decided.
        """
        if (base, rule) not in self._known:
            beyond = [q for name in sorted(names(rule)) for q in self._passed_by(base, rule, name)]
            routes = dict.fromkeys(question.ask_if for question in beyond)
            self._known[base, rule] = join_rules(*routes) if routes else None
        return self._known[base, rule]

    def _passed_by(self, base: Rule, rule: Rule, name: str) -> tuple[Question, ...]:
        routed = routed_behind(self._study, name)
        if not routed:
            return ()
        true, false = self._model.truth(rule)
        clauses = (*_outside(self._study, self._model, base, name, routed), -true, -false)
        return routed if self._model.solver.solve(clauses) is True else ()


def _outside(
    study: Study, model: RespondentModel, base: Rule, name: str, routed: Sequence[Question]
) -> tuple[int, ...]:
    """Clauses that hold of who is in the base and was not asked, with the questions behind."""
    inside = (*(step.keep for step in study.inclusion), base)
    return (
        *(model.truth(rule)[0] for rule in inside),
        -model.truth(Asked(name))[0],
        model.circuit.some(-model.truth(Asked(question.key))[0] for question in routed),
    )


def _fault(plan: TablePlan, routed: Sequence[Question]) -> Fault:
    asked = join_rules(plan.base, *(question.ask_if for question in routed))
    problem = f"Not everybody in the base was asked {plan.columns!r}: its shares would not add up."
    mend = (
        f'Who was asked is base: "{format_rule(asked)}". Write that, or leave base out, or add '
        "not_asked: true to show the others in a column."
    )
    return Fault("base-beyond-asked", TABLES, plan.line, problem, mend)


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Those for whom a rule is true and `without` is not; where that is unknown they are in it."""

    rule: Rule
    without: Rule | None = None


class SamePeople:
    """Proves that groups among the included are one group, however their rules are written."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._proven: dict[frozenset[AnswerGroup], bool] = {}

    def same(self, first: AnswerGroup, second: AnswerGroup) -> bool:
        """Whether nobody who can exist is in one of the groups only; False where undecided."""
        both = frozenset((first, second))
        if both not in self._proven:
            self._proven[both] = len(both) < 2 or self._prove(first, second)
        return self._proven[both]

    def _prove(self, first: AnswerGroup, second: AnswerGroup) -> bool:
        one, other = self._literal(first), self._literal(second)
        clashes = ((one, -other), (-one, other))
        return all(self._solver.solve((self._included, *pair)) is False for pair in clashes)

    def _literal(self, group: AnswerGroup) -> int:
        inside = self._model.truth(group.rule)[0]
        if group.without is None:
            return inside
        return self._model.circuit.every((inside, -self._model.truth(group.without)[0]))

    @cached_property
    def _solver(self) -> Solver:
        return Solver()

    @cached_property
    def _model(self) -> RespondentModel:
        return RespondentModel(self._solver, self._study, known_texts=True)

    @cached_property
    def _included(self) -> int:
        keeps = (step.keep for step in self._study.inclusion)
        return self._model.circuit.every(self._model.truth(keep)[0] for keep in keeps)
