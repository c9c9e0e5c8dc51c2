"""The process of a server: its port is held before anything else is done, and it is never left
behind: when the command that started it is gone, however that came, it stops in order.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from blikveld.errors import BlikveldError

HELD = "BLIKVELD_HELD"
"""Set for a server whose standard input is held open by the command that started it."""

_SECONDS_TO_WAIT = 15.0
"""An earlier server, whose command was killed, needs some seconds to stop."""

_WAITING = 2_048
_STDIN = 0


class PortRefused(BlikveldError):
    """An address that a server cannot listen on; nothing was started."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port, 0 for any that is free. Raises PortRefused."""
    until = time.monotonic() + _SECONDS_TO_WAIT
    while True:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            return socket.create_server((host, port), family=family, backlog=_WAITING)
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise _refused(host, port, refused) from None
        except (OverflowError, UnicodeError, TypeError):
            # Python's words for a port over 65,535 and for a name that no host can have.
            problem, mend = "There is no such address.", "A port is a number under 65,536."
            raise PortRefused("bad-address", f"{host}:{port}", problem, mend) from None
        time.sleep(0.2)


def address(listening: socket.socket) -> str:
    """How a browser on this machine calls what listens here."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def start(
    application: str,
    listening: socket.socket,
    variables: Mapping[str, str],
    *,
    workers: int,
    log: IO[bytes] | None = None,
    apart: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a server on a port that was taken. It ends when this process does, or lets go of it.

    With `apart` it has a group of its own: what stops the command from a keyboard leaves it to the
    command to stop the server, in order and once.
    """
    bound = listening.fileno()
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            *(sys.executable, "-m", "gunicorn"),
            *("--config", "python:blikveld.web.serving"),
            *("--bind", f"fd://{bound}", "--workers", str(workers)),
            application,
        ],
        env={**variables, HELD: "1"},
        pass_fds=(bound,),
        # Nobody writes to it: it closes when this process ends, also by a kill.
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        start_new_session=apart,
    )


def run(
    application: str, listening: socket.socket, variables: Mapping[str, str], workers: int
) -> subprocess.Popen[bytes]:
    """Start a server in the foreground of a command: what stops the command stops the server."""
    process = start(application, listening, variables, workers=workers, apart=True)
    # The server has the port now; a copy that stays open here would keep it taken after its end.
    listening.close()
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, lambda *_: process.terminate())
    return process


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Close what holds a server: it stops by itself if it still runs."""
    if process.stdin is not None:
        process.stdin.close()


def stop_when_let_go() -> None:
    """In a server that is held: stop in order once nobody holds it."""
    if os.environ.get(HELD):
        threading.Thread(target=_watch, args=(os.getpid(),), daemon=True).start()


def _watch(server: int) -> None:
    with suppress(OSError):
        while os.read(_STDIN, 1):
            pass
    os.kill(server, signal.SIGTERM)


def _refused(host: str, port: int, refused: OSError) -> PortRefused:
    location = f"{host}:{port}"
    if refused.errno == errno.EADDRINUSE:
        problem = "Another program listens there: an earlier server perhaps."
        return PortRefused("port-taken", location, problem, "Stop it, or choose another --port.")
    problem = f"Nobody can listen there: {refused.strerror or refused}."
    return PortRefused("bad-address", location, problem, "Look at --host and --port.")
