"""When organisations may be called: on working days, by the clock of the Netherlands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

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
