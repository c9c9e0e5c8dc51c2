"""The one rule language: it routes a question, includes a respondent and defines a base."""

from __future__ import annotations

from blikveld.rules.describe import LabelSource, UnknownCode, describe_rule
from blikveld.rules.evaluate import UnknownVariable, WrongKind, evaluate
from blikveld.rules.nodes import (
    EVERYBODY,
    Leaf,
    Rule,
    any_of,
    join_rules,
    leaves,
    names,
    parts_of,
    rewrite,
)
from blikveld.rules.parse import RuleError, parse
from blikveld.rules.simplify import plain
from blikveld.rules.text import format_rule
from blikveld.rules.types import Missing, Person, Special, Truth, Value

__all__ = [
    "EVERYBODY",
    "LabelSource",
    "Leaf",
    "Missing",
    "Person",
    "Rule",
    "RuleError",
    "Special",
    "Truth",
    "UnknownCode",
    "UnknownVariable",
    "Value",
    "WrongKind",
    "any_of",
    "describe_rule",
    "evaluate",
    "format_rule",
    "join_rules",
    "leaves",
    "names",
    "parse",
    "parts_of",
    "plain",
    "rewrite",
]
