"""On which day a respondent filled in the questionnaire: drawn, as nothing of it survives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from blikveld.study.model import Period
from blikveld.synthetic.plan import Plan


def days(fieldwork: Period, plan: Plan, number: int, draw: random.Random) -> Iterator[date]:
    """So many days of the fieldwork, busier on the weekdays and in the months the plan says."""
    length = (fieldwork.last - fieldwork.first).days + 1
    all_days = [fieldwork.first + timedelta(days=n) for n in range(length)]
    weights = [
        plan.weekdays.get(day.isoweekday(), 1.0) * plan.months.get(day.month, 1.0)
        for day in all_days
    ]
    yield from draw.choices(all_days, weights, k=number)
