"""From a session to a page: what is shown, what was filled in, what is wrong.

Where there is no session to show, a friendly page says what happened and what to do now.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from blikveld.fieldwork import sessions, tokens, visits
from blikveld.fieldwork.sessions import FormAction, Session
from blikveld.fieldwork.store import Phase
from blikveld.fieldwork.visits import Collected, Form
from blikveld.questionnaire import Message, Page
from blikveld.questionnaire.answers import CONFIRMED_FIELD, fill_form
from blikveld.questionnaire.routing import shown_items
from blikveld.rules import Value
from blikveld.study.model import Item, Mode, Study
from blikveld.web import request_data, served_study, templating
from blikveld.web.page_layout import PageLayout, lay_out_page, lay_out_shown
from blikveld.web.request_data import ACTION_FIELD, SESSION_FIELD, SUBMISSION_FIELD, LinkContext
from blikveld.web.templating import PageWords, paragraphs, pipe_text, script_words, words

BUSY = "busy_start"
_LANDING_NOTICES = {"no_session", BUSY}
_PAGE_NOTICES = {"recovered"}


def landing(
    context: LinkContext, token: str, resume: Session | None, notice: str = ""
) -> HttpResponse:
    """The first page: the study's own introduction and the button to start."""
    routing = context.served.routing
    first = routing.pages[0]
    introduction = sessions.introduces(routing, first)
    given = (context.link.site, context.link.mode.value, context.language)
    known = dict(zip(context.study.known_before, given, strict=True))
    items = routing.items(first, known) if introduction else ()
    return templating.page(
        f"{context.template_folder}landing.html",
        429 if notice == BUSY else 200,
        **_common(context),
        layout=lay_out_page(routing, first.number, context.language, context.link),
        shown={item.key for item in items},
        token=token,
        action=context.landing,
        whole_url=context.whole,
        code_url=context.code if context.link.mode is Mode.WEB else "",
        resume=context.page(sessions.find_next_page(routing, resume)) if resume else None,
        notice=_notice(context, notice, _LANDING_NOTICES),
        links=[(other.landing, other.language) for other in context.others()],
    )


def page(
    context: LinkContext,
    session: Session,
    token: str,
    page: Page,
    messages: Sequence[Message] = (),
    form: Form | None = None,
    *,
    notice: str = "",
    status: int = 200,
    code: str = "",
) -> HttpResponse:
    """A page of questions, filled in from `form` where that is given, else from the answers."""
    routing = context.served.routing
    answers = sessions.known(routing, session)
    person = routing.person(answers)
    items = shown_items(page, person)
    frame = _frame(context, page, items, person)
    last = routing.next_page(page.number, answers) is None
    before = routing.previous_page(page.number, answers)
    errors = _errors(messages, context.language)
    shown = {item.key for item in items}
    return templating.page(
        f"{context.template_folder}page.html",
        status,
        **_common(context),
        layout=frame,
        # A part of which nothing is shown gives the page no title.
        sections=[part for part in frame.sections if shown & {item.key for item in part.layouts}],
        shown=shown,
        filled=_filled(page, session) if form is None else form,
        errors=errors,
        summary=list(_summary(frame, errors)),
        confirm=[message.check for message in messages if message.check],
        confirmed_field=CONFIRMED_FIELD,
        kept={item.key for item in page.contacts if served_study.kept(token, item.key)},
        token=token,
        submission=f"{session.submission}-{session.draft_number}",
        action=context.page(page),
        last=last,
        back=before is not None and not sessions.introduces(routing, before),
        notice=_notice(context, notice, _PAGE_NOTICES),
        code=code,
        links=[(other.page(page), other.language) for other in context.others()],
    )


def _frame(
    context: LinkContext, page: Page, items: Sequence[Item], person: Mapping[str, Value]
) -> PageLayout:
    routing = context.served.routing
    if page.is_filtered or page.fills_in_answers:
        return lay_out_shown(routing, page, items, person, context.language, context.link)
    return lay_out_page(routing, page.number, context.language, context.link)


def collected(context: LinkContext, found: Collected, token: str, shown: Page) -> HttpResponse:
    """A page that waited, as it was sent: with what is wrong, or with the code that was wished."""
    if found.waiting is None:
        return page(context, found.session, token, shown)
    messages = visits.messages(context.served.routing, found.session, found.waiting)
    return page(
        context,
        found.session,
        token,
        shown,
        messages,
        found.waiting.form if found.waiting.page == shown.number else None,
        status=422 if messages else 200,
        code=tokens.group_code(found.code) if found.code else "",
    )


def whole(context: LinkContext, asked_of: Mapping[str, str]) -> HttpResponse:
    """Every page below the other, with nothing filled in; `asked_of` says whom a part is for."""
    frames = [
        lay_out_page(context.served.routing, page.number, context.language, context.link)
        for page in context.served.routing.pages
    ]
    return templating.page(
        "whole.html",
        **_common(context),
        sections=[section for frame in frames for section in frame.sections],
        asked_of=asked_of,
        landing=context.landing,
        links=[(other.whole, other.language) for other in context.others()],
    )


CODE_FIELD = "blikveld-code"


_CODE_FAULTS = {"code_wrong": 422, "code_busy": 429}


def code(context: LinkContext, fault: str = "") -> HttpResponse:
    """The page to type a code on; `fault` is the name of the words that say what is wrong."""
    status = _CODE_FAULTS.get(fault, 200)
    return templating.page(
        "code.html",
        status,
        **_common(context),
        action=context.code,
        field=CODE_FIELD,
        fault=getattr(words(context.study, context.language), fault)
        if fault in _CODE_FAULTS
        else "",
        landing=context.landing,
        links=[(other.code, other.language) for other in context.others()],
    )


def done(context: LinkContext) -> HttpResponse:
    """The page of thanks, with what the study says there."""
    thanks = context.study.thanks
    site = context.study.sites[context.link.site]
    text = pipe_text(thanks[context.language], context.study, site) if thanks else ""
    return templating.page(
        f"{context.template_folder}done.html",
        **_common(context),
        text=paragraphs(text) if text else (),
        landing=context.landing,
        links=[(other.done, other.language) for other in context.others()],
    )


def _common(context: LinkContext) -> dict[str, Any]:
    site = context.study.sites[context.link.site]
    return {
        "language": context.language,
        "w": words(context.study, context.language),
        "script": script_words(context.study, context.language),
        "style_url": templating.style_of(context.study, site.key).url,
        "study_title": context.study.title[context.language],
        "browser_title": browser_title(context.study, context.language),
        "place": site.name,
        "numbers": context.link.mode is Mode.PHONE,
        "session_field": SESSION_FIELD,
        "action_field": ACTION_FIELD,
        "submission_field": SUBMISSION_FIELD,
        "FormAction": FormAction,
    }


def browser_title(study: Study, language: str) -> str:
    """What the browser keeps in its history: neutral, unless the study says otherwise."""
    title = study.browser_title
    return title[language] if title else words(study, language).browser_title


def _filled(page: Page, session: Session) -> Form:
    return {**fill_form(page.questions, session.answers), **session.incomplete}


def _errors(messages: Sequence[Message], language: str) -> Mapping[str, str]:
    return {message.question: message.text[language] for message in messages}


def _summary(frame: PageLayout, errors: Mapping[str, str]) -> list[tuple[str, Markup, str]]:
    """For each error the id of its field, the short name of its question, and the message."""
    fields = (field for section in frame.sections for f in section.layouts for field in f.fields)
    return [(f.first, f.short, errors[f.key]) for f in fields if f.key in errors]


def _notice(context: LinkContext, name: str, allowed: set[str]) -> str:
    return str(getattr(words(context.study, context.language), name)) if name in allowed else ""


def language_of(request: HttpRequest) -> str:
    """The language in the address, else the study's first."""
    languages = served_study.current().study.languages
    first = request.path.split("/")[1] if "/" in request.path else ""
    return first if first in languages else languages[0]


def _words(language: str) -> PageWords:
    return words(served_study.current().study, language)


def not_collecting(language: str, phase: Phase) -> HttpResponse:
    """The fieldwork takes no answers."""
    w = _words(language)
    if phase is Phase.CLOSED:
        return _page(language, w.closed, w.closed_text, 403)
    return _page(language, w.not_open, w.not_open_text, 403)


def busy(request: HttpRequest) -> HttpResponse:
    """Too many begin at once, so that it looks like a robot."""
    return _held(request, _words(language_of(request)).busy, 429)


def no_entry(language: str) -> HttpResponse:
    """An interviewer's page, asked for without the key."""
    w = _words(language)
    return _page(language, w.no_entry, w.no_entry_text, 403)


def too_large(request: HttpRequest) -> HttpResponse:
    """A body that is too large to be a page of answers."""
    w = _words(language_of(request))
    return _page(language_of(request), w.too_large, w.too_large_text, 413)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400: what came in is not a form."""
    w = _words(language_of(request))
    return _page(language_of(request), w.unreadable, w.unreadable_text, 400)


def unknown(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    w = _words(language_of(request))
    return _page(language_of(request), w.unknown, w.unknown_text, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500, also where the database cannot be reached."""
    w = _words(language_of(request))
    if isinstance(sys.exc_info()[1], Error):
        return _held(request, w.down, 503)
    return _held(request, w.broken, 500)


def _held(request: HttpRequest, title: str, status: int) -> HttpResponse:
    """Nothing could be kept of what was sent: it stands on the page itself, to be sent again."""
    w = _words(language_of(request))
    sent = list(request_data.sent(request))
    text = w.held if sent else w.held_later
    return later(_page(language_of(request), title, text, status, sent, request.path))


def later(response: HttpResponse) -> HttpResponse:
    """The response, with when to come again."""
    response["Retry-After"] = "60"
    return response


def _page(
    language: str,
    title: str,
    text: str,
    status: int,
    sent: Sequence[tuple[str, str]] = (),
    action: str = "",
) -> HttpResponse:
    study = served_study.current().study
    return templating.page(
        "notice.html",
        status,
        language=language,
        w=_words(language),
        study_title=study.title[language],
        browser_title=browser_title(study, language),
        title=title,
        text=text,
        sent=sent,
        action=action,
    )
