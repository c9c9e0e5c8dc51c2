"""Texts of rules put together, so that a person can still read them."""

from __future__ import annotations

from blikveld.rules.nodes import EVERYBODY
from blikveld.rules.parse import parse


def conjoin(*rules: str) -> str:
    """The text of a rule that holds where all of these hold; 'True' when there are none.

    Raises RuleError for a text that is no rule.
    """
    parts = [rule for rule in rules if parse(rule) != EVERYBODY]
    if not parts:
        return "True"
    if len(parts) == 1:
        return parts[0]
    return " and ".join(f"({part})" if " or " in part else part for part in parts)
