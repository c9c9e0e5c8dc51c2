"""The commands by name, and what becomes of their errors.

A command's module is imported when the command is called or its help is asked for: who writes
tables does not wait for the pages of respondents.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping

from cyclopts import App

from blikveld.cli import outside
from blikveld.cli.terminal import errors
from blikveld.desk import ALL_APPS
from blikveld.errors import BlikveldError

COMMANDS: Mapping[str, str] = {
    "audit": "auditing:audit",
    "backup": "backup:backup",
    "calls": "phone:calls_app",
    "check": "check:check",
    "check-deploy": "check:check_deploy",
    "contacts": "contacts:contacts_app",
    "data": "data:data_app",
    "demo": "demo:demo",
    "desk": "desk:desk_app",
    "erase": "backup:erase",
    "explain": "tables:explain",
    "fieldwork": "fieldwork:fieldwork_app",
    "funnel": "reproduce:funnel",
    "influence": "tables:influence",
    "interviews": "interviews:interviews",
    "links": "links:links",
    "report": "report:report",
    "reproduce": "reproduce:reproduce",
    "response": "response_rates:response_rates",
    "restore": "backup:restore",
    "serve": "fieldwork:serve",
    "snapshot": "snapshot:snapshot",
    "study": "study:study_app",
    "synthetic": "synthetic:synthetic_app",
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
        outside.check_texts()
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
        refused = outside.refusal(error)
        if refused is None:
            raise
        errors.print(str(refused), markup=False, highlight=False, soft_wrap=True)
        code = refused.exit_code
    sys.exit(int(code or 0))
