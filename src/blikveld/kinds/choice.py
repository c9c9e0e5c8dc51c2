"""One or several of the answers that are offered."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from blikveld.kinds.base import AskedQuestion, KindOfQuestion
from blikveld.kinds.controls import ChoiceList, Control, Option, SelectList, setting
from blikveld.kinds.posted import AnswerError, AnswerRefused, Form, StoredAnswer, read_codes
from blikveld.kinds.words import Description, DescriptionCode
from blikveld.rules import Value
from blikveld.rules.types import VariableKind
from blikveld.yaml_reading.yaml_node import YamlNode

MOST_RADIOS = 30
"""More answers than these stand in a list that opens."""


@dataclass(frozen=True, slots=True)
class Single(KindOfQuestion):
    """One of the answers that are offered; its value is the code."""

    name: ClassVar[str] = "single"
    variable_kind: ClassVar[VariableKind] = VariableKind.SINGLE
    offers: ClassVar[bool] = True
    settings: ClassVar[tuple[str, ...]] = ()
    nothing: ClassVar[AnswerError] = AnswerError.CHOOSE_ONE

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind: it has no settings of its own."""
        return cls()

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return radio buttons, or a list that opens where there are many and none asks a text."""
        if len(asked.options) <= MOST_RADIOS or any(option.text for option in asked.options):
            return (ChoiceList(asked.key, asked.options),)
        nothing = Description(DescriptionCode.NOTHING_CHOSEN)
        return (SelectList(asked.key, asked.options, None, nothing),)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the code that was chosen. Refused are two, and what was not offered."""
        chosen = _read_chosen(asked, form)
        if len(chosen) > 1:
            raise AnswerRefused(AnswerError.TOO_MANY)
        return chosen[0].code if chosen else None

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the field with the code."""
        return {asked.key: (answer,) if isinstance(answer, str) else answer}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the code itself."""
        return answer

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return one of the codes."""
        return _weighted(asked.options, dice).code

    def describe(self) -> Description:
        """Return that one answer is possible."""
        return Description(DescriptionCode.ONE_ANSWER)


@dataclass(frozen=True, slots=True)
class Multiple(KindOfQuestion):
    """Several of the answers that are offered; its value is their codes, in order.

    At least `least` and at most `most` are chosen, or one that stands alone; 0 is no limit.
    """

    least: int = setting(0)
    most: int = setting(0)

    name: ClassVar[str] = "multiple"
    variable_kind: ClassVar[VariableKind] = VariableKind.MULTIPLE
    offers: ClassVar[bool] = True
    settings: ClassVar[tuple[str, ...]] = ("least", "most")
    nothing: ClassVar[AnswerError] = AnswerError.CHOOSE_SOME

    @classmethod
    def read_settings(cls, fields: Mapping[str, YamlNode]) -> Self:
        """Return the kind with these settings; what is wrong in them becomes faults."""
        least = fields["least"].optional(_limit) or 0
        most = fields["most"].optional(_limit) or 0
        if most and least > most:
            problem = f"Nobody can choose {least} or more, and {most} at the most."
            fields["most"].fault("wrong-value", problem, "Change one.")
        return cls(least, most)

    def choice_limits(self) -> tuple[int, int]:
        """Return the two settings."""
        return self.least, self.most

    def controls(self, asked: AskedQuestion) -> tuple[Control, ...]:
        """Return a list of checkboxes."""
        how = self.describe() if self.least or self.most else None
        return (ChoiceList(asked.key, asked.options, several=True, how=how),)

    def parse_answer(self, asked: AskedQuestion, form: Form) -> StoredAnswer | None:
        """Return the codes that were chosen. Refused are an exclusive one beside another, one
        twice, too few, too many, and what was not offered."""
        chosen = _read_chosen(asked, form)
        if len(chosen) > 1 and any(option.exclusive for option in chosen):
            raise AnswerRefused(AnswerError.EXCLUSIVE)
        if chosen and not chosen[0].exclusive:
            self._check_number(len(chosen))
        return tuple(option.code for option in chosen) or None

    def _check_number(self, chosen: int) -> None:
        if chosen < self.least:
            raise AnswerRefused(AnswerError.TOO_FEW_CHOSEN, Decimal(self.least))
        if self.most and chosen > self.most:
            raise AnswerRefused(AnswerError.TOO_MANY_CHOSEN, Decimal(self.most))

    def fill_form(self, asked: AskedQuestion, answer: StoredAnswer) -> dict[str, tuple[str, ...]]:
        """Return the field with each code."""
        return {asked.key: (answer,) if isinstance(answer, str) else answer}

    def read_value(self, answer: StoredAnswer) -> Value:
        """Return the codes themselves."""
        return answer

    def generate_answer(self, asked: AskedQuestion, dice: random.Random) -> StoredAnswer:
        """Return some of the codes, or an exclusive one."""
        first = _weighted(asked.options, dice)
        if first.exclusive:
            return (first.code,)
        free = [option for option in asked.options if not option.exclusive]
        chosen = [o for o in free if o is first or dice.random() < 1 / len(free)]
        left = [option for option in free if option not in chosen]
        chosen += dice.sample(left, max(0, self.least - len(chosen)))
        if self.most:
            chosen = chosen[: self.most]
        return tuple(option.code for option in free if option in chosen)

    def describe(self) -> Description:
        """Return that several answers are possible, or how many."""
        limits = {"least": Decimal(self.least), "most": Decimal(self.most)}
        if self.least and self.least == self.most:
            return Description(DescriptionCode.CHOOSE_EXACTLY, limits)
        match bool(self.least), bool(self.most):
            case False, False:
                return Description(DescriptionCode.SEVERAL_ANSWERS)
            case True, False:
                return Description(DescriptionCode.CHOOSE_LEAST, limits)
            case False, True:
                return Description(DescriptionCode.CHOOSE_MOST, limits)
            case _:
                return Description(DescriptionCode.CHOOSE_BETWEEN, limits)


def _limit(node: YamlNode) -> int:
    number = node.decimal(0)
    if number < 1:
        mend = "Write a whole number from 1, or leave it out."
        node.fault("wrong-value", f"{number} is no number of answers to choose.", mend)
    return max(int(number), 0)


def _read_chosen(asked: AskedQuestion, form: Form) -> tuple[Option, ...]:
    codes = read_codes(form, asked.key)
    if not set(codes) <= {option.code for option in asked.options}:
        raise AnswerRefused(AnswerError.NOT_OFFERED)
    if len(set(codes)) != len(codes):
        raise AnswerRefused(AnswerError.TWICE)
    return tuple(option for option in asked.options if option.code in codes)


def _weighted(options: Sequence[Option], dice: random.Random) -> Option:
    """Earlier options a little more often, so that tables do not look all alike."""
    return dice.choices(options, weights=range(len(options) + 2, 2, -1))[0]
