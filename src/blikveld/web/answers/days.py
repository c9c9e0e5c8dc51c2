"""The lines of how the numbers grew, kept beside the counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from blikveld.fieldwork import days
from blikveld.fieldwork.days import Line
from blikveld.study.model import Study
from blikveld.web.answers.models import DayTotal


def lines() -> Mapping[str, tuple[Line, ...]]:
    """The lines of each municipality that has any, the oldest first."""
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for row in DayTotal.objects.order_by("day"):
        found[row.municipality].append(Line(row.municipality, row.day, row.number))
    return {name: tuple(own) for name, own in found.items()}


def note(study: Study, finished: Mapping[str, int], now: datetime, *, closed: bool) -> None:
    """Add what may be added today; nothing when a line of today is there already.

    All lines are written anew, in order: how rows stand in the file tells nothing.
    """
    known, day, smallest = lines(), days.day_of(now), study.disclosure.threshold
    wanted = {
        place.key: days.after(
            known.get(place.key, ()),
            Line(place.key, day, finished.get(place.key, 0)),
            smallest,
            closed=closed,
        )
        for place in study.municipalities
    }
    DayTotal.objects.all().delete()
    every = sorted((line for own in wanted.values() for line in own), key=_in_order)
    DayTotal.objects.bulk_create(
        DayTotal(municipality=line.municipality, day=line.day, number=line.number) for line in every
    )


def _in_order(line: Line) -> tuple[str, str]:
    return line.day, line.municipality
