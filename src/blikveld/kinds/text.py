"""Answers in a respondent's own words."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from blikveld.kinds.base import AskedQuestion, KindOfQuestion, read_special
from blikveld.kinds.controls import Control, Option, TextArea, TextInput, Typing, setting
from blikveld.kinds.posted import (
    LONGEST_OPEN,
    AnswerError,
    AnswerRefused,
    Form,
    StoredAnswer,
    read_text,
)
from blikveld.kinds.words import Description, DescriptionCode
from blikveld.rules import Value
from blikveld.rules.patterns import fits, problem_of
from blikveld.rules.types import VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode

LONGEST_LINE = 255
"""Characters on one line, unless an author sets another number."""
_WIDEST = 40
MADE_UP = "…"
"""What somebody who does not exist writes."""


@dataclass(frozen=True, slots=True)
class OpenText(KindOfQuestion):
    """A box of several lines; its value is the text. `longest` is the most characters."""

    special: tuple[Option, ...] = setting(())
    longest: int = setting(LONGEST_OPEN)

    name: ClassVar[str] = "open"
    variable_kind: ClassVar[VariableKind] = VariableKind.TEXT
    offers: ClassVar[bool] = False
    settings: ClassVar[tuple[str, ...]] = ("longest", "special")
    nothing: ClassVar[AnswerError] = AnswerError.WRITE

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        longest = fields["longest"].optional(_longest) or LONGEST_OPEN
        return cls(special=read_special(fields["special"]), longest=longest)

    def specials(self) -> tuple[Option, ...]:
        """Return the answers that are no text."""
        return self.special

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a box of several lines."""
        return (TextArea(asked.key, self.longest),)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the text, tidied. Refused is one that is too long or cannot be read."""
        return read_text(form, asked.key, self.longest) or None

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


@dataclass(frozen=True, slots=True)
class TextEntry(KindOfQuestion):
    """One line; its value is the text.

    A text has to fit `pattern` (see rules.patterns) as a whole. `example` is one that does: who
    wrote another is shown it.
    """

    special: tuple[Option, ...] = ()
    longest: int = LONGEST_LINE
    pattern: str = ""
    example: str = ""

    name: ClassVar[str] = "text"
    variable_kind: ClassVar[VariableKind] = VariableKind.TEXT
    offers: ClassVar[bool] = False
    encoded: ClassVar[bool] = True
    settings: ClassVar[tuple[str, ...]] = ("longest", "pattern", "example", "special")
    nothing: ClassVar[AnswerError] = AnswerError.WRITE

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        pattern = fields["pattern"].optional(YamlNode.string) or ""
        example = fields["example"].optional(YamlNode.string) or ""
        if pattern:
            _check_pattern(fields, pattern, example)
        return cls(
            special=read_special(fields["special"]),
            longest=fields["longest"].optional(_longest) or LONGEST_LINE,
            pattern=pattern,
            example=example,
        )

    def specials(self) -> tuple[Option, ...]:
        """Return the answers that are no text."""
        return self.special

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a line, as wide as the example where there is one."""
        room = len(self.example) or min(self.longest, _WIDEST)
        return (TextInput(asked.key, self.longest, Typing.TEXT, room, pattern=self.pattern),)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the text on one line. Refused is one that is too long, cannot be read or does not
        fit the pattern."""
        text = " ".join(read_text(form, asked.key, self.longest).split())
        if text and self.pattern and not fits(self.pattern, text):
            raise AnswerRefused(AnswerError.PATTERN, self.example)
        return text or None

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the field with the text."""
        return {asked.key: (str(answer),)}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the text itself."""
        return answer

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return the example, or a text that nobody wrote."""
        return self.example or MADE_UP

    def describe(self) -> Description:
        """Return the example, or how long the text may be."""
        if self.example:
            return Description(DescriptionCode.TEXT_LIKE, {"example": self.example})
        return Description(DescriptionCode.TEXT, {"most": Decimal(self.longest)})


def _longest(node: YamlNode) -> int:
    number = node.decimal(0)
    if not 1 <= number <= LONGEST_OPEN:
        mend = f"Write a number from 1 to {LONGEST_OPEN}."
        node.fault("wrong-value", f"A text of {number} characters cannot be kept.", mend)
    return int(number)


def _check_pattern(fields: Mapping[str, YamlNode], pattern: str, example: str) -> None:
    problem = problem_of(pattern)
    if problem is not None:
        fields["pattern"].fault("pattern", problem.problem, problem.mend)
    elif not example:
        mend = "Add example: a text that fits, which who wrote another is shown."
        fields["pattern"].fault("missing-key", "Nobody can tell what fits this pattern.", mend)
    elif not fits(pattern, example):
        mend = "Change the example or the pattern."
        fields["example"].fault("pattern", f"{example!r} does not fit the pattern.", mend)
