"""The commands by name, and what becomes of their errors.

A command's module is imported when the command is called or its help is asked for: who writes
tables does not wait for the pages of respondents. What comes from outside a command is told in
words too: texts that are none, disks, databases.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from cyclopts import App

from blikveld.cli.terminal import errors
from blikveld.desk import ALL_APPS
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


def explain_refusal(error: Exception) -> BlikveldError | None:
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


COMMANDS: Mapping[str, str] = {
    "audit": "check:audit",
    "backup": "backup:backup",
    "calls": "phone:calls_app",
    "check": "check:check",
    "check-deploy": "fieldwork:check_deploy",
    "contacts": "backup:contacts_app",
    "data": "tables:data_app",
    "demo": "demo:demo",
    "desk": "desk:desk_app",
    "erase": "backup:erase",
    "explain": "tables:explain",
    "fieldwork": "fieldwork:fieldwork_app",
    "funnel": "reproduce:funnel",
    "influence": "tables:influence",
    "interviews": "interviews:interviews",
    "links": "fieldwork:links",
    "privacy": "report:privacy",
    "report": "report:report",
    "reproduce": "reproduce:reproduce",
    "response": "phone:response_rates",
    "restore": "backup:restore",
    "serve": "fieldwork:serve",
    "snapshot": "backup:snapshot",
    "study": "study:study_app",
    "synthetic": "demo:synthetic_app",
    "tables": "tables:tables",
    "waves": "waves:waves",
}
"""Every command, with its module in this room and its name there."""

app = App(
    name="blikveld",
    help="Runs a survey about a hidden problem, from the first question to the published report.",
)
for name, place in COMMANDS.items():
    app.command(f"{__package__}.{place}", name=name)


def know_all() -> None:
    """Import the module of every command: the list of all says what each does."""
    for command in COMMANDS:
        app[command]


def main() -> None:
    """Run a command; errors a user can mend are told in plain words, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", ALL_APPS)
    # A command keeps nearly all that it makes: Python looks for what may go less often.
    gc.set_threshold(20_000)
    if sys.argv[1:] in ([], ["--help"], ["-h"]):
        know_all()
    try:
        check_texts()
        code = app()
    except BlikveldError as error:
        errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
        code = error.exit_code
    except BrokenPipeError:
        # Whoever reads has seen enough; what is left must not be flushed into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        errors.print("Stopped.")
        code = 130
    except Exception as error:
        refused = explain_refusal(error)
        if refused is None:
            raise
        errors.print(str(refused), markup=False, highlight=False, soft_wrap=True)
        code = refused.exit_code
    sys.exit(int(code or 0))
