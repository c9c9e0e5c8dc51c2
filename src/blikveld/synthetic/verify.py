"""Every published figure counted in the reference records, without the solver.

The records are completed by the questionnaire's own routing and coded as real answers would be;
rules are evaluated by the plain evaluator. Nothing of the reconstruction is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from blikveld.questionnaire.routing import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.results.formatting import half_up
from blikveld.rules import Person, Rule, Value, evaluate, join_rules, names
from blikveld.stats.hypothesis_tests import chi_square, t_paired
from blikveld.study.model import Study
from blikveld.study.published_figures import Measure, Population, PublishedFigure, Status
from blikveld.synthetic.claims import fitting
from blikveld.synthetic.records import ReferenceRecord

_Scores: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A published figure that the records do not give. Both sides as text."""

    key: str
    printed: str
    computed: str


def verify(
    study: Study, published: Iterable[PublishedFigure], records: Iterable[ReferenceRecord]
) -> list[Mismatch]:
    """Return the published figures that do not come out, in their order; empty when all do."""
    routing = Routing(study)
    started = [code_and_derive(study, record.person(routing)) for record in records]
    included = [p for p in started if _kept(study, p)]
    crowds = {
        Population.STARTED: _Crowd(study, started),
        Population.INCLUDED: _Crowd(study, included),
    }
    found = (_mismatch(row, crowds[row.population]) for row in published)
    return [miss for miss in found if miss is not None]


def _kept(study: Study, person: Person) -> bool:
    return all(evaluate(step.keep, person) is True for step in study.inclusion)


class _Crowd:
    """Persons who are counted; each distinct case of a rule is evaluated once."""

    def __init__(self, study: Study, persons: Sequence[Person]) -> None:
        self.study, self.persons = study, persons
        self._cases: dict[tuple[str, ...], Counter[tuple[Value, ...]]] = {}

    def count(self, rule: Rule) -> int:
        """Return how many persons the rule is true of."""
        wanted = tuple(sorted(names(rule)))
        if wanted not in self._cases:
            self._cases[wanted] = Counter(tuple(p[n] for n in wanted) for p in self.persons)
        return sum(
            number
            for values, number in self._cases[wanted].items()
            if evaluate(rule, dict(zip(wanted, values, strict=True))) is True
        )

    def those(self, rule: Rule) -> list[Person]:
        """Return the persons the rule is true of."""
        return [person for person in self.persons if evaluate(rule, person) is True]


def _mismatch(row: PublishedFigure, crowd: _Crowd) -> Mismatch | None:
    if row.status not in (Status.REPRODUCE, Status.PERCENT_ONLY):
        return None
    if row.measure is not Measure.COUNT:
        return _statistic_mismatch(row, crowd)
    base = crowd.count(row.base_rule)
    count = crowd.count(join_rules(row.base_rule, row.condition_rule))
    low, high = (row.count, row.count)
    if low is None or high is None:
        low, high = fitting(row.percent, base)
    if low <= count <= high and (row.mentions or row.base in (base, None)):
        return None
    return Mismatch(row.id, f"{row.count} of {row.base} ({row.percent}%)", f"{count} of {base}")


def _statistic_mismatch(row: PublishedFigure, crowd: _Crowd) -> Mismatch | None:
    persons = crowd.those(row.base_rule)
    value = _STATISTICS[row.measure](crowd.study, persons, row.variables)
    low, high = row.limits
    rounded = Decimal(half_up(value, -int(low.as_tuple().exponent)))
    # An average told in words lies between two whole numbers; it is not rounded first.
    judged = rounded if low == high else Decimal(repr(value))
    if low <= judged <= high:
        return None
    return Mismatch(row.id, row.value, str(rounded))


def _total(study: Study, persons: Sequence[Person], variables: Sequence[str]) -> float:
    return float(np.nansum(_scores(persons, variables[0])))


def _mean(study: Study, persons: Sequence[Person], variables: Sequence[str]) -> float:
    return float(np.nanmean(_scores(persons, variables[0])))


def _spread(study: Study, persons: Sequence[Person], variables: Sequence[str]) -> float:
    return float(np.nanstd(_scores(persons, variables[0]), ddof=1))


def _paired(study: Study, persons: Sequence[Person], variables: Sequence[str]) -> float:
    first, second = (_scores(persons, name) for name in variables)
    return float(t_paired(first, second).statistic)


def _chi_square(study: Study, persons: Sequence[Person], variables: Sequence[str]) -> float:
    down, across = variables
    table = Counter((person[down], person[across]) for person in persons)
    sides = [[code.code for code in study.variables[name].codes] for name in variables]
    counts = [[table[row, column] for column in sides[1]] for row in sides[0]]
    return float(chi_square(np.array(counts, dtype=np.int64)).statistic)


_STATISTICS: Mapping[Measure, Callable[[Study, Sequence[Person], Sequence[str]], float]] = {
    Measure.SUM: _total,
    Measure.MEAN: _mean,
    Measure.SPREAD: _spread,
    Measure.T_PAIRED: _paired,
    Measure.CHI_SQUARE: _chi_square,
}


def _scores(persons: Sequence[Person], name: str) -> _Scores:
    """One number a person, not-a-number where there is none; `count(q)` counts chosen options."""
    if name.startswith("count("):
        chosen = (person[name.removeprefix("count(").removesuffix(")")] for person in persons)
        return np.array([len(c) if isinstance(c, tuple) else np.nan for c in chosen])
    return np.array([_number(person[name]) for person in persons])


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else np.nan
