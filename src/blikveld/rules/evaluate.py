"""What a rule means: one person, plain Python. Every faster engine is held against this."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from functools import reduce
from math import floor, inf
from typing import Any, TypeAlias, assert_never

from blikveld.errors import BlikveldError
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
    ComparisonOperator,
    Constant,
    CountChosen,
    CountTrue,
    Empty,
    Flag,
    IsTrue,
    Leaf,
    Matches,
    Not,
    OneOf,
    Or,
    Rule,
)
from blikveld.rules.patterns import fits
from blikveld.rules.terms import (
    Coalesce,
    ConstantTerm,
    CountTerm,
    DaysBetween,
    LengthTerm,
    Minus,
    Plus,
    Quotient,
    SumTerm,
    Term,
    Times,
    VariableTerm,
    YearsBetween,
    term_names,
)
from blikveld.rules.types import Missing, Person, Special, Truth, Value

_Known: TypeAlias = Decimal | date

_COMPARE: Mapping[ComparisonOperator, Callable[[Any, Any], bool]] = {
    ComparisonOperator.EQUAL: operator.eq,
    ComparisonOperator.NOT_EQUAL: operator.ne,
    ComparisonOperator.LESS: operator.lt,
    ComparisonOperator.AT_MOST: operator.le,
    ComparisonOperator.MORE: operator.gt,
    ComparisonOperator.AT_LEAST: operator.ge,
}
_EXACT = Context(prec=2_000)
"""Sums keep every decimal; the standard context would round after 28."""


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
        case CompareTerms(left, comparison, right):
            return _compare_terms(evaluate_term(left, person), comparison, right, person)
        case CountTrue(rules, comparison, number):
            return _counted([evaluate(part, person) for part in rules], comparison, number)
        case IsTrue(part):
            return evaluate(part, person) is True
        case _:
            return _of_leaf(rule, _value(rule.name, person))


def _of_leaf(leaf: Leaf, value: Value) -> Truth:
    match leaf:
        case Asked():
            return value is not Missing.NOT_ASKED
        case Answered():
            return not isinstance(value, Missing)
        case Empty():
            return None if value is Missing.NOT_ASKED else isinstance(value, Missing)
        case _:
            return None if isinstance(value, Missing | Special) else _holds(leaf, value)


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


def _compare_terms(
    left: _Known | None, comparison: ComparisonOperator, other: Term, person: Person
) -> Truth:
    right = evaluate_term(other, person)
    if left is None or right is None:
        return None
    if isinstance(left, date) != isinstance(right, date):
        raise WrongKind(_first_name(other), str(right), "two days, or two numbers")
    return _COMPARE[comparison](left, right)


def _first_name(term: Term) -> str:
    return next(term_names(term), "today")


def _counted(truths: Sequence[Truth], comparison: ComparisonOperator, number: int) -> Truth:
    """Whether the comparison holds for every number of trues that is possible, or for none."""
    known = truths.count(True)
    possible = range(known, known + truths.count(None) + 1)
    found = {_COMPARE[comparison](count, number) for count in possible}
    return found.pop() if len(found) == 1 else None


def evaluate_term(term: Term, person: Person) -> Decimal | date | None:
    """The number or the day that a term gives for this person; None where it is unknown.

    Numbers are exact: 0.1 + 0.2 is 0.3. Raises UnknownVariable and WrongKind.
    """
    match term:
        case ConstantTerm(value):
            return value
        case VariableTerm(name):
            return _number_or_day(name, _value(name, person))
        case CountTerm(name):
            return _size(name, _value(name, person), tuple, _WANTED[CountChosen])
        case LengthTerm(name):
            return _size(name, _value(name, person), str, "a text")
        case Plus(left, right):
            return _both(_EXACT.add, left, right, person)
        case Minus(left, right):
            return _both(_EXACT.subtract, left, right, person)
        case Times(inner, factor):
            return _both(_EXACT.multiply, inner, ConstantTerm(factor), person)
        case SumTerm(terms, least):
            known = [n for part in terms if (n := _number(part, person)) is not None]
            return reduce(_EXACT.add, known, Decimal(0)) if len(known) >= least else None
        case Coalesce(inner, value):
            found = _number(inner, person)
            return value if found is None else found
        case DaysBetween(first, last):
            return _between(_days, first, last, person)
        case YearsBetween(first, last):
            return _between(_years, first, last, person)
        case _:
            assert_never(term)


def evaluate_quotient(quotient: Quotient, decimals: int, person: Person) -> Decimal | None:
    """What is computed for this person, rounded half up (away from nought) to so many decimals.

    None where a term is unknown, and where something is divided by nought.
    """
    dividend = _number(quotient.dividend, person)
    divisor = Decimal(1) if quotient.divisor is None else _number(quotient.divisor, person)
    if dividend is None or not divisor:
        return None
    whole = Fraction(dividend) / Fraction(divisor) * 10**decimals
    rounded = floor(abs(whole) + Fraction(1, 2))
    return Decimal(rounded if whole >= 0 else -rounded).scaleb(-decimals)


def _both(
    add: Callable[[Decimal, Decimal], Decimal], left: Term, right: Term, person: Person
) -> Decimal | None:
    one, other = _number(left, person), _number(right, person)
    return None if one is None or other is None else add(one, other)


def _between(
    span: Callable[[date, date], int], first: Term, last: Term, person: Person
) -> Decimal | None:
    begin, end = _day(first, person), _day(last, person)
    return None if begin is None or end is None else Decimal(span(begin, end))


def _days(first: date, last: date) -> int:
    return (last - first).days


def _years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _number(term: Term, person: Person) -> Decimal | None:
    found = evaluate_term(term, person)
    if isinstance(found, date):
        raise WrongKind(_first_name(term), found, "a number")
    return found


def _day(term: Term, person: Person) -> date | None:
    found = evaluate_term(term, person)
    if isinstance(found, Decimal):
        raise WrongKind(_first_name(term), found, "a day")
    return found


def _number_or_day(name: str, value: Value) -> Decimal | date | None:
    if isinstance(value, Missing | Special):
        return None
    found = value if isinstance(value, date) else exact(value)
    if found is None:
        raise WrongKind(name, value, "a number or a day")
    return found


def _size(
    name: str, value: Value, kind: type[str] | type[tuple[str, ...]], wanted: str
) -> Decimal | None:
    if isinstance(value, Missing | Special):
        return None
    if not isinstance(value, kind):
        raise WrongKind(name, value, wanted)
    return Decimal(len(value))


def _holds(
    rule: Flag | Compare | OneOf | Chosen | CountChosen | CompareRank | Matches, value: Value
) -> bool:
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
        case CompareRank(_, option, comparison, number), tuple():
            place = value.index(option) + 1 if option in value else inf
            return _COMPARE[comparison](place, number)
        case Matches(_, pattern), str():
            return fits(pattern, value)
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
    CompareRank: "a ranking",
    Matches: "a text",
}
