"""What every kind of question can do. A kind holds its settings and no question."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from blikveld.kinds.controls import Control
from blikveld.kinds.options import Option
from blikveld.kinds.posted import AnswerError, Form, StoredAnswer
from blikveld.kinds.words import Description
from blikveld.rules import Value
from blikveld.rules.types import VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode

UNSET = "unset"
"""Metadata of a setting that the digest of a study leaves out while it has its default."""


def setting(default: Any) -> Any:
    """Return a field for a setting that may be left out, without a trace in older digests."""
    return field(default=default, metadata={UNSET: True})


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

    @classmethod
    @abstractmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""

    @abstractmethod
    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return by what it is answered on a page, in order."""

    @abstractmethod
    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the answer in a form, None where there is none. Raises AnswerRefused."""

    @abstractmethod
    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the fields that `parse_answer` makes this answer of."""

    @abstractmethod
    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the value of an answer, as rules and snapshots know it."""

    @abstractmethod
    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return an answer that nobody gave."""

    @abstractmethod
    def describe(self) -> Description:
        """Return what may be filled in, in words."""
