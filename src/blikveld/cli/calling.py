"""Calls for a demonstration: the study's invented list, with calls that nobody made."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from blikveld.fieldwork.calls import Case, Disposition, Outcome
from blikveld.fieldwork.calls.book import CallBook
from blikveld.fieldwork.calls.hours import HERE, works
from blikveld.fieldwork.calls.importing import read
from blikveld.study.model import Study

LIST = "calls.csv"
"""Where a study keeps a list to try, beside its other files."""

_BY = "demo (invented)"
_ENDS = (
    *[Disposition.COMPLETE] * 8,
    *[Disposition.NO_ANSWER] * 5,
    *[Disposition.REFUSED] * 4,
    *[Disposition.APPOINTMENT] * 3,
    *[Disposition.NOT_IN] * 3,
    *[Disposition.THEIR_MACHINE] * 3,
    Disposition.BUSY,
    Disposition.BREAK_OFF,
    Disposition.NOT_WORKING,
)


def call(study: Study, data: Path) -> int:
    """Put the study's list in a data folder and make up how calls ended.

    Gives how many calls; 0 where the study has no list. They were made on the first working day
    of the fieldwork, so that its appointments wait to be kept.
    """
    file = study.folder / LIST
    if not file.exists():
        return 0
    book, now = CallBook.at(data), _first_morning(study)
    book.add(read(study, file.read_bytes(), LIST))
    for number, ended in enumerate(_ENDS):
        found = book.take(now, _BY)
        if not isinstance(found, Case):
            return number
        meeting = (now.date() + timedelta(7), time(15)) if ended is Disposition.APPOINTMENT else ()
        book.record(found.organisation.key, Outcome(ended, *meeting), now, _BY)
    return len(_ENDS)


def _first_morning(study: Study) -> datetime:
    day = study.fieldwork.first
    while not works(day):
        day += timedelta(1)
    return datetime.combine(day, time(10), HERE)
