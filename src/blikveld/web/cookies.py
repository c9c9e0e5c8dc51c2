"""Cookies of the respondents' pages: one way to name them and one way to set them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse


def cookie_name(name: str) -> str:
    """The name as the browser has it. Over HTTPS no other host can set a cookie of this name.

    A neighbour, such as another site of the same town, can set cookies for the whole domain, and
    so choose whose questionnaire a page is of. Browsers take `__Host-` from the host itself only.
    """
    return f"__Host-{name}" if settings.ENVIRONMENT.https else name


def set_cookie(response: HttpResponse, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie that no script can read; without `seconds` it goes when the browser closes."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.ENVIRONMENT.https,
    )
