"""How many opened, began and finished: per link, per municipality, by domain, and over time."""

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
from blikveld.fieldwork.days import Line as DayLine
from blikveld.fieldwork.days import grown
from blikveld.fieldwork.domains import Finished, Shown, finished, groups
from blikveld.fieldwork.events import Counts, Link
from blikveld.study.model import Mode
from blikveld.web import site
from blikveld.web.answers import days
from blikveld.web.monitor import FEWEST
from blikveld.web.site import Site


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one link, or of several together; `pages` are those of the asking pages."""

    municipality: str
    place: str
    mode: str
    opened: str
    started: int
    pages: tuple[int, ...]
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
    domains = [
        (WORDS[mode.value][language], rows)
        for mode in here.study.modes
        if (rows := _domains(here, Link(municipality, mode), language))
    ]
    name = here.study.municipality(municipality).name
    return _page(request, language, lines, own, name, domains)


def _page(
    request: HttpRequest,
    language: str,
    lines: list[Line],
    grew: Mapping[str, tuple[DayLine, ...]],
    name: str = "",
    domains: list[tuple[str, list[tuple[str, str]]]] | None = None,
) -> HttpResponse:
    here = site.current()
    growth = Growth(here.study.fieldwork.first.isoformat(), grown(grew))
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
        asking=range(1, len(_asking(here)) + 1),
        domains=domains or [],
        has_domains=bool(name and groups(here.study)),
        growth=growth,
        picture=growth.picture(WORDS["growth"][language], language) if growth.steps else "",
    )


def _lines(
    here: Site, counts: Mapping[Link, Counts], municipality: str, language: str
) -> Iterator[Line]:
    asking = _asking(here)
    place = here.study.municipality(municipality).name
    for mode in here.study.modes:
        found = counts.get(Link(municipality, mode), Counts())
        if mode is not Mode.WEB and not found.started:
            continue
        yield Line(
            municipality,
            place,
            WORDS[mode.value][language],
            # Interviewers open the page for every call: that says nothing.
            str(found.opened) if mode is Mode.WEB else "–",
            found.started,
            tuple(found.pages.get(page, 0) for page in asking),
            found.completed,
        )


def _asking(here: Site) -> list[int]:
    return [page.number for page in here.routing.pages if page.questions]


def _together(lines: list[Line]) -> Line:
    return Line(
        "",
        "",
        "",
        str(sum(int(line.opened) for line in lines if line.opened.isdigit())),
        sum(line.started for line in lines),
        tuple(map(sum, zip(*(line.pages for line in lines), strict=True))),
        sum(line.completed for line in lines),
    )


def _domains(here: Site, link: Link, language: str) -> list[tuple[str, str]]:
    """Who finished by domain, with small groups kept from view exactly as on the monitor."""
    spoken = of_study(here.study, language)
    found = finished(here.routing, here.store.at(link), FEWEST)
    return [(one.domain.label[spoken], _said(one, language)) for one in found]


def _said(found: Finished, language: str) -> str:
    match found.shown:
        case Shown.EXACTLY:
            return str(found.number)
        case Shown.FEW:
            return WORDS["few"][language].format(FEWEST)
        case Shown.HIDDEN:
            return WORDS["hidden"][language]
