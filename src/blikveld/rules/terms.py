"""Terms: what gives a number or a day for one person, and is unknown where an answer is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, TypeAlias, assert_never


class Node:
    """Remembers its hash: cells, cubes and masks are looked up by their rules all the time."""

    __slots__ = ("_hash",)
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _hash: int

    def __init_subclass__(cls) -> None:
        # A dataclass keeps the hash that its class already has, and makes one where it has none.
        cls.__hash__ = Node._hash_once  # type: ignore[assignment]

    def _hash_once(self) -> int:
        try:
            return self._hash
        except AttributeError:
            parts = tuple(getattr(self, name) for name in self.__match_args__)
            object.__setattr__(self, "_hash", hash((type(self).__name__, parts)))
            return self._hash


@dataclass(frozen=True, slots=True)
class VariableTerm(Node):
    """`age` or `born`: a number or a day that was answered or made."""

    name: str


@dataclass(frozen=True, slots=True)
class ConstantTerm(Node):
    """`3`, `-0.5` or `date('2026-11-02')`; `today` is the day on which the fieldwork begins."""

    value: Decimal | date


@dataclass(frozen=True, slots=True)
class CountTerm(Node):
    """`count(forms)`: how many options were ticked or ranked."""

    name: str


@dataclass(frozen=True, slots=True)
class LengthTerm(Node):
    """`length(remark)`: how many characters a text has."""

    name: str


@dataclass(frozen=True, slots=True)
class Plus(Node):
    """`a + b`, unknown when one of them is."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Minus(Node):
    """`a - b`, unknown when one of them is."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Times(Node):
    """`a * 2.5`: one side is a constant."""

    term: Term
    factor: Decimal


@dataclass(frozen=True, slots=True)
class SumTerm(Node):
    """`sum(a, b, c, least=2)`: what is known added up; unknown when fewer are known than `least`.

    Written without `least` all of them must be known.
    """

    terms: tuple[Term, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """`coalesce(a, 0)`: a constant in the place of what is unknown."""

    term: Term
    value: Decimal


@dataclass(frozen=True, slots=True)
class DaysBetween(Node):
    """`days(first, last)`: the days from one day to another, below nought when it comes before."""

    first: Term
    last: Term


@dataclass(frozen=True, slots=True)
class YearsBetween(Node):
    """`years(born, today)`: whole years, counted up on the birthday (1 March for 29 February)."""

    first: Term
    last: Term


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """`paid / weeks`, or a term alone: what is computed, and never stands in a rule."""

    dividend: Term
    divisor: Term | None = None


Term: TypeAlias = (
    VariableTerm
    | ConstantTerm
    | CountTerm
    | LengthTerm
    | Plus
    | Minus
    | Times
    | SumTerm
    | Coalesce
    | DaysBetween
    | YearsBetween
)


def sides(quotient: Quotient) -> tuple[Term, ...]:
    """What is divided, and by what where something is."""
    divisor = () if quotient.divisor is None else (quotient.divisor,)
    return (quotient.dividend, *divisor)


def quotient_names(quotient: Quotient) -> frozenset[str]:
    """The variables that are looked at to compute something."""
    return frozenset(name for side in sides(quotient) for name in term_names(side))


def term_names(term: Term) -> Iterator[str]:
    """The variables a term looks at, from left to right."""
    match term:
        case ConstantTerm():
            pass
        case VariableTerm(name) | CountTerm(name) | LengthTerm(name):
            yield name
        case Plus(first, last) | Minus(first, last):
            yield from (*term_names(first), *term_names(last))
        case DaysBetween(first, last) | YearsBetween(first, last):
            yield from (*term_names(first), *term_names(last))
        case Times(inner) | Coalesce(inner):
            yield from term_names(inner)
        case SumTerm(terms):
            for part in terms:
                yield from term_names(part)
        case _:
            assert_never(term)
