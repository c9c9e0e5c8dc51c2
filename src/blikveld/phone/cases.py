"""An organisation on the call list, what is known of calling it, and how a call can end.

Source of the codes and groups of dispositions: American Association for Public Opinion Research,
Standard Definitions, 9th edition (2016), the final disposition codes for telephone surveys; the
letters of its rates are those of the 10th (2023) too. That table is of households. Ours is of
organisations, so where it says household or person, read organisation or professional, and 4.50
(no residence) is a number that turned out to be somebody's home. Labels are our own, in the words
an interviewer would use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache

from blikveld.locale import Audience, by_member
from blikveld.study.model import Text

MOST_ATTEMPTS = 6
"""After so many calls without an end, an organisation is left in peace."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody to call. `key` is random and stands nowhere else.

    `category` is a code of the further column that the study asks for; None when unknown.
    """

    key: str
    name: str
    number: str
    site: str
    category: str | None = None

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it: digits, with a plus sign in front where it has one.

        >>> Organisation("", "", "+31 (0)10-000 00 01", "").dialled
        '+31100000001'
        """
        return "".join(c for c in self.number.replace("(0)", "") if c.isdecimal() or c == "+")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call. The day is the finest time that is kept: an answer has none at all."""

    disposition: Disposition
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """When somebody asked to be called. It has a time of day, for it has to be kept; then it goes.

    `by` is who made it, and keeps it if possible.
    """

    day: date
    time: time
    by: str

    def due(self, now: datetime) -> datetime:
        """When it is due, in the time zone of `now`, which is that of the callers."""
        return datetime.combine(self.day, self.time, now.tzinfo)

    def late(self, now: datetime) -> float:
        """Minutes since it was due, below nought before."""
        return (now - self.due(now)).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Case:
    """An organisation and its calls, oldest first.

    `done` is set at night, when the list forgets how it ended. `taken` is who has it before them,
    on the day `taken_on`: who went home without an outcome does not keep it from the others.
    """

    organisation: Organisation
    attempts: tuple[Attempt, ...] = ()
    appointment: Appointment | None = None
    done: bool = False
    taken: str | None = None
    taken_on: date | None = None

    @property
    def disposition(self) -> Disposition:
        """How it stands: the last final outcome, else the one by which most is known.

        Of two by which as much is known the last counts. Raises ValueError for a case that is
        done: how it ended was forgotten on purpose.
        """
        if self.done:
            raise ValueError("How a case ended is not kept with it.")
        made = [attempt.disposition for attempt in self.attempts]
        finals = [disposition for disposition in made if disposition.final]
        if finals:
            return finals[-1]
        # max keeps the first of equals, so the last attempts come first.
        return max(reversed(made), key=_known, default=Disposition.NOT_ATTEMPTED)

    @property
    def closed(self) -> bool:
        """Whether it is called no more. An appointment is kept, whatever the number of calls."""
        if self.done or self.disposition.final:
            return True
        return self.appointment is None and len(self.attempts) >= MOST_ATTEMPTS

    def held_by(self, day: date) -> str | None:
        """Who has it before them today."""
        return self.taken if self.taken_on == day else None


def _known(disposition: Disposition) -> int:
    order = (OutcomeGroup.UNKNOWN_HOUSEHOLD, OutcomeGroup.UNKNOWN_OTHER)
    return order.index(disposition.group) if disposition.group in order else len(order)


class OutcomeGroup(Enum):
    """What an outcome counts as in the rates; the letters of the source stand beside each."""

    COMPLETE = "complete"
    """I"""
    PARTIAL = "partial"
    """P"""
    REFUSED = "refused"
    """R"""
    NOT_REACHED = "not_reached"
    """NC"""
    OTHER = "other"
    """O"""
    UNKNOWN_HOUSEHOLD = "unknown_household"
    """UH: not known whether this number reaches an organisation at all."""
    UNKNOWN_OTHER = "unknown_other"
    """UO: an organisation, and not known whether anybody in it belongs to the study."""
    NOT_ELIGIBLE = "not_eligible"


class OutcomeHeading(Enum):
    """Under which heading an interviewer looks for an outcome."""

    TALKED = "talked"
    LATER = "later"
    NOBODY = "nobody"
    NO = "no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class _Meaning:
    code: str
    group: OutcomeGroup
    final: bool
    heading: OutcomeHeading | None


class Disposition(Enum):
    """The outcome of a call. After a final one this organisation is not called again."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"
    APPOINTMENT = "appointment"
    NOT_IN = "not_in"
    UNCLEAR = "unclear"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    THEIR_MACHINE = "their_machine"
    A_MACHINE = "a_machine"
    TECHNICAL = "technical"
    REFUSED = "refused"
    UNABLE = "unable"
    LANGUAGE = "language"
    ANOTHER_REASON = "another_reason"
    OUTSIDE = "outside"
    FAX = "fax"
    NOT_WORKING = "not_working"
    NO_ORGANISATION = "no_organisation"
    NOBODY_ELIGIBLE = "nobody_eligible"
    NOT_ATTEMPTED = "not_attempted"
    """No call was made yet. Nobody chooses it."""

    @property
    def code(self) -> str:
        """The code of the source, such as 2.11. Two of ours can have one."""
        return _MEANINGS[self].code

    @property
    def group(self) -> OutcomeGroup:
        """What it counts as in the rates."""
        return _MEANINGS[self].group

    @property
    def final(self) -> bool:
        """Whether this organisation is called no more."""
        return _MEANINGS[self].final

    @property
    def heading(self) -> OutcomeHeading | None:
        """The heading it stands under; None for what nobody chooses."""
        return _MEANINGS[self].heading

    @property
    def label(self) -> Text:
        """What it is called on the page."""
        return _labels()[self]


@lru_cache(maxsize=1)
def _labels() -> Mapping[Disposition, Text]:
    # Not before somebody looks: servers and commands that show no call need no words of the desk.
    return by_member(Audience.DESK, Disposition, "outcome")


_TALKED, _LATER, _NOBODY = OutcomeHeading.TALKED, OutcomeHeading.LATER, OutcomeHeading.NOBODY
_NO, _NUMBER = OutcomeHeading.NO, OutcomeHeading.NUMBER
_FINAL, _AGAIN = True, False


_MEANINGS: dict[Disposition, _Meaning] = {
    Disposition.COMPLETE: _Meaning("1.1", OutcomeGroup.COMPLETE, _FINAL, _TALKED),
    Disposition.PARTIAL: _Meaning("1.2", OutcomeGroup.PARTIAL, _FINAL, _TALKED),
    Disposition.BREAK_OFF: _Meaning("2.12", OutcomeGroup.REFUSED, _FINAL, _TALKED),
    Disposition.APPOINTMENT: _Meaning("2.21", OutcomeGroup.NOT_REACHED, _AGAIN, _LATER),
    Disposition.NOT_IN: _Meaning("2.21", OutcomeGroup.NOT_REACHED, _AGAIN, _LATER),
    Disposition.UNCLEAR: _Meaning("3.21", OutcomeGroup.UNKNOWN_OTHER, _AGAIN, _LATER),
    Disposition.NO_ANSWER: _Meaning("3.13", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY),
    Disposition.BUSY: _Meaning("3.12", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY),
    Disposition.THEIR_MACHINE: _Meaning("2.22", OutcomeGroup.NOT_REACHED, _AGAIN, _NOBODY),
    Disposition.A_MACHINE: _Meaning("3.14", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY),
    Disposition.TECHNICAL: _Meaning("3.16", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY),
    Disposition.REFUSED: _Meaning("2.11", OutcomeGroup.REFUSED, _FINAL, _NO),
    Disposition.UNABLE: _Meaning("2.32", OutcomeGroup.OTHER, _FINAL, _NO),
    Disposition.LANGUAGE: _Meaning("2.33", OutcomeGroup.OTHER, _FINAL, _NO),
    Disposition.ANOTHER_REASON: _Meaning("2.36", OutcomeGroup.OTHER, _FINAL, _NO),
    Disposition.OUTSIDE: _Meaning("4.10", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER),
    Disposition.FAX: _Meaning("4.20", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER),
    Disposition.NOT_WORKING: _Meaning("4.30", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER),
    Disposition.NO_ORGANISATION: _Meaning("4.50", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER),
    Disposition.NOBODY_ELIGIBLE: _Meaning("4.70", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER),
    Disposition.NOT_ATTEMPTED: _Meaning("3.11", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, None),
}
