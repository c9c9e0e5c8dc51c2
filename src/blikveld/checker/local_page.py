"""A page on this machine to drop a report on. Nothing leaves the machine.

Its server is on loopback only, under an address nobody else can guess.

    python -m blikveld.checker.local_page FILE

is the process that checks a dropped file: limited in memory and time, it writes no file.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path, PurePosixPath, PureWindowsPath

from blikveld.checker.command import main
from blikveld.checker.document import Language
from blikveld.checker.extract import SUFFIXES, files
from blikveld.checker.output.page import html_page
from blikveld.checker.phrases import Phrases

HOST = "127.0.0.1"
_CHILD = "blikveld.checker.local_page"
_SECONDS = 150
_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  (memory, not disk, where a system has it)
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_READ_FAILED = 2


def serve_page(tell: Callable[[str], None], port: int = 0) -> None:
    """Serve until the reader presses Ctrl-C. `tell` is given the address to open."""
    with make_server(port) as server:
        tell(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def make_server(port: int = 0) -> PageServer:
    """A server that listens, with a fresh token in its address."""
    return PageServer(port)


class PageServer(HTTPServer):
    """One page on loopback. A request without the token or with another host is refused."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(24)
        super().__init__((HOST, port), _Handler)

    @property
    def host(self) -> str:
        """Host and port as a browser names them."""
        return f"{HOST}:{self.server_port}"

    @property
    def address(self) -> str:
        """What the reader opens."""
        return f"http://{self.host}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    timeout = 60

    def do_GET(self) -> None:
        if self._refused():
            return
        self._send(HTTPStatus.OK, _start(self._phrases()))

    def do_POST(self) -> None:
        origin = self.headers.get("Origin", f"http://{self.server.host}")
        if self._refused() or origin != f"http://{self.server.host}":
            if origin != f"http://{self.server.host}":
                self.send_error(HTTPStatus.FORBIDDEN)
            return
        phrases = self._phrases()
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > files.FILE_BYTES:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _start(phrases, _too_large(phrases)))
            self.close_connection = True
            return
        dropped = dropped_file(self.headers.get("Content-Type", ""), self.rfile.read(int(length)))
        if dropped is None:
            self._send(HTTPStatus.BAD_REQUEST, _start(phrases, _no_file(phrases)))
            return
        self._send(*_checked(dropped, phrases))

    def _refused(self) -> bool:
        """Another host is a name somebody pointed at this machine; another path knows no token."""
        known = self.headers.get("Host") == self.server.host
        if known and secrets.compare_digest(self.path.encode(), f"/{self.server.token}/".encode()):
            return False
        self.send_error(HTTPStatus.NOT_FOUND)
        return True

    def _phrases(self) -> Phrases:
        dutch = self.headers.get("Accept-Language", "en").lower().startswith("nl")
        return Phrases(Language.DUTCH if dutch else Language.ENGLISH)

    def _send(self, status: HTTPStatus, text: str) -> None:
        content = text.encode("utf-8")
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep no log: the names of files are nobody's business."""


def _checked(dropped: DroppedFile, phrases: Phrases) -> tuple[HTTPStatus, str]:
    """The result as a page, made by a limited process from a file that is gone afterwards."""
    folder = _MEMORY_FOLDER if _MEMORY_FOLDER.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="blikveld-check-", dir=folder) as location:
        path = Path(location) / (dropped.name or "report")
        path.write_bytes(dropped.content)
        command = [sys.executable, "-P", "-m", _CHILD, str(path), "--format", "html"]
        try:
            done = subprocess.run(  # noqa: S603  (our own module, on one path)
                command, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return HTTPStatus.UNPROCESSABLE_ENTITY, _start(phrases, _failed(phrases))
    shown = done.stdout.decode("utf-8", "replace")
    if done.returncode in (0, 1) and shown:
        return HTTPStatus.OK, shown.replace("<h1>", f"{_again(phrases)}<h1>", 1)
    told = done.stderr.decode("utf-8", "replace").strip()
    known = done.returncode == _READ_FAILED and told
    return HTTPStatus.UNPROCESSABLE_ENTITY, _start(phrases, told if known else _failed(phrases))


def _start(phrases: Phrases, error: str = "") -> str:
    """The page with the form, and what went wrong with the last file."""
    title = phrases.say("Een rapport controleren", "Check a report")
    alert = f'<p role="alert" class="why">{escape(error)}</p>' if error else ""
    accepted = ",".join(sorted(SUFFIXES))
    label = phrases.say("Het rapport", "The report")
    button = phrases.say("Controleer", "Check")
    told = phrases.say(
        "Kies een bestand, of sleep het op het vak. Het blijft op deze computer en wordt na de "
        "controle weggegooid.",
        "Choose a file, or drop it on the box. It stays on this computer and is thrown away after "
        "the check.",
    )
    body = (
        f"<main><h1>{title}</h1>{alert}<p>{told}</p>"
        '<form method="post" enctype="multipart/form-data">'
        f'<p><label for="report">{label}</label><br>'
        f'<input id="report" name="report" type="file" accept="{accepted}" required '
        'style="width:100%;padding:2.5rem 1rem;border:2px dashed var(--rule);font:inherit"></p>'
        f'<p><button style="font:inherit;padding:.6rem 1.4rem">{button}</button></p></form></main>'
    )
    return html_page(title, phrases.language.value, body)


def _again(phrases: Phrases) -> str:
    text = phrases.say("Nog een rapport controleren", "Check another report")
    return f'<p><a href="./">{text}</a></p>'


def _too_large(phrases: Phrases) -> str:
    most = files.FILE_BYTES >> 20
    return phrases.say(
        f"Dit bestand is groter dan {most} MB. Controleer het rapport in delen.",
        f"This file is larger than {most} MB. Check the report in parts.",
    )


def _no_file(phrases: Phrases) -> str:
    return phrases.say("Er is geen bestand gekozen.", "No file was chosen.")


def _failed(phrases: Phrases) -> str:
    return phrases.say(
        "Het controleren kost te veel tijd of geheugen. Controleer het rapport in delen.",
        "Checking takes too much time or memory. Check the report in parts.",
    )


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file as a browser sends it; `name` has no folder in it."""

    name: str
    content: bytes


def dropped_file(content_type: str, body: bytes) -> DroppedFile | None:
    """The file in a form; None when there is none."""
    if not content_type.startswith("multipart/form-data"):
        return None
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = message_from_bytes(head + body, policy=HTTP)
    for part in message.iter_parts():
        name = part.get_filename()
        if name:
            plain = PureWindowsPath(PurePosixPath(name).name).name
            content = part.get_payload(decode=True)
            return DroppedFile(plain, content if isinstance(content, bytes) else b"")
    return None


if __name__ == "__main__":
    # The server itself opens no file, and does without the library that opens a PDF.
    from blikveld.checker.pdf.pages import limit

    limit()
    sys.exit(main(sys.argv[1:]))
