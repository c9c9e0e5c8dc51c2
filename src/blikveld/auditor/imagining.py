"""Possible respondents, drawn question by question along the routing.

Equality of groups is judged on these people, so each group that is published must have some: part
of the crowd is drawn towards the answers that the published conditions name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from blikveld.auditor.conditions import (
    Crowd,
    Mask,
    UnknownCondition,
    evaluate_condition,
    list_mentions,
)
from blikveld.auditor.population import (
    AskedVariable,
    AuditedPopulation,
    CodedVariable,
    DerivedVariable,
    Variable,
)

_EVENLY = 14_000
# With 16 towards each, seven people stood for a group and had all ticked one answer by chance:
# two groups were taken for one, and true numbers for a contradiction.
_TOWARDS = 48
_OBEYS = 0.85

Wishes = dict[str, dict[str, Mask]]


def imagine_crowd(population: AuditedPopulation, conditions: Sequence[str], seed: int = 1) -> Crowd:
    """A crowd in which the groups of `conditions` have members, as far as the routing allows.

    People who leave by a rule of the population are left out. The same input gives the same crowd.
    """
    # Only the variables and codes tell whom to draw towards, so equal sets of them are one.
    wanted = sorted({tuple(sorted(set(_mentions(population, c)))) for c in conditions})
    size = _EVENLY + _TOWARDS * len(wanted)
    wishes = _spread(population, wanted, size)
    crowd = Crowd(size)
    random = np.random.default_rng(seed)
    for variable in population.variables:
        _fill(crowd, variable, wishes.get(variable.name, {}), random)
    return _keep(crowd, population)


def _mentions(
    population: AuditedPopulation, text: str, depth: int = 0
) -> Iterator[tuple[str, str]]:
    """What a condition asks for, in answers: a derived variable stands for those of its case."""
    if depth > 8:
        return
    for name, code in list_mentions(text):
        variable = population.by_name.get(name)
        yield name, code
        match variable:
            case DerivedVariable(cases=cases):
                for case, when in cases:
                    if case == code:
                        yield from _mentions(population, when, depth + 1)
            case CodedVariable():
                yield from _sources(population, variable, code)
            case AskedVariable() | None:
                pass


def _sources(
    population: AuditedPopulation, coded: CodedVariable, code: str
) -> Iterator[tuple[str, str]]:
    """The answers that lead to a code: those that are mapped to it, or those with a text."""
    mapped = [answer for answer, to in coded.by_answer.items() if to == code]
    source = population.by_name[coded.source]
    if isinstance(source, CodedVariable):
        for answer in mapped:
            yield source.name, answer
            yield from _sources(population, source, answer)
    elif isinstance(source, AskedVariable):
        for answer in mapped or source.written:
            yield source.name, answer


def _spread(
    population: AuditedPopulation, wanted: Sequence[tuple[tuple[str, str], ...]], size: int
) -> Wishes:
    """For each variable and code: who should have it, if the routing lets them."""
    wishes: Wishes = {}
    for number, pairs in enumerate(wanted):
        here = slice(_EVENLY + number * _TOWARDS, _EVENLY + (number + 1) * _TOWARDS)
        for name, code in pairs:
            if name in population.by_name:
                column = wishes.setdefault(name, {})
                column.setdefault(code, np.zeros(size, dtype=bool))[here] = True
    return wishes


def _fill(crowd: Crowd, variable: Variable, wishes: dict[str, Mask], random: Generator) -> None:
    match variable:
        case AskedVariable():
            _answer(crowd, variable, wishes, random)
        case CodedVariable():
            _code(crowd, variable, wishes, random)
        case DerivedVariable():
            _derive(crowd, variable)


def _answer(
    crowd: Crowd, variable: AskedVariable, wishes: dict[str, Mask], random: Generator
) -> None:
    asked = evaluate_condition(crowd, variable.asked_if).true
    draw = _tick if variable.several else _choose
    chosen = draw(crowd, variable, wishes, random)
    answered = asked
    if not variable.required:
        answered = asked & (random.random(crowd.size) < 0.8)
    crowd.asked[variable.name] = asked
    crowd.answered[variable.name] = answered
    crowd.chosen[variable.name] = {code: mask & answered for code, mask in chosen.items()}


def _choose(
    crowd: Crowd, variable: AskedVariable, wishes: dict[str, Mask], random: Generator
) -> dict[str, Mask]:
    weights = np.stack([_weight(crowd, wishes.get(c), random) for c in variable.codes])
    if variable.within is not None:
        outer, belongs = variable.within
        for row, code in enumerate(variable.codes):
            if code in belongs:
                weights[row, ~crowd.chosen[outer][belongs[code]]] = -1.0
    best = weights.argmax(axis=0)
    return {code: best == row for row, code in enumerate(variable.codes)}


def _weight(crowd: Crowd, wish: Mask | None, random: Generator) -> NDArray[np.float64]:
    drawn = random.random(crowd.size)
    if wish is not None:
        drawn[wish & (random.random(crowd.size) < _OBEYS)] += 1.0
    return drawn


def _tick(
    crowd: Crowd, variable: AskedVariable, wishes: dict[str, Mask], random: Generator
) -> dict[str, Mask]:
    """Everybody ticks something: eager people much, others little; an exclusive answer alone."""
    eager = random.choice([0.1, 0.3, 0.7], crowd.size)
    ticked = {code: random.random(crowd.size) < eager for code in variable.codes}
    for code, wish in wishes.items():
        if code in ticked:
            ticked[code] |= wish & (random.random(crowd.size) < _OBEYS)
    alone = crowd.none()
    for code in variable.exclusive:
        wished = wishes.get(code, crowd.none()) & (random.random(crowd.size) < _OBEYS)
        only = (wished | (random.random(crowd.size) < 0.1)) & ~alone
        ticked[code] = only
        alone |= only
    for code in variable.codes:
        if code not in variable.exclusive:
            ticked[code] &= ~alone
    nothing = ~np.logical_or.reduce(list(ticked.values()))
    free = [code for code in variable.codes if code not in variable.exclusive] or variable.codes
    first = random.integers(0, len(free), crowd.size)
    for row, code in enumerate(free):
        ticked[code] |= nothing & (first == row)
    return ticked


def _code(
    crowd: Crowd, variable: CodedVariable, wishes: dict[str, Mask], random: Generator
) -> None:
    """The mapped code of the answer; where a text may decide, any code that texts can get."""
    source = crowd.chosen[variable.source]
    answered = crowd.answered[variable.source]
    chosen = {code: crowd.none() for code in variable.codes}
    settled = crowd.none()
    for answer, mask in source.items():
        to = variable.by_answer.get(answer)
        if to in chosen:
            chosen[to] |= mask
            settled |= mask
    open_ = answered & ~settled
    if variable.by_answer and not (set(source) - set(variable.by_answer)):
        open_ = crowd.none()
    weights = np.stack([_weight(crowd, wishes.get(c), random) for c in variable.codes])
    if variable.default is not None:
        weights[variable.codes.index(variable.default)] += (random.random(crowd.size) < 0.6) * 2.0
    best = weights.argmax(axis=0)
    for row, code in enumerate(variable.codes):
        chosen[code] |= open_ & (best == row)
    crowd.chosen[variable.name] = chosen
    crowd.answered[variable.name] = np.logical_or.reduce(list(chosen.values()))
    crowd.asked[variable.name] = crowd.answered[variable.name]


def _derive(crowd: Crowd, variable: DerivedVariable) -> None:
    chosen = {code: crowd.none() for code in variable.codes}
    left = ~crowd.none()
    for code, when in variable.cases:
        true = evaluate_condition(crowd, when).true
        chosen[code] = chosen[code] | (true & left)
        left &= ~true
    crowd.chosen[variable.name] = chosen
    crowd.answered[variable.name] = ~left
    crowd.asked[variable.name] = ~left


def _keep(crowd: Crowd, population: AuditedPopulation) -> Crowd:
    """Those whom every rule of the population keeps."""
    stays = ~crowd.none()
    for rule in population.kept:
        stays &= evaluate_condition(crowd, rule).true
    if not stays.any():
        raise UnknownCondition(" and ".join(population.kept), "These rules keep nobody.")
    kept = Crowd(int(stays.sum()))
    kept.chosen = {
        name: {code: mask[stays] for code, mask in codes.items()}
        for name, codes in crowd.chosen.items()
    }
    kept.answered = {name: mask[stays] for name, mask in crowd.answered.items()}
    kept.asked = {name: mask[stays] for name, mask in crowd.asked.items()}
    return kept
