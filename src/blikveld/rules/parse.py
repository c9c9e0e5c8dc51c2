"""Parse the text of a rule, and join the texts of two."""

from __future__ import annotations

import ast
from functools import lru_cache
from math import isinf

from blikveld.errors import BlikveldError
from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    ComparisonOperator,
    Constant,
    CountChosen,
    Flag,
    Not,
    OneOf,
    Or,
    Rule,
)

_OPERATORS: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Eq: ComparisonOperator.EQUAL,
    ast.NotEq: ComparisonOperator.NOT_EQUAL,
    ast.Lt: ComparisonOperator.LESS,
    ast.LtE: ComparisonOperator.AT_MOST,
    ast.Gt: ComparisonOperator.MORE,
    ast.GtE: ComparisonOperator.AT_LEAST,
}
_LONGEST = 10_000
_DEEPEST = 50


class RuleError(BlikveldError):
    """A rule that cannot be read. `column` counts from 1 in the rule's own text."""

    def __init__(self, text: str, column: int, problem: str, mend: str) -> None:
        self.text, self.column = text, column
        super().__init__("rule", f"rule {text[:200]!r}, column {column}", problem, mend)


@lru_cache(maxsize=8192)
def parse(text: str) -> Rule:
    """Read a rule such as `suspicion != 'no' and 'drugs' in forms`.

    Raises RuleError with the column where the text leaves the rule language.
    """
    if len(text) > _LONGEST:
        raise RuleError(text, 1, f"The rule is over {_LONGEST} characters.", "Split it up.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        raise RuleError(
            text, column, "This cannot be read.", "Check quotes, brackets and ==."
        ) from None
    return _RuleParser(text).rule(tree.body)


class _RuleParser:
    """Walks one syntax tree; holds the text for messages."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0

    def rule(self, node: ast.expr) -> Rule:
        self.depth += 1
        if self.depth > _DEEPEST:
            # Whatever follows a rule node by node must be able to count on this.
            raise self._refuse(node, f"Brackets and nots stand over {_DEEPEST} deep.")
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
            case ast.Call(
                func=ast.Name(id="asked" | "answered" as which),
                args=[ast.Name(id=name)],
                keywords=[],
            ):
                return Asked(name) if which == "asked" else Answered(name)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._comparison(node, left, operator, right)
        raise self._refuse(node, "This is not part of the rule language.")

    def _comparison(
        self, node: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr
    ) -> Rule:
        match left, operator, right:
            case ast.Constant(value=str() as option), ast.In(), ast.Name(id=name):
                return Chosen(name, option)
            case ast.Constant(value=str() as option), ast.NotIn(), ast.Name(id=name):
                return Not(Chosen(name, option))
            case ast.Name(id=name), ast.In(), ast.Tuple() | ast.List():
                return OneOf(name, self._codes(right))
            case ast.Name(id=name), ast.NotIn(), ast.Tuple() | ast.List():
                return Not(OneOf(name, self._codes(right)))
            case ast.Name(id=name), _, ast.Constant() | ast.UnaryOp():
                return self._compare(node, name, operator, _constant(right))
            case ast.Call(func=ast.Name(id="count"), args=[ast.Name(id=name)], keywords=[]), _, _:
                number = _constant(right)
                if isinstance(number, int):
                    return CountChosen(name, self._operator(node, operator), number)
        raise self._refuse(node, "This comparison is not part of the rule language.")

    def _operator(self, node: ast.Compare, operator: ast.cmpop) -> ComparisonOperator:
        if type(operator) not in _OPERATORS:
            raise self._refuse(node, "This comparison is not part of the rule language.")
        return _OPERATORS[type(operator)]

    def _compare(self, node: ast.Compare, name: str, operator: ast.cmpop, value: object) -> Rule:
        comparison = self._operator(node, operator)
        if isinstance(value, str):
            if comparison not in (ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL):
                raise self._refuse(node, f"A code such as {value!r} has no order.")
            return Compare(name, comparison, value)
        if isinstance(value, int | float):
            if isinstance(value, float) and isinf(value):
                raise self._refuse(node, "The number is too large.")
            return Compare(name, comparison, value)
        raise self._refuse(node, "It is compared with no code and no number.")

    def _codes(self, node: ast.expr) -> tuple[str, ...]:
        elements = node.elts if isinstance(node, ast.Tuple | ast.List) else []
        codes = [e.value for e in elements if isinstance(e, ast.Constant)]
        texts = tuple(code for code in codes if isinstance(code, str))
        if not texts or len(texts) != len(elements):
            raise self._refuse(node, "A list holds codes between quotes, at least one.")
        return texts

    def _refuse(self, node: ast.expr, problem: str) -> RuleError:
        return RuleError(
            self.text,
            node.col_offset + 1,
            problem,
            "Write for example: suspicion != 'no' and 'drugs' in forms.",
        )


def _constant(node: ast.expr) -> object:
    """A code or a number, which may be below nought; None for anything else."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return None if isinstance(number, bool) else -number
    return None
