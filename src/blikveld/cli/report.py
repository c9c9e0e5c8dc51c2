"""The commands that write a document: the report, once or at every change, and its papers."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from blikveld.atomic_files import private, whole
from blikveld.cli import terminal
from blikveld.cli.terminal import (
    USUAL,
    LedgerPath,
    Progress,
    ReleaseName,
    StudyName,
    console,
    errors,
)
from blikveld.disclosure.ledger import Ledger, ReleaseKind, ReleaseRecord
from blikveld.errors import BlikveldError, ExitCode
from blikveld.interviews.coding_project import CodingProject
from blikveld.publish import interview_material
from blikveld.publish.clearing import ledger_of
from blikveld.publish.pipeline import formats, write_report
from blikveld.publish.privacy import privacy_document, suppressed_numbers
from blikveld.publish.table_files import checked_language
from blikveld.report.writers import docx, html
from blikveld.study.load import load
from blikveld.study.model import Study


def report(
    snapshot: Path,
    *,
    out: Path,
    study: StudyName = USUAL,
    language: Annotated[
        tuple[str, ...], Parameter(help="One or more of the study's, such as nl,en.")
    ] = ("nl",),
    format: Annotated[  # noqa: A002
        tuple[str, ...],
        Parameter(help="Of pdf, html, docx, xlsx (the table book), pptx (slides) and csv."),
    ] = ("pdf,html,docx,xlsx,pptx,csv",),
    quotes: Annotated[
        Path | None,
        Parameter(name="--interviews", help="Where interviews were coded, to quote from."),
    ] = None,
    add: Annotated[
        tuple[str, ...],
        Parameter(help="Parts that are left out otherwise: folders of report/on_request."),
    ] = (),
    watch: Annotated[
        bool, Parameter(help="Write it again whenever one of the study's files is saved.")
    ] = False,
    ledger: LedgerPath = None,
    release: ReleaseName = "final",
) -> int:
    """Write the report and the table book from a snapshot.

    What was released of this snapshot before stays as it was: two drafts are as safe as one.
    """
    parts = tuple(part.strip() for given in add for part in given.split(","))
    loaded, kind = replace(load(study), report_parts=parts), ReleaseKind(release)
    told = ledger_of(snapshot, ledger, kind)
    kinds = formats(format)
    languages = tuple(part.strip() for given in language for part in given.split(","))

    def make(now: Study) -> None:
        with (
            terminal.opened_snapshot(now, snapshot) as taken,
            Progress() as progress,
            progress.stages("Report") as tell,
        ):
            said = (
                interview_material.material_of_project(now, CodingProject(quotes))
                if quotes
                else None
            )
            files = write_report(now, taken, out, languages, tell, kinds, said, told, kind)
        terminal.show_files(files)

    if watch:
        watch_study(loaded.folder, lambda: make(replace(load(study), report_parts=parts)))
    else:
        make(loaded)
    return ExitCode.DONE


_WATCHED = frozenset({".md", ".yaml", ".csv", ".txt"})
_EVERY = 0.5
"""Seconds between two looks."""

Seen: TypeAlias = frozenset[tuple[Path, int, int]]


def watch_study(
    folder: Path, make: Callable[[], None], pause: Callable[[], bool] | None = None
) -> None:
    """Make once, and again after every change of a text or a setting in the folder.

    What cannot be made is told, and then it goes on. `pause` waits and tells whether to look
    again; without it, until somebody presses Ctrl-C.
    """
    wait = pause or _wait
    seen: Seen | None = None
    while True:
        now = _file_stamps(folder)
        if now != seen:
            seen = now
            _try(make)
            console.print(f"Watching {folder}. Ctrl-C stops.", markup=False, highlight=False)
        if not wait():
            return


def _try(make: Callable[[], None]) -> None:
    try:
        make()
    except BlikveldError as error:
        errors.print(str(error), markup=False, highlight=False, soft_wrap=True)


def _file_stamps(folder: Path) -> Seen:
    """When each file was written last, and how big it is."""
    return frozenset(_stamps(folder))


def _stamps(folder: Path) -> list[tuple[Path, int, int]]:
    found = []
    for path in folder.rglob("*"):
        if path.suffix in _WATCHED:
            try:
                about = path.stat()
            except FileNotFoundError:  # An editor puts a new file in the place of the old one.
                continue
            found.append((path, about.st_mtime_ns, about.st_size))
    return found


def _wait() -> bool:
    time.sleep(_EVERY)
    return True


_FIELDS = ("release", "kind", "base_rule", "rule", "counts", "low", "high")


def privacy(
    *,
    out: Path,
    study: StudyName = USUAL,
    language: str = "",
    ledger: Annotated[
        Path | None, Parameter(help="The list of what was released, to tell of it.")
    ] = None,
) -> int:
    """Write the document that a privacy officer signs, as DOCX and as one HTML page.

    It holds the record of processing, the questions of an assessment filled in from the study, how
    long what is kept, the rule for small counts with all releases so far, and each promise with the
    test that attacks it. With --ledger a list of every number that was not printed exactly comes
    with it (`suppressed.csv`): keep it as private as the ledger.
    """
    loaded = load(study)
    spoken = checked_language(loaded, language)
    releases = Ledger(ledger).releases() if ledger else ()
    document = privacy_document(loaded, spoken, releases)
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"privacy-{document.language}.{kind}" for kind in ("docx", "html")]
    docx.write(document, files[0])
    with whole(files[1]) as half:
        half.write_text(html.page(document), encoding="utf-8")
    if ledger is not None:
        files.append(out / "suppressed.csv")
        _write_suppressed(releases, files[-1])
    terminal.show_files(files)
    return ExitCode.DONE


def _write_suppressed(releases: Iterable[ReleaseRecord], path: Path) -> None:
    with private(path) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(suppressed_numbers(releases))
