"""The process of a server: its port is held before anything else is done, and it is never left
behind: when the command that started it is gone, however that came, it stops in order. `Server`
holds one beside a command or a test, on loopback.
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
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from blikveld.errors import BlikveldError
from blikveld.phone import day_pass
from blikveld.phone.queue import HERE
from blikveld.web.environment import Environment, phone_key

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


_SECONDS_TO_START = 30.0
_SECONDS_TO_STOP = 10.0
_LOG = "server.log"


class ServerFailed(BlikveldError):
    """The server did not start, or stopped by itself."""


class Server:
    """Serves a study on a free port of this machine, for as long as the `with` block lasts.

    `study` is the name of a shipped study or its folder; `data` the folder of its databases,
    which `web.fieldwork.open_` has opened. `public_key` seals addresses. With `durable=False`
    a power cut may lose answers: only for data that is thrown away. What the server has to say
    is in `server.log` in the data folder.
    """

    def __init__(
        self,
        study: str | Path,
        data: Path,
        *,
        public_key: str | None = None,
        workers: int = 2,
        durable: bool = True,
    ) -> None:
        self._environment = Environment(
            study=str(study),
            data=Path(data).absolute(),
            public_key=public_key,
            fsync=durable,
            # Who comes here are robots of our own.
            max_starts_per_minute=0,
        )
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    application = "blikveld.web.wsgi"
    """What is served."""

    def variables(self) -> dict[str, str]:
        """The variables of the process."""
        return {**os.environ, **self._environment.variables()}

    @property
    def data(self) -> Path:
        """The folder of the databases."""
        return self._environment.data

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def link(self, site: str, language: str = "nl") -> str:
        """The open link of a site."""
        return f"{self.url}/{language}/v/{site}/"

    def phone_url(self, site: str, language: str = "nl") -> str:
        """The address of the phone script, with the interviewers' pass of today."""
        given = day_pass.make(phone_key(self.data), datetime.now(HERE).date())
        return f"{self.url}/{language}/tel/{site}/?key={given}"

    def processes(self) -> tuple[int, ...]:
        """The ids of the server and its workers, for measuring; empty when it does not run.

        Reads /proc, so it works on Linux only.
        """
        if self._process is None:
            return ()
        return (self._process.pid, *_children(self._process.pid))

    def kill(self) -> None:
        """End the server and its workers at once, as a power cut would. For tests; Linux only.

        The first process is held still before, so that no worker is started meanwhile.
        """
        server, self._process = self._process, None
        if server is None:
            return
        server.send_signal(signal.SIGSTOP)
        for worker in _children(server.pid):
            os.kill(worker, signal.SIGKILL)
        server.kill()
        server.wait()
        let_go(server)

    def __enter__(self) -> Server:
        self._environment.data.mkdir(parents=True, exist_ok=True)
        # The port is handed over open, so that nobody can take it in between.
        with listen("127.0.0.1", 0) as listening, self._log() as log:
            self._port = listening.getsockname()[1]
            self._process = self._start(listening, log)
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _log(self) -> IO[bytes]:
        return (self._environment.data / _LOG).open("ab")

    def _start(self, listening: socket.socket, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return start(self.application, listening, self.variables(), workers=self._workers, log=log)

    def _wait(self) -> None:
        until = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                self._fail("It stopped by itself.")
            if _answers(f"{self.url}/health/"):
                return
            time.sleep(0.05)
        self._fail(f"It gave no answer in {_SECONDS_TO_START:.0f} seconds.")

    def _fail(self, problem: str) -> NoReturn:
        log = self._environment.data / _LOG
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
        mend = " | ".join(["Its last words:", *lines]) if lines else f"See {log}."
        raise ServerFailed("server-failed", "the web server", problem, mend)

    def _stop(self) -> None:
        server, self._process = self._process, None
        if server is None:
            return
        server.terminate()
        try:
            server.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        let_go(server)


def _children(server: int) -> list[int]:
    text = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
