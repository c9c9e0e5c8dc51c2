"""Who may open the phone script: whoever has the pass of today, which the desk gives."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse

from blikveld.phone import day_pass
from blikveld.phone.queue import HERE
from blikveld.study.model import Mode
from blikveld.web import error_pages
from blikveld.web.link_context import LinkContext, cookie_name, set_cookie

_COOKIE = "blikveld-interviewer"
KEY = "key"
_HOURS_12 = 12 * 60 * 60


def entry(request: HttpRequest, context: LinkContext) -> HttpResponse | None:
    """None where the visitor may enter; else what to answer.

    The pass comes once, in the address; it is exchanged for a cookie at once, so that it does not
    stay in the browser's history of later pages. Both are worth nothing after today.
    """
    key = context.site.phone_key
    if context.link.mode is not Mode.PHONE:
        return None
    if not key:
        return error_pages.unknown(request)
    if day_pass.opens(key, request.COOKIES.get(cookie_name(_COOKIE), ""), today()):
        return None
    if day_pass.opens(key, given := request.GET.get(KEY, ""), today()):
        return _let_in(request, given)
    return error_pages.no_entry(context.language)


def today() -> date:
    """The day it is for who is called."""
    return datetime.now(HERE).date()


def _let_in(request: HttpRequest, given: str) -> HttpResponse:
    response = HttpResponse(status=303, headers={"Location": request.path})
    set_cookie(response, cookie_name(_COOKIE), given, _HOURS_12)
    return response
