"""Claims about what hangs together: the outcome of a test, and words that must fit it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from blikveld.disclosure import SafeStatistic
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.claims.shares import OF_ALL, Claim, ClaimText, variable_of
from blikveld.results.cell import CellRequest, Hypothesis, PrintedMethod, StatisticRequest
from blikveld.results.formatting import INVENTED, number, probability, statistic
from blikveld.rules import join_rules, parse
from blikveld.study.model import Study, VariableKind
from blikveld.study.variables import rule_of

LEVEL = 0.05
"""Under this p-value two things are said to hang together."""


class PrintedTest(NamedTuple):
    """A test that may be printed."""

    method: PrintedMethod
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

    def say(facts: Facts) -> ClaimText:
        found, outcome = shown(facts, asked)
        sign = "" if found.fixed else INVENTED
        note = facts.say("test_note", **_words(facts, outcome))
        return ClaimText(told(facts, outcome) + sign, note=note, statistic=found)

    return Claim(_cells(asked), say, (asked,))


def related(text: str, first: str, second: str, *, of: str, study: Study) -> Claim:
    """The writer's words, such as 'hangt samen', if the test finds so little chance of luck."""
    return _judged(text, ask(study, first, second, of), lambda p: p < LEVEL, "under")


def unrelated(text: str, first: str, second: str, *, of: str, study: Study) -> Claim:
    """The writer's words, such as 'geen verschil', if the test finds no such thing."""
    return _judged(text, ask(study, first, second, of), lambda p: p >= LEVEL, "not under")


def _judged(text: str, asked: StatisticRequest, holds: Callable[[float], bool], word: str) -> Claim:
    def say(facts: Facts) -> ClaimText:
        found, outcome = shown(facts, asked)
        if not holds(outcome.p):
            raise FalseClaim(
                f"{text!r} says that p is {word} {LEVEL}, but it is {outcome.p:.3f}.",
                "Change the sentence.",
            )
        sign = "" if found.fixed else INVENTED
        outcome_text = told(facts, outcome) + sign
        words = _words(facts, outcome)
        note = facts.say("test_told_note", outcome=outcome_text, **words)
        return ClaimText(text + sign, note=note, statistic=found)

    return Claim(_cells(asked), say, (asked,))


def ask(study: Study, first: str, second: str, of: str = OF_ALL) -> StatisticRequest:
    """The question that analysis has to answer. Raises FalseClaim and RuleError."""
    scores = {score.key for score in study.scores}
    if {first, second} <= scores:
        return StatisticRequest(Hypothesis.PAIRED_MEANS, first, second, parse(of))
    down, across = (variable_of(study, name) for name in (first, second))
    if VariableKind.MULTIPLE in (down.kind, across.kind):
        raise FalseClaim(
            "People may stand in several answers here, which this test does not allow.",
            "Derive a variable with one answer a person in derived.yaml.",
        )
    base = parse(of)
    cells = tuple(
        tuple(
            CellRequest(base, join_rules(rule_of(down, a.code), rule_of(across, b.code)))
            for b in across.codes
        )
        for a in down.codes
    )
    return StatisticRequest(Hypothesis.INDEPENDENCE, first, second, base, cells)


def _cells(asked: StatisticRequest) -> tuple[CellRequest, ...]:
    return (asked.everybody, *(cell for row in asked.cells for cell in row))


def shown(facts: Facts, asked: StatisticRequest) -> tuple[SafeStatistic, PrintedTest]:
    """A cleared test. Raises FalseClaim where it was not made, or is suppressed."""
    found = facts.release.statistics.get(asked)
    if found is None:
        raise FalseClaim(
            f"The test of {asked.first} and {asked.second} was not released.",
            "Make what report.statistics lists, and release it.",
        )
    if found.value is None or found.df is None or found.p is None or found.base is None:
        raise FalseClaim(
            f"The test of {asked.first} and {asked.second} may not be printed: it would give away "
            "a small count of its table.",
            "Test variables with fewer answers, or leave the sentence out.",
        )
    return found, PrintedTest(found.method, found.value, found.df, found.p, found.base)


def told(facts: Facts, outcome: PrintedTest) -> str:
    """A test in signs, such as 't(1.636) = 1,31; p = 0,190'."""
    if outcome.method is PrintedMethod.FISHER:
        return probability(outcome.p, facts.language)
    letter = "t" if outcome.method is PrintedMethod.T_PAIRED else "χ²"
    df = "" if math.isnan(outcome.df) else f"({number(round(outcome.df), facts.language)})"
    value = statistic(outcome.value, facts.language)
    return f"{letter}{df} = {value}; {probability(outcome.p, facts.language)}"


def _words(facts: Facts, outcome: PrintedTest) -> dict[str, str]:
    base = number(outcome.base, facts.language)
    return {"name": facts.say(outcome.method.value), "base": base}
