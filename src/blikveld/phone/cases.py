"""An organisation on the list, and what is known of calling it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from blikveld.phone.dispositions import Disposition, OutcomeGroup

MOST_ATTEMPTS = 6
"""After so many calls without an end, an organisation is left in peace."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody to call. `key` is random and stands nowhere else; `domain` is None when unknown."""

    key: str
    name: str
    number: str
    municipality: str
    domain: str | None = None

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
