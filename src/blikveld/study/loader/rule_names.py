"""Whether a rule says something about this study: right names, right kinds, right codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from blikveld.rules import Leaf, Rule, leaves
from blikveld.rules.nodes import Answered, Asked, Chosen, Compare, CountChosen, Flag, OneOf
from blikveld.study.items import other_key
from blikveld.study.model import Variable, VariableKind
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
    """Everything wrong with the names, kinds and codes in a rule."""
    for leaf in leaves(rule):
        variable = scope.variables.get(leaf.name)
        if variable is not None:
            yield from _misfits(leaf, variable)
        elif leaf.name in scope.refused:
            yield scope.refused[leaf.name]
        elif not _may_be_box(leaf.name, scope.variables):
            mend = choose(leaf.name, scope.variables)
            yield RuleProblem("rule-name", f"Nothing here is called {leaf.name!r}.", mend)


def _may_be_box(name: str, variables: Mapping[str, Variable]) -> bool:
    # The answers of the question could not be read, so nobody knows whether one asks for a text.
    owners = (owner for owner in variables if other_key(owner) == name)
    choices = (VariableKind.SINGLE, VariableKind.MULTIPLE)
    return any(variables[o].kind in choices and not variables[o].codes for o in owners)


def _misfits(leaf: Leaf, variable: Variable) -> Iterator[RuleProblem]:
    match leaf, variable.kind:
        case (Asked() | Answered(), _):
            pass
        case (Flag(), VariableKind.FLAG) | (CountChosen(), VariableKind.MULTIPLE):
            pass
        case Compare(value=int() | float()), VariableKind.NUMBER:
            pass
        case Compare(value=str() as code), VariableKind.SINGLE:
            yield from _unknown(variable, (code,))
        case OneOf(values=codes), VariableKind.SINGLE:
            yield from _unknown(variable, codes)
        case Chosen(option=code), VariableKind.MULTIPLE:
            yield from _unknown(variable, (code,))
        case _:
            kind, form = _FORMS[variable.kind]
            yield RuleProblem(
                "rule-kind", f"{variable.name!r} is {kind}.", form.format(variable.name)
            )


_FORMS: Mapping[VariableKind, tuple[str, str]] = {
    VariableKind.SINGLE: ("one code", "Write {0} == 'code' or {0} in ('code', 'code')."),
    VariableKind.MULTIPLE: ("multiple choice", "Write 'code' in {0} or count({0}) >= 2."),
    VariableKind.FLAG: ("true or false", "Write {0} or not {0}."),
    VariableKind.NUMBER: ("a number", "Write {0} >= 3."),
    VariableKind.TEXT: ("a text", "Write answered({0})."),
}


def _unknown(variable: Variable, codes: tuple[str, ...]) -> Iterator[RuleProblem]:
    known = [code.code for code in variable.codes]
    for code in codes if known else ():
        if code not in known:
            problem = f"{variable.name!r} has no code {code!r}."
            yield RuleProblem("rule-code", problem, choose(code, known))
