"""Claims about an average, how far two shares lie apart, and what hangs together.

Averages and differences are made from counts alone. Of a test the outcome is told, and words that
must fit it are held against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from blikveld.disclosure import SafeCell, SafeStatistic
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.claims.shares import (
    OF_ALL,
    Claim,
    ClaimText,
    marked,
    scored,
    share_and_count,
    sum_parts,
    variable_of,
)
from blikveld.results.cell import CellRequest, Hypothesis, PrintedMethod, StatisticRequest
from blikveld.results.formatting import INVENTED, number, points, probability, statistic
from blikveld.results.formatting import mean as printed_mean
from blikveld.rules import join_rules, parse
from blikveld.rules.nodes import OneOf
from blikveld.study.model import Study, VariableKind
from blikveld.study.variables import rule_of


def mean(score: str, of: str = OF_ALL, decimals: int = 2, *, study: Study) -> Claim:
    """Return the average of a score: 3,07. Whoever gave an answer without a number is left out.

    It is made from how often each answer was given, so it is printed only where those may be.
    """
    asks = scored(study, score, of)

    def say(facts: Facts) -> ClaimText:
        found = [(value, *facts.shown(ask)[:2]) for ask, value in asks.items()]
        people = sum(n for _, _, n in found)
        if not people:
            raise FalseClaim(f"Nobody of {of} has a {score}.", "Check the rule after `of=`.")
        total = sum((value * n for value, _, n in found), Decimal())
        cells = tuple(cell for _, cell, _ in found)
        text = printed_mean(total, people, facts.language, decimals)
        parts = sum_parts(facts, [(n, value) for value, _, n in found])
        note = facts.say("average_note", base=number(people, facts.language), parts=parts)
        return ClaimText(marked(text, *cells), cells, note=note)

    return Claim(tuple(asks), say)


def difference(
    rule: str, of: str = OF_ALL, *, than: str = "", than_of: str = OF_ALL, decimals: int = 0
) -> Claim:
    """Return how far two shares lie apart: '12 procentpunt'.

    Without `than` the same rule in `than_of`.
    """
    asks = (CellRequest(parse(of), parse(rule)), CellRequest(parse(than_of), parse(than or rule)))

    def say(facts: Facts) -> ClaimText:
        (one, n, base), (other, n_other, base_other) = (facts.some(ask) for ask in asks)
        apart = points((n, base), (n_other, base_other), facts.language, decimals)
        note = facts.say("difference_note", one=_share(facts, one), other=_share(facts, other))
        text = marked(facts.say("points", number=apart), one, other)
        return ClaimText(text, (one, other), note=note)

    return Claim(asks, say)


def _share(facts: Facts, cell: SafeCell) -> str:
    share, shown = share_and_count(cell, facts.language)
    part = facts.say("note_part", share=share, count=shown)
    return facts.say("note", base=number(cell.base or 0, facts.language), parts=part)


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
    """Return the outcome of a test: 'χ²(2) = 97,68; p < 0,001'.

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
    """Return the writer's words, such as 'hangt samen', if the test finds so little chance of
    luck.
    """
    return _judged(text, ask(study, first, second, of), lambda p: p < LEVEL, "under")


def unrelated(text: str, first: str, second: str, *, of: str, study: Study) -> Claim:
    """Return the writer's words, such as 'geen verschil', if the test finds no such thing."""
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
    """Return the question that analysis has to answer. Raises FalseClaim and RuleError."""
    scores = {score.key: score for score in study.scores}
    if {first, second} <= scores.keys():
        have = (OneOf((one := scores[key]).source, tuple(one.values)) for key in (first, second))
        both = CellRequest(parse(of), join_rules(*have))
        return StatisticRequest(Hypothesis.PAIRED_MEANS, first, second, parse(of), ((both,),))
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
    """Return a cleared test. Raises FalseClaim where it was not made, or is suppressed."""
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
    """Return a test in signs, such as 't(1.636) = 1,31; p = 0,190'."""
    if outcome.method is PrintedMethod.FISHER:
        return probability(outcome.p, facts.language)
    letter = "t" if outcome.method is PrintedMethod.T_PAIRED else "χ²"
    df = "" if math.isnan(outcome.df) else f"({number(round(outcome.df), facts.language)})"
    value = statistic(outcome.value, facts.language)
    return f"{letter}{df} = {value}; {probability(outcome.p, facts.language)}"


def _words(facts: Facts, outcome: PrintedTest) -> dict[str, str]:
    base = number(outcome.base, facts.language)
    return {"name": facts.say(outcome.method.value), "base": base}
