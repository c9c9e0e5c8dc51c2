"""Who may open the phone script: whoever has the key that was given to the interviewers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from blikveld.study.model import Mode
from blikveld.web import refusals
from blikveld.web.places import Place

COOKIE = "blikveld-interviewer"
KEY = "key"
_HOURS_12 = 12 * 60 * 60


def entry(request: HttpRequest, place: Place) -> HttpResponse | None:
    """None where the visitor may enter; else what to answer.

    The key comes once, in the address; it is exchanged for a cookie at once, so that it does not
    stay in the browser's history of later pages.
    """
    secret = place.site.phone_secret
    if place.link.mode is not Mode.PHONE:
        return None
    if not secret:
        return refusals.unknown(request)
    if constant_time_compare(request.COOKIES.get(COOKIE, ""), _proof(secret)):
        return None
    if constant_time_compare(request.GET.get(KEY, ""), secret):
        return _let_in(request, secret)
    return refusals.no_entry(place.language)


def _proof(secret: str) -> str:
    return salted_hmac("blikveld.interviewers", secret, algorithm="sha256").hexdigest()


def _let_in(request: HttpRequest, secret: str) -> HttpResponse:
    response = HttpResponse(status=303, headers={"Location": request.path})
    response.set_cookie(
        COOKIE,
        _proof(secret),
        max_age=_HOURS_12,
        httponly=True,
        samesite="Lax",
        secure=settings.ENVIRONMENT.https,
    )
    return response
