"""Middleware: limit the request body, set security headers, follow our own redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from blikveld.web import rendering

LARGEST_BODY = 1_048_576
"""Bytes. The fullest page of answers has some tens of thousands."""

_LARGEST_TO_SWALLOW = 16 * LARGEST_BODY
HEADERS = {
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
"""What every page of ours says to the browser, the desk's too."""

View = Callable[[HttpRequest], HttpResponse]


def limit_and_protect(get_response: View) -> View:
    """Django middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = with_headers(_answer(get_response, request), HEADERS)
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
    return rendering.too_large(request)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdigit() else 0


def _swallow(request: HttpRequest, length: int) -> None:
    # A browser shows our answer only when it could finish sending.
    while length > 0 and (piece := request.read(min(length, 65_536))):
        length -= len(piece)


ASKS = "X-Blikveld-Onward"
"""Only a script of our own origin can send this header, so no other site can ask for it."""
_FURTHEST = 3
"""An answer leads to a page, and at the end to thanks; more would be a circle."""


def follow_redirect(get_response: View) -> View:
    """Django middleware: follows our own 303s for who asks for that."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method != "POST" or ASKS not in request.headers:
            return response
        for _ in range(_FURTHEST):
            if response.status_code != 303:
                break
            response = _follow(get_response, request, response)
        return response

    return middleware


def _follow(get_response: View, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    address = response.headers["Location"]
    parts = urlsplit(address)
    # The request goes through the inner middleware again, as the browser's own would: nothing may
    # be skipped that looks at a request. A copy, so that what follows cannot change what was sent.
    following = copy(request)
    following.method, following.path, following.path_info = "GET", parts.path, parts.path
    following.META = {**request.META, "REQUEST_METHOD": "GET", "QUERY_STRING": parts.query}
    following.GET, following.POST = QueryDict(parts.query), QueryDict()
    given = {name: morsel.value for name, morsel in response.cookies.items()}
    following.COOKIES = {**request.COOKIES, **given}
    found = get_response(following)
    for name, morsel in response.cookies.items():
        if name not in found.cookies:
            found.cookies[name] = morsel
    found.headers.setdefault("Content-Location", address)
    return found
