"""Error pages of the desk: each says what cannot be done and how to go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.words import LANGUAGES, WORDS
from blikveld.errors import BlikveldError


def language_of(request: HttpRequest) -> str:
    """The language in the address, else the first."""
    first = request.path.split("/")[1] if "/" in request.path else ""
    return first if first in LANGUAGES else LANGUAGES[0]


def not_allowed(request: HttpRequest) -> HttpResponse:
    """Somebody whose role has no such task."""
    return _page(request, "not_allowed", 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or from a page that lay open too long."""
    return _page(request, "forged", 403)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return _page(request, "forged", 400)


def unknown(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return _page(request, "unknown", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return _page(request, "broken", 500)


def _page(request: HttpRequest, key: str, status: int) -> HttpResponse:
    language = language_of(request)
    title, text = WORDS[key][language], WORDS[f"{key}_text"][language]
    return rendering.page(request, "desk/notice.html", language, status, title=title, text=text)


View = TypeVar("View", bound=Callable[..., HttpResponse])
Refusal = TypeVar("Refusal", bound=BlikveldError)


def handle_error(
    kind: type[Refusal], page: Callable[[HttpRequest, str, Refusal], HttpResponse]
) -> Callable[[View], View]:
    """Decorates views: a refusal of this kind is answered with `page`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def instead(request: HttpRequest, language: str, *given: Any, **named: Any) -> HttpResponse:
            try:
                return view(request, language, *given, **named)
            except kind as refused:
                return page(request, language, refused)

        return cast(View, instead)

    return decorate


def reason(refused: BlikveldError) -> str:
    """What is wrong and how to mend it, to stand on a page."""
    return f"{refused.problem} {refused.mend}"


def _notice(request: HttpRequest, language: str, refused: BlikveldError) -> HttpResponse:
    title, text = WORDS["cannot"][language], reason(refused)
    return rendering.page(request, "desk/notice.html", language, 409, title=title, text=text)


show_error_page = handle_error(BlikveldError, _notice)
"""For rooms whose refusals have no page of their own."""
