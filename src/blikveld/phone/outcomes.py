"""Outcomes of calls: set one, change its case, and count them."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from blikveld.errors import BlikveldError
from blikveld.locale import Audience, catalogue, in_all, languages
from blikveld.phone.cases import Appointment, Attempt, Case, Disposition, OutcomeGroup
from blikveld.phone.queue import EARLIEST, LATEST
from blikveld.study.model import Text

FARTHEST = timedelta(days=90)


class CallRefused(BlikveldError):
    """An outcome that cannot be kept. `reason` is the sentence for the page; `field` is wrong."""

    def __init__(self, code: str, field: str, reason: Text) -> None:
        self.field, self.reason = field, reason
        super().__init__(code, field, reason["en"], "Nothing was changed.")


def refuse_call(code: str, field: str) -> CallRefused:
    """Return the error of a code, with the message `call.refused.…` of the desk."""
    return CallRefused(code, field, in_all(Audience.DESK, "call.refused")[code.replace("-", "_")])


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What an interviewer filled in after a call."""

    disposition: Disposition
    day: date | None = None
    time: time | None = None


def check_outcome(outcome: CallOutcome, now: datetime) -> None:
    """Raise CallRefused where no outcome is given, or an appointment that cannot be kept."""
    if outcome.disposition is Disposition.NOT_ATTEMPTED:
        raise refuse_call("no-outcome", "disposition")
    if outcome.disposition is Disposition.APPOINTMENT:
        _check_appointment(outcome, now)
    elif outcome.day is not None or outcome.time is not None:
        raise refuse_call("not-an-appointment", "disposition")


def after(case: Case, outcome: CallOutcome, now: datetime, by: str) -> Case:
    """The case after this outcome. The kept appointment is gone.

    Raises CallRefused as check_outcome does.
    """
    check_outcome(outcome, now)
    attempt = Attempt(outcome.disposition, now.date(), by)
    appointment = None
    if outcome.day is not None and outcome.time is not None:
        appointment = Appointment(outcome.day, outcome.time, by)
    return replace(
        case,
        attempts=(*case.attempts, attempt),
        appointment=appointment,
        taken=None,
        taken_on=None,
    )


def _check_appointment(outcome: CallOutcome, now: datetime) -> None:
    if outcome.day is None:
        raise refuse_call("no-day", "day")
    if outcome.time is None:
        raise refuse_call("no-time", "time")
    if not EARLIEST <= outcome.time <= LATEST:
        raise refuse_call("hour", "time")
    if Appointment(outcome.day, outcome.time, "").late(now) >= 0:
        raise refuse_call("past", "day")
    if outcome.day - now.date() > FARTHEST:
        raise CallRefused("far", "day", _far())


def _far() -> Text:
    return {
        language: catalogue(Audience.DESK, language).counted("call.refused.far", FARTHEST.days)
        for language in languages(Audience.DESK)
    }


COLUMNS = ("code", "outcome", "group", "cases", "calls")


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """Organisations with one outcome, and the calls that were made to them."""

    cases: int = 0
    calls: int = 0

    def __add__(self, other: OutcomeCount) -> OutcomeCount:
        return OutcomeCount(self.cases + other.cases, self.calls + other.calls)


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """The telephone sample by outcome, as it stands now. No site: see docs/decisions."""

    by: Mapping[Disposition, OutcomeCount]

    def groups(self) -> dict[OutcomeGroup, int]:
        """Cases by what they count as in the rates, none left out."""
        found = Counter(dict.fromkeys(OutcomeGroup, 0))
        for disposition, tally in self.by.items():
            found[disposition.group] += tally.cases
        return dict(found)

    @property
    def cases(self) -> int:
        """Organisations on the list."""
        return sum(tally.cases for tally in self.by.values())

    @property
    def calls(self) -> int:
        """Calls that were made."""
        return sum(tally.calls for tally in self.by.values())

    def rows(self) -> list[tuple[str, str, str, int, int]]:
        """A row for each outcome in the order of the codes, those that did not occur too."""
        ordered = sorted(Disposition, key=lambda d: (d.code, d.value))
        found = ((d, self.by.get(d, OutcomeCount())) for d in ordered)
        return [(d.code, d.value, d.group.value, t.cases, t.calls) for d, t in found]

    def csv(self) -> str:
        """The rows as CSV, with COLUMNS above them."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(self.rows())
        return text.getvalue()

    def json(self) -> str:
        """The same as JSON, with the groups counted."""
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in self.rows()]
        groups = {group.value: number for group, number in self.groups().items()}
        return json.dumps({"outcomes": rows, "groups": groups}, indent=1) + "\n"


def count_outcomes(
    cases: Iterable[Case], forgotten: Mapping[Disposition, OutcomeCount]
) -> OutcomeCounts:
    """What stands on the list now, with the tallies of the cases whose end was forgotten."""
    found = dict(forgotten)
    for case in cases:
        if not case.done:
            one = OutcomeCount(1, len(case.attempts))
            found[case.disposition] = found.get(case.disposition, OutcomeCount()) + one
    return OutcomeCounts(found)


class CaseStatus(Enum):
    """Where an organisation stands in the calling."""

    NEW = "new"
    AGAIN = "again"
    APPOINTMENT = "appointment"
    TAKEN = "taken"
    """An interviewer has it before them."""
    DONE = "done"


def count_by_status(cases: Iterable[Case], now: datetime) -> dict[CaseStatus, int]:
    """How many organisations stand where, none left out."""
    found = Counter(dict.fromkeys(CaseStatus, 0))
    found.update(_stands(case, now) for case in cases)
    return dict(found)


def _stands(case: Case, now: datetime) -> CaseStatus:
    if case.closed:
        return CaseStatus.DONE
    if case.held_by(now.date()) is not None:
        return CaseStatus.TAKEN
    if case.appointment is not None:
        return CaseStatus.APPOINTMENT
    return CaseStatus.AGAIN if case.attempts else CaseStatus.NEW
