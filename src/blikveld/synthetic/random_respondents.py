"""Made-up respondents from a study alone: to try a questionnaire before anybody is asked.

Their answers are drawn at random along the routing and say nothing about anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blikveld.kinds import AskedQuestion
from blikveld.kinds.posted import StoredAnswer
from blikveld.questionnaire.pages import Page, questions_of
from blikveld.questionnaire.routing import Routing
from blikveld.rules import Value
from blikveld.study.model import Mode, Option, Question, Study, VariableKind, other_key

_LEAVES = 0.05
"""The share of respondents who leave at each page."""
_OTHER: Mapping[str, str] = {"nl": "verzonnen antwoord"}
_OTHER_ELSEWHERE = "made-up answer"
"""What is typed in a language that nobody wrote it in: who reads it sees that it is none."""


@dataclass(frozen=True, slots=True)
class RandomRespondent:
    """A respondent who does not exist. `pages` is None for somebody who goes on to the end."""

    municipality: str
    mode: Mode
    language: str
    answers: Mapping[str, Value]
    pages: int | None


def draw_respondents(study: Study, number: int, seed: int = 1) -> Iterator[RandomRespondent]:
    """Draw respondents; the same seed gives the same ones."""
    routing, dice = Routing(study), random.Random(seed)
    for _ in range(number):
        yield _one(study, routing, dice)


def _one(study: Study, routing: Routing, dice: random.Random) -> RandomRespondent:
    municipality = dice.choice(study.municipalities).key
    language = dice.choice(study.languages)
    answers: dict[str, Value] = {}
    pages = 0
    page = routing.next_page(0, answers)
    while page is not None:
        if page.questions:
            if dice.random() < _LEAVES:
                return RandomRespondent(municipality, study.modes[0], language, answers, pages)
            pages += 1
        for question in _asked(routing, page, answers):
            options = study.options(question, municipality)
            answers.update(_answer(question, options, language, dice))
        page = routing.next_page(page.number, answers)
    return RandomRespondent(municipality, study.modes[0], language, answers, None)


def _asked(routing: Routing, page: Page, answers: Mapping[str, Value]) -> list[Question]:
    return [q for item in routing.items(page, answers) for q in questions_of(item)]


def _answer(
    question: Question, options: Sequence[Option], language: str, dice: random.Random
) -> dict[str, Value]:
    if question.variable_kind is VariableKind.TEXT:
        return {question.key: _typed(language)} if question.required else {}
    answer = question.kind.generate_answer(AskedQuestion(question.key, options), dice)
    return {question.key: answer, **_text(question, answer, language)}


def _typed(language: str) -> str:
    return _OTHER.get(language, _OTHER_ELSEWHERE)


def _text(question: Question, answer: StoredAnswer, language: str) -> dict[str, Value]:
    chosen = (answer,) if isinstance(answer, str) else answer
    wanted = any(option.text and option.code in chosen for option in question.options)
    return {other_key(question.key): _typed(language)} if wanted else {}
