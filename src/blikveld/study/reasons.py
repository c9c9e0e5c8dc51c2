"""Why nobody meets a goal: the rules that contradict each other, and somebody who comes near."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from blikveld.rules import EVERYBODY, names
from blikveld.rules.text import format_rule
from blikveld.rules.types import DecimalNumber
from blikveld.study.goals import Demand, Goal
from blikveld.study.loader.study_files import QUESTIONNAIRE
from blikveld.study.model import Study
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import CONFLICTS, FALSE, Solver
from blikveld.study.whole_numbers import WholeNumber, day_of, value_of

_MOST_SHOWN = 6
"""So many answers of an example respondent are told at most."""


class Reasons:
    """Finds the fewest rules that contradict each other, with a solver of its own."""

    def __init__(self, study: Study, solver: Solver) -> None:
        self._study, self._solver = study, solver

    @cached_property
    def _model(self) -> RespondentModel:
        return RespondentModel(self._solver, self._study, guarded=True)

    def contradiction(self, goal: Goal) -> tuple[list[Demand], list[str]]:
        """Return what of the goal contradicts, and the questions whose rules it contradicts.

        Leaving any of these out would make the goal possible, as far as that is soon found.
        """
        parts = {part.literal(self._model): part for d in goal.demands for part in d.parts()}
        guards = {literal: key for key, literal in self._model.guards.items()}
        core = self._shrunk([*guards, *parts])
        return [parts[at] for at in core if at in parts], [
            guards[at] for at in core if at in guards
        ]

    def _shrunk(self, assumptions: list[int]) -> list[int]:
        """Assumptions that cannot hold together; each is needed, as far as that is soon found."""
        if self._solver.solve(assumptions) is not False:
            return []
        needed = self._in_core(assumptions)
        for literal in tuple(needed):
            fewer = [other for other in needed if other != literal]
            if len(fewer) == len(needed):
                continue
            if self._solver.solve(fewer, CONFLICTS // 20) is False:
                needed = self._in_core(fewer)
        return needed

    def _in_core(self, assumptions: list[int]) -> list[int]:
        core = self._solver.core()
        return [literal for literal in assumptions if literal in core]

    def tell(self, goal: Goal, model: RespondentModel) -> str:
        """Return the reason in words, and an example respondent where `model` has one."""
        parts, questions = self.contradiction(goal)
        reasons = [*map(str, parts), *map(self._asked, questions)]
        words = _joined(reasons)
        near = [demand.literal(model) for demand in goal.shown]
        shown = self._named(parts, questions)[:_MOST_SHOWN]
        for name in shown:
            # What is made from answers is encoded before the solver answers.
            model.variable(name)
        if near and model.solver.solve(near):
            values = (_value(model, name) for name in shown)
            told = (f"{name} {value}" for name, value in zip(shown, values, strict=True))
            words += f" Example of a respondent: {', '.join(told)}."
        return words

    def _asked(self, key: str) -> str:
        question = self._study.questions[key]
        location = f"({QUESTIONNAIRE}:{question.line})"
        if question.ask_if == EVERYBODY:
            return f"{key!r} is asked of everybody {location}"
        return f"{key!r} is asked where {format_rule(question.ask_if)} {location}"

    def _named(self, parts: Sequence[Demand], questions: Sequence[str]) -> list[str]:
        """The variables in these rules, in the order of the study."""
        asked = (self._study.questions[key].ask_if for key in questions)
        rules = [*(part.rule for part in parts), *asked]
        named = {name for rule in rules for name in names(rule)}.union(questions)
        return [name for name in self._study.variables if name in named]


def _joined(reasons: Sequence[str]) -> str:
    if len(reasons) < 2:
        return "".join(f"Nobody can meet this: {reason}." for reason in reasons)
    return f"These cannot hold together: {'; '.join(reasons)}."


def _whole(model: RespondentModel, number: WholeNumber) -> int:
    return value_of(number, map(model.solver.holds, number.bits))


def _value(model: RespondentModel, name: str) -> str:
    """What the respondent found last has for a variable, in words."""
    variable, type_ = model.variable(name), model.study.variables[name].type
    decimals = (type_.decimals or 0) if isinstance(type_, DecimalNumber) else 0
    holds = model.solver.holds
    chosen = [code for code, literal in variable.codes.items() if holds(literal)]
    numbers = [number for number, literal in variable.numbers if holds(literal)]
    if chosen or numbers:
        return ", ".join(map(repr, chosen or numbers))
    if holds(variable.answered) and not holds(variable.special):
        if variable.day is not None:
            year, place = (_whole(model, at) for at in (variable.day.year, variable.day.place))
            return f"{day_of(year, place)}"
        if variable.value is not None:
            return f"{Decimal(_whole(model, variable.value)).scaleb(-decimals):f}"
    if variable.flag != FALSE:
        return "yes" if holds(variable.flag) else "no"
    if holds(variable.answered):
        return "answered"
    if holds(variable.lost):
        return "broken off"
    return "left blank" if holds(variable.asked) else "not asked"
