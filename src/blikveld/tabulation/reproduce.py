"""Every published figure counted again from a snapshot, and tests of difference for a report.

Both come from the respondents in the tables. What was printed is held against what is counted; of a
test it is told whether its outcome was published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blikveld.inclusion import count_chosen, read_numbers
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import (
    CellRequest,
    DataOrigin,
    Hypothesis,
    PrintedMethod,
    Statistic,
    StatisticRequest,
)
from blikveld.results.formatting import half_up, percentage
from blikveld.rules import Rule, names, plain
from blikveld.stats.hypothesis_tests import TestResult, association, chi_square, t_paired
from blikveld.study.model import Study
from blikveld.study.published_figures import Measure, Population, PublishedFigure, Status, load
from blikveld.study.variables import rule_of
from blikveld.tabulation.cell_counts import CellCounter, make_counter


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """One published figure and what the snapshot gives for it.

    `computed` is text; `count` and `base` are None for statistics. A base may count mentions.
    """

    published: PublishedFigure
    computed: str
    agrees: bool
    count: int | None = None
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Reproduction:
    """All outcomes in the order of the study's file."""

    outcomes: tuple[FigureCheck, ...]

    def _with(self, *statuses: Status) -> Iterator[FigureCheck]:
        return (o for o in self.outcomes if o.published.status in statuses)

    @property
    def judged(self) -> tuple[FigureCheck, ...]:
        """The figures that respondents' answers can give: all but those not in the records."""
        return tuple(self._with(Status.REPRODUCE, Status.CONTRADICTED, Status.PERCENT_ONLY))

    @property
    def reproduced(self) -> tuple[FigureCheck, ...]:
        """Figures that came out again: count and base, or the printed statistic."""
        return tuple(o for o in self._with(Status.REPRODUCE, Status.PERCENT_ONLY) if o.agrees)

    @property
    def missed(self) -> tuple[FigureCheck, ...]:
        """Figures that should have come out again and did not."""
        return tuple(o for o in self._with(Status.REPRODUCE, Status.PERCENT_ONLY) if not o.agrees)

    @property
    def contradicted(self) -> tuple[FigureCheck, ...]:
        """Figures that another published figure excludes."""
        return tuple(self._with(Status.CONTRADICTED))

    @property
    def outside(self) -> tuple[FigureCheck, ...]:
        """Figures that no answer can give."""
        return tuple(self._with(Status.NOT_IN_RECORDS))


def reproduce_figures(
    study: Study, snapshot: Snapshot, rows: Iterable[PublishedFigure]
) -> Reproduction:
    """Compute every published figure from the snapshot. No protection is applied here."""
    rows = tuple(rows)
    counters = {
        Population.INCLUDED: CellCounter(study, snapshot),
        Population.STARTED: CellCounter(study, snapshot, everybody=True),
    }
    for population, counter in counters.items():
        counter.prepare(_rules(row for row in rows if row.population is population))
    work = _Reproducer(study, snapshot, counters)
    return Reproduction(tuple(work.outcome(row) for row in rows))


def _rules(rows: Iterable[PublishedFigure]) -> Iterator[Rule]:
    for row in rows:
        yield from (row.base_rule, row.condition_rule)


@dataclass(frozen=True, slots=True)
class _Reproducer:
    study: Study
    snapshot: Snapshot
    counters: Mapping[Population, CellCounter]

    def outcome(self, row: PublishedFigure) -> FigureCheck:
        if row.status is Status.NOT_IN_RECORDS:
            return FigureCheck(row, "", agrees=False)
        if row.status is Status.CONTRADICTED and row.measure is not Measure.COUNT:
            return FigureCheck(row, "", agrees=False)
        if row.measure is Measure.COUNT:
            return self._count(row)
        computed, agrees = self._statistic(row)
        return FigureCheck(row, computed, agrees)

    def _count(self, row: PublishedFigure) -> FigureCheck:
        counter = self.counters[row.population]
        cell = counter.cell(CellRequest(row.base_rule, row.condition_rule))
        base = self._mentions(row, counter) if row.mentions else cell.base
        agrees = row.count in (cell.count, None) and row.base in (base, None)
        if row.status is Status.PERCENT_ONLY:
            agrees = agrees and percentage(cell.count, base) == row.percent
        return FigureCheck(row, f"{cell.count} of {base}", agrees, cell.count, base)

    def _mentions(self, row: PublishedFigure, counter: CellCounter) -> int:
        (variable,) = names(row.condition_rule)
        return counter.mentions(row.base_rule, variable)

    def _statistic(self, row: PublishedFigure) -> tuple[str, bool]:
        """The statistic with as many decimals as were printed, and whether it agrees."""
        value, df = _STATISTICS[row.measure](self, row)
        low, high = row.limits
        decimals = -int(low.as_tuple().exponent)
        rounded = Decimal(half_up(value, decimals)) if low == high else Decimal(repr(value))
        shown = half_up(value, decimals or int(low != high))
        return shown, low <= rounded <= high and row.df in (df, None)

    def _total(self, row: PublishedFigure) -> tuple[float, None]:
        return float(np.nansum(self._scores(row, *row.variables))), None

    def _mean(self, row: PublishedFigure) -> tuple[float, None]:
        return float(np.nanmean(self._scores(row, *row.variables))), None

    def _spread(self, row: PublishedFigure) -> tuple[float, None]:
        return float(np.nanstd(self._scores(row, *row.variables), ddof=1)), None

    def _t_paired(self, row: PublishedFigure) -> tuple[float, int]:
        first, second = (self._scores(row, name) for name in row.variables)
        result = t_paired(first, second)
        return result.statistic, round(result.df)

    def _chi_square(self, row: PublishedFigure) -> tuple[float, int]:
        result = chi_square(self._cross(row, *row.variables))
        return result.statistic, round(result.df)

    def _scores(self, row: PublishedFigure, name: str) -> NDArray[np.float64]:
        base = self.counters[row.population].mask(row.base_rule)
        if name.startswith("count("):
            return count_chosen(self.study, self.snapshot, name[6:-1])[base]
        return read_numbers(self.snapshot, name)[base]

    def _cross(self, row: PublishedFigure, down: str, across: str) -> NDArray[np.int64]:
        counter = self.counters[row.population]
        base = counter.mask(row.base_rule)
        sides = [
            [rule_of(self.study.variables[n], c.code) for c in self.study.variables[n].codes]
            for n in (down, across)
        ]
        counter.prepare([rule for side in sides for rule in side])
        return np.array(
            [
                [int((base & counter.mask(a) & counter.mask(b)).sum()) for b in sides[1]]
                for a in sides[0]
            ]
        )


_STATISTICS: Mapping[
    Measure, Callable[[_Reproducer, PublishedFigure], tuple[float, int | None]]
] = {
    Measure.SUM: _Reproducer._total,
    Measure.MEAN: _Reproducer._mean,
    Measure.SPREAD: _Reproducer._spread,
    Measure.T_PAIRED: _Reproducer._t_paired,
    Measure.CHI_SQUARE: _Reproducer._chi_square,
}


_Tested: TypeAlias = tuple[Measure, Rule, tuple[str, ...]]
"""What was tested: by which measure, among whom, and which variables."""

_MEASURES = {
    Hypothesis.INDEPENDENCE: Measure.CHI_SQUARE,
    Hypothesis.PAIRED_MEANS: Measure.T_PAIRED,
}


def run_tests(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[StatisticRequest],
    counter: CellCounter | None = None,
) -> Mapping[StatisticRequest, Statistic]:
    """Test every question among the included. Raises UnusableData where there is nothing to test.

    Independence is tested by the method that the counts allow, see `hypothesis_tests.association`.
    `counter` as in `cell_counts.count_cells`.
    """
    wanted = list(dict.fromkeys(asks))
    if not wanted:
        return {}
    counter = counter or make_counter(study, snapshot)
    cells = [cell for ask in wanted for row in ask.cells for cell in row]
    counter.prepare(rule for cell in cells for rule in (cell.base_rule, cell.rule))
    published = _published_tests(study)
    return {ask: _test_one(snapshot, counter, ask, published) for ask in wanted}


def _test_one(
    snapshot: Snapshot,
    counter: CellCounter,
    ask: StatisticRequest,
    published: frozenset[_Tested],
) -> Statistic:
    independence = ask.comparison is Hypothesis.INDEPENDENCE
    method, found, base = (
        _independence(counter, ask) if independence else _paired(snapshot, counter, ask)
    )
    told = (_MEASURES[ask.comparison], plain(ask.base_rule), (ask.first, ask.second)) in published
    return Statistic(
        ask=ask,
        method=method,
        value=found.statistic,
        df=found.df,
        p=found.p,
        base=base,
        source=counter.source,
        fixed=_is_fixed_test(snapshot, counter, ask, told=told),
    )


def _is_fixed_test(
    snapshot: Snapshot, counter: CellCounter, ask: StatisticRequest, *, told: bool
) -> bool:
    """Whether a statistic is more than a drawn one: it was published itself, or its counts were."""
    if snapshot.origin is not DataOrigin.REFERENCE:
        return snapshot.origin is DataOrigin.FIELDWORK
    cells = [cell for row in ask.cells for cell in row]
    is_made_of_them = ask.comparison is Hypothesis.INDEPENDENCE
    return told or (is_made_of_them and all(counter.fixed(cell).count for cell in cells))


def _independence(
    counter: CellCounter, ask: StatisticRequest
) -> tuple[PrintedMethod, TestResult, int]:
    table = np.array([[counter.cell(cell).count for cell in row] for row in ask.cells])
    found = association(table)
    return PrintedMethod(found.method.value), found.result, int(table.sum())


def _paired(
    snapshot: Snapshot, counter: CellCounter, ask: StatisticRequest
) -> tuple[PrintedMethod, TestResult, int]:
    base = counter.mask(ask.base_rule)
    first, second = (read_numbers(snapshot, name)[base] for name in (ask.first, ask.second))
    both = int((~(np.isnan(first) | np.isnan(second))).sum())
    return PrintedMethod.T_PAIRED, t_paired(first, second), both


def _published_tests(study: Study) -> frozenset[_Tested]:
    """The tests whose outcome was published, by measure, base and pair."""
    return frozenset(
        (row.measure, plain(row.base_rule), row.variables)
        for row in load(study.folder)
        if row.status is Status.REPRODUCE and row.population is Population.INCLUDED
    )
