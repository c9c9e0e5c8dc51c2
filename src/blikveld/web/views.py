"""The pages a respondent or an interviewer meets: first page, questions, thanks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.fieldwork import sessions, tokens, visits
from blikveld.fieldwork.permissions import BUSY, Refused, can_collect, can_edit
from blikveld.fieldwork.sessions import Session, Wish
from blikveld.fieldwork.visits import Answered, Draft, Sent, Visit
from blikveld.questionnaire import Page
from blikveld.study.model import Mode
from blikveld.web import interviewers, jinja, places, refusals, rendering, sheets, site, visitors
from blikveld.web.contact import keeper
from blikveld.web.cookies import set_cookie
from blikveld.web.places import Place

_P = ParamSpec("_P")
_DAYS_14 = 14 * 24 * 60 * 60
_FOREVER = "public, max-age=31536000, immutable"

PlaceView = Callable[Concatenate[HttpRequest, Place, _P], HttpResponse]


def at_a_place(view: PlaceView[_P]) -> Callable[..., HttpResponse]:
    """Find the place an address names, let only interviewers into theirs, and refuse kindly.

    What another website sent leads to the first page, whatever it carries: here, so that no view
    can forget it.
    """

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def found(
        request: HttpRequest,
        language: str,
        municipality: str,
        mode: Mode,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> HttpResponse:
        place = places.find(site.current(), language, municipality, mode)
        if visitors.is_foreign(request):
            return go(place.landing)
        try:
            return interviewers.entry(request, place) or view(request, place, *args, **kwargs)
        except Refused as refused:
            return _refused(request, place, refused)

    return found


def _refused(request: HttpRequest, place: Place, refused: Refused) -> HttpResponse:
    if visitors.wish(request) is Wish.DRAFT:
        return HttpResponse(status=403)
    if refused.code != BUSY:
        # Not from here: what was sent would stay with the page in the browser's history.
        return go(place.landing)
    if request.path == place.landing:
        return go(f"{place.landing}?notice={rendering.BUSY}")
    return refusals.busy(request)


@at_a_place
def landing(request: HttpRequest, place: Place) -> HttpResponse:
    """The page behind the link: what this is about, and the button to start."""
    store = place.site.store
    visit = visitors.visit(request, place)
    if request.method == "POST":
        return _begin(request, place, visit)
    if not can_collect(phase := store.phase()):
        return refusals.not_collecting(place.language, phase)
    found = visits.current(store, visit)
    resume = found[0] if found and can_edit(found[0]) else None
    if resume is None and visitors.is_person(request):
        # The page is shown whatever becomes of a number: a full disk is no reason to turn away.
        with suppress(Error):
            place.site.openings.count(place.link, store.add_opened)
    notice = request.GET.get("notice", "")
    response = rendering.landing(place, tokens.make(), resume, notice)
    return refusals.later(response) if notice == rendering.BUSY else response


@at_a_place
def page(request: HttpRequest, place: Place, number: int) -> HttpResponse:
    """A page of questions, shown or sent in."""
    pages = place.site.routing.pages
    if not 1 <= number <= len(pages):
        raise Http404
    if request.method == "POST":
        return _take_in(request, place, pages[number - 1])
    return _show(request, place, pages[number - 1])


@at_a_place
def done(request: HttpRequest, place: Place) -> HttpResponse:
    """The page of thanks. Who is not there yet is led to where the path goes on."""
    found = visits.current(place.site.store, visitors.visit(request, place))
    if found and can_edit(found[0]):
        return go(place.page(sessions.where(place.site.routing, found[0])))
    return rendering.done(place)


def _begin(request: HttpRequest, place: Place, visit: Visit) -> HttpResponse:
    begun = visits.begin(place.site.store, place.site.routing, visit)
    response = go(place.page(begun.turn.page))
    return with_token(response, place, begun.token)


def _show(request: HttpRequest, place: Place, page: Page) -> HttpResponse:
    routing, store = place.site.routing, place.site.store
    found = visits.current(store, visitors.visit(request, place))
    if found is None:
        return go(f"{place.landing}?notice=no_session")
    session, token = found
    if not can_edit(session):
        return go(place.done)
    if not can_collect(phase := store.phase()):
        return refusals.not_collecting(place.language, phase)
    allowed = sessions.reachable(routing, session, page)
    # A page that was refused before its turn is shown all the same: what was typed is only there.
    refused = session.waiting and session.waiting.wish is not Wish.CODE and _waits(session, page)
    if allowed != page and not refused:
        return go(place.page(allowed))
    if request.method != "GET" or not _waits(session, page):
        notice = request.GET.get("notice", "")
        return rendering.page(place, session, token, page, notice=notice)
    return rendering.collected(place, visits.collect(store, session, token), token, page)


def _waits(session: Session, page: Page) -> bool:
    """Whether something waits for this page; a code waits for whatever page comes next."""
    waiting = session.waiting
    return waiting is not None and (waiting.page == page.number or waiting.wish is Wish.CODE)


def _take_in(request: HttpRequest, place: Place, page: Page) -> HttpResponse:
    store, visit = place.site.store, visitors.visit(request, place)
    wish = visitors.wish(request)
    if wish is Wish.DRAFT:
        return _put_by(request, place, page, visit)
    sent = Sent(page, visitors.form(request), wish)
    if wish is Wish.CODE:
        if visits.ask_code(store, place.site.routing, visit, sent):
            return go(place.page(page))
        sent = replace(sent, wish=Wish.LANGUAGE)
    answered = visits.answer(store, place.site.routing, visit, sent, keeper(place.site))
    return with_token(_after(place, sent, answered), place, answered.token)


def _put_by(request: HttpRequest, place: Place, page: Page, visit: Visit) -> HttpResponse:
    draft = Draft(page, visitors.form(request), *visitors.turn(request))
    kept = visits.draft(place.site.store, place.site.routing, visit, draft)
    return HttpResponse(status=204 if kept else 409)


def _after(place: Place, sent: Sent, answered: Answered) -> HttpResponse:
    """Always the address of a page: what answers a form directly, a browser keeps with the form."""
    if answered.as_sent:
        return go(place.page(sent.page))
    query = "?notice=recovered" if answered.recovered and answered.turn.page else ""
    return go(place.page(answered.turn.page) + query)


def go(address: str) -> HttpResponse:
    """On to another page, by a way that reloading never sends again."""
    return HttpResponse(status=303, headers={"Location": address})


def with_token(response: HttpResponse, place: Place, token: str) -> HttpResponse:
    """The response, with the cookie that says whose questionnaire this is."""
    set_cookie(response, place.cookie, token, _DAYS_14 if place.link.mode is Mode.WEB else None)
    return response


@require_safe
def with_slash(request: HttpRequest, language: str, municipality: str, mode: Mode) -> HttpResponse:
    """A link that was copied without its last sign. The address is made anew, never repeated."""
    return go(places.find(site.current(), language, municipality, mode).landing)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the server can read its database: the phase of the fieldwork as a word."""
    return HttpResponse(site.current().store.phase().value, content_type="text/plain")


@require_safe
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """A style sheet. Its address changes with its content, so it may be kept for good."""
    found = sheets.find(site.current().study, request.path)
    return _kept_for_good(request, found.content, "text/css", found.url)


@require_safe
def script(request: HttpRequest, digest: str) -> HttpResponse:
    """The script, which may be kept for good too."""
    return _kept_for_good(request, jinja.script(), "text/javascript", jinja.script_url())


def _kept_for_good(request: HttpRequest, content: bytes, kind: str, current: str) -> HttpResponse:
    caching = _FOREVER if request.path == current else "no-cache"
    return HttpResponse(
        content, content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": caching}
    )
