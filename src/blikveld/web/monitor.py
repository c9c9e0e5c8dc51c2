"""The page for a site's contact: how many finished, in steps, as of the last night.

It shows nothing else, for any other number changes with what somebody answers, or with so few
people that a contact knows them.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.fieldwork.counters import Counts, stepped
from blikveld.fieldwork.sessions import SurveyLink
from blikveld.locale import Catalogue
from blikveld.locale.conventions import whole_number
from blikveld.study.model import Study
from blikveld.web import rendering, served_study, templating
from blikveld.web.environment import monitor_address, monitor_secret
from blikveld.web.served_study import ServedStudy
from blikveld.web.templating import monitor_words, page_catalogue, words


@dataclass(frozen=True, slots=True)
class MonitorRow:
    """How many finished by one mode: `shown` is what is printed, `value` the length of its bar."""

    label: str
    shown: str
    value: int


@require_safe
def monitor(request: HttpRequest, language: str, site: str, given: str) -> HttpResponse:
    """The numbers of one site. A wrong address is like one that does not exist."""
    here = served_study.current()
    study = here.study
    if language not in study.languages or not _may_see(study, site, given):
        raise Http404
    spoken = page_catalogue(study, language)
    lines = list(_lines(here, site, spoken))
    response = templating.page(
        "monitor.html",
        w=words(study, language),
        m=monitor_words(study, language),
        language=language,
        style_url=templating.style_of(study, site).url,
        study_title=study.title[language],
        browser_title=rendering.browser_title(study, language),
        place=study.sites[site].name,
        phase=spoken.text(f"monitor.phase.{here.store.phase().value}"),
        lines=lines,
        most=max(1, *(line.value for line in lines)),
        few_note=spoken.counted("monitor.few_note", study.disclosure.threshold),
        links=[
            (monitor_address(study, site, other, settings.SECRET_KEY), other)
            for other in study.languages
            if other != language
        ],
    )
    # The address is a secret: it may not leave with a link, nor stay in a shared cache.
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _may_see(study: Study, site: str, given: str) -> bool:
    if site not in study.sites.keys:
        return False
    right = monitor_secret(study, site, settings.SECRET_KEY)
    # As bytes: what was typed may hold letters that a comparison of texts refuses.
    return hmac.compare_digest(right.encode(), given.encode(errors="replace"))


def _lines(here: ServedStudy, site: str, spoken: Catalogue) -> Iterator[MonitorRow]:
    """Every mode, also where nobody came: a line that appears would tell of one person."""
    counts, smallest = here.store.counts(), here.study.disclosure.threshold
    for mode in here.study.modes:
        finished = counts.get(SurveyLink(site, mode), Counts()).finished
        number = stepped(finished, smallest)
        few = spoken.counted("monitor.few", smallest)
        told = whole_number(number, spoken.language) if number else few
        yield MonitorRow(spoken.text(f"monitor.mode.{mode.value}"), told, number)
