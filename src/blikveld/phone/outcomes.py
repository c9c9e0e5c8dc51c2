"""Setting an outcome: what an interviewer may write, and what becomes of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from blikveld.errors import BlikveldError
from blikveld.locale import Audience, catalogue, in_all, languages
from blikveld.phone.cases import Appointment, Attempt, Case
from blikveld.phone.dispositions import Disposition
from blikveld.phone.hours import EARLIEST, LATEST
from blikveld.study.model import Text

FARTHEST = timedelta(days=90)
_REASONS: Mapping[str, Text] = in_all(Audience.DESK, "call.refused")


class CallRefused(BlikveldError):
    """An outcome that cannot be kept. `reason` is the sentence for the page; `field` is wrong."""

    def __init__(self, code: str, field: str, reason: Text) -> None:
        self.field, self.reason = field, reason
        super().__init__(code, field, reason["en"], "Nothing was changed.")


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What an interviewer filled in after a call."""

    disposition: Disposition
    day: date | None = None
    time: time | None = None


def check_outcome(outcome: CallOutcome, now: datetime) -> None:
    """Raise CallRefused where no outcome is given, or an appointment that cannot be kept."""
    if outcome.disposition is Disposition.NOT_ATTEMPTED:
        raise CallRefused("no-outcome", "disposition", _REASONS["no_outcome"])
    if outcome.disposition is Disposition.APPOINTMENT:
        _check_appointment(outcome, now)
    elif outcome.day is not None or outcome.time is not None:
        raise CallRefused("not-an-appointment", "disposition", _REASONS["not_an_appointment"])


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
        raise CallRefused("no-day", "day", _REASONS["no_day"])
    if outcome.time is None:
        raise CallRefused("no-time", "time", _REASONS["no_time"])
    if not EARLIEST <= outcome.time <= LATEST:
        raise CallRefused("hour", "time", _REASONS["hour"])
    if Appointment(outcome.day, outcome.time, "").late(now) >= 0:
        raise CallRefused("past", "day", _REASONS["past"])
    if outcome.day - now.date() > FARTHEST:
        raise CallRefused("far", "day", _far())


def _far() -> Text:
    return {
        language: catalogue(Audience.DESK, language).counted("call.refused.far", FARTHEST.days)
        for language in languages(Audience.DESK)
    }
