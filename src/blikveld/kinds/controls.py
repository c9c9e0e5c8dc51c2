"""The answers that a question offers, and the closed set of controls by which it is answered.

Pages, scripts and print meet controls and never the kind of question: each of their matches ends
in `assert_never`, so that a control left out is a type error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from blikveld.kinds.words import Description
from blikveld.rules import EVERYBODY, Rule
from blikveld.yaml_reading.yaml_node import Text

UNSET = "unset"
"""Metadata of a setting that the digest of a study leaves out while it has its default."""


def setting(default: Any) -> Any:
    """Return a field for a setting that may be left out, without a trace in older digests."""
    return field(default=default, metadata={UNSET: True})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered, to whom `show_if` is true of.

    `short` is the label in tables and charts. `exclusive` options stand alone, such as 'none'.
    `text` is the word before the box of 'other, namely'; None where no text is asked. A `closed`
    one is offered to nobody any more, and stays the answer of who gave it. `line` is where it
    stands in its file; 0 for one that came from no file.
    """

    code: str
    label: Text
    short: Text
    exclusive: bool = False
    text: Text | None = None
    # A field, and no value of its own.
    show_if: Rule = setting(EVERYBODY)  # noqa: RUF009
    closed: bool = setting(False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """Radio buttons, or with `several` checkboxes.

    With `ends` they are the points of a scale, in one line where a page has room for that. `how`
    says how many may be chosen, where that is limited.
    """

    name: str
    options: Sequence[Option]
    several: bool = False
    ends: tuple[Text, Text] | None = None
    how: Description | None = None


class Typing(Enum):
    """Which keyboard a telephone shows."""

    TEXT = "text"
    DIGITS = "numeric"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class TextInput:
    """A line that takes at most `longest` characters and shows about `room` of them.

    `label` stands above a line that is a part of the answer. What is typed has to fit `pattern`
    (see rules.patterns) as a whole, where there is one.
    """

    name: str
    longest: int
    typing: Typing = Typing.TEXT
    room: int = 0
    unit: Text | None = None
    label: Description | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class TextArea:
    """A box of several lines that takes at most `longest` characters."""

    name: str
    longest: int


@dataclass(frozen=True, slots=True)
class SelectList:
    """A list that opens, under a label; `nothing` is the words for no choice."""

    name: str
    options: Sequence[Option]
    label: Description | None
    nothing: Description


Control: TypeAlias = ChoiceList | SelectList | TextInput | TextArea
