"""`blikveld data`: answers for the programs in which researchers work on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from blikveld import inclusion
from blikveld.cli import terminal
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.terminal import say
from blikveld.errors import ExitCode
from blikveld.publish import sources
from blikveld.publish.table_files import checked_language, formats_of
from blikveld.responses.export.labels import NOT_FOR_PUBLICATION
from blikveld.responses.export.table import build_table
from blikveld.responses.export.write import ExportFormat, write_export
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load

data_app = App(name="data", help="Answers for SPSS, Stata, R, pandas and archives.")

_FORMATS = tuple(each.value for each in ExportFormat)


@data_app.command
def export(
    snapshot: Annotated[
        Path | None,
        Parameter(help="A snapshot's folder. Without it: the reference respondents of the study."),
    ] = None,
    *,
    out: Annotated[Path, Parameter(help="A new folder.")],
    formats: Annotated[
        tuple[str, ...],
        Parameter(name="--format", help=f"One or several of {', '.join(_FORMATS)}. Default: all."),
    ] = _FORMATS,
    language: Annotated[str, Parameter(help="The language of labels.")] = "",
    study: StudyName = USUAL,
) -> int:
    """Write a snapshot for SPSS, Stata, R and pandas, with its codebook. Not for publication.

    Answers are numbers with labels; not asked, skipped, refused, broken off and not coded yet are
    declared missing; options of one question are a set; `included` tells who counts in the tables.
    """
    known = formats_of(formats, _FORMATS, "There is no format {}.")
    loaded = load(study)
    spoken = checked_language(loaded, language)
    with sources.snapshot_or_reference(loaded, snapshot) as taken:
        counted = [bool(mark) for mark in inclusion.funnel(loaded, taken).included]
        table = build_table(taken, counted, spoken)
        done = write_export(table, tuple(map(ExportFormat, known)), out)
    for change in done.changes:
        say(change)
    terminal.show_files(done.files)
    if taken.origin is not DataOrigin.FIELDWORK:
        say("The answers are nobody's: they were made up or reconstructed.")
    say(NOT_FOR_PUBLICATION)
    return ExitCode.DONE
