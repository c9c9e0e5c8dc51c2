"""Visits every path through a questionnaire, for checks that must hold on all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blikveld.questionnaire.pages import Page
from blikveld.questionnaire.routing import Routing
from blikveld.rules import Value
from blikveld.study.examples import enumerate_paths, read_respondent
from blikveld.study.model import Study
from blikveld.study.respondent_model import RespondentModel
from blikveld.study.solver import TRUE, Solver
from blikveld.study.term_literals import Moment
from blikveld.study.variables import SYSTEM


@dataclass(frozen=True, slots=True)
class PathWalk:
    """One path: who walks it, the answers that open it, and the pages in the order of visiting."""

    municipality: str
    mode: str
    language: str
    answers: Mapping[str, Value]
    pages: tuple[Page, ...]


def walk_path(study: Study) -> Iterator[PathWalk]:
    """Yield every path through the questionnaire in each municipality, once.

    Two paths differ where an item (question, grid, text or offer of contact) stands on one of
    them only. Each is walked by somebody who answers all that is asked there, as far as answers
    go together. Raises TooManyPaths when there are more than can be listed.
    """
    routing = Routing(study)
    with Solver() as solver:
        model = RespondentModel(solver, study, known_texts=True)
        solver.prefer(model.variable(name).answered for name in study.questions)
        for _ in enumerate_paths(model, model.completed, _marks(model)):
            person = read_respondent(model)
            system = {name: person.record[name] for name in SYSTEM}
            answers = {**system, **person.answers}
            visited = tuple(_visited(routing, answers))
            yield PathWalk(person.municipality, person.mode, person.language, answers, visited)


def _marks(model: RespondentModel) -> tuple[int, ...]:
    """The literals by which two paths differ: the municipality, and whether each item is met."""
    items = (item for part in model.study.sections for item in part.items)
    met = (model.truth(item.ask_if, Moment.FILLING_IN)[0] for item in items)
    marks = dict.fromkeys((*model.variable("municipality").codes.values(), *met))
    return tuple(mark for mark in marks if abs(mark) != TRUE)


def _visited(routing: Routing, answers: Mapping[str, Value]) -> Iterator[Page]:
    page = routing.next_page(0, answers)
    while page is not None:
        yield page
        page = routing.next_page(page.number, answers)
