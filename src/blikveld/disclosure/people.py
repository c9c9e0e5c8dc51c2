"""Who can be in a group: generated respondents, and those who answered.

A group is known by its members and not by the words of its rule. Members are bits of one whole
number: the generated respondents first, then the actual ones. Two rules that give the same bits
are one group, however they are written.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from blikveld.results.cell import Cell
from blikveld.rules import Missing, Person, Rule, Value, evaluate, names
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Atom,
    Chosen,
    Compare,
    CompareRank,
    CompareTerms,
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
    innermost,
)
from blikveld.study.model import Code, Variable, VariableKind

Members: TypeAlias = int
"""A set of respondents, a bit each."""


RuleGroup: TypeAlias = tuple[Rule, ...]
"""Those of whom all these rules are true."""

FindPerson: TypeAlias = Callable[[RuleGroup, RuleGroup | None], Sequence[Person]]
"""Somebody who answered and is in one of two groups only; with None somebody in the first."""


@dataclass(frozen=True, slots=True)
class _Truth:
    """Of whom a rule is true, and of whom false; of the others it is unknown."""

    true: Members
    false: Members


@dataclass(frozen=True, slots=True)
class MembershipPattern:
    """People of whom the same is printed: `groups` are the places of those that they are in."""

    members: Members
    answered: int
    groups: tuple[int, ...]


class People:
    """Respondents who could exist and those who do, and which of them a rule is true of.

    Every person has a value, or a kind of missing, for each variable that rules may name.
    `variables` are those that divide people: their answers are the parts of a whole. The last
    persons are those who answered, and `actual` says how many answered as each of them did. Where
    not all of them are here, `find` gives somebody who is in one group and not in another.
    """

    def __init__(
        self,
        persons: Sequence[Person],
        variables: Mapping[str, Variable],
        actual: Sequence[int] = (),
        find: FindPerson | None = None,
    ) -> None:
        self.variables = variables
        self._persons, self._actual, self._find = persons, actual, find
        self._everybody = (1 << len(persons)) - 1
        self._values: dict[str, Mapping[Value, Members]] = {}
        self._options: dict[str, Mapping[str, Members]] = {}
        self._leaves: dict[Atom, _Truth] = {}
        self._rules: dict[Rule, Members] = {}

    def members(self, *rules: Rule) -> Members:
        """Those of whom all these rules are true. Raises UnknownVariable."""
        return reduce(and_, map(self._members, rules), self._everybody)

    def parts(self, variable: str) -> Mapping[str, Members]:
        """The answers of a variable that somebody gave, each with who gave it."""
        if self.variables[variable].kind is VariableKind.MULTIPLE:
            return self._chosen(variable)
        found = self._by_value(variable)
        return {str(value): who for value, who in found.items() if not isinstance(value, Missing)}

    def kinds(self, groups: Sequence[Members], most: int) -> Iterator[MembershipPattern]:
        """Those who are in the same of these groups, and how many of them answered.

        None where that makes more than `most` memberships: there are studies with as many kinds of
        people as people.
        """
        size = len(self._persons)
        rows = [np.frombuffer(g.to_bytes(-(-size // 8), "little"), np.uint8) for g in groups]
        inside = np.unpackbits(np.stack(rows), axis=1, count=size, bitorder="little")
        # Each person's groups as one string of bytes: far faster to sort than columns are.
        each = np.ascontiguousarray(np.packbits(inside, axis=0).T)
        found, which = np.unique(each.view(f"V{each.shape[1]}").ravel(), return_inverse=True)
        signs = np.unpackbits(
            found.view(np.uint8).reshape(len(found), -1).T, axis=0, count=len(groups)
        )
        if signs.sum() > most:
            return
        which = which.ravel()
        last = which[size - len(self._actual) :]
        answered = np.bincount(last, np.array(self._actual), minlength=signs.shape[1])
        for number in range(signs.shape[1]):
            yield MembershipPattern(
                _bits(which == number),
                int(answered[number]),
                tuple(np.flatnonzero(signs[:, number]).tolist()),
            )

    def tell_apart(self, cells: Sequence[Cell]) -> People:
        """These and more of those who answered, until different counts are of different groups."""
        if self._find is None:
            return self
        counts = _counts(cells)
        seen: dict[Members, tuple[RuleGroup | None, int]] = {0: (None, 0)}
        more: list[Person] = []
        for group, count in counts.items():
            other, before = seen.setdefault(self.members(*group), (group, count))
            if before != count:
                more += self._find(group, other)
        if not more:
            return self
        # Nobody is counted by them: how many answered as they did is not known.
        actual = [*self._actual, *(0 for _ in more)]
        people = People([*self._persons, *more], self.variables, actual, self._find)
        return people.tell_apart(cells)

    @property
    def is_whole(self) -> bool:
        """Whether everybody who answered is among these."""
        return self._find is None

    def _members(self, rule: Rule) -> Members:
        if rule not in self._rules:
            self._rules[rule] = self._truth(rule).true
        return self._rules[rule]

    def _truth(self, rule: Rule) -> _Truth:
        match rule:
            case Constant(value):
                whole = self._everybody
                return _Truth(whole, 0) if value else _Truth(0, whole)
            case Not(part):
                found = self._truth(part)
                return _Truth(found.false, found.true)
            case And(parts):
                truths = [self._truth(part) for part in parts]
                return _Truth(self._all(t.true for t in truths), _some(t.false for t in truths))
            case Or(parts):
                truths = [self._truth(part) for part in parts]
                return _Truth(_some(t.true for t in truths), self._all(t.false for t in truths))
            case _:
                return self._leaf(rule)

    def _all(self, sets: Iterable[Members]) -> Members:
        return reduce(and_, sets, self._everybody)

    def _leaf(self, leaf: Atom) -> _Truth:
        if leaf not in self._leaves:
            self._leaves[leaf] = self._looked_up(leaf)
        return self._leaves[leaf]

    def _looked_up(self, leaf: Atom) -> _Truth:
        if isinstance(leaf, CompareTerms | CountTrue | IsTrue):
            return self._asked_of_each(leaf)
        if isinstance(leaf, Chosen) and self._is_multiple(leaf.name):
            # As the evaluator says it, without a look at every set of ticks that occurs.
            ticked = self._chosen(leaf.name).get(leaf.option, 0)
            return _Truth(ticked, self._answered(leaf.name) & ~ticked)
        true: list[Members] = []
        false: list[Members] = []
        for value, who in self._by_value(leaf.name).items():
            truth = evaluate(leaf, {leaf.name: value})
            if truth is not None:
                (true if truth else false).append(who)
        return _Truth(_some(true), _some(false))

    def _asked_of_each(self, rule: Rule) -> _Truth:
        """The truth of a rule that looks at several variables, person by person."""
        truths = [evaluate(rule, person) for person in self._persons]
        return _Truth(
            *(_bits(np.array([own is truth for own in truths])) for truth in (True, False))
        )

    def _is_multiple(self, name: str) -> bool:
        variable = self.variables.get(name)
        return variable is not None and variable.kind is VariableKind.MULTIPLE

    def _by_value(self, name: str) -> Mapping[Value, Members]:
        if name not in self._values:
            self._values[name] = _by_code([person[name] for person in self._known(name)])
        return self._values[name]

    def _chosen(self, name: str) -> Mapping[str, Members]:
        if name not in self._options:
            ticked: dict[str, Members] = defaultdict(int)
            for value, who in self._by_value(name).items():
                for option in value if isinstance(value, tuple) else ():
                    ticked[option] |= who
            self._options[name] = ticked
        return self._options[name]

    def _answered(self, name: str) -> Members:
        return _some(
            who for value, who in self._by_value(name).items() if not isinstance(value, Missing)
        )

    def _known(self, name: str) -> Sequence[Person]:
        # A name that nobody has is an error, and not an empty group.
        evaluate(Answered(name), self._persons[0] if self._persons else {})
        return self._persons


def _counts(cells: Iterable[Cell]) -> dict[RuleGroup, int]:
    """How many people are in each group; what counts answers is left out."""
    counts: dict[RuleGroup, int] = {}
    for cell in cells:
        if not cell.mentions:
            counts[cell.base_rule,] = cell.base
            counts[cell.base_rule, cell.rule] = cell.count
    return counts


def _by_code(values: Sequence[Value]) -> dict[Value, Members]:
    """For each value that occurs, those who have it."""
    numbers: dict[Value, int] = {}
    column = np.array([numbers.setdefault(value, len(numbers)) for value in values])
    return {value: _bits(column == number) for value, number in numbers.items()}


def _some(sets: Iterable[Members]) -> Members:
    return reduce(or_, sets, 0)


def _bits(flags: NDArray[np.bool_]) -> Members:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


_IMAGINED = 2_000
_OTHER = "\x00another answer"
"""An answer that no rule names."""


def imagined(rules: Iterable[Rule], seed: int = 1) -> People:
    """Respondents of whom no more is known than what rules name, drawn at random.

    For numbers that are made outside a study's variables, such as where people stopped. Each
    variable has the answers that rules name and one more.
    """
    shapes: dict[str, _Shape] = {}
    for rule in dict.fromkeys(rules):
        for leaf in innermost(rule):
            if isinstance(leaf, CompareTerms):
                for name in names(leaf):
                    shapes.setdefault(name, _Shape()).learn_sum()
            else:
                shapes.setdefault(leaf.name, _Shape()).learn(leaf)
    dice = random.Random(seed)
    persons = [{n: shape.draw(dice) for n, shape in shapes.items()} for _ in range(_IMAGINED)]
    return People(persons, {name: shape.variable(name) for name, shape in shapes.items()})


@dataclass(slots=True)
class _Shape:
    """What rules tell of a variable: its answers, and whether one can give several."""

    codes: dict[str, None] = field(default_factory=dict)
    numbers: dict[float, None] = field(default_factory=dict)
    kind: VariableKind = VariableKind.SINGLE

    def learn(self, leaf: Leaf) -> None:
        match leaf:
            case Flag():
                self.kind = VariableKind.FLAG
            case Compare(_, _, str() as code):
                self.codes[code] = None
            case Compare(_, _, int() | float() as number):
                self.kind = VariableKind.NUMBER
                self.numbers.update(dict.fromkeys((number - 1.0, float(number), number + 1.0)))
            case Compare():
                pass
            case OneOf(_, codes):
                self.codes.update(dict.fromkeys(codes))
            case Chosen(_, code):
                self.kind = VariableKind.MULTIPLE
                self.codes[code] = None
            case CountChosen():
                self.kind = VariableKind.MULTIPLE
            case CompareRank(_, code):
                self.kind = VariableKind.MULTIPLE
                self.codes[code] = None
            case Matches():
                self.kind = VariableKind.TEXT
            case Asked() | Answered() | Empty():
                pass
            case _:
                assert_never(leaf)

    def learn_sum(self) -> None:
        """What is added up is a number; which ones decide is not looked into."""
        self.kind = VariableKind.NUMBER
        self.numbers.update(dict.fromkeys(map(float, range(-3, 100))))

    def draw(self, dice: random.Random) -> Value:
        match self.kind:
            case VariableKind.FLAG:
                return dice.random() < 0.5
            case VariableKind.NUMBER:
                return dice.choice(list(self.numbers))
            case VariableKind.MULTIPLE | VariableKind.RANKING:
                return tuple(code for code in (*self.codes, _OTHER) if dice.random() < 0.5)
            case VariableKind.SINGLE | VariableKind.TEXT | VariableKind.DATE:
                return dice.choice((*self.codes, _OTHER))
            case _:
                assert_never(self.kind)

    def variable(self, name: str) -> Variable:
        codes = tuple(Code(code, {}) for code in self.codes)
        return Variable(name, self.kind, {}, codes)
