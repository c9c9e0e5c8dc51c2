"""Addresses of the desk: the login, the overview, and those of every room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from blikveld.desk import rendering
from blikveld.desk.access import public, requires
from blikveld.desk.roles import Permission
from blikveld.desk.sections import sections
from blikveld.desk.words import LANGUAGES

_FOREVER = "max-age=31536000, immutable"


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the desk runs."""
    return HttpResponse("here", content_type="text/plain")


@public
@require_safe
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """The style sheet."""
    kept = _FOREVER if request.path == rendering.style_url() else "no-cache"
    headers = {"Cache-Control": kept}
    return HttpResponse(rendering.style(), content_type="text/css; charset=utf-8", headers=headers)


@public
@require_safe
def script(request: HttpRequest, digest: str) -> HttpResponse:
    """The script of the desk."""
    kept = _FOREVER if request.path == rendering.script_url() else "no-cache"
    headers = {"Cache-Control": kept}
    kind = "text/javascript; charset=utf-8"
    return HttpResponse(rendering.script(), content_type=kind, headers=headers)


@public
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """The address without a language."""
    return rendering.go(LANGUAGES[0], "home")


@requires(Permission.OWN_ACCOUNT)
@require_safe
def home(request: HttpRequest, language: str) -> HttpResponse:
    """What somebody can do here."""
    return rendering.page(request, "desk/home.html", language)


urlpatterns = [
    path("health/", health, name="health"),
    path("desk-<str:digest>.css", style, name="style"),
    path("desk-<str:digest>.js", script, name="script"),
    path("", door, name="door"),
    path("<str:language>/", home, name="home"),
    *(pattern for section in sections() for pattern in section.urls),
]

handler400 = "blikveld.desk.error_pages.unreadable"
handler403 = "blikveld.desk.error_pages.forged"
handler404 = "blikveld.desk.error_pages.unknown"
handler500 = "blikveld.desk.error_pages.broken"
