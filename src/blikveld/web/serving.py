"""Gunicorn's settings: `python -m gunicorn --config python:blikveld.web.serving blikveld.web.wsgi`.

Several processes with a few threads each, the study read once before they part. No access log,
and only errors in the other one: neither holds anything of a visitor.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from blikveld.errors import BlikveldError
from blikveld.web.environment import tell
from blikveld.web.process import stop_when_let_go


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's log without the address that was asked for when something failed."""

    def exception(self, msg: object, *args: object, **options: object) -> None:
        """Tell the fault that is being handled by kind and place."""
        fault = sys.exc_info()[1]
        self.error_log.error(tell(fault) if fault else "A fault without an exception.")


def worker_exit(server: object, worker: object) -> None:
    """Keep how often links were opened, when a process stops in order."""
    from django.db import Error

    from blikveld.web import served_study

    # Where the database cannot be reached the number is lost, and nothing else.
    with suppress(Error, BlikveldError):
        here = served_study.current()
        here.openings.hand_over(here.store.add_opened)


logger_class = QuietLogger

worker_class = "gthread"
workers = 2
threads = 4
keepalive = 5
preload_app = True
accesslog = None
loglevel = "error"
umask = 0o077
# A page takes far less: who stops the server does not wait long, nor does who starts it again.
graceful_timeout = 8
# Nobody steers the server from outside; stopping and starting is enough.
control_socket_disable = True


def on_starting(server: object) -> None:
    """Gunicorn calls this in its first process, before there are any others."""
    stop_when_let_go()
