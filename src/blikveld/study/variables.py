"""What a rule may name: variables, their values, and the rule behind one value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from blikveld.rules import Rule, any_of
from blikveld.rules.nodes import Chosen, Compare, ComparisonOperator, CountChosen, Flag
from blikveld.rules.types import (
    CalendarDate,
    CodeSet,
    DecimalNumber,
    FreeText,
    RankOrder,
    SingleCode,
    TrueOrFalse,
    ValueType,
    VariableKind,
)
from blikveld.study.items import Question, Text

MODE, LANGUAGE = "mode", "language"
"""Variables that every study has. They are known before the first question, as the site is."""
COMPLETED = Flag("completed")
"""Whoever went on to the end."""


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a variable and its words."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """Anything a rule may name. `codes` is empty for flags, numbers and texts.

    `limits` says what a number or a day can be; None where nothing was said. `scored` says it of
    the numbers of a score, which are kept as binary fractions. `special` are the answers that
    are no value.
    """

    name: str
    kind: VariableKind
    label: Text
    codes: tuple[Code, ...] = ()
    limits: DecimalNumber | CalendarDate | None = None
    scored: DecimalNumber | None = None
    special: tuple[Code, ...] = ()

    def code(self, code: str) -> Code:
        """The value with this code; KeyError when the variable does not have it."""
        for candidate in self.codes:
            if candidate.code == code:
                return candidate
        raise KeyError(code)

    @property
    def rule_type(self) -> ValueType:
        """What its values are, as rules see them."""
        return self.scored or self.type

    @property
    def type(self) -> ValueType:
        """What its values are, as they are kept."""
        codes = tuple(dict.fromkeys(code.code for code in self.codes))
        match self.kind:
            case VariableKind.SINGLE:
                return SingleCode(codes)
            case VariableKind.MULTIPLE:
                return CodeSet(codes)
            case VariableKind.FLAG:
                return TrueOrFalse()
            case VariableKind.NUMBER:
                return self.limits or DecimalNumber(None)
            case VariableKind.TEXT:
                return FreeText()
            case VariableKind.DATE:
                return self.limits or CalendarDate()
            case VariableKind.RANKING:
                return RankOrder(codes)
            case _:
                assert_never(self.kind)


def declared(numbers: Iterable[float]) -> DecimalNumber | None:
    """The decimals and the ends of numbers that are written down; None where there are none."""
    written = [Decimal(repr(number)).normalize() for number in numbers]
    if not written:
        return None
    decimals = (number.as_tuple().exponent for number in written)
    most = max(-at if isinstance(at, int) else 0 for at in decimals)
    return DecimalNumber(max(0, most), min(written), max(written))


def rule_of(variable: Variable, code: str) -> Rule:
    """The rule that says: this person has this value, or chose this option."""
    if variable.kind is VariableKind.MULTIPLE:
        return Chosen(variable.name, code)
    return Compare(variable.name, ComparisonOperator.EQUAL, code)


def number_rules(question: Question) -> Iterator[Rule]:
    """The rules of how many answers can be chosen, or one that stands alone."""
    alone = [Chosen(question.key, o.code) for o in question.options if o.exclusive]
    least, most = question.kind.choice_limits()
    if least:
        enough = CountChosen(question.key, ComparisonOperator.AT_LEAST, least)
        yield any_of(enough, *alone)
    if most:
        yield CountChosen(question.key, ComparisonOperator.AT_MOST, most)
