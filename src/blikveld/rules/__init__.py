"""The one rule language: it routes a question, includes a respondent and defines a base."""

from blikveld.rules.evaluate import UnknownVariable, WrongKind, evaluate
from blikveld.rules.nodes import EVERYBODY, Rule, both, names
from blikveld.rules.parse import RuleError, parse
from blikveld.rules.values import Missing, Person, Truth, Value

__all__ = [
    "EVERYBODY",
    "Missing",
    "Person",
    "Rule",
    "RuleError",
    "Truth",
    "UnknownVariable",
    "Value",
    "WrongKind",
    "both",
    "evaluate",
    "names",
    "parse",
]
