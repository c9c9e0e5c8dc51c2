"""Serving a fieldwork in the foreground; both databases are rewritten at night and at closing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from socket import socket

from django.db import Error

from blikveld.errors import BlikveldError
from blikveld.fieldwork.store import Phase
from blikveld.study.model import Study
from blikveld.web import process, stored_data
from blikveld.web.databases import attach, begin, detach
from blikveld.web.environment import Environment

APPLICATION = "blikveld.web.wsgi"

_LOOK = 5.0
"""Seconds between two looks whether the fieldwork was closed, or a night has come."""

_AGAIN = 10 * 60.0
"""Seconds until a rewrite that could not be done at night is tried once more."""


def check(environment: Environment, study: Study) -> None:
    """Raise CannotServe or BlikveldError where the study cannot be served with these settings.

    Nothing is made or opened by looking.
    """
    begin(environment.data, study)
    # Models can be imported only once Django knows its settings.
    from blikveld.web import served_study

    served_study.check_serve(served_study.ServedStudy(study, environment.public_key))


def serve(environment: Environment, study: Study, listening: socket, workers: int) -> int:
    """Serve on a port that was taken, until the server is stopped; gives its exit code.

    A night that was missed is made up for first: who comes meanwhile waits at the port.
    """
    closing, night = Closing(environment.data, study), Night(environment.data)
    if night.due() and not at_night(environment.data, study):
        night.later()
    variables = {**os.environ, **environment.variables()}
    server = process.run(APPLICATION, listening, variables, workers)
    while True:
        try:
            return server.wait(_LOOK)
        except subprocess.TimeoutExpired:
            _look(environment.data, study, closing, night)


def _look(data: Path, study: Study, closing: Closing, night: Night) -> None:
    closed = closing.seen()
    if (closed or night.due()) and not at_night(data, study):
        night.later()
        if closed:
            closing.again()


class Night:
    """Says when the databases are to be rewritten: once after every night, late rather than never.

    What was rewritten last is kept in the data folder, so a night in which no server ran, the
    machine slept, or somebody kept reading is made up for.
    """

    def __init__(self, data: Path) -> None:
        self._data, self._not_before = data, 0.0

    def due(self) -> bool:
        """Whether the last night is still to be done."""
        now = datetime.now().astimezone()
        return time.monotonic() >= self._not_before and stored_data.is_due(self._data, now)

    def later(self) -> None:
        """It could not be done now."""
        self._not_before = time.monotonic() + _AGAIN


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
        from blikveld.web.answers.models import DjangoStore

        return DjangoStore(self._study.key).phase()


def at_night(data: Path, study: Study) -> bool:
    """Rewrite both databases. When that cannot be done the server goes on, and the log says so."""
    try:
        stored_data.rewrite(data, study)
    except (BlikveldError, Error) as refused:
        sys.stderr.write(f"{refused}\n")
        return False
    finally:
        detach()
    return True
