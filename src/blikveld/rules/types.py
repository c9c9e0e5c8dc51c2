"""What a variable's values are, as rules see them, and the ways an answer can be missing.

`ValueType` is the closed union that rules are checked and worked out against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias


class Missing(Enum):
    """Why there is no answer. 'Don't know' is not here: it is an answer that was offered."""

    NOT_ASKED = "not_asked"
    """The routing did not lead here."""
    SKIPPED = "skipped"
    """Asked and left blank, where that is allowed."""
    REFUSED = "refused"
    """Asked by an interviewer, who was told no."""
    BROKEN_OFF = "broken_off"
    """The respondent left before this page."""
    UNCODED = "uncoded"
    """A text that nobody has coded yet."""


@dataclass(frozen=True, slots=True)
class Special:
    """An answer that is no value, such as 'don't know' beside a number.

    Whoever gave it has answered, and every rule about the value is unknown.
    """

    code: str


Value: TypeAlias = str | bool | int | float | Decimal | date | tuple[str, ...] | Special | Missing
"""A code or text, a flag, a number, a day, chosen codes (a ranking begins with the first choice),
a special answer, or why there is none."""

Person: TypeAlias = Mapping[str, Value]
"""Everything known of one respondent: each variable has a value or a kind of missing."""

Truth: TypeAlias = bool | None
"""True, False, or None for unknown."""


class VariableKind(Enum):
    """What the values of a variable are."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class SingleCode:
    """One of these codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Any of these codes, as a tuple in their order."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankOrder:
    """Some or all of these codes, as a tuple that begins with the first choice."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecimalNumber:
    """A number with at most so many decimals, between two limits that are values themselves.

    A limit that is None is not known. `decimals` is None for numbers that may only be compared
    with a constant, since nobody said how many decimals they have.
    """

    decimals: int | None = 0
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day of the calendar, between two days that are values themselves; None where open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class FreeText:
    """Words, at least one sign."""


@dataclass(frozen=True, slots=True)
class TrueOrFalse:
    """True or false."""


ValueType: TypeAlias = (
    SingleCode | CodeSet | RankOrder | DecimalNumber | CalendarDate | FreeText | TrueOrFalse
)
