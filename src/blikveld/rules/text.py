"""A rule as text, for people and for files. No rule is ever joined to another as text."""

from __future__ import annotations

from functools import lru_cache

from blikveld.rules.nodes import (
    And,
    Answered,
    Asked,
    Chosen,
    Compare,
    Constant,
    CountChosen,
    Flag,
    Leaf,
    Not,
    OneOf,
    Or,
    Rule,
)


@lru_cache(maxsize=8192)
def format_rule(rule: Rule) -> str:
    """Write a rule in the rule language, so that `parse` reads the same rule from it.

    An And or Or of fewer than two parts, which no text gives, is written as the rule it equals.
    """
    match rule:
        case Constant(value):
            return repr(value)
        case Not(Chosen(name, option)):
            return f"{option!r} not in {name}"
        case Not(OneOf(name, values)):
            return f"{name} not in {_listed(values)}"
        case Not(part):
            return f"not {_bracketed(part)}"
        case And(parts):
            return " and ".join(map(_bracketed, parts)) if parts else "True"
        case Or(parts):
            return " or ".join(map(_bracketed, parts)) if parts else "False"
        case _:
            return _format_leaf(rule)


def _bracketed(rule: Rule) -> str:
    """A part of a larger rule: whatever holds `and` or `or` stands between brackets."""
    text = format_rule(rule)
    return f"({text})" if isinstance(rule, And | Or) else text


def _format_leaf(leaf: Leaf) -> str:
    match leaf:
        case Flag(name):
            return name
        case Compare(name, operator, value):
            return f"{name} {operator.value} {value!r}"
        case OneOf(name, values):
            return f"{name} in {_listed(values)}"
        case Chosen(name, option):
            return f"{option!r} in {name}"
        case CountChosen(name, operator, number):
            return f"count({name}) {operator.value} {number}"
        case Asked(name):
            return f"asked({name})"
        case Answered(name):
            return f"answered({name})"


def _listed(codes: tuple[str, ...]) -> str:
    return f"({', '.join(map(repr, codes))}{',' if len(codes) == 1 else ''})"
