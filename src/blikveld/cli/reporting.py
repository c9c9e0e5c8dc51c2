"""The command that writes a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from blikveld.cli import quoting, show, steps, watching
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.progress import Progress
from blikveld.cli.publish import formats, write_report
from blikveld.errors import ExitCode
from blikveld.interviews.room import Room
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
        tuple[str, ...], Parameter(help="One or more of pdf, html, docx, xlsx (the table book).")
    ] = ("pdf,html,docx,xlsx",),
    quotes: Annotated[
        Path | None,
        Parameter(name="--interviews", help="Where interviews were coded, to quote from."),
    ] = None,
    watch: Annotated[
        bool, Parameter(help="Write it again whenever one of the study's files is saved.")
    ] = False,
) -> int:
    """Write the report and the table book from a snapshot."""
    loaded = load(study)
    kinds = formats(format)
    languages = tuple(part.strip() for given in language for part in given.split(","))

    def make(now: Study) -> None:
        with (
            steps.snapshot_or_reference(now, snapshot) as taken,
            Progress() as progress,
            progress.stages("Report") as tell,
        ):
            said = quoting.of_room(now, Room(quotes)) if quotes else None
            files = write_report(now, taken, out, languages, tell, kinds, said)
        show.files(files)

    if watch:
        watching.watch(loaded.folder, lambda: make(load(study)))
    else:
        make(loaded)
    return ExitCode.DONE
