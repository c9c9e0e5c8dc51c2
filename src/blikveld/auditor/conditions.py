"""Conditions on people, such as `age != 'child' and 'tea' in drinks`, met by a crowd or not.

This is the auditor's own reader: where it and the one that protects read a condition differently,
the difference shows up as a finding.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray

from blikveld.errors import BlikveldError

Mask = NDArray[np.bool_]

EVERYBODY = "True"

_NUMERIC: Mapping[type[ast.cmpop], Callable[[NDArray[np.int_], int], Mask]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class UnknownCondition(BlikveldError):
    """A condition says something about people that the auditor cannot follow."""

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(
            "unknown-condition",
            text[:200],
            problem,
            "Describe these groups in a description file, or leave the file out.",
        )


@dataclass(frozen=True, slots=True)
class Truth:
    """For each person: certainly true, certainly false. Who is neither, is unknown."""

    true: Mask
    false: Mask


@dataclass(slots=True)
class Crowd:
    """Possible respondents, a place in each array a person.

    `chosen` has for each variable and code who has it; `answered` who answered at all, `asked` who
    was asked. `flags` are true of everybody: the crowd finished the questionnaire.
    """

    size: int
    chosen: dict[str, dict[str, Mask]] = field(default_factory=dict)
    answered: dict[str, Mask] = field(default_factory=dict)
    asked: dict[str, Mask] = field(default_factory=dict)
    flags: frozenset[str] = frozenset({"completed"})
    memory: dict[str, Truth] = field(default_factory=dict)

    def none(self) -> Mask:
        """Nobody."""
        return np.zeros(self.size, dtype=bool)


@cache
def parse_condition(text: str) -> ast.expr:
    """The syntax tree of a condition. Raises UnknownCondition."""
    try:
        return ast.parse(text.strip() or EVERYBODY, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnknownCondition(text, "This condition cannot be read.") from None


def join_conditions(*texts: str) -> str:
    """The condition that all of these hold."""
    parts = [f"({text})" for text in texts if text.strip() not in ("", EVERYBODY)]
    return " and ".join(parts) or EVERYBODY


def evaluate_condition(crowd: Crowd, text: str) -> Truth:
    """Who in the crowd meets a condition. Raises UnknownCondition."""
    found = crowd.memory.get(text)
    if found is None:
        found = crowd.memory[text] = _Evaluator(crowd, text).evaluate(parse_condition(text))
    return found


def list_mentions(text: str) -> Iterator[tuple[str, str]]:
    """The variables and codes that a condition asks for. What it excludes is left out."""
    for node in ast.walk(parse_condition(text)):
        match node:
            case ast.Compare(ast.Name(id=name), [ast.Eq()], [ast.Constant(value=str(code))]):
                yield name, code
            case ast.Compare(ast.Constant(value=str(code)), [ast.In()], [ast.Name(id=name)]):
                yield name, code
            case ast.Compare(ast.Name(id=name), [ast.In()], [ast.Tuple() | ast.List() as codes]):
                for each in codes.elts:
                    if isinstance(each, ast.Constant):
                        yield name, str(each.value)


def list_names(text: str) -> Iterator[str]:
    """The variables that a condition looks at."""
    for node in ast.walk(parse_condition(text)):
        if isinstance(node, ast.Name):
            yield node.id


class _Evaluator:
    """Walks one condition over one crowd."""

    def __init__(self, crowd: Crowd, text: str) -> None:
        self._crowd, self._text = crowd, text

    def evaluate(self, node: ast.expr) -> Truth:
        match node:
            case ast.Constant(value=bool(value)):
                return self._constant(value)
            case ast.Name(id=name):
                return self._flag(name)
            case ast.UnaryOp(ast.Not(), part):
                inner = self.evaluate(part)
                return Truth(inner.false, inner.true)
            case ast.BoolOp(ast.And(), parts):
                return reduce(_both, map(self.evaluate, parts))
            case ast.BoolOp(ast.Or(), parts):
                return reduce(_either, map(self.evaluate, parts))
            case ast.Call(ast.Name(id="asked"), [ast.Name(id=name)], []):
                return _known(self._column(self._crowd.asked, name))
            case ast.Call(ast.Name(id="answered"), [ast.Name(id=name)], []):
                return _known(self._column(self._crowd.answered, name))
            case ast.Compare(left, [comparison], [right]):
                return self._comparison(left, comparison, right)
        raise UnknownCondition(self._text, "The auditor does not know this form.")

    def _comparison(self, left: ast.expr, comparison: ast.cmpop, right: ast.expr) -> Truth:
        match left, comparison, right:
            case ast.Constant(value=str(code)), ast.In() | ast.NotIn(), ast.Name(id=name):
                found = self._has(name, [code])
            case ast.Name(id=name), ast.In() | ast.NotIn(), ast.Tuple() | ast.List():
                found = self._has(name, [str(getattr(each, "value", "")) for each in right.elts])
            case ast.Name(id=name), ast.Eq() | ast.NotEq(), ast.Constant(value=str(code)):
                found = self._has(name, [code])
            case ast.Call(ast.Name(id="count"), [ast.Name(id=name)]), _, ast.Constant(
                value=int(number)
            ) if type(comparison) in _NUMERIC:
                return self._counted(name, _NUMERIC[type(comparison)], number)
            case _:
                raise UnknownCondition(self._text, "The auditor does not know this comparison.")
        negated = isinstance(comparison, ast.NotEq | ast.NotIn)
        return Truth(found.false, found.true) if negated else found

    def _has(self, name: str, codes: list[str]) -> Truth:
        answered = self._column(self._crowd.answered, name)
        known = self._crowd.chosen[name]
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise UnknownCondition(self._text, f"'{name}' has no code '{unknown[0]}'.")
        has = reduce(np.logical_or, (known[code] for code in codes), self._crowd.none())
        return Truth(has & answered, answered & ~has)

    def _counted(
        self, name: str, compare: Callable[[NDArray[np.int_], int], Mask], number: int
    ) -> Truth:
        answered = self._column(self._crowd.answered, name)
        ticked = sum(mask.astype(np.int_) for mask in self._crowd.chosen[name].values())
        holds = compare(np.asarray(ticked), number)
        return Truth(holds & answered, ~holds & answered)

    def _column(self, columns: Mapping[str, Mask], name: str) -> Mask:
        if name not in columns:
            raise UnknownCondition(self._text, f"Nobody knows a variable '{name}'.")
        return columns[name]

    def _flag(self, name: str) -> Truth:
        if name not in self._crowd.flags:
            raise UnknownCondition(self._text, f"Nobody knows a yes-or-no '{name}'.")
        return self._constant(value=True)

    def _constant(self, value: bool) -> Truth:
        return _known(np.full(self._crowd.size, value))


def _known(mask: Mask) -> Truth:
    return Truth(mask, ~mask)


def _both(one: Truth, other: Truth) -> Truth:
    return Truth(one.true & other.true, one.false | other.false)


def _either(one: Truth, other: Truth) -> Truth:
    return Truth(one.true | other.true, one.false & other.false)
