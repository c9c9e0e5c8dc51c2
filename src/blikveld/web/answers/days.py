"""The lines of how the numbers grew, kept beside the counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from blikveld.fieldwork import completions
from blikveld.fieldwork.completions import DailyTotal
from blikveld.study.model import Study
from blikveld.web.answers.models import DayTotal


def lines() -> Mapping[str, tuple[DailyTotal, ...]]:
    """The lines of each municipality that has any, the oldest first."""
    found: defaultdict[str, list[DailyTotal]] = defaultdict(list)
    for row in DayTotal.objects.order_by("day"):
        found[row.municipality].append(DailyTotal(row.municipality, row.day, row.number))
    return {name: tuple(own) for name, own in found.items()}


def note(study: Study, finished: Mapping[str, int], now: datetime, *, closed: bool) -> None:
    """Add what may be added today; nothing when a line of today is there already.

    All lines are written anew, in order: how rows stand in the file tells nothing.
    """
    known, day, smallest = lines(), completions.day_of(now), study.disclosure.threshold
    wanted = {
        municipality.key: completions.add_day(
            known.get(municipality.key, ()),
            DailyTotal(municipality.key, day, finished.get(municipality.key, 0)),
            smallest,
            closed=closed,
        )
        for municipality in study.municipalities
    }
    DayTotal.objects.all().delete()
    every = sorted((line for own in wanted.values() for line in own), key=_in_order)
    DayTotal.objects.bulk_create(
        DayTotal(municipality=line.municipality, day=line.day, number=line.number) for line in every
    )


def _in_order(line: DailyTotal) -> tuple[str, str]:
    return line.day, line.municipality
