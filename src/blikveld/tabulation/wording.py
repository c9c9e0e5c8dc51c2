"""The rules behind the rows and columns of tables."""

from __future__ import annotations

from blikveld.study.model import Variable, VariableKind


def rule_of(variable: Variable, code: str) -> str:
    """The rule that says: this person has this value, or chose this option."""
    if variable.kind is VariableKind.MULTIPLE:
        return f"{code!r} in {variable.name}"
    return f"{variable.name} == {code!r}"
