"""Everything that a study publishes, counted and cleared at once: report, charts and tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

from blikveld.disclosure import People, Policy, Release, release_tables
from blikveld.errors import BlikveldError
from blikveld.inclusion import funnel
from blikveld.report import asks, required_cells, statistics
from blikveld.responses.derive import code_and_derive
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import CellRequest
from blikveld.results.statistic import StatisticRequest
from blikveld.rules.nodes import And
from blikveld.study.examples import example_respondents
from blikveld.study.model import Study
from blikveld.tabulation.comparing import compare
from blikveld.tabulation.fixed_counts import count, counter_of
from blikveld.tabulation.influences import influences
from blikveld.tabulation.tables import Engine
from blikveld.tabulation.tables import count_tables as computed

GENERATED = 10_000
"""So many that groups of one job, place and answer still hold somebody."""

_Wanted = TypeVar("_Wanted", CellRequest, StatisticRequest)


def clear(
    study: Study,
    snapshot: Snapshot,
    languages: Collection[str] = (),
    engine: Engine | None = None,
) -> Release:
    """Clear all tables of the plan and all texts of the report, in every language, together.

    One and the same number is then suppressed in all of them or in none, whichever of them is
    written. A report that cannot be read in a language stops only what is written in that one:
    raises as `report.asks` for `languages`. Tables are counted by `engine` where one is given.
    """
    wanted = _all(asks, study, languages)
    tested = _all(statistics, study, languages)
    counter = counter_of(study, snapshot)
    return release_tables(
        computed(study, snapshot, None, engine).values(),
        count(study, snapshot, wanted, counter),
        Policy.of(study),
        compare(study, snapshot, tested, counter),
        high_cost=_all(required_cells, study, languages),
        influences=influences(study, snapshot, wanted, counter=counter),
        people=people_of(study, snapshot),
    )


def people_of(study: Study, snapshot: Snapshot) -> People:
    """Generated respondents who would count, and those of the snapshot who do."""
    among = And(tuple(step.keep for step in study.inclusion))
    generated = example_respondents(study, GENERATED, among=among)
    made = (code_and_derive(study, one.record) for one in generated)
    included = funnel(study, snapshot).included
    actual = (p for p, kept in zip(snapshot.persons(), included, strict=True) if kept)
    return People([*made, *actual], study.variables)


def _all(
    of: Callable[[Study, str], Iterable[_Wanted]], study: Study, languages: Collection[str]
) -> set[_Wanted]:
    return {ask for language in study.languages for ask in _of(of, study, language, languages)}


def _of(
    of: Callable[[Study, str], Iterable[_Wanted]],
    study: Study,
    language: str,
    languages: Collection[str],
) -> Iterator[_Wanted]:
    try:
        yield from of(study, language)
    except BlikveldError:
        if language in languages:
            raise
