"""Making a report again whenever somebody saves one of the study's files."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from blikveld.cli.console import console, errors
from blikveld.errors import BlikveldError

_KINDS = frozenset({".md", ".yaml", ".csv", ".txt"})
_EVERY = 0.5
"""Seconds between two looks."""

Seen: TypeAlias = frozenset[tuple[Path, int, int]]


def watch(folder: Path, make: Callable[[], None], pause: Callable[[], bool] | None = None) -> None:
    """Make once, and again after every change of a text or a setting in the folder.

    What cannot be made is told, and then it goes on. `pause` waits and tells whether to look
    again; without it, until somebody presses Ctrl-C.
    """
    wait = pause or _wait
    seen: Seen | None = None
    while True:
        now = _state(folder)
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


def _state(folder: Path) -> Seen:
    """When each file was written last, and how big it is."""
    return frozenset(_stamps(folder))


def _stamps(folder: Path) -> list[tuple[Path, int, int]]:
    found = []
    for path in folder.rglob("*"):
        if path.suffix in _KINDS:
            try:
                about = path.stat()
            except FileNotFoundError:  # An editor puts a new file in the place of the old one.
                continue
            found.append((path, about.st_mtime_ns, about.st_size))
    return found


def _wait() -> bool:
    time.sleep(_EVERY)
    return True
