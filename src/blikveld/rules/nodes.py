"""The parts of a rule. Every node is a frozen value; behaviour stands in other modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Comparison(Enum):
    """How a variable is compared with a constant."""

    # Rules are looked up all the time, and each member is one of a kind.
    __hash__ = object.__hash__

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Constant:
    """`True` or `False`: everybody or nobody."""

    value: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A variable that is itself true or false, such as `completed`."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """`age != 'dont_know'` or `score >= 3`. Unknown when the variable is missing."""

    name: str
    operator: Comparison
    value: str | int | float


@dataclass(frozen=True, slots=True)
class OneOf:
    """`age in ('0-12', '13-17')`: a single answer is one of these codes."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """`'drugs' in forms`: an option of a multiple-response question was ticked.

    False when the question was asked and the option left; unknown when it was not asked.
    """

    name: str
    option: str


@dataclass(frozen=True, slots=True)
class CountChosen:
    """`count(forms) >= 2`: how many options were ticked."""

    name: str
    operator: Comparison
    value: int


@dataclass(frozen=True, slots=True)
class Asked:
    """`asked(forms)`: the routing led here, whatever came of it. Never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """`answered(forms)`: there is an answer. Never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Unknown stays unknown: `not (age == '27+')` is not true of somebody without an age."""

    part: Rule


@dataclass(frozen=True, slots=True)
class And:
    """False as soon as one part is false, else unknown as soon as one is unknown."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True as soon as one part is true, else unknown as soon as one is unknown."""

    parts: tuple[Rule, ...]


Leaf: TypeAlias = Flag | Compare | OneOf | Chosen | CountChosen | Asked | Answered
"""A part that looks at one variable."""

Rule: TypeAlias = Constant | Leaf | Not | And | Or

EVERYBODY = Constant(True)


def leaves(rule: Rule) -> Iterator[Leaf]:
    """The parts that each look at one variable, from left to right."""
    match rule:
        case Constant():
            pass
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield rule


def names(rule: Rule) -> frozenset[str]:
    """The variables a rule looks at."""
    return frozenset(leaf.name for leaf in leaves(rule))


def rewrite(rule: Rule, change: Callable[[Leaf], Rule]) -> Rule:
    """The rule with each part that looks at one variable changed."""
    match rule:
        case Constant():
            return rule
        case Not(part):
            return Not(rewrite(part, change))
        case And(parts):
            return And(tuple(rewrite(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(rewrite(part, change) for part in parts))
        case _:
            return change(rule)


def both(first: Rule, second: Rule) -> Rule:
    """The rule that holds where both hold, without needless parts."""
    if first in (EVERYBODY, second):
        return second
    if second == EVERYBODY:
        return first
    return And((*_parts(first), *_parts(second)))


def _parts(rule: Rule) -> tuple[Rule, ...]:
    return rule.parts if isinstance(rule, And) else (rule,)
