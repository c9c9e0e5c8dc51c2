"""Whether a rule says something about this study: right names, right kinds, right codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from blikveld.rules import Rule, names
from blikveld.rules.check import misfits
from blikveld.rules.nodes import innermost
from blikveld.rules.types import VariableKind
from blikveld.study.items import other_key
from blikveld.study.model import Variable
from blikveld.yaml_reading.fault_log import choose
from blikveld.yaml_reading.yaml_node import YamlNode


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with a part of a rule, and how to mend it."""

    code: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables that a rule may name, and why certain others may not be named here."""

    variables: Mapping[str, Variable]
    refused: Mapping[str, RuleProblem] = field(default_factory=dict)


def check(node: YamlNode, rule: Rule, scope: Scope | None) -> None:
    """Write down every problem of the rule at its place; None when the variables are unknown.

    They are unknown when the file that defines them could not be read.
    """
    for problem in () if scope is None else problems(rule, scope):
        node.fault(problem.code, problem.problem, problem.mend)


def problems(rule: Rule, scope: Scope) -> Iterator[RuleProblem]:
    """Everything wrong with the names, types and codes in a rule."""
    for leaf in innermost(rule):
        unknown = sorted(names(leaf) - scope.variables.keys())
        for name in unknown:
            yield from _unknown(name, scope)
        if not unknown:
            for misfit in misfits(leaf, lambda name: scope.variables[name].rule_type):
                yield RuleProblem(misfit.code, misfit.problem, misfit.mend)


def _unknown(name: str, scope: Scope) -> Iterator[RuleProblem]:
    if name in scope.refused:
        yield scope.refused[name]
    elif not _may_be_box(name, scope.variables):
        mend = choose(name, scope.variables)
        yield RuleProblem("rule-name", f"Nothing here is called {name!r}.", mend)


def _may_be_box(name: str, variables: Mapping[str, Variable]) -> bool:
    # The answers of the question could not be read, so nobody knows whether one asks for a text.
    owners = (owner for owner in variables if other_key(owner) == name)
    choices = (VariableKind.SINGLE, VariableKind.MULTIPLE)
    return any(variables[o].kind in choices and not variables[o].codes for o in owners)
