"""The whole questionnaire on one page, to read or to print: every question, and whom it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from blikveld.questionnaire import Routing
from blikveld.rules import EVERYBODY, Rule
from blikveld.rules.sentence import sentence
from blikveld.study.model import Grid
from blikveld.study.words import Words
from blikveld.web import rendering
from blikveld.web.places import Place
from blikveld.web.views import at_a_place


@at_a_place
def whole(request: HttpRequest, place: Place) -> HttpResponse:
    """Every page below the other. Nobody's answers are here, whatever cookie came along."""
    return rendering.whole(place, asked_of(place.site.routing, place.language))


@lru_cache(maxsize=20)
def asked_of(routing: Routing, language: str) -> Mapping[str, str]:
    """From what is not for everybody to whom it is for, in words."""
    words = Words(routing.study, language)
    return {key: sentence(rule, words, language) for key, rule in _rules(routing)}


def _rules(routing: Routing) -> Iterator[tuple[str, Rule]]:
    for item in (item for page in routing.pages for item in page.items):
        rows = item.rows if isinstance(item, Grid) else ()
        for part in (item, *rows):
            # A statement that is for whom its grid is for need not say so again.
            if part.ask_if is not EVERYBODY and (part is item or part.ask_if != item.ask_if):
                yield part.key, part.ask_if
