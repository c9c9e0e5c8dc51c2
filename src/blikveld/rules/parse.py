"""Parse the text of a rule."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from blikveld.rules.mistakes import RuleError, meant, misspelled, nearest_of
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
    Matches,
    Not,
    OneOf,
    Or,
    Rule,
)
from blikveld.rules.parse_terms import TODAY, TermParser, constant_of
from blikveld.rules.patterns import problem_of
from blikveld.rules.terms import ConstantTerm, Quotient

__all__ = ["RuleContext", "RuleError", "parse"]

_OPERATORS: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Eq: ComparisonOperator.EQUAL,
    ast.NotEq: ComparisonOperator.NOT_EQUAL,
    ast.Lt: ComparisonOperator.LESS,
    ast.LtE: ComparisonOperator.AT_MOST,
    ast.Gt: ComparisonOperator.MORE,
    ast.GtE: ComparisonOperator.AT_LEAST,
}
_TURNED: dict[ComparisonOperator, ComparisonOperator] = {
    ComparisonOperator.EQUAL: ComparisonOperator.EQUAL,
    ComparisonOperator.NOT_EQUAL: ComparisonOperator.NOT_EQUAL,
    ComparisonOperator.LESS: ComparisonOperator.MORE,
    ComparisonOperator.AT_MOST: ComparisonOperator.AT_LEAST,
    ComparisonOperator.MORE: ComparisonOperator.LESS,
    ComparisonOperator.AT_LEAST: ComparisonOperator.AT_MOST,
}
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a study tells its rules: the day that is `today`, and the members of `group.key`."""

    today: date | None = None
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


_NOTHING_KNOWN = RuleContext()
_NO_GROUP = "Declare it under groups in study.yaml, or write the codes: in ('code', 'code')."


@lru_cache(maxsize=8192)
def parse(text: str, context: RuleContext = _NOTHING_KNOWN) -> Rule:
    """Read a rule such as `age != 'child' and 'tea' in drinks`.

    `today` and `group.key` are read as the day and the codes that they stand for. Raises RuleError
    with the column where the text leaves the rule language.
    """
    source, tree = _tree(text)
    return _RuleParser(text, source, context).rule(tree)


@lru_cache(maxsize=256)
def parse_quotient(text: str, context: RuleContext = _NOTHING_KNOWN) -> Quotient:
    """Read what is computed, such as `sum(paid, care) / weeks`. Raises RuleError."""
    source, tree = _tree(text)
    parser = _RuleParser(text, source, context)
    match tree:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return Quotient(parser.term(left), parser.term(right))
        case _:
            return Quotient(parser.term(tree))


def _tree(text: str) -> tuple[str, ast.expr]:
    if len(text) > _LONGEST:
        raise RuleError(text, 1, f"The rule is over {_LONGEST} characters.", "Split it up.")
    source = text.strip()
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise misspelled(text, getattr(error, "offset", None) or 1) from None
    return source, tree.body


class _RuleParser(TermParser):
    """Walks one syntax tree; holds the text for messages."""

    def __init__(self, text: str, source: str, context: RuleContext) -> None:
        super().__init__(text, source, context.today)
        self.context = context

    def rule(self, node: ast.expr) -> Rule:
        self.enter(node)
        found = self._rule(node)
        self.depth -= 1
        return found

    def _rule(self, node: ast.expr) -> Rule:
        match node:
            case ast.Constant(value=bool() as value):
                return Constant(value)
            case ast.Name(id=name):
                return Flag(name)
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Not(self.rule(part))
            case ast.BoolOp(op=ast.And(), values=parts):
                return And(tuple(self.rule(part) for part in parts))
            case ast.BoolOp(op=ast.Or(), values=parts):
                return Or(tuple(self.rule(part) for part in parts))
            case ast.Call(func=ast.Name(id=function)):
                return self._call(node, function)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._comparison(node, left, operator, right)
            case ast.Compare():
                raise self.refused(
                    node, "Two things are compared at a time.", "Write 1 < a and a < 3."
                )
        raise self.refused(node, "This is not part of the rule language.")

    def _call(self, node: ast.Call, function: str) -> Rule:
        match function, node.args, node.keywords:
            case "asked", [ast.Name(id=name)], []:
                return Asked(name)
            case "answered", [ast.Name(id=name)], []:
                return Answered(name)
            case "empty", [ast.Name(id=name)], []:
                return Empty(name)
            case "is_true", [part], []:
                return IsTrue(self.rule(part))
            case "matches", [ast.Name(id=name), ast.Constant(value=str() as pattern)], []:
                return self._matches(node, name, pattern)
        raise self.refused(node, f"{function}() is no rule as it stands here.", meant(function))

    def _matches(self, node: ast.Call, name: str, pattern: str) -> Rule:
        problem = problem_of(pattern)
        if problem is not None:
            raise self.refused(node.args[1], problem.problem, problem.mend)
        return Matches(name, pattern)

    def _comparison(
        self, node: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr
    ) -> Rule:
        if isinstance(operator, ast.In):
            return self._inside(node, left, right)
        if isinstance(operator, ast.NotIn):
            return Not(self._inside(node, left, right))
        if type(operator) not in _OPERATORS:
            raise self.refused(node, "This comparison is not part of the rule language.")
        comparison = _OPERATORS[type(operator)]
        if constant_of(left) is not None and constant_of(right) is None:
            left, comparison, right = right, _TURNED[comparison], left
        match left, constant_of(right):
            case ast.Call(func=ast.Name(id="rank")), number:
                return self._rank(left, comparison, number)
            case ast.Call(func=ast.Name(id="count"), args=args), number if _are_rules(args):
                return self._count_true(left, comparison, number)
            case ast.Call(func=ast.Name(id="count"), args=[ast.Name(id=name)]), number if (
                number is not None
            ):
                return CountChosen(name, comparison, self._whole(left, number))
            case ast.Name(id=name), str() as code:
                return self._code(right, name, comparison, code)
            case ast.Name(id=name), int() | float() as number if name != TODAY:
                self.number(right)
                return Compare(name, comparison, number)
        return self._terms(node, left, comparison, right)

    def _code(
        self, node: ast.expr, name: str, comparison: ComparisonOperator, code: str
    ) -> Compare:
        if comparison not in (ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL):
            mend = f"Write date('{code}') for a day, and a number without quotes."
            raise self.refused(node, f"A code such as {code!r} has no order.", mend)
        return Compare(name, comparison, code)

    def _terms(
        self, node: ast.expr, left: ast.expr, comparison: ComparisonOperator, right: ast.expr
    ) -> CompareTerms:
        for side in (left, right):
            if isinstance(side, ast.Constant) and not isinstance(constant_of(side), int | float):
                raise self.refused(side, "It is compared with no code and no number.")
        sides = self.term(left), self.term(right)
        if all(isinstance(side, ConstantTerm) for side in sides):
            raise self.refused(node, "Both sides are constants.", "Name a variable on one side.")
        return CompareTerms(sides[0], comparison, sides[1])

    def _whole(self, node: ast.expr, number: object) -> int:
        if not isinstance(number, int):
            raise self.refused(node, "It is compared with a whole number.")
        return number

    def _rank(self, node: ast.Call, comparison: ComparisonOperator, number: object) -> CompareRank:
        match node.args, node.keywords:
            case [ast.Name(id=name), ast.Constant(value=str() as option)], []:
                return CompareRank(name, option, comparison, self._whole(node, number))
        raise self.refused(
            node, "rank() takes a ranking and a code.", "Write rank(wishes, 'quiet') <= 2."
        )

    def _count_true(
        self, node: ast.Call, comparison: ComparisonOperator, number: object
    ) -> CountTrue:
        self.enter_count(node)
        if node.keywords:
            raise self.refused(node, "count() takes rules and nothing by name.")
        rules = tuple(self.rule(part) for part in node.args)
        self.counts -= 1
        return CountTrue(rules, comparison, self._whole(node, number))

    def _inside(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> Rule:
        match left, right:
            case ast.Constant(value=str() as option), ast.Name(id=name):
                return Chosen(name, option)
            case ast.Name(id=name), ast.Tuple() | ast.List():
                return OneOf(name, self._codes(right))
            case ast.Name(id=name), ast.Attribute(value=ast.Name(id="group"), attr=key):
                return OneOf(name, self._members(right, key))
            case ast.Name(id=name), ast.Constant(value=str() as option):
                mend = f"Write {option!r} in {name}, or {name} in ({option!r},)."
                raise self.refused(node, "A code is no list.", mend)
        raise self.refused(node, "This comparison is not part of the rule language.")

    def _codes(self, node: ast.Tuple | ast.List) -> tuple[str, ...]:
        codes = [e.value for e in node.elts if isinstance(e, ast.Constant)]
        texts = tuple(code for code in codes if isinstance(code, str))
        if not texts or len(texts) != len(node.elts):
            raise self.refused(node, "A list holds codes between quotes, at least one.")
        return texts

    def _members(self, node: ast.Attribute, key: str) -> tuple[str, ...]:
        groups = dict(self.context.groups)
        if key not in groups:
            near = nearest_of(key, groups)
            mend = f"Did you mean group.{near}?" if near else _NO_GROUP
            raise self.refused(node, f"There is no group {key!r} here.", mend)
        return groups[key]


def _are_rules(arguments: list[ast.expr]) -> bool:
    """Whether count() counts rules: one name alone is a variable, whose answers are counted."""
    return len(arguments) != 1 or not isinstance(arguments[0], ast.Name)
