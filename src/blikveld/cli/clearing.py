"""Everything that a study publishes, counted and cleared at once: report, charts and tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

from blikveld.disclosure import Policy, Release, people_of, release
from blikveld.errors import BlikveldError
from blikveld.figures.cell import Ask
from blikveld.figures.statistic import StatisticAsk
from blikveld.report import asks, spoken, statistics
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import Study
from blikveld.tabulation.anchors import count, counter_of
from blikveld.tabulation.comparing import compare
from blikveld.tabulation.influences import influences
from blikveld.tabulation.tables import Engine
from blikveld.tabulation.tables import tables as computed

_Wanted = TypeVar("_Wanted", Ask, StatisticAsk)


def clear(
    study: Study,
    snapshot: Snapshot,
    languages: Collection[str] = (),
    engine: Engine | None = None,
) -> Release:
    """Clear all tables of the plan and all texts of the report, in every language, together.

    One and the same number is then kept back in all of them or in none, whichever of them is
    written. A report that cannot be read in a language stops only what is written in that one:
    raises as `report.asks` for `languages`. Tables are counted by `engine` where one is given.
    """
    wanted = _all(asks, study, languages)
    tested = _all(statistics, study, languages)
    counter = counter_of(study, snapshot)
    return release(
        computed(study, snapshot, None, engine).values(),
        count(study, snapshot, wanted, counter),
        Policy.of(study),
        compare(study, snapshot, tested, counter),
        dear=_all(spoken, study, languages),
        influences=influences(study, snapshot, wanted, counter=counter),
        people=people_of(study, snapshot),
    )


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
