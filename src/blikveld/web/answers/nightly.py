"""What a night does: numbers are counted anew, and what still waits for somebody is forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from blikveld.fieldwork.completions import count_finished
from blikveld.fieldwork.counters import Counts, renewed
from blikveld.fieldwork.store import Phase
from blikveld.study.model import Study
from blikveld.web.answers import days
from blikveld.web.answers.store import DjangoStore


def renew(study: Study, now: datetime) -> None:
    """Count every link from its questionnaires; keep of that what may change since the last night.

    One transaction: no reader sees numbers of two nights beside each other.
    """
    store = DjangoStore(study.key)
    with transaction.atomic():
        store.forget_waiting()
        tally, before = store.tally(), store.counts()
        smallest = study.disclosure.threshold
        store.replace_counts(
            {
                link: renewed(before.get(link, Counts()), tally.get(link, Counts()), smallest)
                for link in {*tally, *before}
            }
        )
        closed = store.phase() is Phase.CLOSED
        days.note(study, count_finished(tally), now, closed=closed)
