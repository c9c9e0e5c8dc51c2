"""Claims about what hangs together: the outcome of a test, and words that must fit it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from blikveld.disclosure import SafeStatistic
from blikveld.figures.cell import Ask
from blikveld.figures.printing import INVENTED, number, probability, statistic
from blikveld.figures.statistic import Comparison, Method, StatisticAsk
from blikveld.report.claims import (
    OF_ALL,
    Claim,
    Said,
    variable_of,
)
from blikveld.report.facts import Facts, Untrue
from blikveld.rules import conjoin, parse
from blikveld.study.model import Study, VariableKind
from blikveld.study.wording import rule_of

LEVEL = 0.05
"""Under this p-value two things are said to hang together."""


class Outcome(NamedTuple):
    """A test that may be printed."""

    method: Method
    value: float
    df: float
    p: float
    base: int


def test(first: str, second: str, *, of: str, study: Study) -> Claim:
    """The outcome of a test: 'χ²(2) = 97,68; p < 0,001'.

    Two variables with answers are tested for independence, two scores of the same people for a
    difference of their means.
    """
    asked = ask(study, first, second, of)

    def say(facts: Facts) -> Said:
        found, outcome = shown(facts, asked)
        sign = "" if found.fixed else INVENTED
        note = facts.say("test_note", **_words(facts, outcome))
        return Said(told(facts, outcome) + sign, note=note, statistic=found)

    return Claim(_cells(asked), say, (asked,))


def related(text: str, first: str, second: str, *, of: str, study: Study) -> Claim:
    """The writer's words, such as 'hangt samen', if the test finds so little chance of luck."""
    return _judged(text, ask(study, first, second, of), lambda p: p < LEVEL, "under")


def unrelated(text: str, first: str, second: str, *, of: str, study: Study) -> Claim:
    """The writer's words, such as 'geen verschil', if the test finds no such thing."""
    return _judged(text, ask(study, first, second, of), lambda p: p >= LEVEL, "not under")


def _judged(text: str, asked: StatisticAsk, holds: Callable[[float], bool], word: str) -> Claim:
    def say(facts: Facts) -> Said:
        found, outcome = shown(facts, asked)
        if not holds(outcome.p):
            raise Untrue(
                f"{text!r} says that p is {word} {LEVEL}, but it is {outcome.p:.3f}.",
                "Change the sentence.",
            )
        sign = "" if found.fixed else INVENTED
        outcome_text = told(facts, outcome) + sign
        words = _words(facts, outcome)
        note = facts.say("test_told_note", outcome=outcome_text, **words)
        return Said(text + sign, note=note, statistic=found)

    return Claim(_cells(asked), say, (asked,))


def ask(study: Study, first: str, second: str, of: str = OF_ALL) -> StatisticAsk:
    """The question that analysis has to answer. Raises Untrue and RuleError."""
    scores = {score.key for score in study.scores}
    if {first, second} <= scores:
        return StatisticAsk(Comparison.PAIRED_MEANS, first, second, parse(of))
    down, across = (variable_of(study, name) for name in (first, second))
    if VariableKind.MULTIPLE in (down.kind, across.kind):
        raise Untrue(
            "People may stand in several answers here, which this test does not allow.",
            "Derive a variable with one answer a person in derived.yaml.",
        )
    base = parse(of)
    cells = tuple(
        tuple(
            Ask(base, conjoin(rule_of(down, a.code), rule_of(across, b.code))) for b in across.codes
        )
        for a in down.codes
    )
    return StatisticAsk(Comparison.INDEPENDENCE, first, second, base, cells)


def _cells(asked: StatisticAsk) -> tuple[Ask, ...]:
    return (asked.everybody, *(cell for row in asked.cells for cell in row))


def shown(facts: Facts, asked: StatisticAsk) -> tuple[SafeStatistic, Outcome]:
    """A cleared test. Raises Untrue where it was not made, or is kept back."""
    found = facts.release.statistics.get(asked)
    if found is None:
        raise Untrue(
            f"The test of {asked.first} and {asked.second} was not released.",
            "Make what report.statistics lists, and release it.",
        )
    if found.value is None or found.df is None or found.p is None or found.base is None:
        raise Untrue(
            f"The test of {asked.first} and {asked.second} may not be printed: it would give away "
            "a small count of its table.",
            "Test variables with fewer answers, or leave the sentence out.",
        )
    return found, Outcome(found.method, found.value, found.df, found.p, found.base)


def told(facts: Facts, outcome: Outcome) -> str:
    """A test in signs, such as 't(1.636) = 1,31; p = 0,190'."""
    if outcome.method is Method.FISHER:
        return probability(outcome.p, facts.language)
    letter = "t" if outcome.method is Method.T_PAIRED else "χ²"
    df = "" if math.isnan(outcome.df) else f"({number(round(outcome.df), facts.language)})"
    value = statistic(outcome.value, facts.language)
    return f"{letter}{df} = {value}; {probability(outcome.p, facts.language)}"


def _words(facts: Facts, outcome: Outcome) -> dict[str, str]:
    base = number(outcome.base, facts.language)
    return {"name": facts.say(outcome.method.value), "base": base}
