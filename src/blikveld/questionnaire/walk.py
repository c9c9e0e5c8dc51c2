"""Visits every path through a questionnaire, for checks that must hold on all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blikveld.questionnaire.pages import Page
from blikveld.questionnaire.routing import SYSTEM, Routing
from blikveld.rules import Missing, Value
from blikveld.study.model import Study
from blikveld.study.ways import ways


@dataclass(frozen=True, slots=True)
class Walk:
    """One path: who walks it, the answers that open it, and the pages in the order of visiting."""

    municipality: str
    mode: str
    language: str
    answers: Mapping[str, Value]
    pages: tuple[Page, ...]


def walk(study: Study) -> Iterator[Walk]:
    """Every path through the questionnaire, each once for answers that the rules tell apart.

    Raises TooManyWays when there are more than can be visited.
    """
    routing = Routing(study)
    rules = [question.ask_if for question in study.questions.values()]
    for person in ways(study, (*SYSTEM, *study.questions), rules):
        answers = {name: at for name, at in person.items() if not isinstance(at, Missing)}
        municipality, mode, language = (str(person[name]) for name in SYSTEM)
        visited = tuple(_visited(routing, answers))
        yield Walk(municipality, mode, language, answers, visited)


def _visited(routing: Routing, answers: Mapping[str, Value]) -> Iterator[Page]:
    page = routing.next_page(0, answers)
    while page is not None:
        yield page
        page = routing.next_page(page.number, answers)
