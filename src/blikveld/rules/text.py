"""A rule as text, for people and for files. No rule is ever joined to another as text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import assert_never

from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
    Compound,
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
)


@lru_cache(maxsize=8192)
def format_rule(rule: Rule) -> str:
    """Write a rule in the rule language, so that `parse` reads the same rule from it.

    An And or Or of fewer than two parts, which no text gives, is written as the rule it equals.
    """
    match rule:
        case Constant(value):
            return repr(value)
        case Not(Chosen(name, option)):
            return f"{option!r} not in {name}"
        case Not(OneOf(name, values)):
            return f"{name} not in {_listed(values)}"
        case Not(part):
            return f"not {_bracketed(part)}"
        case And(parts):
            return " and ".join(map(_bracketed, parts)) if parts else "True"
        case Or(parts):
            return " or ".join(map(_bracketed, parts)) if parts else "False"
        case CompareTerms() | CountTrue() | IsTrue():
            return _format_compound(rule)
        case _:
            return _format_leaf(rule)


def _bracketed(rule: Rule) -> str:
    """A part of a larger rule: whatever holds `and` or `or` stands between brackets."""
    text = format_rule(rule)
    return f"({text})" if isinstance(rule, And | Or) else text


def _format_leaf(leaf: Leaf) -> str:
    match leaf:
        case Flag(name):
            return name
        case Compare(name, operator, value):
            return f"{name} {operator.value} {value!r}"
        case OneOf(name, values):
            return f"{name} in {_listed(values)}"
        case Chosen(name, option):
            return f"{option!r} in {name}"
        case CountChosen(name, operator, number):
            return f"count({name}) {operator.value} {number}"
        case CompareRank(name, option, operator, number):
            return f"rank({name}, {option!r}) {operator.value} {number}"
        case Matches(name, pattern):
            return f"matches({name}, {pattern!r})"
        case Empty(name):
            return f"empty({name})"
        case Asked(name):
            return f"asked({name})"
        case Answered(name):
            return f"answered({name})"


def _format_compound(rule: Compound) -> str:
    match rule:
        case CompareTerms(left, operator, right):
            return f"{format_term(left)} {operator.value} {format_term(right)}"
        case CountTrue(rules, operator, number):
            return f"count({', '.join(map(format_rule, rules))}) {operator.value} {number}"
        case IsTrue(part):
            return f"is_true({format_rule(part)})"


def format_term(term: Term) -> str:
    """Write a term, so that it is read back as the same term."""
    match term:
        case VariableTerm(name):
            return name
        case ConstantTerm(value):
            return f"date('{value}')" if isinstance(value, date) else format_number(value)
        case Plus(left, right):
            return f"{format_term(left)} + {_inner(right)}"
        case Minus(left, right):
            return f"{format_term(left)} - {_inner(right)}"
        case Times(inner, factor):
            return f"{_inner(inner)} * {format_number(factor)}"
        case _:
            return _format_call(term)


def format_quotient(quotient: Quotient) -> str:
    """Write what is computed, so that it is read back as the same."""
    if quotient.divisor is None:
        return format_term(quotient.dividend)
    return f"{_inner(quotient.dividend)} / {_divisor(quotient.divisor)}"


def _divisor(term: Term) -> str:
    return f"({format_term(term)})" if isinstance(term, Times) else _inner(term)


def _format_call(
    term: CountTerm | LengthTerm | SumTerm | Coalesce | DaysBetween | YearsBetween,
) -> str:
    match term:
        case CountTerm(name):
            return f"count({name})"
        case LengthTerm(name):
            return f"length({name})"
        case SumTerm(terms, least):
            parts = [format_term(part) for part in terms]
            if least < len(terms):
                parts.append(f"least={least}")
            return f"sum({', '.join(parts)})"
        case Coalesce(inner, value):
            return f"coalesce({format_term(inner)}, {format_number(value)})"
        case DaysBetween(first, last):
            return f"days({format_term(first)}, {format_term(last)})"
        case YearsBetween(first, last):
            return f"years({format_term(first)}, {format_term(last)})"
        case _:
            assert_never(term)


def _inner(term: Term) -> str:
    """A part of a larger sum: what holds + or - stands between brackets."""
    text = format_term(term)
    return f"({text})" if isinstance(term, Plus | Minus) else text


def format_number(number: Decimal) -> str:
    """A number without an exponent, such as -0.5."""
    return f"{number:f}"


def _listed(codes: tuple[str, ...]) -> str:
    return f"({', '.join(map(repr, codes))}{',' if len(codes) == 1 else ''})"
