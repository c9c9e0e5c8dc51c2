"""The ways through a questionnaire, and example respondents spread evenly over them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, assert_never

from blikveld.errors import BlikveldError
from blikveld.kinds import AskedQuestion
from blikveld.kinds.posted import StoredAnswer
from blikveld.rules import Missing, Rule, Special, Value
from blikveld.rules.types import DecimalNumber
from blikveld.study.items import special_key
from blikveld.study.model import Question, Study, VariableKind
from blikveld.study.random_answers import random_answers
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import TRUE, Solver
from blikveld.study.term_literals import VariableLiterals
from blikveld.study.variables import COMPLETED
from blikveld.study.whole_numbers import CalendarDay, WholeNumber, day_of, value_of

BOUND = 100_000
"""So many ways are listed at most."""

Way: TypeAlias = tuple[int, ...]
"""Literals that hold for everybody who goes this way."""


class TooManyPaths(BlikveldError):
    """A questionnaire whose ways cannot all be listed in reasonable time."""

    def __init__(self, location: str, bound: int) -> None:
        super().__init__(
            "too-many-paths",
            location,
            f"There are over {bound:,} ways through it, more than are listed.",
            "Let the rules look at fewer questions.",
        )


def enumerate_paths(
    model: RespondentModel, goal: int, marks: Sequence[int], bound: int = BOUND
) -> Iterator[Way]:
    """Yield each combination of `marks` that somebody for whom `goal` holds can have, once.

    While a way is looked at, the model's solver holds a respondent who goes it. Raises
    TooManyPaths after `bound` ways, or when the solver gives up.
    """
    solver, listing = model.solver, model.solver.new_literal()
    found = 0
    while (answer := solver.solve((goal, listing))) is not False:
        found += 1
        if found > bound or answer is None:
            raise TooManyPaths(f"study {model.study.key!r}", bound)
        way = tuple(mark if solver.holds(mark) else -mark for mark in marks)
        yield way
        solver.add(-listing, *(-mark for mark in way))


STAND_IN_TEXT = "…"
"""What example respondents write where nothing hangs on their words."""

_MOST_WAYS = 2_000
"""More ways through a questionnaire than this are not listed one by one."""


@dataclass(frozen=True, slots=True)
class ExampleRespondent:
    """A respondent who does not exist.

    `answers` are those on the path, as `Routing` takes them. `record` is what `Routing.complete`
    makes of them: each question, system variable and text with its value or why it is missing;
    `responses.derive.code_and_derive` adds the variables that are made. `pages_done` counts the
    pages that were submitted.
    """

    site: str
    mode: str
    language: str
    answers: Mapping[str, Value]
    completed: bool
    pages_done: int
    record: Mapping[str, Value]


def example_respondents(
    study: Study, number: int, seed: int = 1, *, among: Rule = COMPLETED
) -> Iterator[ExampleRespondent]:
    """Yield so many respondents for whom `among` is true, spread evenly over their ways.

    A way is which questions are asked, and the page where somebody left. Answers within a way
    differ at random; the same seed gives the same people on every machine. Texts are those of
    coding.csv or STAND_IN_TEXT. Nobody is yielded when `among` is true of nobody. With over 2,000
    ways each person is drawn for the question that was asked, or passed over, least often so far.
    """
    with Solver() as solver:
        model = RespondentModel(solver, study, known_texts=True)
        sources = {coded.source for coded in study.coded}
        for name in sorted(sources):
            model.variable(next(c.key for c in study.coded if c.source == name))
        goal = model.truth(among)[0]
        reader = _ExampleReader(model)
        draws = _Draws(model, goal, random.Random(seed))
        for assumptions in draws.assumptions(number):
            if draws.solve(assumptions):
                yield reader.read()


class _Draws:
    """Draws models of a solver so that rare ways are met as often as common ones."""

    def __init__(self, model: RespondentModel, goal: int, dice: random.Random) -> None:
        self.model, self.solver, self.goal, self.dice = model, model.solver, goal, dice
        asked = (model.variable(name).asked for name in model.study.questions)
        marks = dict.fromkeys((*asked, *model.gone))
        self.marks = tuple(mark for mark in marks if abs(mark) != TRUE)
        self.guesses = random_answers(model, dice)

    def solve(self, assumptions: Sequence[int]) -> bool:
        """Find a respondent under these assumptions, near to answers drawn at random."""
        self.solver.prefer(next(self.guesses))
        return self.solver.solve(assumptions) is True

    def assumptions(self, number: int) -> Iterator[tuple[int, ...]]:
        """Yield what each respondent must have, so that the ways come equally often."""
        try:
            listed = list(enumerate_paths(self.model, self.goal, self.marks, _MOST_WAYS))
        except TooManyPaths:
            yield from self._least_met(number)
            return
        drawn = 0
        while listed and drawn < number:
            for way in self.dice.sample(listed, min(len(listed), number - drawn)):
                drawn += 1
                yield (self.goal, *way)

    def _least_met(self, number: int) -> Iterator[tuple[int, ...]]:
        met = Counter({side: 0 for mark in self.marks for side in (mark, -mark)})
        drawn = 0
        while met and drawn < number:
            rarest = min(met, key=met.__getitem__)
            if self.solver.solve((self.goal, rarest)) is not True:
                del met[rarest]
                continue
            drawn += 1
            yield self.goal, rarest
            for side in met:
                met[side] += self.solver.holds(side)


def read_respondent(model: RespondentModel) -> ExampleRespondent:
    """Read the respondent that the solver found last."""
    return _ExampleReader(model).read()


class _ExampleReader:
    """Reads one respondent after the other; what they all have in common it looks up once."""

    def __init__(self, model: RespondentModel) -> None:
        self.model, self.holds = model, model.solver.holds
        self.dice = random.Random(1)
        self.answers: dict[str, Value] = {}
        self.record: dict[str, Value] = {}
        self._questions = [(q, q.other_keys) for q in model.study.questions.values()]

    def read(self) -> ExampleRespondent:
        """The respondent that the solver found last."""
        self.dice.seed(1)
        known = self.model.study.known_before
        self.answers, self.record = {}, {name: self._codes(name)[0] for name in known}
        for question, others in self._questions:
            self._question(question, others)
        pages_done = sum(not self.holds(gone) for gone in self.model.gone)
        completed = self.holds(self.model.completed)
        self.record["completed"] = completed
        site, mode, language = (str(self.record[name]) for name in known)
        return ExampleRespondent(
            site, mode, language, self.answers, completed, pages_done, self.record
        )

    def _question(self, question: Question, others: Sequence[str]) -> None:
        variable = self.model.variable(question.key)
        missing = self._missing(variable)
        self.record.update(dict.fromkeys((question.key, *others), missing))
        if not self.holds(variable.answered):
            return
        if self.holds(variable.special):
            self._put_special(question)
            return
        match question.variable_kind:
            case VariableKind.TEXT:
                self._put(question.key, self._text(question.key, question))
            case VariableKind.SINGLE:
                self._put(question.key, self._codes(question.key)[0])
            case VariableKind.MULTIPLE:
                self._put(question.key, self._codes(question.key))
            case VariableKind.NUMBER:
                self._put_kept(question, self._number(question, variable.value))
            case VariableKind.DATE:
                self._put_kept(question, self._day(variable.day))
            case VariableKind.RANKING:
                self._put_kept(question, self._order(variable.places))
            case VariableKind.FLAG:
                raise TypeError(question.key)
            case _:
                assert_never(question.variable_kind)
        for key in others:
            self.record[key] = Missing.NOT_ASKED
            if self.holds(self.model.variable(key).answered):
                self._put(key, self._text(key, question))

    def _order(self, places: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
        """The options in the order of their places."""
        return tuple(
            code
            for place in zip(*places.values(), strict=True)
            for code, at in zip(places, place, strict=True)
            if self.holds(at)
        )

    def _number(self, question: Question, value: WholeNumber | None) -> str:
        limits = question.kind.limits
        decimals = limits.decimals or 0 if isinstance(limits, DecimalNumber) else 0
        return f"{Decimal(self._whole(value)).scaleb(-decimals):.{decimals}f}"

    def _day(self, day: CalendarDay | None) -> str:
        if day is None:
            raise TypeError
        return day_of(self._whole(day.year), self._whole(day.place)).isoformat()

    def _whole(self, number: WholeNumber | None) -> int:
        if number is None:
            raise TypeError
        return value_of(number, map(self.holds, number.bits))

    def _put_kept(self, question: Question, answer: StoredAnswer) -> None:
        self.answers[question.key] = answer
        self.record[question.key] = question.kind.read_value(answer)

    def _put_special(self, question: Question) -> None:
        code = question.kind.specials()[0].code
        self.answers[special_key(question.key)] = code
        self.record[question.key] = Special(code)

    def _put(self, name: str, value: Value) -> None:
        self.answers[name] = self.record[name] = value

    def _codes(self, name: str) -> tuple[str, ...]:
        return self.model.solver.chosen(self.model.variable(name).codes)

    def _missing(self, variable: VariableLiterals) -> Missing:
        if self.holds(variable.lost):
            return Missing.BROKEN_OFF
        return Missing.SKIPPED if self.holds(variable.asked) else Missing.NOT_ASKED

    def _text(self, name: str, question: Question) -> str:
        text = self.model.variable(name).text
        words = {} if text is None else text.words
        for word, literal in words.items():
            if self.holds(literal):
                return word
        texts = self.model.texts.get(question.key, {})
        known = next((text for text, at in texts.items() if self.holds(at)), None)
        if known is not None:
            return known
        if text is not None and text.length_asked is not None:
            return STAND_IN_TEXT * self._whole(text.length_asked)
        if question.variable_kind is not VariableKind.TEXT:
            return STAND_IN_TEXT
        return str(question.kind.generate_answer(AskedQuestion(question.key), self.dice))
