"""Whether a table counts people who were never asked its question, and who was asked."""

from __future__ import annotations

from collections.abc import Sequence

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
            if not plan.not_asked and _is_beyond(study, model, plan, routed[plan.columns]):
                ledger.add(_fault(plan, routed[plan.columns]))


def _is_beyond(
    study: Study, model: RespondentModel, plan: TablePlan, routed: Sequence[Question]
) -> bool:
    inside = (*(step.keep for step in study.inclusion), plan.base)
    passed_by = (Asked(question.key) for question in routed)
    clauses = (
        *(model.truth(rule)[0] for rule in inside),
        -model.truth(Asked(plan.columns))[0],
        model.circuit.some(-model.truth(asked)[0] for asked in passed_by),
    )
    return model.solver.solve(clauses) is True


def _fault(plan: TablePlan, routed: Sequence[Question]) -> Fault:
    asked = join_rules(plan.base, *(question.ask_if for question in routed))
    problem = f"Not everybody in the base was asked {plan.columns!r}: its shares would not add up."
    mend = (
        f'Who was asked is base: "{format_rule(asked)}". Write that, or leave base out, or add '
        "not_asked: true to show the others in a column."
    )
    return Fault("base-beyond-asked", TABLES, plan.line, problem, mend)
