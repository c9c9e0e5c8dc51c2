"""What holds for every request: a limit to what is read, and headers that protect the visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from blikveld.web import refusals

LARGEST_BODY = 1_048_576
"""Bytes. The fullest page of answers has some tens of thousands."""

_LARGEST_TO_SWALLOW = 16 * LARGEST_BODY
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not 'no-referrer': browsers would then hide where a form comes from, from ourselves too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # No other website may put a page of ours in its own, not even to measure how large it is.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

View = Callable[[HttpRequest], HttpResponse]


def guarded(get_response: View) -> View:
    """Django middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = with_headers(_answer(get_response, request), _HEADERS)
        if request.method == "HEAD":
            # Only the head goes over the wire; a body would fill the server's log with complaints.
            response.content = b""
        return response

    return middleware


def with_headers(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    """The response with these headers where it has none of its own, and those of every page."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    # Answers on a shared computer: no page is kept by the browser unless it says so itself.
    response.headers.setdefault("Cache-Control", "no-store")
    if settings.ENVIRONMENT.https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _answer(get_response: View, request: HttpRequest) -> HttpResponse:
    length = _length(request)
    if length <= LARGEST_BODY:
        return get_response(request)
    _swallow(request, min(length, _LARGEST_TO_SWALLOW))
    return refusals.too_large(request)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdigit() else 0


def _swallow(request: HttpRequest, length: int) -> None:
    # A browser shows our answer only when it could finish sending.
    while length > 0 and (piece := request.read(min(length, 65_536))):
        length -= len(piece)
