"""What commands share: options, and output in the terminal.

Output is results, progress bars, tables of files and of the inclusion. What commands refuse is told
by `app`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeAlias

from cyclopts import Parameter
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table as Grid

from blikveld.results.cell import DataOrigin
from blikveld.study.loader.study_files import usual

# Nothing of a study is markup: `questionnaire.yaml:100:` names a line, no picture of a hundred.
if TYPE_CHECKING:
    from blikveld.inclusion import Funnel
    from blikveld.responses.snapshot import Snapshot
    from blikveld.study.model import Study


class TerminalConsole(Console):
    """A console of which every line begins with `marked`, where that is not empty."""

    marked = ""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as Rich does, with the mark before each line and room for it."""
        if not self.marked:
            super().print(*objects, **options)
            return
        # Numbers are not cut to make room for the mark: a narrow screen wraps the line.
        width = max(self.width - len(self.marked), 80)
        with self.capture() as taken:
            super().print(*objects, **{"width": width} | options)
        for line in taken.get().splitlines():
            self.file.write(f"{self.marked}{line}\n")


console = TerminalConsole(highlight=False, markup=False, emoji=False)
errors = Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(line: str) -> None:
    """A line as it is, to copy from: not wrapped, and no sign in it is markup."""
    console.print(line, soft_wrap=True)


_MOST_TOLD = 8


@contextmanager
def opened_snapshot(study: Study, folder: Path | None) -> Iterator[Snapshot]:
    """Give a snapshot, or the reference respondents, and tell what the study changed since."""
    # Commands that open none wait for no table engine.
    from blikveld.publish import sources

    with sources.snapshot_or_reference(study, folder) as taken:
        tell_changes(taken)
        yield taken


def tell_changes(taken: Snapshot) -> None:
    """Say what the study changed since a snapshot was made, and what that means for it."""
    told = taken.told_changes()
    if told:
        errors.print("The study was changed since this snapshot was made:")
    for line in told[:_MOST_TOLD]:
        errors.print(f"- {line}", soft_wrap=True)
    if len(told) > _MOST_TOLD:
        errors.print(f"- and {len(told) - _MOST_TOLD} more.")


class Tell(Protocol):
    """Hears what is being done, and how far it is where that is known."""

    def __call__(self, name: str, done: int = 0, total: int = 0) -> None: ...


class Progress:
    """Steps one after the other, each with its own line and its time."""

    def __init__(self) -> None:
        self._bars = Bars(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=errors,
            disable=not errors.is_terminal,
        )

    def __enter__(self) -> Progress:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Work of one piece."""
        with self.count(title, 1) as done:
            yield
            done(1)

    @contextmanager
    def count(self, title: str, total: int) -> Iterator[Callable[[int], None]]:
        """Work of `total` pieces; call what is given with the number of pieces just done."""
        task = self._bars.add_task(title, total=total)
        began = time.monotonic()
        yield lambda pieces: self._bars.advance(task, pieces)
        if not errors.is_terminal:
            errors.print(f"{title}: {time.monotonic() - began:.1f} s")

    @contextmanager
    def stages(self, title: str) -> Iterator[Tell]:
        """Work that tells what it is doing: its name, how many stages are done, of how many.

        A total of 0 says that nobody knows how many there are.
        """
        task = self._bars.add_task(title, total=None)
        began = time.monotonic()

        def tell(name: str, done: int = 0, total: int = 0) -> None:
            words = f"{title}: {name}"
            self._bars.update(task, description=words, completed=done, total=total or None)

        yield tell
        self._bars.update(task, description=title, completed=1, total=1)
        if not errors.is_terminal:
            errors.print(f"{title}: {time.monotonic() - began:.1f} s")


MARK = "not for publication"
NOT_PUBLISHED = (
    "These numbers were not cleared together with the report and the tables, and may give away "
    "beside them what each keeps back."
)


@contextmanager
def not_for_publication() -> Iterator[None]:
    """Say so on every line that is printed meanwhile, and why on the last one."""
    console.marked = f"{MARK} | "
    try:
        yield
        console.print(NOT_PUBLISHED, soft_wrap=True)
    finally:
        console.marked = ""


def show_funnel(result: Funnel) -> None:
    """Who began, who left by which rule, who remained."""
    grid = Grid(title="Who counts", title_justify="left")
    grid.add_column("Step")
    grid.add_column("left", justify="right")
    grid.add_column("remained", justify="right")
    grid.add_row("began", "", f"{result.started:,}")
    for stage in result.stages:
        label = stage.step.label
        # A study need not be in English; then its first language will do.
        words = label.get("en") or next(iter(label.values()))
        grid.add_row(words, f"{stage.left:,}", f"{stage.remained:,}")
    console.print(grid)


def invented(origin: DataOrigin) -> str:
    """Why a number is marked as invented: what was published does not fix it, or nothing does."""
    if origin is DataOrigin.MADE_UP:
        return "invented: all answers were drawn at random"
    return "invented: no published count fixes it"


def show_files(written: Iterable[Path]) -> None:
    """Where the files are, and how big."""
    grid = Grid(title="Files", title_justify="left")
    grid.add_column("File", overflow="fold")
    grid.add_column("kB", justify="right")
    for path in written:
        inside = [each for each in path.rglob("*") if each.is_file()] or [path]
        size = sum(each.stat().st_size for each in inside)
        grid.add_row(f"{path}/" if path.is_dir() else str(path), f"{size / 1000:,.0f}")
    console.print(grid)


USUAL = usual()
"""The study that commands take when none is given."""

StudyName: TypeAlias = Annotated[
    str, Parameter(help="A study's folder, or the name of a shipped study.")
]

ReleaseName: TypeAlias = Annotated[
    Literal["final", "interim", "correction"],
    Parameter(
        help="`final`, once; `interim` while the fieldwork goes on and `correction` after the "
        "final one round every number, and need a --ledger."
    ),
]

LedgerPath: TypeAlias = Annotated[
    Path | None,
    Parameter(
        help="The private list of what was released before. Default: a file beside the snapshot."
    ),
]
