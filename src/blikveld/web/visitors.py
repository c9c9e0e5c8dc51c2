"""What a request tells of its visitor, used now and kept nowhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

from blikveld.fieldwork.visits import Form, Visit, Wish
from blikveld.web.places import Place

# A question's name is a Python name, so these can never be the name of a question.
SESSION_FIELD = "blikveld-session"
WISH_FIELD = "blikveld-go"
TURN_FIELD = "blikveld-turn"
"""Turn and number of a draft: `3-1`. A page is shown with the number of the last one."""

_TURN = re.compile(r"(\d{1,6})-(\d{1,6})", re.ASCII)
_ROBOT = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scanner|facebookexternalhit|whatsapp|headlesschrome/.*lighthouse",
    re.IGNORECASE,
)


def is_person(request: HttpRequest) -> bool:
    """Whether somebody looks at the page, as far as can be told: no robot, no page fetched ahead.

    Link scanners that pass for a browser are counted, so 'opened' is an upper bound.
    """
    ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    robot = _ROBOT.search(request.headers.get("User-Agent", ""))
    return request.method == "GET" and "prefetch" not in ahead and robot is None


def is_foreign(request: HttpRequest) -> bool:
    """Whether another website made the browser send this.

    Browsers tell where a form was sent from; what tells nothing is no browser, and has no cookie
    of anybody else to misuse. Following a link from elsewhere is not foreign: it changes nothing.
    """
    if request.method != "POST":
        return False
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched:
        return fetched not in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return source is not None and urlsplit(source).netloc != request.META.get("HTTP_HOST", "")


def visit(request: HttpRequest, place: Place) -> Visit:
    """Who comes. The token in the form goes first: a page belongs to whom it was made for.

    A cookie that another website made the browser send along is left aside.
    """
    from_form = request.POST.get(SESSION_FIELD, "") if request.method == "POST" else ""
    from_cookie = "" if is_foreign(request) else request.COOKIES.get(place.cookie, "")
    tokens = tuple(token for token in (from_form, from_cookie) if token)
    return Visit(place.link, place.language, tokens, place.site.starts.admit)


def form(request: HttpRequest) -> Form:
    """The fields of a form that was sent in."""
    return _lists(request.POST)


def wish(request: HttpRequest) -> Wish:
    """Which button was pressed. Sending a form without a button means going on."""
    named = request.POST.get(WISH_FIELD, "")
    return next((wish for wish in Wish if wish.value == named), Wish.NEXT)


def turn(request: HttpRequest) -> tuple[int, int]:
    """The turn and number of a draft; numbers that fit no draft where there are none."""
    found = _TURN.fullmatch(request.POST.get(TURN_FIELD, ""))
    return (int(found[1]), int(found[2])) if found else (-1, 0)


def _lists(fields: QueryDict) -> Form:
    return {name: [str(value) for value in values] for name, values in fields.lists()}
