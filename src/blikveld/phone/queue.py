"""Who is called next. Pure: it looks at the list and at the clock, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum

from blikveld.phone.cases import Case
from blikveld.phone.hours import DayPart, Hours

EARLY = 5
"""So many minutes before an appointment it comes up."""
OVERDUE = 15
"""So many minutes after it, another interviewer may keep it."""
_DAYS_AHEAD = 21


class NoCallReason(Enum):
    """Why there is nobody to call."""

    NO_LIST = "no_list"
    ALL_DONE = "all_done"
    OUTSIDE_HOURS = "outside_hours"
    LATER = "later"
    """Everybody who may be called was called today, or has an appointment."""


class CallReason(Enum):
    """Why it is this organisation's turn."""

    PROMISED = "promised"
    """The interviewer's own appointment."""
    OVERDUE = "overdue"
    """An appointment of somebody else, who did not keep it."""
    EARLY = "early"
    """An appointment of a later hour, chosen by hand."""
    FIRST = "first"
    AGAIN = "again"


def why(case: Case, now: datetime, by: str) -> CallReason:
    """Why this organisation is called now."""
    if case.appointment is None:
        return CallReason.AGAIN if case.attempts else CallReason.FIRST
    if case.appointment.late(now) < -EARLY:
        return CallReason.EARLY
    return CallReason.PROMISED if case.appointment.by == by else CallReason.OVERDUE


def next_due(
    cases: Sequence[Case], now: datetime, by: str, hours: Hours | None = None
) -> datetime | None:
    """When there is somebody to call for this interviewer, now or in the next three weeks."""
    hours = hours or Hours()
    moments = {now}
    for case in cases:
        if case.appointment is not None:
            wait = -EARLY if case.appointment.by == by else OVERDUE
            moments.add(case.appointment.due(now) + timedelta(minutes=wait))
    for days in range(_DAYS_AHEAD):
        day = now.date() + timedelta(days)
        moments |= {datetime.combine(day, start, now.tzinfo) for start, _ in hours.parts.values()}
    coming = (moment for moment in sorted(moments) if moment >= now)
    return next((m for m in coming if isinstance(next_call(cases, m, by, hours), Case)), None)


def next_call(
    cases: Sequence[Case], now: datetime, by: str, hours: Hours | None = None
) -> Case | NoCallReason:
    """The organisation for this interviewer to call now, or why there is none.

    What they have before them comes first, then appointments, then the others: those called on
    another day of the week, and least often. Nobody is called twice a day, nor by two at once.
    """
    before = [case for case in cases if not case.closed and case.held_by(now.date()) == by]
    if before:
        return before[0]
    free = [c for c in cases if not c.closed and c.held_by(now.date()) is None]
    due = sorted(_due(free, now, by), key=lambda case: _lateness(case, now, by))
    if due:
        return due[0]
    part = (hours or Hours()).part(now)
    if all(case.closed for case in cases):
        return NoCallReason.ALL_DONE if cases else NoCallReason.NO_LIST
    if part is None:
        return NoCallReason.OUTSIDE_HOURS
    callable_now = [case for case in free if can_call(case, now, part)]
    return min(callable_now, key=lambda c: _order(c, now), default=NoCallReason.LATER)


def can_call(case: Case, now: datetime, part: DayPart) -> bool:
    """Whether the list may offer this organisation, which nobody has before them, now."""
    if case.closed or case.appointment is not None or _called_on(case, now):
        return False
    return not case.attempts or part_of(case) is part


def part_of(case: Case) -> DayPart:
    """The part of the day of its next call.

    It changes with every call, and follows from the key and the number of calls: so calls are
    spread over the day without a time of day being kept.
    """
    return tuple(DayPart)[(int(case.organisation.key, 16) + len(case.attempts)) % 2]


def _called_on(case: Case, now: datetime) -> bool:
    return any(attempt.day == now.date() for attempt in case.attempts)


def _due(cases: Iterable[Case], now: datetime, by: str) -> Iterable[Case]:
    for case in cases:
        if case.appointment is not None:
            wait = -EARLY if case.appointment.by == by else OVERDUE
            if case.appointment.late(now) >= wait:
                yield case


def _lateness(case: Case, now: datetime, by: str) -> tuple[bool, float]:
    if case.appointment is None:
        raise ValueError("Only an appointment can be late.")
    return case.appointment.by != by, -case.appointment.late(now)


def _order(case: Case, now: datetime) -> tuple[bool, int, str]:
    same_weekday = any(a.day.weekday() == now.weekday() for a in case.attempts)
    # The key is random, so the list is not called from top to bottom.
    return same_weekday, len(case.attempts), case.organisation.key
