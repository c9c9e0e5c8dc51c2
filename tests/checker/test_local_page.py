"""The page on this machine: it checks a dropped file, keeps nothing, and answers nobody else."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from blikveld.checker import local_page as local
from blikveld.checker.extract import files
from blikveld.checker.local_page import dropped_file

WRONG = "Of the 50 members, 20 (30%) sing, and that is what they said."
BOUNDARY = "xyz"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def server() -> Iterator[local.PageServer]:
    """A server that listens on a free port."""
    with local.make_server() as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def _form(name: str, content: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="report"; filename="{name}"\r\n'
    return f"{head}\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def _ask(
    server: local.PageServer, method: str, body: bytes = b"", **changed: str
) -> tuple[int, str, dict[str, str]]:
    path = changed.pop("path", f"/{server.token}/")
    headers = {"Host": server.host, "Accept-Language": "en", "Content-Type": FORM}
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    connection = http.client.HTTPConnection(local.HOST, server.server_port, timeout=120)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def test_a_dropped_file_is_checked_and_gone_afterwards(
    server: local.PageServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_MEMORY_FOLDER", tmp_path)
    status, text, headers = _ask(server, "POST", _form("choir.md", WRONG.encode()))
    assert status == 200
    assert "20 of 50 is 40.00%, not 30%." in text
    assert list(tmp_path.iterdir()) == []
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_page_speaks_the_language_of_the_browser(server: local.PageServer) -> None:
    assert "Check a report" in _ask(server, "GET")[1]
    assert "Een rapport controleren" in _ask(server, "GET", Accept_Language="nl-NL,nl")[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_token_or_under_another_name_there_is_nothing(
    server: local.PageServer, method: str
) -> None:
    body = _form("choir.md", WRONG.encode()) if method == "POST" else b""
    for changed in ({"path": "/"}, {"path": "/guess/"}, {"Host": "evil.example"}):
        status, text, _ = _ask(server, method, body, **changed)
        assert status == 404
        assert "choir" not in text


def test_another_website_cannot_post_a_file(server: local.PageServer) -> None:
    body = _form("choir.md", WRONG.encode())
    assert _ask(server, "POST", body, Origin="https://evil.example")[0] == 403
    assert _ask(server, "POST", body, Origin=f"http://{server.host}")[0] == 200


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("choir.pdf", b"%PDF-1.7 not really", "It is broken."),
        ("choir.png", b"x", "This kind of file cannot be checked."),
        ("choir.md", b"", "It is empty."),
        ("..%2f..%2fetc/passwd", b"x", "This kind of file cannot be checked."),
    ],
)
def test_what_cannot_be_read_is_told_on_the_page(
    server: local.PageServer, name: str, content: bytes, told: str
) -> None:
    status, text, _ = _ask(server, "POST", _form(name, content))
    assert status == 422
    assert told in text
    assert 'type="file"' in text


def test_a_file_that_is_too_large_is_refused_unread(server: local.PageServer) -> None:
    status, text, _ = _ask(server, "POST", b"", Content_Length=str(files.FILE_BYTES + 1))
    assert status == 413
    assert "larger than 64 MB" in text


def test_a_form_without_a_file(server: local.PageServer) -> None:
    status, text, _ = _ask(server, "POST", f"--{BOUNDARY}--\r\n".encode())
    assert (status, "No file was chosen." in text) == (400, True)


@pytest.mark.parametrize("name", ["C:\\reports\\choir.md", "/home/x/choir.md", "choir.md"])
def test_a_name_has_no_folder_in_it(name: str) -> None:
    found = dropped_file(FORM, _form(name.replace("\\", "\\\\"), b"a\r\nb"))
    assert found is not None
    assert (found.name, found.content) == ("choir.md", b"a\r\nb")


def test_the_server_listens_on_this_machine_only(server: local.PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 32
