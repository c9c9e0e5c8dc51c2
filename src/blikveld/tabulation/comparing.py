"""Tests of difference for a report, from the respondents in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np

from blikveld.figures.statistic import Comparison, Method, Statistic, StatisticAsk
from blikveld.responses.masks import numbers
from blikveld.responses.snapshot import Origin, Snapshot
from blikveld.rules import Rule, plain
from blikveld.stats.tests import TestResult, association, t_paired
from blikveld.study.model import Study
from blikveld.study.published import Measure, Population, Status, load
from blikveld.tabulation.anchors import counter_of
from blikveld.tabulation.count import Counter

_Tested: TypeAlias = tuple[Measure, Rule, tuple[str, ...]]
"""What was tested: by which measure, among whom, and which variables."""

_MEASURES = {
    Comparison.INDEPENDENCE: Measure.CHI_SQUARE,
    Comparison.PAIRED_MEANS: Measure.T_PAIRED,
}


def compare(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[StatisticAsk],
    counter: Counter | None = None,
) -> Mapping[StatisticAsk, Statistic]:
    """Test every question among the included. Raises stats.Refused where there is nothing to test.

    Independence is tested by the method that the counts allow, see stats.tests.association.
    `counter` as in `anchors.count`.
    """
    wanted = list(dict.fromkeys(asks))
    if not wanted:
        return {}
    counter = counter or counter_of(study, snapshot)
    cells = [cell for ask in wanted for row in ask.cells for cell in row]
    counter.prepare(rule for cell in cells for rule in (cell.base_rule, cell.rule))
    published = _published(study)
    return {ask: _statistic(snapshot, counter, ask, published) for ask in wanted}


def _statistic(
    snapshot: Snapshot,
    counter: Counter,
    ask: StatisticAsk,
    published: frozenset[_Tested],
) -> Statistic:
    independence = ask.comparison is Comparison.INDEPENDENCE
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
        fixed=_fixed(snapshot, counter, ask, told=told),
    )


def _fixed(snapshot: Snapshot, counter: Counter, ask: StatisticAsk, *, told: bool) -> bool:
    """Whether a statistic is more than a drawn one: it was published itself, or its counts were."""
    if snapshot.origin is not Origin.REFERENCE:
        return snapshot.origin is Origin.FIELDWORK
    cells = [cell for row in ask.cells for cell in row]
    return told or (bool(cells) and all(map(counter.fixed, cells)))


def _independence(counter: Counter, ask: StatisticAsk) -> tuple[Method, TestResult, int]:
    table = np.array([[counter.cell(cell).count for cell in row] for row in ask.cells])
    found = association(table)
    return Method(found.method.value), found.result, int(table.sum())


def _paired(
    snapshot: Snapshot, counter: Counter, ask: StatisticAsk
) -> tuple[Method, TestResult, int]:
    base = counter.mask(ask.base_rule)
    first, second = (numbers(snapshot, name)[base] for name in (ask.first, ask.second))
    both = int((~(np.isnan(first) | np.isnan(second))).sum())
    return Method.T_PAIRED, t_paired(first, second), both


def _published(study: Study) -> frozenset[_Tested]:
    """The tests whose outcome was published, by measure, base and pair."""
    return frozenset(
        (row.measure, plain(row.base_rule), row.variables)
        for row in load(study.folder)
        if row.status is Status.REPRODUCE and row.population is Population.INCLUDED
    )
