"""The texts of rules that tables are made of."""

from __future__ import annotations

from blikveld.rules import EVERYBODY, parse
from blikveld.study.model import Variable, VariableKind


def conjoin(*rules: str) -> str:
    """The text of a rule that holds where all of these hold."""
    parts = [rule for rule in rules if parse(rule) != EVERYBODY]
    if not parts:
        return "True"
    if len(parts) == 1:
        return parts[0]
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def rule_of(variable: Variable, code: str) -> str:
    """The rule that says: this person has this value, or chose this option."""
    if variable.kind is VariableKind.MULTIPLE:
        return f"{code!r} in {variable.name}"
    return f"{variable.name} == {code!r}"
