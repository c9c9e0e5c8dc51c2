"""Views of the questionnaire: landing, pages, resume by code, the whole questionnaire, done.

Who may open the phone script is decided here too: whoever has the pass of today, which the desk
gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.fieldwork import sessions, tokens, visits
from blikveld.fieldwork.sessions import FormAction, Session
from blikveld.fieldwork.visits import (
    BUSY,
    AnswerResult,
    NotPermitted,
    PageDraft,
    Sent,
    Visit,
    can_collect,
    can_edit,
)
from blikveld.phone import day_pass
from blikveld.phone.queue import HERE
from blikveld.questionnaire import Page, Routing
from blikveld.rules import EVERYBODY, Rule
from blikveld.rules.describe import describe_rule
from blikveld.study.items import questions_of
from blikveld.study.labels import Labels
from blikveld.study.model import Grid, Mode
from blikveld.web import rendering, request_data, served_study, templating
from blikveld.web.request_data import LinkContext, cookie_name, set_cookie
from blikveld.web.served_study import keeper

_P = ParamSpec("_P")
_DAYS_14 = 14 * 24 * 60 * 60
_FOREVER = "public, max-age=31536000, immutable"

LinkView = Callable[Concatenate[HttpRequest, LinkContext, _P], HttpResponse]


def at_a_link(view: LinkView[_P]) -> Callable[..., HttpResponse]:
    """Find the place an address names, let only interviewers into theirs, and refuse kindly.

    What another website sent leads to the first page, whatever it carries: here, so that no view
    can forget it.
    """

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def found(
        request: HttpRequest,
        language: str,
        site: str,
        mode: Mode,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> HttpResponse:
        context = request_data.find_context(served_study.current(), language, site, mode)
        if request_data.is_foreign(request):
            return go(context.landing)
        try:
            return entry(request, context) or view(request, context, *args, **kwargs)
        except NotPermitted as refused:
            return _refused(request, context, refused)

    return found


def _refused(request: HttpRequest, context: LinkContext, refused: NotPermitted) -> HttpResponse:
    if request_data.form_action(request) is FormAction.DRAFT:
        return HttpResponse(status=403)
    if refused.code != BUSY:
        # Not from here: what was sent would stay with the page in the browser's history.
        return go(context.landing)
    if request.path == context.landing:
        return go(f"{context.landing}?notice={rendering.BUSY}")
    return rendering.busy(request)


@at_a_link
def landing(request: HttpRequest, context: LinkContext) -> HttpResponse:
    """The page behind the link: what this is about, and the button to start."""
    store = context.served.store
    visit = request_data.visit(request, context)
    if request.method == "POST":
        return _begin(request, context, visit)
    if not can_collect(phase := store.phase()):
        return rendering.not_collecting(context.language, phase)
    found = visits.current(store, visit)
    resume = found[0] if found and can_edit(found[0]) else None
    if resume is None and request_data.is_person(request):
        # The page is shown whatever becomes of a number: a full disk is no reason to turn away.
        with suppress(Error):
            context.served.openings.count(context.link, store.add_opened)
    notice = request.GET.get("notice", "")
    response = rendering.landing(context, tokens.make_token(), resume, notice)
    return rendering.later(response) if notice == rendering.BUSY else response


@at_a_link
def page(request: HttpRequest, context: LinkContext, number: int) -> HttpResponse:
    """A page of questions, shown or sent in."""
    pages = context.served.routing.pages
    if not 1 <= number <= len(pages):
        raise Http404
    if request.method == "POST":
        return _submit(request, context, pages[number - 1])
    return _show(request, context, pages[number - 1])


@at_a_link
def done(request: HttpRequest, context: LinkContext) -> HttpResponse:
    """The page of thanks. Who is not there yet is led to where the path goes on."""
    served, visit = context.served, request_data.visit(request, context)
    left = visits.finish(served.store, served.routing, visit)
    return go(context.page(left)) if left else rendering.done(context)


def _begin(request: HttpRequest, context: LinkContext, visit: Visit) -> HttpResponse:
    begun = visits.begin(context.served.store, context.served.routing, visit)
    response = go(context.page(begun.page_result.page))
    return with_token(response, context, begun.token)


def _show(request: HttpRequest, context: LinkContext, page: Page) -> HttpResponse:
    routing, store = context.served.routing, context.served.store
    found = visits.current(store, request_data.visit(request, context))
    if found is None:
        return go(f"{context.landing}?notice=no_session")
    session, token = found
    if not can_edit(session):
        return go(context.done)
    if not can_collect(phase := store.phase()):
        return rendering.not_collecting(context.language, phase)
    allowed = sessions.reachable(routing, session, page)
    # A page that was refused before its turn is shown all the same: what was typed is only there.
    refused = (
        session.waiting and session.waiting.wish is not FormAction.CODE and _waits(session, page)
    )
    if allowed != page and not refused:
        return go(context.page(allowed))
    if request.method != "GET" or not _waits(session, page):
        notice = request.GET.get("notice", "")
        return rendering.page(context, session, token, page, notice=notice)
    return rendering.collected(context, visits.collect(store, session, token), token, page)


def _waits(session: Session, page: Page) -> bool:
    """Whether something waits for this page; a code waits for whatever page comes next."""
    waiting = session.waiting
    return waiting is not None and (waiting.page == page.number or waiting.wish is FormAction.CODE)


def _submit(request: HttpRequest, context: LinkContext, page: Page) -> HttpResponse:
    store, visit = context.served.store, request_data.visit(request, context)
    action = request_data.form_action(request)
    if action is FormAction.DRAFT:
        return _save_draft(request, context, page, visit)
    sent = Sent(page, request_data.form(request), action)
    if action is FormAction.CODE:
        if visits.ask_code(store, context.served.routing, visit, sent):
            return go(context.page(page))
        sent = replace(sent, action=FormAction.LANGUAGE)
    answered = visits.answer(store, context.served.routing, visit, sent, keeper(context.served))
    return with_token(_after(context, sent, answered), context, answered.token)


def _save_draft(
    request: HttpRequest, context: LinkContext, page: Page, visit: Visit
) -> HttpResponse:
    draft = PageDraft(page, request_data.form(request), *request_data.submission_number(request))
    kept = visits.draft(context.served.store, context.served.routing, visit, draft)
    return HttpResponse(status=204 if kept else 409)


def _after(context: LinkContext, sent: Sent, answered: AnswerResult) -> HttpResponse:
    """Always the address of a page: what answers a form directly, a browser keeps with the form."""
    if answered.as_sent:
        return go(context.page(sent.page))
    query = "?notice=recovered" if answered.recovered and answered.page_result.page else ""
    return go(context.page(answered.page_result.page) + query)


def go(address: str) -> HttpResponse:
    """On to another page, by a way that reloading never sends again."""
    return HttpResponse(status=303, headers={"Location": address})


def with_token(response: HttpResponse, context: LinkContext, token: str) -> HttpResponse:
    """The response, with the cookie that says whose questionnaire this is."""
    set_cookie(response, context.cookie, token, _DAYS_14 if context.link.mode is Mode.WEB else None)
    return response


@require_safe
def with_slash(request: HttpRequest, language: str, site: str, mode: Mode) -> HttpResponse:
    """A link that was copied without its last sign. The address is made anew, never repeated."""
    return go(request_data.find_context(served_study.current(), language, site, mode).landing)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the server can read its database: the phase of the fieldwork as a word."""
    return HttpResponse(served_study.current().store.phase().value, content_type="text/plain")


@require_safe
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """A style sheet. Its address changes with its content, so it may be kept for good."""
    found = templating.find(served_study.current().study, request.path)
    return _kept_for_good(request, found.content, "text/css", found.url)


@require_safe
def script(request: HttpRequest, digest: str) -> HttpResponse:
    """The script, which may be kept for good too."""
    return _kept_for_good(request, templating.script(), "text/javascript", templating.script_url())


def _kept_for_good(request: HttpRequest, content: bytes, kind: str, current: str) -> HttpResponse:
    caching = _FOREVER if request.path == current else "no-cache"
    return HttpResponse(
        content, content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": caching}
    )


@at_a_link
def whole(request: HttpRequest, context: LinkContext) -> HttpResponse:
    """Every page below the other. Nobody's answers are here, whatever cookie came along."""
    return rendering.whole(context, asked_of(context.served.routing, context.language))


@lru_cache(maxsize=20)
def asked_of(routing: Routing, language: str) -> Mapping[str, str]:
    """From what is not for everybody to whom it is for, in words."""
    words, folder = Labels(routing.study, language), routing.study.folder
    return {
        key: describe_rule(rule, words, language, study=folder) for key, rule in _rules(routing)
    }


def _rules(routing: Routing) -> Iterator[tuple[str, Rule]]:
    for item in (item for page in routing.pages for item in page.items):
        rows = item.rows if isinstance(item, Grid) else ()
        for part in (item, *rows):
            # A statement that is for whom its grid is for need not say so again.
            if part.ask_if is not EVERYBODY and (part is item or part.ask_if != item.ask_if):
                yield part.key, part.ask_if
        for question in questions_of(item):
            for option in question.options:
                if option.show_if is not EVERYBODY:
                    yield f"q-{question.key}-{option.code}", option.show_if


@at_a_link
def resume(request: HttpRequest, context: LinkContext) -> HttpResponse:
    """The page to type a code on."""
    if not can_collect(phase := context.served.store.phase()):
        return rendering.not_collecting(context.language, phase)
    if request.method != "POST":
        return rendering.code(context, request.GET.get("notice", ""))
    code = tokens.read_code(request.POST.get(rendering.CODE_FIELD, ""))
    if code is None:
        return go(f"{context.code}?notice=code_wrong")
    if not served_study.CODES.admits():
        return go(f"{context.code}?notice=code_busy")
    found = visits.by_code(context.served.store, code)
    if found is None or found[0].link.mode is not Mode.WEB:
        return go(f"{context.code}?notice=code_wrong")
    return _go_on(context, *found)


def _go_on(context: LinkContext, session: Session, token: str) -> HttpResponse:
    # A code works at every link: it leads to the one where it was made.
    there = replace(context, link=session.link)
    if not can_edit(session):
        return go(there.done)
    page = sessions.find_next_page(context.served.routing, session)
    return with_token(go(there.page(page)), there, token)


_COOKIE = "blikveld-interviewer"
KEY = "key"
_HOURS_12 = 12 * 60 * 60


def entry(request: HttpRequest, context: LinkContext) -> HttpResponse | None:
    """None where the visitor may enter; else what to answer.

    The pass comes once, in the address; it is exchanged for a cookie at once, so that it does not
    stay in the browser's history of later pages. Both are worth nothing after today.
    """
    key = context.served.phone_key
    if context.link.mode is not Mode.PHONE:
        return None
    if not key:
        return rendering.unknown(request)
    if day_pass.opens(key, request.COOKIES.get(cookie_name(_COOKIE), ""), today()):
        return None
    if day_pass.opens(key, given := request.GET.get(KEY, ""), today()):
        return _let_in(request, given)
    return rendering.no_entry(context.language)


def today() -> date:
    """The day it is for who is called."""
    return datetime.now(HERE).date()


def _let_in(request: HttpRequest, given: str) -> HttpResponse:
    response = HttpResponse(status=303, headers={"Location": request.path})
    set_cookie(response, cookie_name(_COOKIE), given, _HOURS_12)
    return response
