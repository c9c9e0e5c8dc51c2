"""What a rule may name: variables, their values, and the rule behind one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from blikveld.rules import Rule
from blikveld.rules.nodes import Chosen, Compare, ComparisonOperator
from blikveld.rules.types import (
    CalendarDate,
    CodeSet,
    DecimalNumber,
    FreeText,
    SingleCode,
    TrueOrFalse,
    ValueType,
    VariableKind,
)
from blikveld.study.items import Text


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a variable and its words."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """Anything a rule may name. `codes` is empty for flags, numbers and texts.

    `limits` says what a number or a day can be; None where nothing was said.
    """

    name: str
    kind: VariableKind
    label: Text
    codes: tuple[Code, ...] = ()
    limits: DecimalNumber | CalendarDate | None = None

    def code(self, code: str) -> Code:
        """The value with this code; KeyError when the variable does not have it."""
        for candidate in self.codes:
            if candidate.code == code:
                return candidate
        raise KeyError(code)

    @property
    def type(self) -> ValueType:
        """What its values are, as rules see them."""
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
            case _:
                assert_never(self.kind)


def rule_of(variable: Variable, code: str) -> Rule:
    """The rule that says: this person has this value, or chose this option."""
    if variable.kind is VariableKind.MULTIPLE:
        return Chosen(variable.name, code)
    return Compare(variable.name, ComparisonOperator.EQUAL, code)
