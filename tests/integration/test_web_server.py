"""The server as a process: it starts on a free port, serves, stops, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from blikveld.contacts import make_keys, unseal
from blikveld.fieldwork import SurveyLink
from blikveld.study.model import Mode, Study
from blikveld.web import fieldwork
from blikveld.web.process import Server, ServerFailed

SMALL = Path(__file__).parents[1] / "studies/small"
KEYS = make_keys()
WORK = [("district", "zand_duin"), ("job", "baker"), ("seen", "no")]
LAST = [("contact_talk", "invented@example.org"), ("remarks", "Dag")]


def browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def journey(opener: OpenerDirector, start: str) -> str:
    """From the link to the thanks; gives the last address."""
    page = opener.open(start)
    for fields in ([], WORK, LAST):
        text = page.read().decode()
        token = re.findall(r'name="blikveld-session" value="([^"]+)"', text)[0]
        body = urlencode([("blikveld-session", token), *fields]).encode()
        page = opener.open(page.geturl(), body)
    return str(page.geturl())


@pytest.fixture
def data(tmp_path: Path, small: Study) -> Path:
    fieldwork.open_(tmp_path / "data", small)
    return tmp_path / "data"


def test_a_server_takes_in_journeys_and_stops(data: Path, small: Study, tally: Any) -> None:
    with Server(SMALL, data, public_key=KEYS.public, durable=False) as server:
        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(lambda _: journey(browser(), server.link("zand")), range(8)))
        assert ends == [f"{server.link('zand')}done/"] * 8
        assert journey(browser(), server.phone_url("zand")).endswith("/tel/zand/done/")
        port = urlsplit(server.url).port
    counts = tally(data, small)
    assert counts[SurveyLink("zand", Mode.WEB)].completed == 8
    assert counts[SurveyLink("zand", Mode.PHONE)] == (1, 1, {1: 1, 2: 1, 5: 1})
    addresses = [unseal(c.sealed, KEYS.private) for c in fieldwork.contacts(data, small)]
    assert addresses == ["invented@example.org"] * 9
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port or 0, timeout=5).request("GET", "/health/")


def test_what_was_acknowledged_survives_a_kill(data: Path, small: Study, tally: Any) -> None:
    with Server(SMALL, data, public_key=KEYS.public) as server:
        journey(browser(), server.link("zand"))
        _kill_all(server)
        with pytest.raises(OSError, match=r"refused|reset|closed"):
            browser().open(server.link("zand"), timeout=5)
    assert tally(data, small)[SurveyLink("zand", Mode.WEB)].completed == 1
    (record,) = fieldwork.responses(data, small)
    assert record.values["job"] == "baker"
    assert len(list(fieldwork.contacts(data, small))) == 1


def test_nothing_of_a_visitor_is_logged(data: Path) -> None:
    with Server(SMALL, data, public_key=KEYS.public, durable=False) as server:
        opener = browser()
        opener.addheaders = [("User-Agent", "MARKEDAGENT"), ("Referer", "http://markedreferrer/")]
        journey(opener, server.link("zand"))
        with pytest.raises(HTTPError, match="404"):
            opener.open(f"{server.url}/nl/v/MARKEDPATH/?MARKEDQUERY=1")
        _send_rubbish(server.url)
    everything = b"".join(p.read_bytes() for p in data.iterdir())
    for mark in (b"MARKEDAGENT", b"markedreferrer", b"MARKEDPATH", b"MARKEDQUERY", b"127.0.0.1"):
        assert mark not in everything


def test_a_body_over_the_limit_is_answered_over_the_wire(data: Path) -> None:
    with Server(SMALL, data, public_key=KEYS.public, durable=False) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/en/v/zand/p/2/", b"job=" + b"x" * 3_000_000, headers)
        response = connection.getresponse()
        assert response.status == 413
        assert "too much text" in response.read().decode()


def test_the_secret_key_is_made_once_and_for_the_owner(data: Path) -> None:
    with Server(SMALL, data, public_key=KEYS.public, durable=False):
        pass
    path = data / "secret_key"
    first = path.read_text(encoding="ascii")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Server(SMALL, data, public_key=KEYS.public, durable=False):
        pass
    assert path.read_text(encoding="ascii") == first


def test_without_a_key_for_addresses_the_server_does_not_start(data: Path) -> None:
    with pytest.raises(ServerFailed, match="BLIKVELD_PUBLIC_KEY"), Server(SMALL, data):
        pass


def test_an_unknown_setting_stops_the_server(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLIKVELD_DURABEL", "0")
    with (
        pytest.raises(ServerFailed, match="no such setting"),
        Server(SMALL, data, public_key=KEYS.public),
    ):
        pass


def test_a_folder_holds_one_study(data: Path, flagship: Study) -> None:
    with pytest.raises(fieldwork.OtherStudy, match="Choose another folder"):
        fieldwork.open_(data, flagship)


def test_commands_follow_one_folder_after_another(tmp_path: Path, small: Study) -> None:
    for name in ("first", "second"):
        fieldwork.open_(tmp_path / name, small)
    with Server(SMALL, tmp_path / "second", public_key=KEYS.public, durable=False) as server:
        journey(browser(), server.link("veen").replace("veen", "zand"))
    assert list(fieldwork.responses(tmp_path / "first", small)) == []
    assert len(list(fieldwork.responses(tmp_path / "second", small))) == 1


def test_tables_match_the_models(data: Path, tmp_path: Path) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "answers", "addresses", check=True, dry_run=True, verbosity=0)


def _send_rubbish(url: str) -> None:
    """What is no request at all, so that the server has something to complain about."""
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=5) as wire:
        wire.sendall(b"MARKEDPATH\r\n\r\n")
        wire.recv(1_000)


def _kill_all(server: Any) -> None:
    """Kill the server and its workers, as a power cut would; nothing is closed in order."""
    for pid in server.processes():
        os.kill(pid, signal.SIGKILL)
    server._process.wait()
