"""What every kind of question can do. A kind holds its settings and no question."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from blikveld.kinds.controls import Control, Option
from blikveld.kinds.posted import AnswerError, AnswerRefused, Form, StoredAnswer
from blikveld.kinds.words import Description
from blikveld.rules import Value
from blikveld.rules.types import CalendarDate, DecimalNumber, VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode, once, once_in_words


@dataclass(frozen=True, slots=True)
class NumberBand:
    """A part of a number: from `low`, and below `high`; None where it is open. With its words."""

    low: Decimal | None
    high: Decimal | None
    label: Description


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as its kind needs to know it: its name and what it offers."""

    key: str
    options: Sequence[Option] = ()


class KindOfQuestion(ABC):
    """One kind of question: from settings to a form, and from a form to a value.

    `name` is what authors write, `variable_kind` says what the values of its variable are.
    `offers` tells whether it has options, and `settings` which settings it knows beyond those of
    every question. `nothing` is what is wrong when a question that must be answered is not.
    """

    __slots__ = ()
    name: ClassVar[str]
    variable_kind: ClassVar[VariableKind]
    offers: ClassVar[bool]
    settings: ClassVar[tuple[str, ...]]
    nothing: ClassVar[AnswerError]
    encoded: ClassVar[bool] = False
    """Whether an answer is kept in another form than its value or the fields of its form."""

    @classmethod
    @abstractmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""

    @property
    def limits(self) -> DecimalNumber | CalendarDate | None:
        """What its value can be; None where rules need not know."""
        return None

    def specials(self) -> tuple[Option, ...]:
        """Return the answers without a value, such as 'don't know' beside a number."""
        return ()

    def choice_limits(self) -> tuple[int, int]:
        """Return the fewest and the most answers that can be chosen; 0 where nothing limits them.

        An answer that stands alone may always be chosen.
        """
        return 0, 0

    def divide(self) -> tuple[NumberBand, ...]:
        """Return the bands in which tables count its value, from low to high."""
        return ()

    def field_names(self, key: str) -> tuple[str, ...]:
        """Return the fields in which a question with this name is answered."""
        return (key,)

    @abstractmethod
    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return by what it is answered on a page, in order."""

    @abstractmethod
    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the answer in a form, None where there is none. Raises AnswerRefused."""

    @abstractmethod
    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the fields that `parse_answer` makes this answer of."""

    def is_kept(self, asked: AskedQuestion, answer: StoredAnswer) -> bool:
        """Whether this is an answer of this kind in the form in which it is kept."""
        try:
            again = self.parse_answer(asked, self.fill_form(asked, answer))
            return again is not None and self.read_value(again) == self.read_value(answer)
        except (AnswerRefused, ValueError, ArithmeticError):
            return False

    @abstractmethod
    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the value of an answer, as rules and snapshots know it."""

    @abstractmethod
    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return an answer that nobody gave."""

    @abstractmethod
    def describe(self) -> Description:
        """Return what may be filled in, in words."""


def read_special(node: YamlNode) -> tuple[Option, ...]:
    """Return the answers without a value that a question offers; none where it has no such list."""
    found = node.some(_special) if node.given else ()
    once((element.inner("code") for element in node.elements()), "code")
    once_in_words(node.elements(), "label", "label")
    return found


def _special(node: YamlNode) -> Option:
    fields = node.fields("code", "label", optional=("short",))
    label = fields["label"].label()
    short = fields["short"].optional(YamlNode.label) or label
    return Option(fields["code"].code(), label, short)
