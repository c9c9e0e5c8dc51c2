"""Who comes in where. A view says which task it serves; the guard lets no other people reach it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from blikveld.desk import refusals
from blikveld.desk.accounts.models import Account
from blikveld.desk.roles import Task, may
from blikveld.desk.words import LANGUAGES
from blikveld.web.middleware import with_headers

SINCE = "since"
"""In a session: when both factors were given, in seconds. Nobody is in without it."""

LONGEST = 10 * 60 * 60
"""Seconds after which somebody signs in anew, however busy."""

_TASK, _OPEN = "desk_task", "desk_open"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def allowed(task: Task) -> Callable[[View], View]:
    """This view is for people who may do this task, signed in with both factors."""

    def mark(view: View) -> View:
        setattr(view, _TASK, task)
        return view

    return mark


def open_to_all(view: View) -> View:
    """This view is for everybody, also who is not signed in."""
    setattr(view, _OPEN, True)
    return view


def task_of(view: Callable[..., Any]) -> Task | None:
    """The task a view serves; None for one that is open to all, or that says nothing."""
    return getattr(view, _TASK, None)


def current(request: HttpRequest) -> Account | None:
    """Who is signed in with both factors, and not too long ago."""
    account = request.user
    since = request.session.get(SINCE)
    if not isinstance(account, Account) or not isinstance(since, int):
        return None
    return account if time.time() - since < LONGEST else None


def person(request: HttpRequest) -> Account:
    """Who asks for this page, in a view that is not open to all."""
    account = current(request)
    if account is None:
        raise PermissionError("A view that is open to all asked who is there.")
    return account


class Guard:
    """Django middleware. What nobody allowed is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before and nothing after."""
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> HttpResponse | None:
        """Django calls this with the view that belongs to the address."""
        if named.get("language", LANGUAGES[0]) not in LANGUAGES:
            return refusals.unknown(request)
        if getattr(view, _OPEN, False):
            return None
        account = current(request)
        if account is None:
            return _to_the_door(request)
        task = task_of(view)
        if task is None or not may(account.role, task):
            return refusals.not_allowed(request)
        return None


def _by_our_name(request: HttpRequest) -> bool:
    """Whether the desk was called by a name of its own: no other can be led to this machine."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _to_the_door(request: HttpRequest) -> HttpResponse:
    language = refusals.language_of(request)
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    address = reverse("sign_in", args=[language])
    query = f"?{urlencode(back)}" if back else ""
    return HttpResponse(status=303, headers={"Location": address + query})


def protected(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware: headers that protect who sits at the desk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request) if _by_our_name(request) else refusals.unreadable(request)
        return with_headers(response, _HEADERS)

    return middleware
