"""Serving the desk: a process of its own, beside the respondents' server and apart from it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from blikveld.desk.environment import without_addresses
from blikveld.web.environment import Environment

APPLICATION = "blikveld.desk.wsgi"


def variables(environment: Environment) -> dict[str, str]:
    """The process's variables: nothing of the addresses goes along."""
    others = {name: text for name, text in os.environ.items() if not _of_fieldwork(name)}
    return {**others, **without_addresses(environment).variables()}


def serve(environment: Environment, host: str, port: int) -> int:
    """Serve until the desk is stopped; gives its exit code."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            *(sys.executable, "-m", "gunicorn"),
            *("--config", "python:blikveld.web.serving"),
            *("--bind", f"{host}:{port}", "--workers", "1"),
            APPLICATION,
        ],
        env=variables(environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, lambda *_: process.terminate())
    return process.wait()


def _of_fieldwork(name: str) -> bool:
    return name.startswith("BLIKVELD_") and not name.startswith(
        ("BLIKVELD_DESK_", "BLIKVELD_TESTS_")
    )
