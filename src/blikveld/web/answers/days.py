"""The lines of how the numbers grew, kept beside the counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from blikveld.fieldwork import days
from blikveld.fieldwork.days import Line
from blikveld.fieldwork.store import Phase
from blikveld.web.answers.models import DayTotal
from blikveld.web.answers.store import DjangoStore


def lines() -> Mapping[str, tuple[Line, ...]]:
    """The lines of each municipality that has any, the oldest first."""
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for row in DayTotal.objects.order_by("day"):
        found[row.municipality].append(Line(row.municipality, row.day, row.number))
    return {name: tuple(own) for name, own in found.items()}


def note(store: DjangoStore, now: datetime) -> None:
    """Add what may be added today; nothing when a line of today is there already."""
    closed, day = store.phase() is Phase.CLOSED, days.day_of(now)
    with transaction.atomic():
        known = lines()
        for name, number in days.finished(store.counts()).items():
            before = known.get(name, ())
            wanted = days.after(before, name, number, day, closed=closed)
            if wanted != before:
                _keep(name, before, wanted)


def _keep(municipality: str, before: tuple[Line, ...], wanted: tuple[Line, ...]) -> None:
    gone = [line.day for line in before if line not in wanted]
    DayTotal.objects.filter(municipality=municipality, day__in=gone).delete()
    DayTotal.objects.bulk_create(
        DayTotal(municipality=line.municipality, day=line.day, number=line.number)
        for line in wanted
        if line not in before
    )
