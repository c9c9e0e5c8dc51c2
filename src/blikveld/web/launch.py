"""A server beside a command or a test: started on loopback, waited for, and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from blikveld.errors import BlikveldError
from blikveld.phone import day_pass
from blikveld.phone.hours import HERE
from blikveld.web import process
from blikveld.web.environment import Environment, phone_key

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

    def link(self, municipality: str, language: str = "nl") -> str:
        """The open link of a municipality."""
        return f"{self.url}/{language}/v/{municipality}/"

    def phone_url(self, municipality: str, language: str = "nl") -> str:
        """The address of the phone script, with the interviewers' pass of today."""
        given = day_pass.make(phone_key(self.data), datetime.now(HERE).date())
        return f"{self.url}/{language}/tel/{municipality}/?key={given}"

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
        process.let_go(server)

    def __enter__(self) -> Server:
        self._environment.data.mkdir(parents=True, exist_ok=True)
        # The port is handed over open, so that nobody can take it in between.
        with process.listen("127.0.0.1", 0) as listening, self._log() as log:
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
        return process.start(
            self.application, listening, self.variables(), workers=self._workers, log=log
        )

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
        process.let_go(server)


def _children(server: int) -> list[int]:
    text = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
