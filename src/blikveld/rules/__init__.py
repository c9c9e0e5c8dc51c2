"""The one rule language: it routes a question, includes a respondent and defines a base."""

from blikveld.rules.evaluate import UnknownVariable, WrongKind, evaluate
from blikveld.rules.nodes import (
    EVERYBODY,
    Leaf,
    Rule,
    any_of,
    conjoin,
    leaves,
    names,
    parts_of,
    rewrite,
)
from blikveld.rules.normal import plain
from blikveld.rules.parse import RuleError, parse
from blikveld.rules.sentence import UnknownCode, Words, sentence
from blikveld.rules.text import format_rule
from blikveld.rules.values import Missing, Person, Truth, Value

__all__ = [
    "EVERYBODY",
    "Leaf",
    "Missing",
    "Person",
    "Rule",
    "RuleError",
    "Truth",
    "UnknownCode",
    "UnknownVariable",
    "Value",
    "Words",
    "WrongKind",
    "any_of",
    "conjoin",
    "evaluate",
    "format_rule",
    "leaves",
    "names",
    "parse",
    "parts_of",
    "plain",
    "rewrite",
    "sentence",
]
