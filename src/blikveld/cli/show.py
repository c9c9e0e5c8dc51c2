"""How results look in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.table import Table as Grid

from blikveld.cli.console import console
from blikveld.inclusion import Funnel
from blikveld.responses.snapshot import Origin


def funnel(result: Funnel) -> None:
    """Who began, who left by which rule, who remained."""
    grid = Grid(title="Who counts", title_justify="left")
    grid.add_column("Step")
    grid.add_column("left", justify="right")
    grid.add_column("remained", justify="right")
    grid.add_row("began", "", f"{result.started:,}")
    for stage in result.stages:
        grid.add_row(stage.step.label["en"], f"{stage.left:,}", f"{stage.remained:,}")
    console.print(grid)


def invented(origin: Origin) -> str:
    """Why a number is marked as invented: what was published does not fix it, or nothing does."""
    if origin is Origin.MADE_UP:
        return "invented: all answers were drawn at random"
    return "invented: no published count fixes it"


def files(written: Iterable[Path]) -> None:
    """Where the files are, and how big."""
    grid = Grid(title="Files", title_justify="left")
    grid.add_column("File", overflow="fold")
    grid.add_column("kB", justify="right")
    for path in written:
        inside = [each for each in path.rglob("*") if each.is_file()] or [path]
        size = sum(each.stat().st_size for each in inside)
        grid.add_row(f"{path}/" if path.is_dir() else str(path), f"{size / 1000:,.0f}")
    console.print(grid)
