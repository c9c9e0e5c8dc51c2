"""What every page of the calls has: its words, its own menu, days in words, refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.calls.words import DAYS, WORDS
from blikveld.desk.guard import person
from blikveld.desk.roles import Task, may
from blikveld.desk.words import said
from blikveld.fieldwork.calls import CallRefused
from blikveld.figures.dates import MONTHS

View = TypeVar("View", bound=Callable[..., HttpResponse])
_MENU = (
    ("calls", Task.CALL),
    ("calls_appointments", Task.CALL),
    ("calls_overview", Task.PREPARE_CALLS),
    ("calls_list", Task.PREPARE_CALLS),
    ("calls_hours", Task.PREPARE_CALLS),
)


def shown(
    request: HttpRequest, template: str, language: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the calls."""
    role = person(request).role
    whole: dict[str, Any] = {
        "t": said(WORDS, language),
        "rooms": [(name, WORDS[name][language]) for name, task in _MENU if may(role, task)],
        **context,
    }
    return rendering.page(request, f"calls/{template}.html", language, status, **whole)


def day(when: date, language: str) -> str:
    """A day in words, without its year: it is near."""
    weekday, month = DAYS[language][when.weekday()], MONTHS[language][when.month - 1]
    return f"{weekday} {when.day} {month}"


def moment(when: datetime, language: str) -> str:
    """A day and a time of day in words."""
    return f"{day(when, language)}, {when:%H:%M}"


def refused(request: HttpRequest, language: str, why: CallRefused) -> HttpResponse:
    """A page that says why something cannot be done, and that nothing changed."""
    title = WORDS["cannot"][language]
    return shown(request, "refused", language, 409, title=title, reason=why.reason[language])


def told(view: View) -> View:
    """A view of which a refusal becomes a page in words, instead of a fault of ours."""

    @wraps(view)
    def telling(request: HttpRequest, language: str, *given: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, language, *given, **named)
        except CallRefused as why:
            return refused(request, language, why)

    return cast(View, telling)
