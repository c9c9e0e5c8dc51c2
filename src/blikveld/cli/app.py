"""Commands and their exit codes. What they do stands in the rooms; how it looks in `show`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from blikveld import inclusion
from blikveld.cli import (
    calls,
    checking,
    collecting,
    desk,
    interviews,
    quoting,
    response,
    show,
    spreading,
    steps,
    tables,
    waves,
)
from blikveld.cli import demo as demonstration
from blikveld.cli.console import console, errors
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.progress import Progress
from blikveld.cli.publish import formats, write_report
from blikveld.desk.setup import ALL_APPS
from blikveld.errors import BlikveldError, ExitCode
from blikveld.interviews.room import Room
from blikveld.study import published
from blikveld.study.check import faults
from blikveld.study.load import load
from blikveld.tabulation.reproduce import reproduce as recount

app = App(
    name="blikveld",
    help="Runs a survey about a hidden problem, from the first question to the published report.",
)
Snapshot = Annotated[
    Path | None,
    Parameter(help="A snapshot's folder. Without it: the reference respondents of the study."),
]


@app.command
def demo(*, out: Path = Path("out"), study: StudyName = USUAL) -> int:
    """Take a study the whole way: questionnaire, fieldwork, snapshot, tables, report.

    Reference respondents fill in the real pages over HTTP, on this machine only. Everything is
    written to OUT; an earlier demo there is replaced.
    """
    return demonstration.run(load(study), out)


@app.command
def reproduce(
    snapshot: Snapshot = None,
    *,
    study: StudyName = USUAL,
    format: Literal["text", "json"] = "text",  # noqa: A002
    manifest: Annotated[
        Path | None, Parameter(help="Where to list every number computed. Not for publication.")
    ] = None,
) -> int:
    """Count every published figure again and hold it against what was printed.

    Exit code 1 when a figure does not come out again. No protection is applied, so the manifest
    does not belong in a folder that is published.
    """
    loaded = load(study)
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        outcome = recount(loaded, taken, published.load(loaded.folder))
    if manifest is not None:
        steps.write_json(manifest, show.reproduction_manifest(outcome))
    if format == "json":
        sys.stdout.write(json.dumps(show.reproduction_json(outcome), ensure_ascii=False, indent=1))
        sys.stdout.write("\n")
    else:
        show.reproduction(outcome)
    return ExitCode.DIFFERENT if outcome.missed else ExitCode.DONE


@app.command
def funnel(snapshot: Snapshot = None, *, study: StudyName = USUAL) -> int:
    """Show who counts, and who left by which rule."""
    loaded = load(study)
    with steps.snapshot_or_reference(loaded, snapshot) as taken:
        show.funnel(inclusion.funnel(loaded, taken))
    return ExitCode.DONE


@app.command
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


checking.register(app)
collecting.register(app)
calls.register(app)
spreading.register(app)
tables.register(app)
waves.register(app)
response.register(app)
interviews.register(app)
desk.register(app)

study_app = App(name="study", help="Make and check a study's files.")
app.command(study_app)


@study_app.command
def check(folder: StudyName) -> int:
    """List everything that is wrong with a study's files, with the line of each fault."""
    found = faults(folder)
    for fault in found:
        errors.print(str(fault), markup=False, highlight=False, soft_wrap=True)
    if found:
        return ExitCode.REFUSED
    console.print("No faults.")
    return ExitCode.DONE


@study_app.command
def new(folder: Path) -> int:
    """Begin a study of your own: a small one that works, to change."""
    written = steps.new_study(load("example"), folder)
    console.print(f"A study to change stands in {written}. What to do next:")
    console.print(f"  blikveld study check {written}")
    console.print(f"  blikveld demo --study {written} --out {written}-out")
    return ExitCode.DONE


synthetic_app = App(name="synthetic", help="Reference respondents from published figures.")
app.command(synthetic_app)


@synthetic_app.command
def reconstruct(
    *,
    study: StudyName = USUAL,
    out: Annotated[Path | None, Parameter(help="Default: the study's own reference file.")] = None,
) -> int:
    """Find respondents that agree with every published figure, and write them down."""
    return steps.reconstruct(load(study), out)


@synthetic_app.command
def verify(*, study: StudyName = USUAL) -> int:
    """Hold the shipped reference respondents against every published figure, one by one."""
    return steps.verify(load(study))


def main() -> None:
    """Run a command; errors a user can mend are told in plain words, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", ALL_APPS)
    try:
        code = app()
    except BlikveldError as error:
        errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
        code = error.exit_code
    except BrokenPipeError:
        # Whoever reads has seen enough; what is left must not be flushed into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except KeyboardInterrupt:
        errors.print("Stopped.")
        code = 130
    sys.exit(int(code or 0))
