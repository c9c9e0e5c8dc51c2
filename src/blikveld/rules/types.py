"""What a variable's values are: the closed union that rules are checked and worked out against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias


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
