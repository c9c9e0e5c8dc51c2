"""Serving a fieldwork in the foreground, with both databases rewritten every night."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from blikveld.errors import BlikveldError
from blikveld.study.model import Study
from blikveld.web import keeping
from blikveld.web.environment import Environment
from blikveld.web.setup import detach

NIGHT = 3
"""The hour, by the machine's own clock, at which the databases are rewritten."""


def serve(environment: Environment, study: Study, host: str, port: int, workers: int) -> int:
    """Serve until the server is stopped; gives its exit code."""
    # Its own group: what stops this command stops the server in order, and only once.
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "gunicorn", *_options(host, port, workers)],
        env={**os.environ, **environment.variables()},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, lambda *_: process.terminate())
    while True:
        try:
            return process.wait(seconds_to_night(datetime.now().astimezone()))
        except subprocess.TimeoutExpired:
            at_night(environment.data, study)


def at_night(data: Path, study: Study) -> None:
    """Rewrite both databases. When that cannot be done the server goes on, and the log says so."""
    try:
        keeping.rewrite(data, study)
    except BlikveldError as refused:
        sys.stderr.write(f"{refused}\n")
    finally:
        detach()


def seconds_to_night(now: datetime) -> float:
    """How long it is to the next rewrite, at most a day."""
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return ((night if night > now else night + timedelta(days=1)) - now).total_seconds()


def _options(host: str, port: int, workers: int) -> list[str]:
    return [
        *("--config", "python:blikveld.web.serving"),
        *("--bind", f"{host}:{port}"),
        *("--workers", str(workers)),
        "blikveld.web.wsgi",
    ]
