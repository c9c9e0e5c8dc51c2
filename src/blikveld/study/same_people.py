"""Whether two groups hold the same people in every possible fieldwork, by a proof."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from blikveld.rules import Rule
from blikveld.study.model import Study
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import Solver


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
