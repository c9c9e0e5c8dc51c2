"""What a study promises that somebody can do: reach an item, get a code, be kept, be in a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blikveld.rules import Rule
from blikveld.rules.nodes import And, Answered, Compare, ComparisonOperator
from blikveld.rules.text import format_rule
from blikveld.study.loader.study_files import DERIVED, INCLUSION, QUESTIONNAIRE, TABLES
from blikveld.study.model import InclusionStep, Study, TablePlan
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import TRUE
from blikveld.study.term_literals import Moment
from blikveld.study.variables import COMPLETED, rule_of


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

    Rows are left alone: tables of one domain have the rows of all.
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
