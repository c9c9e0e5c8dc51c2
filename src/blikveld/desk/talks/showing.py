"""What every page of the interviews has: its words, its own menu, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.guard import person
from blikveld.desk.roles import Task, may
from blikveld.desk.talks.words import WORDS
from blikveld.desk.words import said
from blikveld.errors import BlikveldError

View = TypeVar("View", bound=Callable[..., HttpResponse])
_MENU = ("talks", "talks_codes", "talks_themes", "talks_quotes", "talks_log", "talks_exchange")


def shown(
    request: HttpRequest, template: str, language: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the interviews."""
    whole: dict[str, Any] = {
        "t": said(WORDS, language),
        "rooms": [(name, WORDS[name][language]) for name in _MENU],
        "prepares": may(person(request).role, Task.PREPARE_TALKS),
        "problem": "",
        **context,
    }
    return rendering.page(request, f"talks/{template}.html", language, status, **whole)


def field(request: HttpRequest, name: str) -> str:
    """What was filled in, without space around it."""
    return request.POST.get(name, "").strip()


def number(text: str | None) -> int:
    """A position in a text; -1 for what is none."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else -1


def sent(request: HttpRequest) -> tuple[bytes, str] | None:
    """What a file holds that was sent in, and what it is called. It never lies on the disk."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return None
    file.seek(0)
    return file.read(), file.name or ""


def reason(refused: BlikveldError) -> str:
    """What is wrong and how to mend it, to stand on a page."""
    return f"{refused.problem} {refused.mend}"


def told(view: View) -> View:
    """A view of which a refusal becomes a page in words, instead of a fault of ours."""

    @wraps(view)
    def telling(request: HttpRequest, language: str, *given: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, language, *given, **named)
        except BlikveldError as refused:
            title, text = WORDS["cannot"][language], reason(refused)
            return rendering.page(
                request, "desk/notice.html", language, 409, title=title, text=text
            )

    return cast(View, telling)
