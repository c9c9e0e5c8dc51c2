"""Appointments: those that were missed, those of today, and those that come later."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from blikveld.desk import rendering
from blikveld.desk.calls import place
from blikveld.desk.calls.showing import moment, shown, told
from blikveld.desk.calls.words import WORDS
from blikveld.desk.guard import allowed, person
from blikveld.desk.roles import Task
from blikveld.fieldwork.calls import Appointment, Case
from blikveld.web import site

_MISSED, _TODAY, _LATER = "missed", "today", "later"


@allowed(Task.CALL)
@require_safe
def appointments(request: HttpRequest, language: str) -> HttpResponse:
    """Every appointment, one's own and those of others, soonest first."""
    now, me = place.now(), person(request).name
    groups: dict[str, list[tuple[str, str, str, str]]] = {_MISSED: [], _TODAY: [], _LATER: []}
    for meeting, case in _all():
        whose = WORDS["mine" if meeting.by == me else "theirs"][language]
        one = case.organisation
        name = f"{one.name}, {site.current().study.municipality(one.municipality).name}"
        row = (one.key, moment(meeting.due(now), language), name, whose)
        groups[_group(meeting, now)].append(row)
    titled = [(WORDS[group][language], rows) for group, rows in groups.items() if rows]
    return shown(request, "appointments", language, groups=titled)


@allowed(Task.CALL)
@require_POST
@told
def keep(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """Take the organisation of an appointment, early or late."""
    place.book().take_one(key, place.now(), person(request).name)
    return rendering.go(language, "calls")


def _all() -> list[tuple[Appointment, Case]]:
    found = [(c.appointment, c) for c in place.book().cases() if c.appointment and not c.closed]
    return sorted(found, key=lambda pair: (pair[0].day, pair[0].time, pair[1].organisation.key))


def _group(meeting: Appointment, now: datetime) -> str:
    if meeting.late(now) > 0:
        return _MISSED
    return _TODAY if meeting.day == now.date() else _LATER
