"""How the numbers grew: a line a day at most, and only where enough finished since the last.

A line says of a municipality how many had finished by a day. So between two lines lies at least
the smallest group of people of one municipality, and no line tells the day of one of them. Nothing
is kept of the whole study: that is the sum. See docs/decisions/day-lines.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from blikveld.fieldwork.counters import Counts, SurveyLink, stepped

_NIGHT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class DailyTotal:
    """So many had finished in a municipality by the end of this day (YYYY-MM-DD)."""

    municipality: str
    day: str
    number: int


def day_of(now: datetime) -> str:
    """The day a line is of: what is written in the small hours is of the day before."""
    return (now - _NIGHT).date().isoformat()


def finished(counts: Mapping[SurveyLink, Counts]) -> Mapping[str, int]:
    """How many finished in each municipality, by any link."""
    found: Counter[str] = Counter()
    for link, seen in counts.items():
        found[link.municipality] += seen.finished
    return found


def after(
    lines: Sequence[DailyTotal], fresh: DailyTotal, smallest: int, *, closed: bool
) -> tuple[DailyTotal, ...]:
    """The lines of one municipality, the oldest first, now that `fresh` could be the last.

    As many as `smallest` have to finish between two lines. Once the fieldwork is closed, who came
    after the last line are with that line: what is left over would be a few people whose days lie
    between two that are known.
    """
    last = lines[-1] if lines else DailyTotal(fresh.municipality, "", 0)
    more = fresh.number - last.number
    if more >= smallest and fresh.day > last.day:
        return (*lines, fresh)
    if closed and lines and more > 0 and fresh.day >= last.day:
        return (*lines[:-1], fresh)
    return tuple(lines)


def grown(lines: Mapping[str, Sequence[DailyTotal]], smallest: int) -> tuple[tuple[str, int], ...]:
    """The sum over municipalities at each day that has a line, the oldest first.

    Each is rounded down to a multiple of the smallest group, as the numbers beside it are.
    """
    days = sorted({line.day for own in lines.values() for line in own})
    return tuple(
        (day, sum(stepped(_by(own, day), smallest) for own in lines.values())) for day in days
    )


def _by(lines: Sequence[DailyTotal], day: str) -> int:
    index = bisect_right([line.day for line in lines], day)
    return lines[index - 1].number if index else 0
