"""Tests of difference for a report, from the respondents in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np

from blikveld.responses.rule_masks import numbers
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import DataOrigin, Hypothesis, PrintedMethod, Statistic, StatisticRequest
from blikveld.rules import Rule, plain
from blikveld.stats.hypothesis_tests import TestResult, association, t_paired
from blikveld.study.model import Study
from blikveld.study.published_figures import Measure, Population, Status, load
from blikveld.tabulation.cell_counts import CellCounter, make_counter

_Tested: TypeAlias = tuple[Measure, Rule, tuple[str, ...]]
"""What was tested: by which measure, among whom, and which variables."""

_MEASURES = {
    Hypothesis.INDEPENDENCE: Measure.CHI_SQUARE,
    Hypothesis.PAIRED_MEANS: Measure.T_PAIRED,
}


def compare(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[StatisticRequest],
    counter: CellCounter | None = None,
) -> Mapping[StatisticRequest, Statistic]:
    """Test every question among the included. Raises stats.Refused where there is nothing to test.

    Independence is tested by the method that the counts allow, see stats.tests.association.
    `counter` as in `anchors.count`.
    """
    wanted = list(dict.fromkeys(asks))
    if not wanted:
        return {}
    counter = counter or make_counter(study, snapshot)
    cells = [cell for ask in wanted for row in ask.cells for cell in row]
    counter.prepare(rule for cell in cells for rule in (cell.base_rule, cell.rule))
    published = _published(study)
    return {ask: _statistic(snapshot, counter, ask, published) for ask in wanted}


def _statistic(
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
        fixed=_fixed(snapshot, counter, ask, told=told),
    )


def _fixed(snapshot: Snapshot, counter: CellCounter, ask: StatisticRequest, *, told: bool) -> bool:
    """Whether a statistic is more than a drawn one: it was published itself, or its counts were."""
    if snapshot.origin is not DataOrigin.REFERENCE:
        return snapshot.origin is DataOrigin.FIELDWORK
    cells = [cell for row in ask.cells for cell in row]
    return told or (bool(cells) and all(counter.fixed(cell).count for cell in cells))


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
    first, second = (numbers(snapshot, name)[base] for name in (ask.first, ask.second))
    both = int((~(np.isnan(first) | np.isnan(second))).sum())
    return PrintedMethod.T_PAIRED, t_paired(first, second), both


def _published(study: Study) -> frozenset[_Tested]:
    """The tests whose outcome was published, by measure, base and pair."""
    return frozenset(
        (row.measure, plain(row.base_rule), row.variables)
        for row in load(study.folder)
        if row.status is Status.REPRODUCE and row.population is Population.INCLUDED
    )
