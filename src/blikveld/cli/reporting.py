"""The command that writes a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from blikveld.cli import quoting, show, steps
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.progress import Progress
from blikveld.cli.publish import formats, write_report
from blikveld.errors import ExitCode
from blikveld.interviews.room import Room
from blikveld.study.load import load


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
) -> int:
    """Write the report and the table book from a snapshot."""
    loaded = load(study)
    kinds = formats(format)
    languages = tuple(part for given in language for part in given.split(","))
    with (
        steps.snapshot_or_reference(loaded, snapshot) as taken,
        Progress() as progress,
        progress.stages("Report") as tell,
    ):
        said = quoting.of_room(loaded, Room(quotes)) if quotes else None
        files = write_report(loaded, taken, out, languages, tell, kinds, said)
    show.files(files)
    return ExitCode.DONE
