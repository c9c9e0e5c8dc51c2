"""Whether a rule says something about this study: right names, right kinds, right codes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from blikveld.rules import Rule, names
from blikveld.rules.check import misfits
from blikveld.rules.nodes import Answered, innermost
from blikveld.rules.types import VariableKind
from blikveld.study.items import ContactItem, Question, other_key
from blikveld.study.model import Study, Variable
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
    box = f"{name}_"
    owners = (owner for owner in variables if box.startswith(f"{other_key(owner)}_"))
    choices = (VariableKind.SINGLE, VariableKind.MULTIPLE)
    return any(variables[o].kind in choices and not variables[o].codes for o in owners)


# Which way a rule may look


@dataclass(frozen=True, slots=True)
class RoutedItem:
    """A rule in the order of the questionnaire, and the questions that hang on it.

    `asks` tells that they are asked here: what comes after may look at them.
    """

    node: YamlNode
    rule: Rule
    questions: tuple[Question, ...] = ()
    asks: bool = True


_UNKNOWN_YET = RuleProblem(
    "rule-order",
    "Whether somebody completed the questionnaire is not known while it is filled in.",
    "Leave `completed` out of this rule.",
)


def check_routing(study: Study, steps: Sequence[RoutedItem]) -> None:
    """Write down each rule that looks at what is not known yet on the way here.

    A derived variable stands after the last question that it looks at.
    """
    contacts = _contacts(study)
    known = {name: study.variables[name] for name in study.known_before}
    made = {
        name: study.rests_on(Answered(name)) - {name}
        for name in study.made_from
        if not _is_coded(study, name)
    }
    for step in steps:
        beyond = names(step.rule) & study.variables.keys() - known.keys()
        later = {name: _later(study, name, step) for name in beyond}
        check(step.node, step.rule, Scope(known, contacts | later))
        for question in step.questions if step.asks else ():
            for name in (question.key, *question.other_keys):
                known[name] = study.variables[name]
        for name, behind in made.items():
            if behind <= known.keys():
                known[name] = study.variables[name]


def _is_coded(study: Study, name: str) -> bool:
    """Whether people code the variable, or something it is made from, after the fieldwork."""
    coded = {one.key for one in study.coded}
    return not coded.isdisjoint(study.rests_on(Answered(name)))


def _later(study: Study, name: str, step: RoutedItem) -> RuleProblem:
    if name == "completed":
        return _UNKNOWN_YET
    if any(name in (question.key, *question.other_keys) for question in step.questions):
        return RuleProblem(
            "rule-order", "A question cannot hang on itself.", "Look at earlier ones."
        )
    if name in study.made_from:
        return _made_later(study, name, step)
    question = study.questions.get(name)
    if question and question.grid and any(question.grid == own.grid for own in step.questions):
        problem = "The rows of a grid stand on one page: none can hang on another."
        return RuleProblem("rule-order", problem, "Ask what it hangs on in an earlier question.")
    where = f" (line {question.line})" if question else ""
    problem = f"{name!r} is asked later{where}, and a rule looks backwards."
    return RuleProblem("rule-order", problem, "Ask it earlier, or look at an earlier question.")


def _made_later(study: Study, name: str, step: RoutedItem) -> RuleProblem:
    if _is_coded(study, name):
        problem = f"{name!r} rests on what people code by hand, after the fieldwork."
        return RuleProblem("rule-order", problem, "Look at the answer itself.")
    ends = {question.key for question in step.questions}
    if way := find_way(name, ends, lambda one: _looked_at(study, one)):
        problem = f"{name!r} goes round in a circle: {' -> '.join((*way, name))}."
        return RuleProblem("circle", problem, "Let one of these rules look at something else.")
    behind = (study.questions.get(one) for one in study.rests_on(Answered(name)))
    last = max((q for q in behind if q is not None), key=lambda q: q.line, default=None)
    rest = f"{last.key!r} (line {last.line})" if last else "a later question"
    problem = f"{name!r} is known only after {rest}, and a rule looks backwards."
    return RuleProblem("rule-order", problem, "Ask that earlier, or look at an earlier question.")


def _looked_at(study: Study, name: str) -> frozenset[str]:
    """What the rule of a question looks at, or another variable is made from."""
    question = study.questions.get(name)
    return names(question.ask_if) if question else study.made_from.get(name, frozenset())


def find_way(
    start: str, ends: Collection[str], further: Callable[[str], frozenset[str]]
) -> tuple[str, ...]:
    """Return the shortest way from a name to one of the ends, both included; empty for none.

    `further` gives the names that a name leads to.
    """
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        if way[-1] in ends:
            return way
        nearer = further(way[-1]) - seen
        seen |= nearer
        ways.extend((*way, one) for one in sorted(nearer))
    return ()


def _contacts(study: Study) -> dict[str, RuleProblem]:
    keys = [
        item.key for part in study.sections for item in part.items if isinstance(item, ContactItem)
    ]
    problem = "What is filled in at a contact item is sealed and never an answer."
    return {key: RuleProblem("rule-name", problem, "Look at a question.") for key in keys}
