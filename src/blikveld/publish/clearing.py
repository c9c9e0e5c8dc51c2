"""Everything that a study publishes, counted and cleared at once: report, charts and tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from blikveld.disclosure import People, Policy, Release, release_tables
from blikveld.disclosure.ledger import SUFFIX, EarlierReleases, Ledger, ReleaseKind, asks_of
from blikveld.disclosure.people import RuleGroup
from blikveld.errors import BlikveldError
from blikveld.inclusion import distinct_persons, find_apart, funnel
from blikveld.report import asks, required_cells, statistics
from blikveld.responses.derive import code_and_derive_all
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import CellRequest, DataOrigin, StatisticRequest
from blikveld.rules import EVERYBODY, Person
from blikveld.rules.nodes import And, Constant
from blikveld.study.examples import example_respondents
from blikveld.study.load import resting
from blikveld.study.model import Study
from blikveld.tabulation.by_stratum import find_influences
from blikveld.tabulation.cell_counts import count_cells, make_counter
from blikveld.tabulation.reproduce import run_tests
from blikveld.tabulation.tables import Engine
from blikveld.tabulation.tables import count_tables as computed

GENERATED = 10_000
"""So many that groups of one job, place and answer still hold somebody."""
ACTUAL = 20_000
"""Of more respondents not everybody is held against every group, which would take gigabytes."""

_Wanted = TypeVar("_Wanted", CellRequest, StatisticRequest)


@resting()
def clear(
    study: Study,
    snapshot: Snapshot,
    languages: Collection[str] = (),
    engine: Engine | None = None,
    ledger: Ledger | None = None,
    kind: ReleaseKind = ReleaseKind.FINAL,
) -> Release:
    """Clear all tables of the plan and all texts of the report, in every language, together.

    One and the same number is then suppressed in all of them or in none, whichever of them is
    written. With a `ledger`, what it holds stays as it was, and what is new is written down in it.
    A report that cannot be read in a language stops only what is written in that one: raises as
    `report.asks` for `languages`. Tables are counted by `engine` where one is given. Of any `kind`
    but the final release every number is rounded. Raises LedgerRefused.
    """
    wanted = wanted_of(asks, study, languages)
    tested = wanted_of(statistics, study, languages)
    counter, policy = make_counter(study, snapshot), policy_of(study, kind)
    respondents = counter.count(EVERYBODY)
    earlier = (counter.source, policy, kind, respondents)
    if ledger and kind is ReleaseKind.FINAL and snapshot.origin is DataOrigin.FIELDWORK:
        ledger.check_beside(counter.source)
    before = ledger.earlier(*earlier) if ledger else EarlierReleases({})
    cleared = release_tables(
        computed(study, snapshot, None, engine, counter.fixed).values(),
        count_cells(study, snapshot, wanted, counter),
        policy,
        run_tests(study, snapshot, tested, counter),
        high_cost=wanted_of(required_cells, study, languages),
        influences=find_influences(study, snapshot, wanted, counter=counter),
        people=partial(people_of, study, snapshot),
        before=before,
        earlier=lambda: count_cells(study, snapshot, asks_of(before.numbers), counter).values(),
        rests_on=study.rests_on,
    )
    if ledger and cleared.fresh:
        ledger.add(counter.source, policy, cleared.fresh, kind, respondents)
    return cleared


def policy_of(study: Study, kind: ReleaseKind) -> Policy:
    """What the study decided; before and after its final release with every number rounded."""
    policy = Policy.of(study)
    return policy if kind is ReleaseKind.FINAL else policy.rounded()


def ledger_of(
    folder: Path | None, ledger: Path | None, kind: ReleaseKind = ReleaseKind.FINAL
) -> Ledger | None:
    """The list of earlier releases: the one that is named, or the one beside a snapshot's folder.

    None for reference respondents that no folder holds. Raises BlikveldError where several
    snapshots will be released and no list is named that knows them all.
    """
    if ledger is not None:
        return Ledger(ledger)
    if kind is not ReleaseKind.FINAL:
        raise BlikveldError(
            "ledger-needed",
            f"--release {kind.value}",
            "This release has to be held against those of other snapshots of this fieldwork.",
            "Name one file for all of them with --ledger, and name it at the final release too.",
        )
    return Ledger(folder.with_name(f"{folder.name}{SUFFIX}")) if folder else None


def people_of(study: Study, snapshot: Snapshot) -> People:
    """Generated respondents who would count, and those of the snapshot who do.

    Of more than ACTUAL different ones some; the others are looked for where groups hang on them.
    """
    among = And(tuple(step.keep for step in study.inclusion))
    generated = example_respondents(study, GENERATED, among=among)
    made = code_and_derive_all(study, (one.record for one in generated))
    if snapshot.rows <= ACTUAL:
        included = funnel(study, snapshot).included
        actual = [p for p, kept in zip(snapshot.persons(), included, strict=True) if kept]
        return People([*made, *actual], study.variables, [1] * len(actual))
    actual, alike, are_all = distinct_persons(study, snapshot, among, ACTUAL)

    def find(one: RuleGroup, other: RuleGroup | None) -> list[Person]:
        second = Constant(value=False) if other is None else And((among, *other))
        return find_apart(study, snapshot, And((among, *one)), second)

    return People([*made, *actual], study.variables, alike, None if are_all else find)


def wanted_of(
    of: Callable[[Study, str], Iterable[_Wanted]], study: Study, languages: Collection[str] = ()
) -> set[_Wanted]:
    """What the report's texts ask in all languages, as `of` tells it of one.

    Raises as `of` does for `languages`; what cannot be read in another one is left out.
    """
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
