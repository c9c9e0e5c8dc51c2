"""Commands that find reference respondents, and hold them against what was published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table as Grid

from blikveld.atomic_files import whole
from blikveld.cli.options import USUAL, StudyName
from blikveld.cli.terminal import Progress, console
from blikveld.errors import ExitCode
from blikveld.publish import sources
from blikveld.study import published_figures
from blikveld.study.load import load
from blikveld.synthetic import reconstruct as reconstruction
from blikveld.synthetic import records
from blikveld.synthetic import verify as verification
from blikveld.synthetic.verify import Mismatch

synthetic_app = App(name="synthetic", help="Reference respondents from published figures.")


@synthetic_app.command
def reconstruct(
    *,
    study: StudyName = USUAL,
    out: Annotated[Path | None, Parameter(help="Default: the study's own reference file.")] = None,
) -> int:
    """Find respondents that agree with every published figure, and write them down."""
    loaded = load(study)
    rows = published_figures.load(loaded.folder)
    with Progress() as progress, progress.stages("Finding reference respondents") as tell:
        found = reconstruction.reconstruct(loaded, rows, tell)
    misses = verification.verify(loaded, rows, found)
    _tell(misses)
    if misses:
        return ExitCode.DIFFERENT
    target = out or loaded.folder / records.FILE
    with whole(target) as half:
        records.write(loaded, found, half)
    console.print(f"{len(found):,} respondents stand in {target}.")
    return ExitCode.DONE


@synthetic_app.command
def verify(*, study: StudyName = USUAL) -> int:
    """Hold the shipped reference respondents against every published figure, one by one."""
    loaded = load(study)
    rows = published_figures.load(loaded.folder)
    misses = verification.verify(loaded, rows, sources.load_reference(loaded))
    _tell(misses)
    return ExitCode.DIFFERENT if misses else ExitCode.DONE


def _tell(found: Sequence[Mismatch]) -> None:
    """Published figures that records do not give."""
    if not found:
        console.print("Every published figure that can hold comes out.")
        return
    grid = Grid(title="Does not come out", title_justify="left")
    for name in ("Figure", "Printed", "Found"):
        grid.add_column(name)
    for miss in found:
        grid.add_row(miss.key, miss.printed, miss.computed)
    console.print(grid)
