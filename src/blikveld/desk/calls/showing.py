"""What every page of the calls has: its words, its own menu, days in words, refusals in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.calls.words import DAYS, WORDS
from blikveld.desk.guard import person
from blikveld.desk.roles import Task, may
from blikveld.desk.telling import telling
from blikveld.desk.words import WORDS as SAID
from blikveld.desk.words import said
from blikveld.fieldwork.calls import CallRefused
from blikveld.figures.dates import MONTHS

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
    title = SAID["cannot"][language]
    return shown(request, "refused", language, 409, title=title, reason=why.reason[language])


told = telling(CallRefused, refused)
"""A view of the calls of which a refusal becomes a page."""
