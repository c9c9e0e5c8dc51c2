"""What a study promises that somebody can do, and why nobody can where the promise fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from blikveld.rules import EVERYBODY, Rule, names
from blikveld.rules.nodes import And, Answered, Compare, ComparisonOperator
from blikveld.rules.text import format_rule
from blikveld.rules.types import DecimalNumber
from blikveld.study.items import questions_of
from blikveld.study.loader.study_files import DERIVED, INCLUSION, QUESTIONNAIRE, TABLES
from blikveld.study.model import Grid, InclusionStep, Item, Study, TablePlan
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import CONFLICTS, FALSE, TRUE, Solver
from blikveld.study.term_literals import Moment
from blikveld.study.variables import COMPLETED, rule_of
from blikveld.study.whole_numbers import WholeNumber, day_of, value_of


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule that has to be true, or with `holds` false may not be. `who` demands it, in words."""

    who: str
    rule: Rule
    holds: bool = True
    moment: Moment = Moment.AFTERWARDS

    def parts(self) -> Iterator[Demand]:
        """Yield the demands that make up this one, so that a reason names no more than it needs."""
        if self.holds and isinstance(self.rule, And):
            for part in self.rule.parts:
                yield from Demand(self.who, part, moment=self.moment).parts()
        else:
            yield self

    def literal(self, model: RespondentModel) -> int:
        """Return the literal that this is met."""
        true = model.truth(self.rule, self.moment)[0]
        return true if self.holds else -true

    def __str__(self) -> str:
        return f"{self.who} {format_rule(self.rule)}"


@dataclass(frozen=True, slots=True)
class Goal:
    """What at least one respondent should meet, and what to say when nobody can.

    `demands` are met together. `shown` are those that an example respondent meets when not all
    can be met: it shows where the rest goes wrong. A goal that is a `hint` refuses nothing.
    """

    code: str
    file: str
    line: int
    demands: tuple[Demand, ...]
    problem: str
    undecided: str
    mend: str
    shown: tuple[Demand, ...] = ()
    hint: bool = False

    def literal(self, model: RespondentModel) -> int:
        """Return the literal that somebody meets it."""
        met = TRUE
        for demand in self.demands:
            # One after the other: goals that begin with the same demands share these gates.
            met = model.circuit.every((met, demand.literal(model)))
        return met


def item_goals(study: Study) -> Iterator[Goal]:
    """Yield for each item of the questionnaire that somebody who stays to the end meets it."""
    stays = Demand("the respondent has", COMPLETED)
    for part in study.sections:
        for item in part.items:
            asks = Demand("it asks for", item.ask_if, moment=Moment.FILLING_IN)
            yield Goal(
                "routing",
                QUESTIONNAIRE,
                item.line,
                (asks, stays),
                f"No answers lead to {item.key!r}: its rule is never true.",
                f"Whether {item.key!r} is ever reached was not decided.",
                "Look at its ask_if.",
            )


def part_goals(study: Study) -> Iterator[Goal]:
    """Yield for each row and option with a rule of its own that somebody is shown it."""
    stays = Demand("the respondent has", COMPLETED)
    for item in (item for part in study.sections for item in part.items):
        yield from _parts_of(item, stays)


def _parts_of(item: Item, stays: Demand) -> Iterator[Goal]:
    rows = item.rows if isinstance(item, Grid) else ()
    own = {row.line: row for row in rows if row.ask_if != item.ask_if}
    for row in own.values():
        asks = Demand("it asks for", row.ask_if, moment=Moment.FILLING_IN)
        yield _part_goal(f"the row {row.key!r}", row.line, (asks, stays), "ask_if")
    for question in questions_of(item):
        asks = Demand("its question asks for", question.ask_if, moment=Moment.FILLING_IN)
        for option in question.options:
            if option.show_if is not EVERYBODY:
                shows = Demand("it asks for", option.show_if, moment=Moment.FILLING_IN)
                name = f"the answer {option.code!r} of {question.key!r}"
                yield _part_goal(name, option.line, (shows, asks, stays), "show_if")


def _part_goal(name: str, line: int, demands: tuple[Demand, ...], setting: str) -> Goal:
    return Goal(
        "routing",
        QUESTIONNAIRE,
        line,
        demands,
        f"Nobody is ever shown {name}: its rule is never true.",
        f"Whether anybody is shown {name} was not decided.",
        f"Look at its {setting}.",
    )


def made_goals(study: Study) -> Iterator[Goal]:
    """Yield for each code of a derived and coded variable that somebody can get it."""
    for derived in study.derived:
        earlier: list[Demand] = []
        for case in derived.cases:
            own = Demand("it asks for", case.when)
            yield Goal(
                "unreachable",
                DERIVED,
                case.line,
                (own, *earlier),
                f"Nobody gets the value {case.code!r} of {derived.key!r}.",
                f"Whether anybody gets the value {case.code!r} of {derived.key!r} was not decided.",
                "Look at its rule, and at the cases before it.",
                shown=(own,),
            )
            who = f"the earlier case {case.code!r} (line {case.line}) takes all with"
            earlier.append(Demand(who, case.when, holds=False))
    for coded in study.coded:
        for code in coded.codes:
            yield Goal(
                "unreachable",
                DERIVED,
                coded.line,
                (Demand("it asks for", _is(coded.key, code.code)),),
                f"No answer and no text leads to the value {code.code!r} of {coded.key!r}.",
                f"Whether anybody gets {code.code!r} of {coded.key!r} was not decided.",
                "Add an answer to its map, or leave the value out.",
                hint=True,
            )


def inclusion_goals(study: Study) -> Iterator[Goal]:
    """Yield for each step that somebody stays, and that somebody leaves by it."""
    before: tuple[Demand, ...] = ()
    for step in study.inclusion:
        keeps = Demand("it asks for", step.keep)
        yield Goal(
            "inclusion",
            INCLUSION,
            step.line,
            (keeps, *before),
            f"The step {step.key!r} keeps nobody.",
            f"Whether the step {step.key!r} keeps anybody was not decided.",
            "Look at its keep.",
            shown=before or (Demand("", COMPLETED),),
        )
        yield Goal(
            "inclusion",
            INCLUSION,
            step.line,
            (Demand("it does not keep", step.keep, holds=False), *before),
            f"Nobody leaves by the step {step.key!r}.",
            f"Whether anybody leaves by the step {step.key!r} was not decided.",
            "Leave it out, or look at its keep.",
            hint=True,
        )
        before = (*before, _kept(step))


def table_goals(study: Study) -> Iterator[Goal]:
    """Yield for each table that somebody is in it: base, every row variable and the columns."""
    kept = tuple(_kept(step) for step in study.inclusion)
    for plan in study.tables:
        base = Demand("its base asks for", plan.base)
        sides = tuple(
            Demand("its rows and columns ask for", Answered(name))
            for name in (*plan.rows, plan.columns)
        )
        yield Goal(
            "table",
            TABLES,
            plan.line,
            (base, *kept, *sides),
            f"Nobody can be in the table {plan.key!r}.",
            f"Whether anybody can be in the table {plan.key!r} was not decided.",
            "Look at its base, rows and columns.",
            shown=(base, *kept),
        )


def column_goals(study: Study, tables: Iterable[TablePlan]) -> Iterator[Goal]:
    """Yield for each column of a table that somebody can be in it.

    Rows are left alone: tables of one part have the rows of all.
    """
    kept = tuple(_kept(step) for step in study.inclusion)
    for plan in tables:
        base = Demand("its base asks for", plan.base)
        variable = study.variables[plan.columns]
        left_out = plan.exclude.get(variable.name, ())
        for code in variable.codes:
            if code.code not in left_out:
                yield Goal(
                    "table",
                    TABLES,
                    plan.line,
                    (base, *kept, Demand("the column asks for", rule_of(variable, code.code))),
                    f"Nobody can be in the column {code.code!r} of the table {plan.key!r}.",
                    f"Whether anybody can be in the column {code.code!r} of {plan.key!r} was not "
                    "decided.",
                    "Leave it out with `exclude`, or look at the base.",
                    hint=True,
                )


def _kept(step: InclusionStep) -> Demand:
    return Demand(f"the step {step.key!r} ({INCLUSION}:{step.line}) keeps", step.keep)


def _is(name: str, code: str) -> Rule:
    return Compare(name, ComparisonOperator.EQUAL, code)


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
