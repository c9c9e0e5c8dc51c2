"""The rule behind one answer: what stands under a row, a column or a bar."""

from __future__ import annotations

from blikveld.rules import Rule
from blikveld.rules.nodes import Chosen, Compare, ComparisonOperator
from blikveld.study.model import Variable, VariableKind


def rule_of(variable: Variable, code: str) -> Rule:
    """The rule that says: this person has this value, or chose this option."""
    if variable.kind is VariableKind.MULTIPLE:
        return Chosen(variable.name, code)
    return Compare(variable.name, ComparisonOperator.EQUAL, code)
