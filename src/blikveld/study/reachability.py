"""Proofs over all possible respondents: what a study promises can happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from blikveld.errors import Fault
from blikveld.study.goals import (
    Goal,
    Reasons,
    column_goals,
    inclusion_goals,
    item_goals,
    made_goals,
    part_goals,
    table_goals,
)
from blikveld.study.model import Study
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import CONFLICTS, Solver
from blikveld.yaml_reading.fault_log import FaultLog

_PATIENCE = 3
"""After so many goals that were given up the solver searches shorter."""


def check_reachability(study: Study, ledger: FaultLog) -> None:
    """Write down each item of the questionnaire that no answers lead to, and what of it nobody
    is shown: rows of a grid, options of a question.

    An item is reached when there are answers, themselves on the path, that make its rule true.
    What could not be decided becomes a remark. That pages end needs no proof: a next page always
    has a higher number.
    """
    with Solver() as solver, Solver() as other:
        _Prover(study, solver, other, ledger).prove((*item_goals(study), *part_goals(study)))


def prove_results(study: Study, ledger: FaultLog) -> None:
    """Write down what nobody can be: a value nobody gets, a step that keeps nobody, empty tables.

    The items of the questionnaire have to be proven before.
    """
    with Solver() as solver, Solver() as other:
        prover = _Prover(study, solver, other, ledger)
        prover.prove(made_goals(study))
        kept = prover.prove_until_fault(inclusion_goals(study))
    if kept and study.tables:
        # A solver goes on preferring what it was once asked to prefer: tables get a fresh one.
        with Solver() as solver, Solver() as other:
            _Prover(study, solver, other, ledger).prove_tables(study)


def decide(model: RespondentModel, goals: Sequence[Goal]) -> list[bool | None]:
    """Return for each goal whether somebody can meet it; None when the solver gave up.

    Each respondent found settles all the goals it meets, and the solver looks for one that meets
    many. After a few goals that it gave up it searches shorter, so that a study of hard rules still
    loads in seconds.
    """
    literals = [goal.literal(model) for goal in goals]
    answers: dict[int, bool | None] = {}
    still_open = dict.fromkeys(literals)
    while still_open:
        goal = next(iter(still_open))
        model.solver.prefer(still_open)
        given_up = sum(answer is None for answer in answers.values())
        conflicts = CONFLICTS if given_up < _PATIENCE else CONFLICTS // 20
        answers[goal] = model.solver.solve((goal,), conflicts)
        del still_open[goal]
        if answers[goal]:
            for literal in model.solver.holding(still_open):
                answers[literal] = True
                del still_open[literal]
    return [answers[literal] for literal in literals]


class _Prover:
    """Holds one solver against many goals; the other one finds reasons."""

    def __init__(self, study: Study, solver: Solver, other: Solver, ledger: FaultLog) -> None:
        self._model, self._ledger = RespondentModel(solver, study), ledger
        self._reasons = Reasons(study, other)

    def prove(self, goals: Iterable[Goal]) -> None:
        """Write down each goal that nobody meets."""
        wanted = tuple(goals)
        for goal, answer in zip(wanted, decide(self._model, wanted), strict=True):
            self._tell(goal, answer)

    def prove_until_fault(self, goals: Iterable[Goal]) -> bool:
        """Write down goals that nobody meets, up to the first that is no hint; True without one."""
        wanted = tuple(goals)
        for goal, answer in zip(wanted, decide(self._model, wanted), strict=True):
            self._tell(goal, answer)
            if answer is False and not goal.hint:
                return False
        return True

    def prove_tables(self, study: Study) -> None:
        """Write down tables and columns that nobody is in.

        Where `for_each` made several tables, some may be empty.
        """
        wanted = tuple(table_goals(study))
        answers = decide(self._model, wanted)
        self._tell_tables(tuple(zip(wanted, answers, strict=True)))
        filled = (plan for plan, answer in zip(study.tables, answers, strict=True) if answer)
        self.prove(column_goals(study, filled))

    def _tell_tables(self, answers: Sequence[tuple[Goal, bool | None]]) -> None:
        for _, together in groupby(answers, key=lambda pair: pair[0].line):
            plans = tuple(together)
            every_one_is_empty = all(answer is False for _, answer in plans)
            for goal, answer in plans[:1] if every_one_is_empty else plans:
                self._tell(replace(goal, hint=not every_one_is_empty), answer)

    def _tell(self, goal: Goal, answer: bool | None) -> None:
        if answer is None:
            mend = "It would take too long to find out; nothing is refused."
            self._ledger.remark(Fault("undecided", goal.file, goal.line, goal.undecided, mend))
        if answer is not False:
            return
        problem = f"{goal.problem} {self._reasons.tell(goal, self._model)}"
        tell = self._ledger.remark if goal.hint else self._ledger.add
        tell(Fault(goal.code, goal.file, goal.line, problem.strip(), goal.mend))
