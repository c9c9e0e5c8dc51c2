"""What every page of the interviews has: its words, its own menu, and what was sent in."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.guard import person
from blikveld.desk.roles import Task, may
from blikveld.desk.talks.words import WORDS
from blikveld.desk.words import said

_MENU = ("talks", "talks_codes", "talks_themes", "talks_quotes", "talks_log", "talks_exchange")


def shown(
    request: HttpRequest, template: str, language: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the interviews."""
    whole: dict[str, Any] = {
        "t": said(WORDS, language),
        "rooms": [(name, WORDS[name][language]) for name in _MENU],
        "prepares": leads(request),
        "problem": "",
        **context,
    }
    return rendering.page(request, f"talks/{template}.html", language, status, **whole)


def leads(request: HttpRequest) -> bool:
    """Whether this person may take away what others made, with the number that was shown."""
    return may(person(request).role, Task.PREPARE_TALKS)


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
