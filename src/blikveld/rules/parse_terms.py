"""Terms of a rule, read from its syntax tree."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal

from blikveld.rules.mistakes import EXAMPLE, RuleError, meant
from blikveld.rules.terms import (
    Coalesce,
    ConstantTerm,
    CountTerm,
    DaysBetween,
    LengthTerm,
    Minus,
    Plus,
    SumTerm,
    Term,
    Times,
    VariableTerm,
    YearsBetween,
)

TODAY = "today"
_DEEPEST = 50
_COUNTS_DEEP = 5


class TermParser:
    """Reads terms; holds the text for messages. `today` is None where no study tells it."""

    def __init__(self, text: str, source: str, today: date | None) -> None:
        self.text, self.source, self.today = text, source, today
        self.depth = self.counts = 0

    def term(self, node: ast.expr) -> Term:
        """Read a term. Raises RuleError where something else stands."""
        self.enter(node)
        found = self._term(node)
        self.depth -= 1
        return found

    def enter(self, node: ast.expr) -> None:
        """Go one deeper; whatever follows a rule node by node must be able to count on this."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refused(node, f"Brackets and nots stand over {_DEEPEST} deep.")

    def enter_count(self, node: ast.expr) -> None:
        """Go into a count or sum, which SQL writes twice, so that it may not grow with each."""
        self.counts += 1
        if self.counts > _COUNTS_DEEP:
            raise self.refused(node, f"Counts stand over {_COUNTS_DEEP} deep in each other.")

    def _term(self, node: ast.expr) -> Term:
        if isinstance(constant_of(node), int | float):
            return ConstantTerm(self.number(node))
        match node:
            case ast.Name(id=name):
                return self._today(node) if name == TODAY else VariableTerm(name)
            case ast.UnaryOp(op=ast.USub(), operand=inner) if not isinstance(inner, ast.UnaryOp):
                return Times(self.term(inner), Decimal(-1))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return Plus(self.term(left), self.term(right))
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return Minus(self.term(left), self.term(right))
            case ast.BinOp(op=ast.Mult()):
                return self._times(node)
            case ast.BinOp(op=ast.Div()):
                mend = "Multiply the other side, or give the quotient a name under compute."
                raise self.refused(node, "A rule divides nothing.", mend)
            case ast.Call(func=ast.Name(id=function)):
                return self._term_call(node, function)
        raise self.refused(node, "No number and no day stands here.")

    def _times(self, node: ast.BinOp) -> Term:
        left, right = self.term(node.left), self.term(node.right)
        match left, right:
            case _, ConstantTerm(Decimal() as factor):
                return Times(left, factor)
            case ConstantTerm(Decimal() as factor), _:
                return Times(right, factor)
        raise self.refused(
            node, "Two variables are multiplied.", "One side of * is a plain number."
        )

    def _term_call(self, node: ast.Call, function: str) -> Term:
        match function, node.args, node.keywords:
            case "count", [ast.Name(id=name)], []:
                return CountTerm(name)
            case "length", [ast.Name(id=name)], []:
                return LengthTerm(name)
            case "coalesce", [inner, value], []:
                return Coalesce(self.term(inner), self.number(value))
            case "days", [first, last], []:
                return DaysBetween(self.term(first), self.term(last))
            case "years", [first, last], []:
                return YearsBetween(self.term(first), self.term(last))
            case "date", [ast.Constant(value=str() as written)], []:
                return ConstantTerm(self._day(node, written))
            case "sum", [_, *_] as parts, keywords:
                return self._sum(node, parts, keywords)
        raise self.refused(
            node, f"{function}() is no number and no day as it stands here.", meant(function)
        )

    def _sum(self, node: ast.Call, parts: list[ast.expr], keywords: list[ast.keyword]) -> SumTerm:
        self.enter_count(node)
        terms = tuple(self.term(part) for part in parts)
        self.counts -= 1
        match keywords:
            case []:
                return SumTerm(terms, len(terms))
            case [ast.keyword(arg="least", value=ast.Constant(value=int() as least))] if (
                1 <= least <= len(terms)
            ):
                return SumTerm(terms, least)
        mend = f"Write least= with a whole number from 1 to {len(terms)}."
        raise self.refused(node, "sum() takes terms, and how many must be known.", mend)

    def _today(self, node: ast.expr) -> ConstantTerm:
        if self.today is None:
            mend = "Write a day, such as date('2026-11-02')."
            raise self.refused(node, "No fieldwork tells here what day is today.", mend)
        return ConstantTerm(self.today)

    def _day(self, node: ast.expr, written: str) -> date:
        try:
            return date.fromisoformat(written)
        except ValueError:
            mend = "Write it as date('2026-11-02')."
            raise self.refused(node, f"{written!r} is no day.", mend) from None

    def number(self, node: ast.expr) -> Decimal:
        """A plain number as it is written. Raises RuleError."""
        found = constant_of(node)
        if not isinstance(found, int | float):
            raise self.refused(node, "A plain number should stand here.")
        number = Decimal(repr(found))
        if not number.is_finite():
            raise self.refused(node, "The number is too large.")
        return number

    def refused(self, node: ast.expr, problem: str, mend: str = EXAMPLE) -> RuleError:
        """The error at this part of the rule."""
        line = self.source.encode().splitlines()[node.lineno - 1]
        column = len(line[: node.col_offset].decode(errors="replace")) + 1
        return RuleError(self.text, column, problem, mend)


def constant_of(node: ast.expr) -> str | int | float | None:
    """A code or a number, which may be below nought; None for anything else."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=str() | int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return None if isinstance(number, bool) else -number
    return None
