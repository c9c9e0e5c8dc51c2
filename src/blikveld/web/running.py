"""Serving a fieldwork in the foreground; both databases are rewritten at night and at closing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error

from blikveld.errors import BlikveldError
from blikveld.fieldwork.store import Phase
from blikveld.study.model import Study
from blikveld.web import keeping
from blikveld.web.environment import Environment
from blikveld.web.setup import attach, detach

NIGHT = 3
"""The hour, by the machine's own clock, at which the databases are rewritten."""

_LOOK = 5.0
"""Seconds between two looks whether the fieldwork was closed."""


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
    closing = Closing(environment.data, study)
    night = _next_night()
    while True:
        try:
            return process.wait(min(_LOOK, max(0.0, night - time.monotonic())))
        except subprocess.TimeoutExpired:
            came = time.monotonic() >= night
            closed = closing.seen()
            if (closed or came) and not at_night(environment.data, study) and closed:
                closing.again()
            night = _next_night() if came else night


class Closing:
    """Notices that the fieldwork was closed elsewhere, such as at the desk, which cannot rewrite.

    A fieldwork that was closed before the server began counts as just closed.
    """

    def __init__(self, data: Path, study: Study) -> None:
        self._data, self._study = data, study
        self._collecting, self._attached = True, False

    def seen(self) -> bool:
        """Whether it was closed since this was last asked. When nobody can tell: not yet."""
        try:
            phase = self._phase()
        except (BlikveldError, Error) as refused:
            sys.stderr.write(f"{refused}\n")
            return False
        finally:
            detach()
        before, self._collecting = self._collecting, phase is not Phase.CLOSED
        return before and not self._collecting

    def again(self) -> None:
        """The rewrite could not be done: the next look sees the closing once more."""
        self._collecting = True

    def _phase(self) -> Phase:
        if not self._attached:
            attach(self._data, self._study)
            self._attached = True
        # Models can be imported only once Django knows its settings.
        from blikveld.web.answers.store import DjangoStore

        return DjangoStore(self._study.key).phase()


def at_night(data: Path, study: Study) -> bool:
    """Rewrite both databases. When that cannot be done the server goes on, and the log says so."""
    try:
        keeping.rewrite(data, study)
    except (BlikveldError, Error) as refused:
        sys.stderr.write(f"{refused}\n")
        return False
    finally:
        detach()
    return True


def seconds_to_night(now: datetime) -> float:
    """How long it is to the next rewrite, at most a day."""
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return ((night if night > now else night + timedelta(days=1)) - now).total_seconds()


def _next_night() -> float:
    return time.monotonic() + seconds_to_night(datetime.now().astimezone())


def _options(host: str, port: int, workers: int) -> list[str]:
    return [
        *("--config", "python:blikveld.web.serving"),
        *("--bind", f"{host}:{port}"),
        *("--workers", str(workers)),
        "blikveld.web.wsgi",
    ]
