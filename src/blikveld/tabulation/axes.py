"""The sides of a cube: into which levels a variable divides respondents.

An axis puts everybody in exactly one level, missing answers included: 'asked, and not chosen',
'not asked' and 'skipped' are levels like any other. Each level has a value of the variable, so what
a rule says of a level is asked of the plain evaluator and of nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from blikveld.errors import BlikveldError
from blikveld.responses.derive import derive
from blikveld.responses.rule_sql import condition
from blikveld.responses.schema import codes
from blikveld.rules import (
    Leaf,
    Missing,
    Rule,
    Truth,
    UnknownVariable,
    Value,
    evaluate,
    leaves,
    names,
)
from blikveld.rules.nodes import (
    Answered,
    Asked,
    Atom,
    Chosen,
    CompareTerms,
    CountChosen,
    CountTrue,
    IsTrue,
)
from blikveld.rules.types import CodeSet, SingleCode, TrueOrFalse
from blikveld.study.model import Coded, Derived, Score, Study, Variable, VariableKind

KINDS: tuple[Missing, ...] = tuple(Missing)
"""The kinds of missing in the order in which they stand behind the answers of an axis."""


_Make: TypeAlias = Callable[[Value], Value]


MOST_CODES = 1_000
"""Variables with more codes are refused: nobody reads such a table, and it protects nobody."""


class TooManyCodes(BlikveldError):
    """A variable has so many codes that a table of it is a list of people."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(
            "too-many-codes",
            f"a table of {name!r}",
            f"It has {size:,} codes; a table takes at most {MOST_CODES:,}.",
            "Code the answers into fewer groups, or leave this variable out of tables.",
        )


class AxisKind(Enum):
    """What an axis tells apart."""

    VALUE = "value"
    """Each code of a single answer, or true and false."""
    OPTION = "option"
    """One option of a multiple-response question: chosen, not chosen."""
    COUNT = "count"
    """How many options were chosen."""
    STATE = "state"
    """Whether there is an answer."""
    TRUTH = "truth"
    """Whether a rule is true, false or unknown."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a cube. `levels` holds the variable's value at each level.

    The levels of a TRUTH axis are True, False and a missing value for unknown.
    """

    kind: AxisKind
    name: str
    option: str = ""
    rule: Rule | None = None
    levels: tuple[Value, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        # Axes are looked up all the time; names tell nearly all of them apart. Equality still
        # compares every field.
        return hash((self.name, self.option))

    @property
    def size(self) -> int:
        """How many levels there are."""
        return len(self.levels)


@dataclass(frozen=True, slots=True)
class AxisVariable:
    """A variable as it follows from an axis: its value at each level of that axis."""

    axis: Axis
    values: tuple[Value, ...]


class Axes:
    """The axes of one study. Equal axes are one object, and each is worked out once."""

    def __init__(self, study: Study) -> None:
        self._variables = study.variables
        self._questions = study.questions
        self._made: dict[str, Coded | Derived | Score] = {c.key: c for c in study.coded}
        self._made.update({derived.key: derived for derived in study.derived})
        self._made.update({score.key: score for score in study.scores})
        self._readings: dict[str, AxisVariable] = {}
        self._truths: dict[Atom, tuple[Axis, tuple[Truth, ...]]] = {}
        self._needed: dict[Rule, tuple[Axis, ...]] = {}

    def variable(self, name: str) -> Variable:
        """Return what can be counted. Raises UnknownVariable and TooManyCodes."""
        if name not in self._variables:
            raise UnknownVariable(name)
        variable = self._variables[name]
        if len(variable.codes) > MOST_CODES:
            raise TooManyCodes(name, len(variable.codes))
        return variable

    def of(self, name: str) -> AxisVariable:
        """Return the axis a single answer, flag or number stands on.

        What is made from one other variable stands on the axis of that one: a field of work is an
        adding up of jobs, a group of sites is one of sites.
        """
        if name not in self._readings:
            self._readings[name] = self._follows(name) or self._own(self.variable(name))
        return self._readings[name]

    def _own(self, variable: Variable) -> AxisVariable:
        if variable.kind is VariableKind.FLAG:
            levels: tuple[Value, ...] = (True, False, *KINDS)
        else:
            levels = (*codes(variable), *KINDS)
        return AxisVariable(Axis(AxisKind.VALUE, variable.name, levels=levels), levels)

    def _follows(self, name: str) -> AxisVariable | None:
        match self._made.get(name):
            case Coded() as coded if coded.source not in self._questions:
                return self._mapped(coded.source, lambda value: _coded(coded, value))
            case Score() as score:
                return self._mapped(score.source, lambda value: _score(score, value))
            case Derived() as derived:
                return self._derived(derived)
        return None

    def _mapped(self, source: str, make: _Make) -> AxisVariable:
        reading = self.of(source)
        return AxisVariable(reading.axis, tuple(make(value) for value in reading.values))

    def _derived(self, derived: Derived) -> AxisVariable | None:
        used = frozenset[str]().union(*(names(case.when) for case in derived.cases))
        single = (VariableKind.SINGLE, VariableKind.FLAG, VariableKind.NUMBER)
        if not used or any(self.variable(name).kind not in single for name in used):
            return None
        if not all(map(self._has_levels, used)):
            return None
        readings = {name: self.of(name) for name in used}
        if len({reading.axis for reading in readings.values()}) > 1:
            return None
        axis = next(iter(readings.values())).axis
        people = (
            {name: reading.values[level] for name, reading in readings.items()}
            for level in range(axis.size)
        )
        return AxisVariable(axis, tuple(derive(derived, person) for person in people))

    def option(self, name: str, option: str) -> Axis:
        """Chosen, or asked and not chosen, or missing."""
        levels: tuple[Value, ...] = ((option,), (), *KINDS)
        return Axis(AxisKind.OPTION, name, option, levels=levels)

    def state(self, name: str) -> Axis:
        """Answered or missing, of a multiple-response question."""
        return Axis(AxisKind.STATE, name, levels=((), *KINDS))

    def truth(self, rule: Rule) -> Axis:
        """True, false or unknown."""
        unknown = Missing.NOT_ASKED
        return Axis(AxisKind.TRUTH, "", rule=rule, levels=(True, False, unknown))

    def leaf(self, leaf: Atom) -> tuple[Axis, tuple[Truth, ...]]:
        """Return the axis that decides this part of a rule, and its truth at each level.

        Raises UnknownVariable and WrongKind as the evaluator does.
        """
        found = self._truths.get(leaf)
        if found is None:
            found = self._truths[leaf] = self._leaf(leaf)
        return found

    def _leaf(self, leaf: Atom) -> tuple[Axis, tuple[Truth, ...]]:
        if isinstance(leaf, CompareTerms | CountTrue | IsTrue) or not self._has_levels(leaf.name):
            condition(leaf, self._variables)
            return self.truth(leaf), (True, False, None)
        variable = self.variable(leaf.name)
        if variable.kind is VariableKind.MULTIPLE:
            axis = self._of_multiple(leaf, variable)
            values = axis.levels
        else:
            reading = self.of(leaf.name)
            axis, values = reading.axis, reading.values
        return axis, tuple(evaluate(leaf, {leaf.name: value}) for value in values)

    def _has_levels(self, name: str) -> bool:
        """Whether the values of a variable can be listed: codes, flags, and numbers of a score."""
        type_ = self.variable(name).type
        listed = isinstance(type_, SingleCode | CodeSet | TrueOrFalse)
        return listed or isinstance(self._made.get(name), Score)

    def _of_multiple(self, leaf: Leaf, variable: Variable) -> Axis:
        match leaf:
            case Chosen(name, option) if option in codes(variable):
                return self.option(name, option)
            case CountChosen(name):
                offered = codes(variable)
                counts = tuple(offered[:number] for number in range(len(offered) + 1))
                return Axis(AxisKind.COUNT, name, levels=(*counts, *KINDS))
            case Asked(name) | Answered(name):
                return self.state(name)
        # Anything else is of the wrong kind, or asks for an option that nobody was offered.
        return self.state(leaf.name)

    def needed(self, rules: Iterable[Rule]) -> tuple[Axis, ...]:
        """Return the axes that decide these rules, each once, in the order in which they are
        met."""
        return tuple(dict.fromkeys(axis for rule in rules for axis in self._axes_of(rule)))

    def _axes_of(self, rule: Rule) -> tuple[Axis, ...]:
        # Rules are slow to hash, so each is looked up once.
        found = self._needed.get(rule)
        if found is None:
            found = self._needed[rule] = tuple(self.leaf(leaf)[0] for leaf in leaves(rule))
        return found


def _coded(coded: Coded, value: Value) -> Value:
    """As responses.coding does for a source that is no question, and so has no texts."""
    if isinstance(value, Missing):
        return value
    if isinstance(value, str) and value in coded.map:
        return coded.map[value]
    return Missing.NOT_ASKED if coded.default is None else coded.default


def _score(score: Score, value: Value) -> Value:
    if isinstance(value, Missing):
        return value
    number = score.values.get(value) if isinstance(value, str) else None
    return Missing.SKIPPED if number is None else float(number)
