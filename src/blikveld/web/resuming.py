"""Going on with a code, on another device than the one it was shown on."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from blikveld.fieldwork import codes, sessions, visits
from blikveld.fieldwork.permissions import can_collect, can_edit
from blikveld.fieldwork.sessions import Session
from blikveld.study.model import Mode
from blikveld.web import limits, refusals, rendering
from blikveld.web.places import Place
from blikveld.web.views import at_a_place, go, with_token


@at_a_place
def resume(request: HttpRequest, place: Place) -> HttpResponse:
    """The page to type a code on."""
    if not can_collect(phase := place.site.store.phase()):
        return refusals.not_collecting(place.language, phase)
    if request.method != "POST":
        return rendering.code(place, request.GET.get("notice", ""))
    code = codes.read(request.POST.get(rendering.CODE_FIELD, ""))
    if code is None:
        return go(f"{place.code}?notice=code_wrong")
    if not limits.CODES.admits():
        return go(f"{place.code}?notice=code_busy")
    found = visits.by_code(place.site.store, code)
    if found is None or found[0].link.mode is not Mode.WEB:
        return go(f"{place.code}?notice=code_wrong")
    return _go_on(place, *found)


def _go_on(place: Place, session: Session, token: str) -> HttpResponse:
    # A code works at every link: it leads to the one where it was made.
    there = replace(place, link=session.link)
    if not can_edit(session):
        return go(there.done)
    page = sessions.where(place.site.routing, session)
    return with_token(go(there.page(page)), there, token)
