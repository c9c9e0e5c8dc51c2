"""From a session to a page: what is shown, what was filled in, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from markupsafe import Markup

from blikveld.fieldwork import codes, sessions, visits
from blikveld.fieldwork.sessions import Answers, Session, Wish
from blikveld.fieldwork.visits import Collected, Form
from blikveld.questionnaire import Message, Page
from blikveld.study.model import Mode, Study
from blikveld.web import contact, jinja, sheets
from blikveld.web.frames import PageFrame, page_frame, paragraphs, piped
from blikveld.web.places import Place
from blikveld.web.visitors import SESSION_FIELD, TURN_FIELD, WISH_FIELD
from blikveld.web.words import words

BUSY = "busy_start"
_LANDING_NOTICES = {"no_session", BUSY}
_PAGE_NOTICES = {"recovered"}


def landing(place: Place, token: str, resume: Session | None, notice: str = "") -> HttpResponse:
    """The first page: the study's own introduction and the button to start."""
    routing = place.site.routing
    first = routing.pages[0]
    introduction = sessions.introduces(routing, first)
    system = {"municipality": place.link.municipality, "mode": place.link.mode.value}
    items = routing.items(first, {**system, "language": place.language}) if introduction else ()
    return jinja.page(
        f"{place.template_folder}landing.html",
        429 if notice == BUSY else 200,
        **_common(place),
        frame=page_frame(routing, first.number, place.language, place.link),
        shown={item.key for item in items},
        token=token,
        action=place.landing,
        whole_url=place.whole,
        code_url=place.code if place.link.mode is Mode.WEB else "",
        resume=place.page(sessions.where(routing, resume)) if resume else None,
        notice=_notice(place, notice, _LANDING_NOTICES),
        links=[(other.landing, other.language) for other in place.others()],
    )


def page(
    place: Place,
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
    routing = place.site.routing
    answers = sessions.known(session)
    frame = page_frame(routing, page.number, place.language, place.link)
    last = routing.next_page(page.number, answers) is None
    before = routing.previous_page(page.number, answers)
    errors = _errors(messages, place.language)
    shown = {item.key for item in routing.items(page, answers)}
    return jinja.page(
        f"{place.template_folder}page.html",
        status,
        **_common(place),
        frame=frame,
        # A part of which nothing is shown gives the page no title.
        sections=[part for part in frame.sections if shown & {item.key for item in part.frames}],
        shown=shown,
        filled={**_filled(session.answers), **session.half} if form is None else form,
        errors=errors,
        summary=list(_summary(frame, errors)),
        kept={item.key for item in page.contacts if contact.kept(token, item.key)},
        token=token,
        turn=f"{session.turn}-{session.drafts}",
        action=place.page(page),
        last=last,
        back=before is not None and not sessions.introduces(routing, before),
        notice=_notice(place, notice, _PAGE_NOTICES),
        code=code,
        links=[(other.page(page), other.language) for other in place.others()],
    )


def collected(place: Place, found: Collected, token: str, shown: Page) -> HttpResponse:
    """A page that waited, as it was sent: with what is wrong, or with the code that was wished."""
    if found.waiting is None:
        return page(place, found.session, token, shown)
    messages = visits.messages(place.site.routing, found.session, found.waiting)
    return page(
        place,
        found.session,
        token,
        shown,
        messages,
        found.waiting.form if found.waiting.page == shown.number else None,
        status=422 if messages else 200,
        code=codes.grouped(found.code) if found.code else "",
    )


def whole(place: Place, asked_of: Mapping[str, str]) -> HttpResponse:
    """Every page below the other, with nothing filled in; `asked_of` says whom a part is for."""
    frames = [
        page_frame(place.site.routing, page.number, place.language, place.link)
        for page in place.site.routing.pages
    ]
    return jinja.page(
        "whole.html",
        **_common(place),
        sections=[section for frame in frames for section in frame.sections],
        asked_of=asked_of,
        landing=place.landing,
        links=[(other.whole, other.language) for other in place.others()],
    )


CODE_FIELD = "blikveld-code"


_CODE_FAULTS = {"code_wrong": 422, "code_busy": 429}


def code(place: Place, fault: str = "") -> HttpResponse:
    """The page to type a code on; `fault` is the name of the words that say what is wrong."""
    status = _CODE_FAULTS.get(fault, 200)
    return jinja.page(
        "code.html",
        status,
        **_common(place),
        action=place.code,
        field=CODE_FIELD,
        fault=getattr(words(place.language), fault) if fault in _CODE_FAULTS else "",
        landing=place.landing,
        links=[(other.code, other.language) for other in place.others()],
    )


def done(place: Place) -> HttpResponse:
    """The page of thanks, with what the study says there."""
    thanks = place.study.thanks
    municipality = place.study.municipality(place.link.municipality)
    text = piped(thanks[place.language], municipality) if thanks else ""
    return jinja.page(
        f"{place.template_folder}done.html",
        **_common(place),
        text=paragraphs(text) if text else (),
        landing=place.landing,
        links=[(other.done, other.language) for other in place.others()],
    )


def _common(place: Place) -> dict[str, Any]:
    municipality = place.study.municipality(place.link.municipality)
    return {
        "language": place.language,
        "w": words(place.language),
        "words": words,
        "style_url": sheets.of(place.study, municipality.key).url,
        "study_title": place.study.title[place.language],
        "browser_title": browser_title(place.study, place.language),
        "place": municipality.name,
        "numbers": place.link.mode is Mode.PHONE,
        "session_field": SESSION_FIELD,
        "wish_field": WISH_FIELD,
        "turn_field": TURN_FIELD,
        "Wish": Wish,
    }


def browser_title(study: Study, language: str) -> str:
    """What the browser keeps in its history: neutral, unless the study says otherwise."""
    title = study.browser_title
    return title[language] if title else words(language).browser_title


def _filled(answers: Answers) -> Form:
    return {name: (value,) if isinstance(value, str) else value for name, value in answers.items()}


def _errors(messages: Sequence[Message], language: str) -> Mapping[str, str]:
    return {message.question: message.text[language] for message in messages}


def _summary(frame: PageFrame, errors: Mapping[str, str]) -> list[tuple[str, Markup, str]]:
    """For each error the id of its field, the short name of its question, and the message."""
    fields = (field for section in frame.sections for f in section.frames for field in f.fields)
    return [(f.first, f.short, errors[f.key]) for f in fields if f.key in errors]


def _notice(place: Place, name: str, allowed: set[str]) -> str:
    return str(getattr(words(place.language), name)) if name in allowed else ""
