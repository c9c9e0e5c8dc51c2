"""One request a page for browsers with our script: the next page comes with the answer to a form.

Without a script a form is answered with 303, so that going back and reloading never send it again.
The script asks for the page behind that 303 at once, and sets the address itself; so it is safe in
the same way, and costs half the requests.
"""

from __future__ import annotations

from copy import copy
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict

from blikveld.web.middleware import View

ASKS = "X-Blikveld-Onward"
"""Only a script of our own origin can send this header, so no other site can ask for it."""
_FURTHEST = 3


def onward(get_response: View) -> View:
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
