"""A rule as a condition over the snapshot's columns, with the meaning of `rules.evaluate`.

The text is plain SQL: comparisons, IN, CASE, AND, OR, NOT. Three-valued logic is SQL's own; what
can never be unknown (`asked`, `answered`) is written so that it never is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import isnan
from typing import assert_never

from blikveld.errors import BlikveldError
from blikveld.responses.schema import codes, missing_column, option_column
from blikveld.responses.term_sql import (
    Dialect,
    TermSql,
    chosen_sql,
    if_answered,
    literal,
    quoted,
)
from blikveld.rules import Leaf, Missing, Person, Rule, UnknownVariable, Value, evaluate, names
from blikveld.rules.check import compared
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
)
from blikveld.rules.terms import ConstantTerm, VariableTerm
from blikveld.rules.types import (
    CalendarDate,
    CodeSet,
    DecimalNumber,
    FreeText,
    RankOrder,
    SingleCode,
    TrueOrFalse,
    ValueType,
)
from blikveld.study.model import Variable

_OPERATORS: Mapping[ComparisonOperator, str] = {
    ComparisonOperator.EQUAL: "=",
    ComparisonOperator.NOT_EQUAL: "<>",
    ComparisonOperator.LESS: "<",
    ComparisonOperator.AT_MOST: "<=",
    ComparisonOperator.MORE: ">",
    ComparisonOperator.AT_LEAST: ">=",
}


class UnusableLiteral(BlikveldError):
    """A rule compares with something that no column can hold."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            "unusable-literal",
            f"a rule about {name!r}",
            problem,
            "Compare with a code or a number of the study.",
        )


def condition(
    rule: Rule, variables: Mapping[str, Variable], dialect: Dialect = Dialect.DUCKDB
) -> str:
    """SQL that is TRUE, FALSE or NULL for a row where the rule is true, false or unknown.

    Raises UnknownVariable and WrongKind as the evaluator does, but for every part of the rule and
    before any row is read; RuleMisfit for terms that do not go together, and UnusableLiteral for a
    number beyond what a DOUBLE holds exactly.
    """
    return _RuleSql(variables, dialect).condition(rule)


class _RuleSql:
    """Writes rules over one study's variables for one database."""

    def __init__(self, variables: Mapping[str, Variable], dialect: Dialect) -> None:
        self.variables, self.dialect = variables, dialect
        self.terms = TermSql(variables, self.type_of, dialect)

    def type_of(self, name: str) -> ValueType:
        return self.variables[name].rule_type

    def condition(self, rule: Rule) -> str:
        match rule:
            case Constant(value):
                return _truth(value)
            case Not(part):
                return f"(NOT {self.condition(part)})"
            case And(parts):
                return self._joined(" AND ", parts, empty=True)
            case Or(parts):
                return self._joined(" OR ", parts, empty=False)
            case IsTrue(part):
                return f"COALESCE({self.condition(part)}, FALSE)"
            case CountTrue():
                return self._count_true(rule)
            case CompareTerms():
                return self._compare_terms(rule)
            case _:
                return self._leaf(rule, self._variable(rule))

    def _joined(self, word: str, parts: tuple[Rule, ...], *, empty: bool) -> str:
        if not parts:
            return _truth(empty)
        return "(" + word.join(map(self.condition, parts)) + ")"

    def _count_true(self, rule: CountTrue) -> str:
        """True where the comparison holds for every number that is possible, false for none."""
        parts = [self.condition(part) for part in rule.rules]
        known = " + ".join(f"CASE WHEN {part} THEN 1 ELSE 0 END" for part in parts)
        # Not false counts too: it may turn out to be true.
        possible = " + ".join(f"CASE WHEN NOT {part} THEN 0 ELSE 1 END" for part in parts)
        number = max(-1, min(rule.value, len(parts) + 1))
        sure, never = _certain(rule.operator, f"({known})", f"({possible})", number)
        return f"(CASE WHEN {sure} THEN TRUE WHEN {never} THEN FALSE END)"

    def _compare_terms(self, rule: CompareTerms) -> str:
        for name in names(rule):
            if name not in self.variables:
                raise UnknownVariable(name)
        decimals, sign = compared(rule, self.type_of), _OPERATORS[rule.operator]
        if decimals is None:
            return f"({self.terms.day(rule.left)} {sign} {self.terms.day(rule.right)})"
        left, right = (self.terms.number(side, decimals) for side in (rule.left, rule.right))
        return f"({left} {sign} {right})"

    def _variable(self, leaf: Leaf) -> Variable:
        """The leaf's variable, once the evaluator has accepted a value of its type."""
        if leaf.name not in self.variables:
            raise UnknownVariable(leaf.name)
        variable = self.variables[leaf.name]
        if isinstance(leaf, Compare) and isinstance(leaf.value, float) and isnan(leaf.value):
            raise UnusableLiteral(leaf.name, "This is no number that values compare with.")
        sample: Person = {leaf.name: _sample(variable.type)}
        evaluate(leaf, sample)
        return variable

    def _leaf(self, leaf: Leaf, variable: Variable) -> str:
        name, missing = quoted(leaf.name), quoted(missing_column(leaf.name))
        not_asked = literal(Missing.NOT_ASKED.value)
        match leaf:
            case Asked():
                return f"({missing} IS NULL OR {missing} <> {not_asked})"
            case Answered():
                return f"({missing} IS NULL)"
            case Empty():
                asked = f"WHEN {missing} <> {not_asked} THEN TRUE"
                return f"(CASE WHEN {missing} IS NULL THEN FALSE {asked} END)"
            case Flag():
                return name
            case Compare():
                return self._compare(leaf)
            case OneOf(_, values) if values:
                wanted = ", ".join(self._text(leaf.name, value) for value in values)
                return f"({name} IN ({wanted}))"
            case OneOf():
                return if_answered(leaf.name, "FALSE")
            case Matches(_, pattern):
                return self.dialect.fits(name, pattern)
            case Chosen(_, option):
                return _chosen(variable, option)
            case CompareRank():
                return _rank(leaf, variable)
            case CountChosen():
                return _count(leaf, variable)

    def _compare(self, leaf: Compare) -> str:
        sign = _OPERATORS[leaf.operator]
        if isinstance(leaf.value, str):
            return f"({quoted(leaf.name)} {sign} {self._text(leaf.name, leaf.value)})"
        if self.variables[leaf.name].limits is None:
            value = self.dialect.double(_double(leaf.name, leaf.value))
            return f"({quoted(leaf.name)} {sign} {value})"
        number = ConstantTerm(Decimal(repr(leaf.value)))
        return self._compare_terms(CompareTerms(VariableTerm(leaf.name), leaf.operator, number))

    def _text(self, name: str, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnusableLiteral(name, "The text holds half a sign.") from None
        return self.dialect.text(value)


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _sample(type_: ValueType) -> Value:
    match type_:
        case SingleCode() | FreeText():
            return ""
        case CodeSet() | RankOrder():
            return ()
        case TrueOrFalse():
            return True
        case DecimalNumber():
            return 0.0
        case CalendarDate():
            return date.min
        case _:
            assert_never(type_)


def _certain(
    operator: ComparisonOperator, known: str, possible: str, number: int
) -> tuple[str, str]:
    """Where a count that lies between two numbers certainly compares so, and certainly not."""
    match operator:
        case ComparisonOperator.AT_LEAST:
            return f"{known} >= {number}", f"{possible} < {number}"
        case ComparisonOperator.MORE:
            return f"{known} > {number}", f"{possible} <= {number}"
        case ComparisonOperator.AT_MOST:
            return f"{possible} <= {number}", f"{known} > {number}"
        case ComparisonOperator.LESS:
            return f"{possible} < {number}", f"{known} >= {number}"
        case ComparisonOperator.EQUAL:
            same = f"{known} = {number} AND {possible} = {number}"
            return same, f"{known} > {number} OR {possible} < {number}"
        case ComparisonOperator.NOT_EQUAL:
            same = f"{known} = {number} AND {possible} = {number}"
            return f"{known} > {number} OR {possible} < {number}", same


def _chosen(variable: Variable, option: str) -> str:
    if option not in codes(variable):
        # The evaluator finds it in nobody's answer, and unknown where there is no answer.
        return if_answered(variable.name, "FALSE")
    column = quoted(option_column(variable.name, option))
    if isinstance(variable.type, RankOrder):
        return if_answered(variable.name, f"{column} IS NOT NULL")
    return column


def _rank(leaf: CompareRank, variable: Variable) -> str:
    # No place lies outside this range, and what was not ranked stands below all of them.
    number = max(-1, min(leaf.value, len(codes(variable)) + 1))
    below = len(codes(variable)) + 2
    place = f"{below}"
    if leaf.option in codes(variable):
        place = f"COALESCE({quoted(option_column(leaf.name, leaf.option))}, {below})"
    return if_answered(leaf.name, f"{place} {_OPERATORS[leaf.operator]} {number}")


def _count(leaf: CountChosen, variable: Variable) -> str:
    # No count lies outside this range, so a larger number means the same and cannot overflow.
    number = max(-1, min(leaf.value, len(codes(variable)) + 1))
    counted = f"({chosen_sql(variable)}) {_OPERATORS[leaf.operator]} {number}"
    return if_answered(leaf.name, counted)


def _double(name: str, value: int | float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = float("nan")
    if number != value:
        raise UnusableLiteral(name, "The number is too large to be compared exactly.")
    return number
