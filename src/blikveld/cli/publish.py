"""From a snapshot to what is published: counted, cleared, written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from blikveld import inclusion
from blikveld.disclosure import Policy, Release, release
from blikveld.figures import manifest
from blikveld.report import (
    Funnel,
    Report,
    Standing,
    Step,
    asks,
    build,
    html,
    pdf,
    statistics,
    tables,
    xlsx,
)
from blikveld.responses.snapshot import Snapshot
from blikveld.study.model import Study
from blikveld.tabulation.anchors import count
from blikveld.tabulation.comparing import compare
from blikveld.tabulation.tables import tables as computed

Tell = Callable[[str], None]
WRITERS: Mapping[str, Callable[[Report, Path], None]] = {"pdf": pdf.write, "html": html.write}


def write_report(
    study: Study,
    snapshot: Snapshot,
    out: Path,
    languages: Sequence[str],
    tell: Tell = lambda what: None,
) -> list[Path]:
    """Write the report as PDF and HTML, the table book and the list of every printed number.

    Everything printed was released under the usual policy. `tell` hears what is being done.
    Raises ClaimError when a sentence is not true of this snapshot; then nothing is written.
    """
    out.mkdir(parents=True, exist_ok=True)
    tell("counting and clearing")
    cleared = _cleared(study, snapshot, languages)
    reports = {
        language: build(study, cleared, _funnel(study, snapshot), language, _standing(snapshot))
        for language in languages
    }
    return [
        path
        for language in languages
        for path in _write(study, cleared, reports[language], out, tell)
    ]


def _write(study: Study, cleared: Release, report: Report, out: Path, tell: Tell) -> Iterator[Path]:
    for ending, write in WRITERS.items():
        path = out / f"report-{report.language}.{ending}"
        tell(path.name)
        write(report, path)
        yield path
    book = out / f"tables-{report.language}.xlsx"
    tell(book.name)
    xlsx.write(study, cleared, report.language, book)
    yield book
    numbers = out / f"numbers-{report.language}.jsonl"
    manifest.write(numbers, report.entries)
    yield numbers


def _cleared(study: Study, snapshot: Snapshot, languages: Sequence[str]) -> Release:
    """All languages are cleared together: what one tells, another may not give away."""
    wanted = {ask for language in languages for ask in asks(study, language)}
    placed = {key for language in languages for key in tables(study, language)}
    found = computed(study, snapshot, sorted(placed))
    tested = {ask for language in languages for ask in statistics(study, language)}
    return release(
        found.values(), count(study, snapshot, wanted), Policy(), compare(study, snapshot, tested)
    )


def _funnel(study: Study, snapshot: Snapshot) -> Funnel:
    found = inclusion.funnel(study, snapshot)
    steps = (Step(s.step.key, s.step.label, s.left, s.remained) for s in found.stages)
    return Funnel(found.started, tuple(steps))


def _standing(snapshot: Snapshot) -> Standing:
    return Standing(snapshot.origin.value)
