"""Who is called next, and at what hours: on working days, by the clock of the Netherlands.

Nothing here changes: it looks at the list and at the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from blikveld.phone.cases import Case

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


HERE = ZoneInfo("Europe/Amsterdam")
"""The clock of who is called; a server may stand at another."""

_SATURDAY = 5
EARLIEST, LATEST = time(8), time(21)
"""Nobody is called before or after."""


class DayPart(Enum):
    """A part of the day. Calls are spread over both."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


_USUAL: Mapping[DayPart, tuple[time, time]] = MappingProxyType(
    {DayPart.MORNING: (time(9), time(12)), DayPart.AFTERNOON: (time(13), time(17))}
)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when is called, in each part of a working day."""

    parts: Mapping[DayPart, tuple[time, time]] = field(default_factory=lambda: _USUAL)

    @property
    def sound(self) -> bool:
        """Whether both parts end after they begin, one after the other, from 8 to 21 o'clock."""
        clock = [time for part in DayPart for time in self.parts[part]]
        rising = all(one < other for one, other in zip(clock[::2], clock[1::2], strict=True))
        return rising and clock == sorted(clock) and clock[0] >= EARLIEST and clock[-1] <= LATEST

    def part(self, now: datetime) -> DayPart | None:
        """The part of the day it is, or None when nobody may be called.

        >>> Hours().part(datetime(2021, 4, 7, 9, 30)), Hours().part(datetime(2021, 4, 10, 9, 30))
        (<DayPart.MORNING: 'morning'>, None)
        """
        if not works(now.date()):
            return None
        clock = now.time()
        found = (part for part, (start, end) in self.parts.items() if start <= clock < end)
        return next(found, None)


def works(day: date) -> bool:
    """Whether this is a working day: no weekend and no Dutch public holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    """The public holidays of the Netherlands on which offices are shut.

    >>> sorted(day.isoformat() for day in holidays(2021))[:3]
    ['2021-01-01', '2021-04-05', '2021-04-27']
    """
    easter = _easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SATURDAY + 1:
        kings_day -= timedelta(1)
    moving = {easter + timedelta(days) for days in (1, 39, 50)}
    return frozenset({date(year, 1, 1), kings_day, date(year, 12, 25), date(year, 12, 26)} | moving)


def _easter(year: int) -> date:
    # The Gregorian reckoning without exceptions (Meeus, Astronomical Algorithms, 1991).
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, fourth = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    weekday = (32 + 2 * fourth + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
