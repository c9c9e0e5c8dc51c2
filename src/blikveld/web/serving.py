"""Gunicorn's settings: `python -m gunicorn --config python:blikveld.web.serving blikveld.web.wsgi`.

Several processes with a few threads each, the study read once before they part. No access log,
and only errors in the other one: neither holds anything of a visitor.
"""

import sys

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from blikveld.web.quiet import tell


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's log without the address that was asked for when something failed."""

    def exception(self, msg: object, *args: object, **options: object) -> None:
        """Tell the fault that is being handled by kind and place."""
        fault = sys.exc_info()[1]
        self.error_log.error(tell(fault) if fault else "A fault without an exception.")


logger_class = QuietLogger
worker_class = "gthread"
workers = 2
threads = 4
keepalive = 5
preload_app = True
accesslog = None
loglevel = "error"
umask = 0o077
# Nobody steers the server from outside; stopping and starting is enough.
control_socket_disable = True
