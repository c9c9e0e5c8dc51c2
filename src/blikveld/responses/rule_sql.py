"""A rule as a condition over the snapshot's columns, with the meaning of `rules.evaluate`.

The text is plain SQL: comparisons, IN, CASE, AND, OR, NOT. Three-valued logic is SQL's own; what
can never be unknown (`asked`, `answered`) is written so that it never is.
"""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.errors import BlikveldError
from blikveld.responses.schema import codes, missing_column, option_column
from blikveld.rules import Leaf, Missing, Person, Rule, UnknownVariable, Value, evaluate
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
)
from blikveld.study.model import Variable, VariableKind

_OPERATORS: Mapping[ComparisonOperator, str] = {
    ComparisonOperator.EQUAL: "=",
    ComparisonOperator.NOT_EQUAL: "<>",
    ComparisonOperator.LESS: "<",
    ComparisonOperator.AT_MOST: "<=",
    ComparisonOperator.MORE: ">",
    ComparisonOperator.AT_LEAST: ">=",
}
_SAMPLES: Mapping[VariableKind, Value] = {
    VariableKind.SINGLE: "",
    VariableKind.TEXT: "",
    VariableKind.MULTIPLE: (),
    VariableKind.FLAG: True,
    VariableKind.NUMBER: 0.0,
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


def condition(rule: Rule, variables: Mapping[str, Variable]) -> str:
    """SQL that is TRUE, FALSE or NULL for a row where the rule is true, false or unknown.

    Raises UnknownVariable and WrongKind as the evaluator does, but for every part of the rule and
    before any row is read; UnusableLiteral for a number beyond what a DOUBLE holds exactly.
    """
    match rule:
        case Constant(value):
            return _truth(value)
        case Not(part):
            return f"(NOT {condition(part, variables)})"
        case And(parts):
            return _joined(" AND ", parts, variables, empty=True)
        case Or(parts):
            return _joined(" OR ", parts, variables, empty=False)
        case _:
            return _leaf(rule, _variable(rule, variables))


def quoted(name: str) -> str:
    """A name as an identifier, whatever signs it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal, whatever signs it holds."""
    return "'" + text.replace("'", "''") + "'"


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _joined(
    word: str, parts: tuple[Rule, ...], variables: Mapping[str, Variable], *, empty: bool
) -> str:
    if not parts:
        return _truth(empty)
    return "(" + word.join(condition(part, variables) for part in parts) + ")"


def _variable(leaf: Leaf, variables: Mapping[str, Variable]) -> Variable:
    """The leaf's variable, once the evaluator has accepted a value of its kind."""
    if leaf.name not in variables:
        raise UnknownVariable(leaf.name)
    variable = variables[leaf.name]
    sample: Person = {leaf.name: _SAMPLES[variable.kind]}
    evaluate(leaf, sample)
    return variable


def _leaf(leaf: Leaf, variable: Variable) -> str:
    name, missing = quoted(leaf.name), quoted(missing_column(leaf.name))
    match leaf:
        case Asked():
            return f"({missing} IS NULL OR {missing} <> {literal(Missing.NOT_ASKED.value)})"
        case Answered():
            return f"({missing} IS NULL)"
        case Flag():
            return name
        case Compare(_, comparison, value):
            return f"({name} {_OPERATORS[comparison]} {_constant(leaf.name, value)})"
        case OneOf(_, values) if values:
            wanted = ", ".join(_constant(leaf.name, value) for value in values)
            return f"({name} IN ({wanted}))"
        case OneOf():
            return _if_answered(missing, "FALSE")
        case Chosen(_, option):
            return _chosen(variable, option, missing)
        case CountChosen():
            return _count(leaf, variable, missing)


def _if_answered(missing: str, truth: str) -> str:
    return f"(CASE WHEN {missing} IS NULL THEN {truth} END)"


def _chosen(variable: Variable, option: str, missing: str) -> str:
    if option not in codes(variable):
        # The evaluator finds it in nobody's answer, and unknown where there is no answer.
        return _if_answered(missing, "FALSE")
    return quoted(option_column(variable.name, option))


def _count(leaf: CountChosen, variable: Variable, missing: str) -> str:
    offered = codes(variable)
    ticked = (quoted(option_column(variable.name, code)) for code in offered)
    total = " + ".join(f"CASE WHEN {column} THEN 1 ELSE 0 END" for column in ticked)
    # No count lies outside this range, so a larger number means the same and cannot overflow.
    number = max(-1, min(leaf.value, len(offered) + 1))
    return _if_answered(missing, f"({total or '0'}) {_OPERATORS[leaf.operator]} {number}")


def _constant(name: str, value: str | int | float) -> str:
    if isinstance(value, str):
        return _text(name, value)
    try:
        number = float(value)
    except OverflowError:
        number = float("nan")
    if number != value:
        raise UnusableLiteral(name, "The number is too large to be compared exactly.")
    return f"CAST('{number!r}' AS DOUBLE)"


def _text(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UnusableLiteral(name, "The text holds half a sign.") from None
    return literal(value)
