"""The one rule language: it routes a question, includes a respondent and defines a base."""

from blikveld.rules.evaluate import UnknownVariable, WrongKind, evaluate
from blikveld.rules.nodes import EVERYBODY, Leaf, Rule, both, leaves, names, rewrite
from blikveld.rules.normal import plain
from blikveld.rules.parse import RuleError, parse
from blikveld.rules.sentence import UnknownCode, Words, sentence
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
    "both",
    "evaluate",
    "leaves",
    "names",
    "parse",
    "plain",
    "rewrite",
    "sentence",
]
