"""Answers that are a day."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self

from blikveld.kinds.base import AskedQuestion, KindOfQuestion, read_special
from blikveld.kinds.controls import Control, Option, TextInput, Typing
from blikveld.kinds.number import read_digits
from blikveld.kinds.posted import AnswerError, AnswerRefused, Form, StoredAnswer, read_text
from blikveld.kinds.words import Description, DescriptionCode
from blikveld.rules import Value
from blikveld.rules.types import CalendarDate, VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode

_LONGEST = 10
_EARLIEST = date(1583, 1, 1)
"""The first whole year of the calendar that files of statistical programs count in."""
_SPAN = 36_525
"""Days: so far from its one limit a made-up day may lie."""


@dataclass(frozen=True, slots=True)
class DayEntry(KindOfQuestion):
    """A day, in three lines; it is kept as 1999-12-31.

    `first` and `last` are the limits. Where an author writes `today`, the first is the day on which
    the fieldwork begins and the last that on which it ends: no answer tells when it was given.
    """

    special: tuple[Option, ...] = ()
    first: date | None = None
    last: date | None = None

    name: ClassVar[str] = "date"
    variable_kind: ClassVar[VariableKind] = VariableKind.DATE
    offers: ClassVar[bool] = False
    encoded: ClassVar[bool] = True
    settings: ClassVar[tuple[str, ...]] = ("min", "max", "special")
    nothing: ClassVar[AnswerError] = AnswerError.DATE

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        first = fields["min"].optional(lambda node: _day(node, last=False))
        last = fields["max"].optional(lambda node: _day(node, last=True))
        if first is not None and last is not None and last < first:
            fields["max"].fault("date", f"No day lies between {first} and {last}.", "Change one.")
        if first is not None and date.min < first < _EARLIEST:
            mend = f"Begin at {_EARLIEST} or later."
            fields["min"].fault("date", f"Files of data have no day {first}.", mend)
        return cls(read_special(fields["special"]), first, last)

    @property
    def limits(self) -> CalendarDate:
        """The first and the last day that can be answered."""
        return CalendarDate(self.first, self.last)

    def specials(self) -> tuple[Option, ...]:
        """Return the answers that are no day."""
        return self.special

    def field_names(self, key: str) -> tuple[str, ...]:
        """Return the lines for the day, the month and the year."""
        return tuple(f"{key}__{part}" for part in ("day", "month", "year"))

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return three lines."""
        codes = (DescriptionCode.DAY, DescriptionCode.MONTH, DescriptionCode.YEAR_OF_DATE)
        parts = zip(self.field_names(asked.key), (2, 2, 4), codes, strict=True)
        return tuple(
            TextInput(name, _LONGEST, Typing.DIGITS, room, label=Description(code))
            for name, room, code in parts
        )

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the day. Refused is one of which a part is missing, that does not exist, or that
        lies beyond the limits."""
        texts = [
            read_digits(read_text(form, name, _LONGEST)) for name in self.field_names(asked.key)
        ]
        if not any(texts):
            return None
        if not all(texts):
            raise AnswerRefused(AnswerError.DATE_HALF)
        return self._check(_read_day(*texts)).isoformat()

    def _check(self, day: date) -> date:
        if day < (self.first or _EARLIEST):
            raise AnswerRefused(AnswerError.TOO_EARLY, self.first or _EARLIEST)
        if self.last is not None and day > self.last:
            raise AnswerRefused(AnswerError.TOO_LATE, self.last)
        return day

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the three lines."""
        day = date.fromisoformat(str(answer))
        parts = (str(day.day), str(day.month), f"{day.year:04}")
        names = self.field_names(asked.key)
        return {name: (part,) for name, part in zip(names, parts, strict=True)}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the day."""
        return date.fromisoformat(str(answer))

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return a day between the limits, or near to the one that there is."""
        last = self.last or (self.first or date(1990, 1, 1)) + timedelta(days=_SPAN)
        first = self.first or max(_EARLIEST, last - timedelta(days=_SPAN))
        return (first + timedelta(days=dice.randint(0, (last - first).days))).isoformat()

    def describe(self) -> Description:
        """Return the limits."""
        ends = {(True, True): "_between", (True, False): "_least", (False, True): "_most"}
        given = self.first is not None, self.last is not None
        limits = {"min": self.first, "max": self.last}
        known = {name: limit for name, limit in limits.items() if limit is not None}
        return Description(DescriptionCode(f"date{ends.get(given, '')}"), known)


def _read_day(day: str, month: str, year: str) -> date:
    """The day; a year has four digits, so that nobody is born a century too early."""
    if len(year) != 4:
        raise AnswerRefused(AnswerError.FOUR_DIGITS)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise AnswerRefused(AnswerError.NO_DATE) from None


def _day(node: YamlNode, *, last: bool) -> date:
    if node.written != "today":
        return node.day()
    first_day, last_day = node.ledger.fieldwork
    return last_day if last else first_day
