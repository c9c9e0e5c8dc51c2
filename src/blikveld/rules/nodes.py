"""The parts of a rule. Every node is a frozen value; behaviour stands in other modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from blikveld.rules.terms import Node, Term, term_names


class ComparisonOperator(Enum):
    """How a variable is compared with a constant."""

    # Rules are looked up all the time. A member goes by its identity: it is one of a kind.
    __hash__ = object.__hash__

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """`True` or `False`: everybody or nobody."""

    value: bool


@dataclass(frozen=True, slots=True)
class Flag(Node):
    """A variable that is itself true or false, such as `completed`."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`age != 'dont_know'` or `score >= 3`. Unknown when the variable is missing."""

    name: str
    operator: ComparisonOperator
    value: str | int | float


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """`age in ('0-12', '13-17')`: a single answer is one of these codes."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen(Node):
    """`'tea' in drinks`: an option of a multiple-response question was ticked.

    False when the question was asked and the option left; unknown when it was not asked.
    """

    name: str
    option: str


@dataclass(frozen=True, slots=True)
class CountChosen(Node):
    """`count(forms) >= 2`: how many options were ticked."""

    name: str
    operator: ComparisonOperator
    value: int


@dataclass(frozen=True, slots=True)
class Asked(Node):
    """`asked(forms)`: the routing led here, whatever came of it. Never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Answered(Node):
    """`answered(forms)`: there is an answer. Never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """`empty(remark)`: asked, and there is no answer. Unknown of who was not asked."""

    name: str


@dataclass(frozen=True, slots=True)
class CompareRank(Node):
    """`rank(wishes, 'quiet') <= 2`: where an option stands in a ranking, the first at 1.

    An option that was not ranked stands below every place.
    """

    name: str
    option: str
    operator: ComparisonOperator
    value: int


@dataclass(frozen=True, slots=True)
class Matches(Node):
    """`matches(postcode, '[0-9]{4} ?[A-Z]{2}')`: the whole text fits the pattern."""

    name: str
    pattern: str


@dataclass(frozen=True, slots=True)
class CompareTerms(Node):
    """`born < married` or `sum(work, care) > 40`. Unknown when one side is."""

    left: Term
    operator: ComparisonOperator
    right: Term


@dataclass(frozen=True, slots=True)
class CountTrue(Node):
    """`count(ill, tired, age > 80) >= 2`: of so many rules it is known that they are true.

    Unknown as long as the unknown ones decide.
    """

    rules: tuple[Rule, ...]
    operator: ComparisonOperator
    value: int


@dataclass(frozen=True, slots=True)
class IsTrue(Node):
    """`is_true(age > 17)`: the rule is true; false where it is false or unknown."""

    part: Rule


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Unknown stays unknown: `not (age == '27+')` is not true of somebody without an age."""

    part: Rule


@dataclass(frozen=True, slots=True)
class And(Node):
    """False as soon as one part is false, else unknown as soon as one is unknown."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """True as soon as one part is true, else unknown as soon as one is unknown."""

    parts: tuple[Rule, ...]


Leaf: TypeAlias = (
    Flag | Compare | OneOf | Chosen | CountChosen | CompareRank | Matches | Asked | Answered | Empty
)
"""A part that looks at one variable."""

Compound: TypeAlias = CompareTerms | CountTrue | IsTrue
"""A part that may look at several variables, and whose truth follows from nothing less."""

Atom: TypeAlias = Leaf | Compound
"""A part that stands between `and`, `or` and `not`."""

Rule: TypeAlias = Constant | Atom | Not | And | Or

EVERYBODY = Constant(True)


def leaves(rule: Rule) -> Iterator[Atom]:
    """The parts between `and`, `or` and `not`, from left to right."""
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


def innermost(rule: Rule) -> Iterator[Leaf | CompareTerms]:
    """The parts that hold no other rule, from left to right."""
    for leaf in leaves(rule):
        match leaf:
            case CountTrue(rules):
                for inner in rules:
                    yield from innermost(inner)
            case IsTrue(part):
                yield from innermost(part)
            case _:
                yield leaf


@lru_cache(maxsize=8192)
def names(rule: Rule) -> frozenset[str]:
    """The variables a rule looks at."""
    return frozenset(name for leaf in innermost(rule) for name in _names(leaf))


def _names(leaf: Leaf | CompareTerms) -> Iterator[str]:
    if isinstance(leaf, CompareTerms):
        yield from term_names(leaf.left)
        yield from term_names(leaf.right)
    else:
        yield leaf.name


def rewrite(rule: Rule, change: Callable[[Leaf], Rule]) -> Rule:
    """The rule with each part that looks at one variable changed, inside other parts too."""
    match rule:
        case Constant() | CompareTerms():
            return rule
        case Not(part):
            return Not(rewrite(part, change))
        case And(parts):
            return And(tuple(rewrite(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(rewrite(part, change) for part in parts))
        case CountTrue(rules, operator, value):
            return CountTrue(tuple(rewrite(part, change) for part in rules), operator, value)
        case IsTrue(part):
            return IsTrue(rewrite(part, change))
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
