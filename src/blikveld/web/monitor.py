"""The page for a municipality's contact: how many opened, began and finished. No answer is here."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.fieldwork.domains import Finished, Shown, finished
from blikveld.fieldwork.events import Counts, Link
from blikveld.study.model import Mode, Study
from blikveld.web import jinja, sheets, site
from blikveld.web.monitor_words import MonitorWords, monitor_words
from blikveld.web.site import Site
from blikveld.web.watching import address, secret
from blikveld.web.words import words

FEWEST = 5
"""Groups smaller than this are shown as 'fewer than 5', nobody included."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the way: `shown` is what is printed, `value` the length of its bar."""

    label: str
    shown: str
    value: int


@dataclass(frozen=True, slots=True)
class Part:
    """The steps of one mode; `most` is the length of the longest bar, at least 1."""

    title: str
    lines: tuple[Line, ...]
    most: int


@require_safe
def monitor(request: HttpRequest, language: str, municipality: str, given: str) -> HttpResponse:
    """The numbers of one municipality. A wrong address is like one that does not exist."""
    here = site.current()
    study = here.study
    if language not in study.languages or not _may_see(study, municipality, given):
        raise Http404
    spoken = monitor_words(language)
    response = jinja.page(
        "monitor.html",
        w=words(language),
        m=spoken,
        language=language,
        style_url=sheets.of(study, municipality).url,
        study_title=study.title[language],
        place=study.municipality(municipality).name,
        phase=spoken.phases[here.store.phase().value],
        parts=list(_parts(here, municipality, spoken, language)),
        links=[
            (address(study, municipality, other, settings.SECRET_KEY), other)
            for other in study.languages
            if other != language
        ],
        words=words,
    )
    # The address is a secret: it may not leave with a link, nor stay in a shared cache.
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _may_see(study: Study, municipality: str, given: str) -> bool:
    if municipality not in {place.key for place in study.municipalities}:
        return False
    right = secret(study, municipality, settings.SECRET_KEY)
    # As bytes: what was typed may hold letters that a comparison of texts refuses.
    return hmac.compare_digest(right.encode(), given.encode(errors="replace"))


def _parts(here: Site, municipality: str, spoken: MonitorWords, language: str) -> Iterator[Part]:
    counts = here.store.counts()
    for mode in here.study.modes:
        found = counts.get(Link(municipality, mode), Counts())
        if mode is Mode.WEB or found.started:
            lines = tuple(_lines(here, found, mode, spoken))
            yield Part(spoken.modes[mode.value], lines, max(1, *(line.value for line in lines)))
            yield from _domains(here, Link(municipality, mode), spoken, language)


def _domains(here: Site, link: Link, spoken: MonitorWords, language: str) -> Iterator[Part]:
    """Who finished, per domain. One column: more would give more to subtract."""
    found = finished(here.routing, here.store.at(link), FEWEST)
    if not found:
        return
    lines = tuple(_group(one, language, spoken) for one in found)
    title = spoken.by_domain.format(spoken.modes[link.mode.value])
    yield Part(title, lines, max(1, *(line.value for line in lines)))


def _group(found: Finished, language: str, spoken: MonitorWords) -> Line:
    label = found.domain.label[language]
    if found.shown is Shown.HIDDEN:
        return Line(label, spoken.hidden, 0)
    return _line(label, found.number, spoken)


def _lines(here: Site, found: Counts, mode: Mode, spoken: MonitorWords) -> Iterator[Line]:
    if mode is Mode.WEB:
        yield _line(spoken.opened, found.opened, spoken)
    yield _line(spoken.started, found.started, spoken)
    asking = [page for page in here.routing.pages if page.questions]
    for number, page in enumerate(asking, start=1):
        yield _line(spoken.page.format(number), found.pages.get(page.number, 0), spoken)
    yield _line(spoken.completed, found.completed, spoken)


def _line(label: str, number: int, spoken: MonitorWords) -> Line:
    if number < FEWEST:
        return Line(label, spoken.few.format(FEWEST), 0)
    return Line(label, f"{number:,}".replace(",", spoken.thousands), number)
