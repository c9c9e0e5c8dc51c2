"""Progress of long work: bars where somebody watches, plain lines where a file does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars

from blikveld.cli.console import errors


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
