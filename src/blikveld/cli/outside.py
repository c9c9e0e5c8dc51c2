"""What comes from outside a command and is told in words: texts that are none, disks, databases."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from blikveld.errors import BlikveldError

_DATABASES = ("django.db", "sqlite3", "duckdb")


def check_texts() -> None:
    """Raise BlikveldError when what a command was given is no text.

    Linux takes any bytes for a name; no file that is written here could hold such a name.
    """
    for location, text in _given():
        try:
            text.encode()
        except UnicodeEncodeError:
            problem = f"{text!r} holds bytes that are no UTF-8."
            raise BlikveldError(
                "not-text", location, problem, "Rename it, or type it anew."
            ) from None


def refusal(error: Exception) -> BlikveldError | None:
    """What the system or a database refused, in words; None for a fault of our own."""
    if isinstance(error, UnicodeEncodeError):
        problem = "A text holds half a character, which no file can hold."
        return BlikveldError("not-text", "the input", problem, "Look for \\ud800 to \\udfff in it.")
    if isinstance(error, UnicodeDecodeError):
        problem = f"It is no UTF-8 text ({error.reason}, byte {error.start})."
        return BlikveldError("encoding", "the input", problem, "Save the file as UTF-8.")
    if isinstance(error, OSError):
        return _of_system(error)
    if any(isinstance(error, kind) for kind in _database_errors()):
        return _of_database(error)
    return None


def _given() -> Iterator[tuple[str, str]]:
    yield from (("the command", text) for text in sys.argv[1:])
    yield from ((n, text) for n, text in os.environ.items() if n.startswith("BLIKVELD_"))
    with suppress(OSError):
        yield "the folder you stand in", str(Path.cwd())


def _of_system(error: OSError) -> BlikveldError:
    location = str(error.filename) if error.filename else "the system"
    problem = f"{error.strerror or error}."
    mend = "Look at the path, its rights, and the room on the disk."
    return BlikveldError("system", location, problem, mend)


def _of_database(error: Exception) -> BlikveldError:
    # What a database says after its first line can hold what somebody answered.
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    mend = "Look whether it runs, at its rights, and at the room on the disk."
    return BlikveldError("database", "the database", f"It refused: {first}.", mend)


def _database_errors() -> Iterator[type[BaseException]]:
    loaded = (sys.modules.get(name) for name in _DATABASES)
    return (module.Error for module in loaded if module is not None)
