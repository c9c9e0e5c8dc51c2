"""How many opened, began and finished: per link, per municipality, by domain, and over time.

The numbers are those of the last night, in steps, as the monitor's are; by domain they are for who
may take the answers out, since they hang on what people answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.desk import rendering
from blikveld.desk.guard import allowed, person
from blikveld.desk.responses.growth import Growth
from blikveld.desk.responses.words import WORDS
from blikveld.desk.roles import Task, may
from blikveld.desk.words import of_study, said
from blikveld.fieldwork.counters import Counts, Link, stepped
from blikveld.fieldwork.days import Line as DayLine
from blikveld.fieldwork.days import grown
from blikveld.fieldwork.domains import finished_by_domain, groups
from blikveld.study.model import Mode
from blikveld.web import site
from blikveld.web.answers import days
from blikveld.web.site import Site


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one link, or of several together."""

    municipality: str
    place: str
    mode: str
    opened: str
    started: int
    completed: int


@allowed(Task.SEE_RESPONSE)
@require_safe
def responses(request: HttpRequest, language: str) -> HttpResponse:
    """Every link, all links together, and how the whole grew."""
    here = site.current()
    places, counts = here.study.municipalities, here.store.counts()
    lines = [line for m in places for line in _lines(here, counts, m.key, language)]
    return _page(request, language, lines, days.lines())


@allowed(Task.SEE_RESPONSE)
@require_safe
def municipality(request: HttpRequest, language: str, municipality: str) -> HttpResponse:
    """The links of one municipality, by domain too, and how it grew."""
    here = site.current()
    if municipality not in {place.key for place in here.study.municipalities}:
        raise Http404
    lines = list(_lines(here, here.store.counts(), municipality, language))
    own = {municipality: days.lines().get(municipality, ())}
    exports = may(person(request).role, Task.EXPORT)
    domains = _domains(here, municipality, language) if exports else []
    name = here.study.municipality(municipality).name
    return _page(request, language, lines, own, name, domains)


def _page(
    request: HttpRequest,
    language: str,
    lines: list[Line],
    grew: Mapping[str, tuple[DayLine, ...]],
    name: str = "",
    domains: list[tuple[str, list[tuple[str, int]]]] | None = None,
) -> HttpResponse:
    here = site.current()
    smallest = here.study.disclosure.threshold
    growth = Growth(here.study.fieldwork.first.isoformat(), grown(grew, smallest))
    return rendering.page(
        request,
        "responses/responses.html",
        language,
        t=said(WORDS, language),
        name=name,
        phase=here.store.phase().value,
        runs=may(person(request).role, Task.RUN_FIELDWORK),
        lines=lines,
        total=_together(lines),
        domains=domains or [],
        smallest=smallest,
        growth=growth,
        picture=growth.picture(WORDS["growth"][language], language) if growth.steps else "",
    )


def _lines(
    here: Site, counts: Mapping[Link, Counts], municipality: str, language: str
) -> Iterator[Line]:
    smallest = here.study.disclosure.threshold
    place = here.study.municipality(municipality).name
    for mode in here.study.modes:
        found = counts.get(Link(municipality, mode), Counts())
        yield Line(
            municipality,
            place,
            WORDS[mode.value][language],
            # Interviewers open the page for every call: that says nothing.
            str(stepped(found.opened, smallest)) if mode is Mode.WEB else "–",
            stepped(found.started, smallest),
            stepped(found.finished, smallest),
        )


def _together(lines: list[Line]) -> Line:
    return Line(
        "",
        "",
        "",
        str(sum(int(line.opened) for line in lines if line.opened.isdigit())),
        sum(line.started for line in lines),
        sum(line.completed for line in lines),
    )


def _domains(
    here: Site, municipality: str, language: str
) -> list[tuple[str, list[tuple[str, int]]]]:
    """Who finished by domain, for each mode of the study that codes domains."""
    if not groups(here.study):
        return []
    spoken = of_study(here.study, language)
    found = [
        (mode, finished_by_domain(here.routing, here.store.at(Link(municipality, mode))))
        for mode in here.study.modes
    ]
    return [
        (WORDS[mode.value][language], [(code.label[spoken], n) for code, n in counts])
        for mode, counts in found
    ]
