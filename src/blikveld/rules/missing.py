"""Answers as rules see them, and the ways an answer can be missing."""

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
