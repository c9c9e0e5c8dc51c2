"""The fields of a form that somebody sent in. Nothing in it is trusted."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

StoredAnswer: TypeAlias = str | tuple[str, ...]
"""An answer as it is kept: a code, a text, a number or day in one way of writing, or codes."""
Form: TypeAlias = Mapping[str, Sequence[str]]
"""The values of a form by the name of their field."""


LONGEST_OPEN = 5_000
"""Characters in the answer to an open question."""


Limit: TypeAlias = Decimal | date | str | int | None
"""What a message says instead of `{limit}`."""


class AnswerError(Enum):
    """Why an answer cannot be kept."""

    CHOOSE_ONE = "choose_one"
    CHOOSE_SOME = "choose_some"
    WRITE = "write"
    TOO_MANY = "too_many"
    TOO_FEW_CHOSEN = "too_few_chosen"
    TOO_MANY_CHOSEN = "too_many_chosen"
    TWICE = "twice"
    EXCLUSIVE = "exclusive"
    NOT_OFFERED = "not_offered"
    OTHER_MISSING = "other_missing"
    OTHER_NOT_CHOSEN = "other_not_chosen"
    TOO_LONG = "too_long"
    CONTROL = "control"
    NUMBER = "number"
    YEAR = "year"
    NO_NUMBER = "no_number"
    TWO_MARKS = "two_marks"
    WHOLE = "whole"
    DECIMALS = "decimals"
    FOUR_DIGITS = "four_digits"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    DATE = "date"
    NO_DATE = "no_date"
    DATE_HALF = "date_half"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    PATTERN = "pattern"
    RANK = "rank"
    RANK_TWICE = "rank_twice"
    RANK_GAP = "rank_gap"
    VALUE_AND_SPECIAL = "value_and_special"
    CHECK = "check"
    CHECK_SOFT = "check_soft"
    NO_ADDRESS = "no_address"
    ADDRESS_AGAIN = "address_again"


class AnswerRefused(Exception):
    """An answer that cannot be kept, on its way to becoming a message."""

    def __init__(self, error: AnswerError, limit: Limit = None) -> None:
        self.error, self.limit = error, limit
        super().__init__(error.value)


def read_codes(form: Form, name: str) -> tuple[str, ...]:
    """Return what was chosen in a list, without the blank of a list where nothing is."""
    return tuple(value for value in form.get(name, ()) if value)


def read_text(form: Form, name: str, longest: int) -> str:
    """Return what was typed in a field, tidied; '' where nothing was.

    Raises AnswerRefused when it is too long, came twice or holds what nobody can read.
    """
    fields = form.get(name, ())
    if len(fields) > 1:
        raise AnswerRefused(AnswerError.TWICE)
    text = tidy(fields[0]) if fields else ""
    if len(text) > longest:
        raise AnswerRefused(AnswerError.TOO_LONG, longest)
    if any(_unprintable(character) for character in text):
        raise AnswerRefused(AnswerError.CONTROL)
    return text


def tidy(text: str) -> str:
    """Text as it is kept: composed (NFC), lines ended by a line feed, nothing around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def _unprintable(character: str) -> bool:
    # Lone surrogates too: they cannot be written down in any file. And the sign that stands where
    # bytes could not be read: what was typed there is lost, and only the respondent knows it.
    if character == "\N{REPLACEMENT CHARACTER}":
        return True
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}
