"""Access to views. Each declares one permission; the middleware refuses whoever lacks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from blikveld.desk import error_pages
from blikveld.desk.accounts.login import current
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.words import LANGUAGES
from blikveld.web.middleware import HEADERS, with_headers

_PERMISSION, _OPEN = "desk_task", "desk_open"
_HEADERS = {**HEADERS, "X-Frame-Options": "DENY"}

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def requires(task: Permission) -> Callable[[View], View]:
    """This view is for people who may do this task, signed in with both factors."""

    def mark(view: View) -> View:
        setattr(view, _PERMISSION, task)
        return view

    return mark


def public(view: View) -> View:
    """This view is for everybody, also who is not signed in."""
    setattr(view, _OPEN, True)
    return view


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """The task a view serves; None for one that is open to all, or that says nothing."""
    return getattr(view, _PERMISSION, None)


class AccessMiddleware:
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
            return error_pages.unknown(request)
        if getattr(view, _OPEN, False):
            return None
        account = current(request)
        if account is None:
            return _to_the_door(request)
        task = permission_of(view)
        if task is None or not has_permission(account.role, task):
            return error_pages.not_allowed(request)
        return None


def _by_our_name(request: HttpRequest) -> bool:
    """Whether the desk was called by a name of its own: no other can be led to this machine."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _to_the_door(request: HttpRequest) -> HttpResponse:
    language = error_pages.language_of(request)
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    address = reverse("sign_in", args=[language])
    query = f"?{urlencode(back)}" if back else ""
    return HttpResponse(status=303, headers={"Location": address + query})


def protected(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Django middleware: headers that protect who sits at the desk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = (
            get_response(request) if _by_our_name(request) else error_pages.unreadable(request)
        )
        return with_headers(response, _HEADERS)

    return middleware
