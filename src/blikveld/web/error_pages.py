"""Friendly pages for what cannot be done. Each says what happened and what to do now."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.db import Error
from django.http import HttpRequest, HttpResponse

from blikveld.fieldwork.store import Phase
from blikveld.web import rendering, request_data, served_study, templating
from blikveld.web.words import PageWords, words


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
        browser_title=rendering.browser_title(study, language),
        title=title,
        text=text,
        sent=sent,
        action=action,
    )
