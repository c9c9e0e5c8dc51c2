"""Pages for what cannot be done at the desk, in words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.words import LANGUAGES, WORDS


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
