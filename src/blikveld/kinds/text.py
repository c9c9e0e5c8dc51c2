"""Answers in a respondent's own words."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from blikveld.kinds.base import AskedQuestion, KindOfQuestion
from blikveld.kinds.controls import Control, TextArea
from blikveld.kinds.posted import LONGEST_OPEN, AnswerError, Form, StoredAnswer, read_text
from blikveld.kinds.words import Description, DescriptionCode
from blikveld.rules import Value
from blikveld.rules.types import VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode

MADE_UP = "…"
"""What somebody who does not exist writes."""


@dataclass(frozen=True, slots=True)
class OpenText(KindOfQuestion):
    """A box of several lines; its value is the text."""

    name: ClassVar[str] = "open"
    variable_kind: ClassVar[VariableKind] = VariableKind.TEXT
    offers: ClassVar[bool] = False
    settings: ClassVar[tuple[str, ...]] = ()
    nothing: ClassVar[AnswerError] = AnswerError.WRITE

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind: it has no settings of its own."""
        return cls()

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a box of several lines."""
        return (TextArea(asked.key, LONGEST_OPEN),)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the text, tidied. Refused is one that is too long or cannot be read."""
        return read_text(form, asked.key, LONGEST_OPEN) or None

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the field with the text."""
        return {asked.key: (str(answer),)}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the text itself."""
        return answer

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return a text that nobody wrote."""
        return MADE_UP

    def describe(self) -> Description:
        """Return that the answer is in own words."""
        return Description(DescriptionCode.OPEN_ANSWER)
