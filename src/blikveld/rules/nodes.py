"""The parts of a rule. Every node is a frozen value; behaviour stands in other modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, TypeAlias


class ComparisonOperator(Enum):
    """How a variable is compared with a constant."""

    # Rules are looked up all the time, and each member is one of a kind.
    __hash__ = object.__hash__

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class _Node:
    """Remembers its hash: cells, cubes and masks are looked up by their rules all the time."""

    __slots__ = ("_hash",)
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _hash: int

    def _hash_once(self) -> int:
        try:
            return self._hash
        except AttributeError:
            parts = tuple(getattr(self, name) for name in self.__match_args__)
            object.__setattr__(self, "_hash", hash((type(self).__name__, parts)))
            return self._hash


@dataclass(frozen=True, slots=True)
class Constant(_Node):
    """`True` or `False`: everybody or nobody."""

    __hash__ = _Node._hash_once

    value: bool


@dataclass(frozen=True, slots=True)
class Flag(_Node):
    """A variable that is itself true or false, such as `completed`."""

    __hash__ = _Node._hash_once

    name: str


@dataclass(frozen=True, slots=True)
class Compare(_Node):
    """`age != 'dont_know'` or `score >= 3`. Unknown when the variable is missing."""

    __hash__ = _Node._hash_once

    name: str
    operator: ComparisonOperator
    value: str | int | float


@dataclass(frozen=True, slots=True)
class OneOf(_Node):
    """`age in ('0-12', '13-17')`: a single answer is one of these codes."""

    __hash__ = _Node._hash_once

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen(_Node):
    """`'drugs' in forms`: an option of a multiple-response question was ticked.

    False when the question was asked and the option left; unknown when it was not asked.
    """

    __hash__ = _Node._hash_once

    name: str
    option: str


@dataclass(frozen=True, slots=True)
class CountChosen(_Node):
    """`count(forms) >= 2`: how many options were ticked."""

    __hash__ = _Node._hash_once

    name: str
    operator: ComparisonOperator
    value: int


@dataclass(frozen=True, slots=True)
class Asked(_Node):
    """`asked(forms)`: the routing led here, whatever came of it. Never unknown."""

    __hash__ = _Node._hash_once

    name: str


@dataclass(frozen=True, slots=True)
class Answered(_Node):
    """`answered(forms)`: there is an answer. Never unknown."""

    __hash__ = _Node._hash_once

    name: str


@dataclass(frozen=True, slots=True)
class Not(_Node):
    """Unknown stays unknown: `not (age == '27+')` is not true of somebody without an age."""

    __hash__ = _Node._hash_once

    part: Rule


@dataclass(frozen=True, slots=True)
class And(_Node):
    """False as soon as one part is false, else unknown as soon as one is unknown."""

    __hash__ = _Node._hash_once

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Or(_Node):
    """True as soon as one part is true, else unknown as soon as one is unknown."""

    __hash__ = _Node._hash_once

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


def join_rules(*rules: Rule) -> Rule:
    """The rule that holds where all of these hold, each part once; EVERYBODY when there are none.

    Its parts stand in the order given, and a part that is itself an And stands among them.
    """
    parts = tuple(dict.fromkeys(part for rule in rules for part in parts_of(rule)))
    return And(parts) if len(parts) > 1 else next(iter(parts), EVERYBODY)


def parts_of(rule: Rule) -> tuple[Rule, ...]:
    """The rules that must all be true for this one to be true; none for EVERYBODY."""
    if isinstance(rule, And):
        return tuple(dict.fromkeys(inner for part in rule.parts for inner in parts_of(part)))
    return () if rule == EVERYBODY else (rule,)


def any_of(*rules: Rule) -> Rule:
    """The rule that holds where one of these holds; nobody meets an Or of none."""
    return rules[0] if len(rules) == 1 else Or(rules)
