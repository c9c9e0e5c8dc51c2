"""What a rule means: one person, plain Python. Every faster engine is held against this."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal

from blikveld.errors import BlikveldError
from blikveld.rules.missing import Missing, Person, Special, Truth, Value
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    ComparisonOperator,
    Constant,
    CountChosen,
    Flag,
    Not,
    OneOf,
    Or,
    Rule,
)

_COMPARE: dict[ComparisonOperator, Callable[[Decimal, Decimal], bool]] = {
    ComparisonOperator.EQUAL: operator.eq,
    ComparisonOperator.NOT_EQUAL: operator.ne,
    ComparisonOperator.LESS: operator.lt,
    ComparisonOperator.AT_MOST: operator.le,
    ComparisonOperator.MORE: operator.gt,
    ComparisonOperator.AT_LEAST: operator.ge,
}


class UnknownVariable(BlikveldError):
    """A rule names a variable that the person's record does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            "unknown-variable",
            f"variable {name!r}",
            "No question or derived variable has this name.",
            "Check the spelling against the questionnaire.",
        )


class WrongKind(BlikveldError):
    """A rule treats a variable as what it is not, such as an order of codes."""

    def __init__(self, name: str, value: Value, wanted: str) -> None:
        super().__init__(
            "wrong-kind",
            f"variable {name!r}",
            f"The rule needs {wanted}, and the value is of type {type(value).__name__}.",
            "Use `'code' in name` for multiple choice, `name == 'code'` for a single answer.",
        )


def evaluate(rule: Rule, person: Person) -> Truth:
    """Whether the rule holds for this person: True, False, or None where an answer is missing.

    Raises UnknownVariable and WrongKind; it never guesses.
    """
    match rule:
        case Constant():
            return rule.value
        case Not(part):
            truth = evaluate(part, person)
            return None if truth is None else not truth
        case And(parts):
            return _kleene((evaluate(part, person) for part in parts), decisive=False)
        case Or(parts):
            return _kleene((evaluate(part, person) for part in parts), decisive=True)
        case Asked(name):
            return _value(name, person) is not Missing.NOT_ASKED
        case Answered(name):
            return not isinstance(_value(name, person), Missing)
        case _:
            value = _value(rule.name, person)
            return None if isinstance(value, Missing | Special) else _holds(rule, value)


def _kleene(truths: Iterable[Truth], *, decisive: bool) -> Truth:
    # Every part is evaluated: a wrong name is an error wherever it stands.
    seen = list(truths)
    if decisive in seen:
        return decisive
    return None if None in seen else not decisive


def _value(name: str, person: Person) -> Value:
    try:
        return person[name]
    except KeyError:
        raise UnknownVariable(name) from None


def _holds(rule: Flag | Compare | OneOf | Chosen | CountChosen, value: Value) -> bool:
    match rule, value:
        case Flag(), bool():
            return value
        case Compare(name, comparison, wanted), _:
            return _compares(name, comparison, value, wanted)
        case OneOf(_, values), str():
            return value in values
        case Chosen(_, option), tuple():
            return option in value
        case CountChosen(name, comparison, number), tuple():
            return _compares(name, comparison, len(value), number)
    raise WrongKind(rule.name, value, _WANTED[type(rule)])


def _compares(
    name: str, comparison: ComparisonOperator, value: Value, wanted: str | int | float
) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return _same(name, comparison, value, wanted)
    number = exact(value)
    if number is None or isinstance(wanted, str):
        raise WrongKind(name, value, "a single code" if isinstance(wanted, str) else "a number")
    return _COMPARE[comparison](number, Decimal(repr(wanted)))


def _same(name: str, comparison: ComparisonOperator, value: str, wanted: str) -> bool:
    match comparison:
        case ComparisonOperator.EQUAL:
            return value == wanted
        case ComparisonOperator.NOT_EQUAL:
            return value != wanted
        case _:
            raise WrongKind(name, value, "a number")


def exact(value: Value) -> Decimal | None:
    """A number as it is written, so that 0.1 and 0.2 are exactly 0.3; None for anything else."""
    match value:
        case bool():
            return None
        case Decimal():
            return value
        case int() | float():
            return Decimal(repr(value))
    return None


_WANTED: dict[type, str] = {
    Flag: "true or false",
    OneOf: "a single code",
    Chosen: "the options of a multiple-response question",
    CountChosen: "the options of a multiple-response question",
}
