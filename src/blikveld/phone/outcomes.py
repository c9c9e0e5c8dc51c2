"""Setting an outcome: what an interviewer may write, and what becomes of the case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from blikveld.errors import BlikveldError
from blikveld.phone.cases import Appointment, Attempt, Case
from blikveld.phone.dispositions import Disposition
from blikveld.phone.hours import EARLIEST, LATEST
from blikveld.study.model import Text

FARTHEST = timedelta(days=90)


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
        raise CallRefused("no-outcome", "disposition", _NO_OUTCOME)
    if outcome.disposition is Disposition.APPOINTMENT:
        _check_appointment(outcome, now)
    elif outcome.day is not None or outcome.time is not None:
        raise CallRefused("not-an-appointment", "disposition", _NOT_AN_APPOINTMENT)


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
        raise CallRefused("no-day", "day", _NO_DAY)
    if outcome.time is None:
        raise CallRefused("no-time", "time", _NO_TIME)
    if not EARLIEST <= outcome.time <= LATEST:
        raise CallRefused("hour", "time", _HOUR)
    if Appointment(outcome.day, outcome.time, "").late(now) >= 0:
        raise CallRefused("past", "day", _PAST)
    if outcome.day - now.date() > FARTHEST:
        raise CallRefused("far", "day", _FAR)


_NO_OUTCOME: Text = {
    "nl": "Kies hoe het gesprek is afgelopen.",
    "en": "Choose how the call ended.",
}
_NOT_AN_APPOINTMENT: Text = {
    "nl": "U heeft een dag of tijd ingevuld. Kies ‘Afspraak gemaakt’, of maak dag en tijd leeg.",
    "en": "You filled in a day or time. Choose ‘Made an appointment’, or empty the day and time.",
}
_NO_DAY: Text = {"nl": "Vul de dag van de afspraak in.", "en": "Fill in the day to call."}
_NO_TIME: Text = {"nl": "Vul de tijd van de afspraak in.", "en": "Fill in the time to call."}
_HOUR: Text = {
    "nl": "Spreek een tijd af tussen 8 uur en 21 uur.",
    "en": "Agree on a time between 8:00 and 21:00.",
}
_PAST: Text = {"nl": "Deze dag en tijd zijn al voorbij.", "en": "This day and time have passed."}
_FAR: Text = {
    "nl": f"Spreek een dag af binnen {FARTHEST.days} dagen.",
    "en": f"Agree on a day within {FARTHEST.days} days.",
}
