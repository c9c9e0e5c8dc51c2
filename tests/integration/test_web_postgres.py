"""The same fieldwork on PostgreSQL: a cluster of its own, on loopback, thrown away after."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from blikveld.backup import backup, erasure
from blikveld.contacts import make_keys, unseal
from blikveld.fieldwork import SurveyLink
from blikveld.study.model import Mode, Study
from blikveld.web import fieldwork, stored_data
from blikveld.web.databases import detach
from blikveld.web.process import Server

pytestmark = pytest.mark.postgres

SMALL = Path(__file__).parents[1] / "studies/small"
KEYS = make_keys()
WORK = [("district", "zand_duin"), ("job", "baker"), ("seen", "no")]
LAST = [("contact_talk", "invented@example.org"), ("remarks", "Dag")]


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return found[-1] if found else None


def _run(*command: str) -> None:
    # PostgreSQL refuses to run as root, so there it runs as its own user.
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_postgres, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A running PostgreSQL; gives its port."""
    programs = _programs()
    if programs is None:
        pytest.skip("needs a PostgreSQL server")
    folder = Path(tempfile.mkdtemp(prefix="blikveld-postgres-"))
    port = _free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"
    _run(str(programs / "initdb"), "-D", str(data), "-U", "blikveld", "-A", "trust", "-N")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    control = str(programs / "pg_ctl")
    _run(control, "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    yield port
    _run(control, "-D", str(data), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def databases(cluster: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fresh databases for answers and for addresses, named in the environment."""
    programs = _programs()
    for setting, name in (("DATABASE_URL", "answers"), ("CONTACTS_URL", "contacts")):
        command = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(cluster)]
        _run(*command, "-U", "blikveld", name)
        url = f"postgresql://blikveld@127.0.0.1:{cluster}/{name}"
        monkeypatch.setenv(f"BLIKVELD_{setting}", url)
    yield
    detach()
    for name in ("answers", "contacts"):
        command = [str(programs / "dropdb"), "-h", "127.0.0.1", "-p", str(cluster)]
        _run(*command, "-U", "blikveld", "--force", name)


def _journey(start: str) -> str:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = opener.open(start)
    for fields in ([], WORK, LAST):
        found = re.findall(r'name="blikveld-session" value="([^"]+)"', page.read().decode())
        body = urlencode([("blikveld-session", found[0]), *fields]).encode()
        page = opener.open(page.geturl(), body)
    return str(page.geturl())


@pytest.mark.usefixtures("databases")
def test_many_journeys_at_once(tmp_path: Path, small: Study, tally: Any) -> None:
    fieldwork.open_(tmp_path, small)
    with Server(SMALL, tmp_path, public_key=KEYS.public) as server, ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda _: _journey(server.link("zand")), range(24)))
    assert set(ends) == {f"{server.link('zand')}done/"}
    assert list(tmp_path.glob("*.sqlite3")) == []
    records = [response.values for response in fieldwork.responses(tmp_path, small)]
    assert {str(record["remarks"]) for record in records} == {"Dag"}
    assert len(records) == 24
    pages = {1: 24, 2: 24, 5: 24}
    counts = tally(tmp_path, small)
    assert counts[SurveyLink("zand", Mode.WEB)] == (24, 24, pages)
    sealed = [contact.sealed for contact in fieldwork.contacts(tmp_path, small)]
    assert [unseal(box, KEYS.private) for box in sealed] == ["invented@example.org"] * 24


@pytest.mark.usefixtures("databases")
def test_one_page_sent_many_times_at_once_is_one_response(
    tmp_path: Path, small: Study, tally: Any
) -> None:
    fieldwork.open_(tmp_path, small)
    with Server(SMALL, tmp_path, public_key=KEYS.public) as server, ThreadPoolExecutor(8) as pool:
        page = build_opener().open(server.link("zand")).read().decode()
        token = re.findall(r'name="blikveld-session" value="([^"]+)"', page)[0]

        def send(fields: list[tuple[str, str]], path: str) -> str:
            opener = build_opener(HTTPCookieProcessor(CookieJar()))
            opener.addheaders = [("Sec-Fetch-Site", "same-origin")]
            body = urlencode([("blikveld-session", token), *fields]).encode()
            return str(opener.open(server.link("zand") + path, body).geturl())

        for fields, path in (([], ""), (WORK, "p/2/"), (LAST, "p/5/")):
            ends = set(pool.map(lambda _, f=fields, p=path: send(f, p), range(16)))
            assert len(ends) == 1
    assert len(list(fieldwork.responses(tmp_path, small))) == 1
    assert len(list(fieldwork.contacts(tmp_path, small))) == 1
    counts = tally(tmp_path, small)[SurveyLink("zand", Mode.WEB)]
    assert counts == (1, 1, {1: 1, 2: 1, 5: 1})


def _all(data: Path, small: Study, tally: Any) -> tuple[object, ...]:
    """Everything that has to come back."""
    records = [(r.respondent, r.values) for r in fieldwork.responses(data, small)]
    contacts = [(c.key, c.sealed) for c in fieldwork.contacts(data, small)]
    return records, contacts, tally(data, small), fieldwork.phase(data, small)


def _destroy(cluster: int) -> None:
    """Both databases, gone and made anew with nothing in them."""
    detach()
    for name in ("answers", "contacts"):
        for program, *options in (("dropdb", "--force"), ("createdb",)):
            command = [str(_programs() / program), "-h", "127.0.0.1", "-p", str(cluster)]  # type: ignore[operator]
            _run(*command, "-U", "blikveld", *options, name)


@pytest.mark.usefixtures("databases")
def test_drill_backup_destroy_restore(
    cluster: int, tmp_path: Path, small: Study, tally: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, copy = tmp_path / "data", tmp_path / "backup"
    fieldwork.open_(data, small)
    with Server(SMALL, data, public_key=KEYS.public) as server:
        for _ in range(12):
            _journey(server.link("zand"))
        build_opener().open(server.link("veen"))
    before = _all(data, small, tally)
    backup.back_up(data, small, copy)
    with pytest.raises(stored_data.BackupRefused, match="stands there already"):
        backup.restore_backup(copy, tmp_path / "again", small)
    assert _all(data, small, tally) == before
    _destroy(cluster)
    backup.restore_backup(copy, tmp_path / "again", small)
    assert _all(tmp_path / "again", small, tally) == before
    assert not list((tmp_path / "again").glob("*.part"))
    with Server(SMALL, tmp_path / "again", public_key=KEYS.public) as server:
        _journey(server.link("zand"))
        _journey(server.link("zand", "en"))
    assert tally(data, small)[SurveyLink("zand", Mode.WEB)].completed == 14
    detach()
    for setting in ("DATABASE_URL", "CONTACTS_URL"):
        monkeypatch.delenv(f"BLIKVELD_{setting}")
    backup.restore_backup(copy, tmp_path / "on-sqlite", small)
    assert _all(tmp_path / "on-sqlite", small, tally) == before


@pytest.mark.usefixtures("databases")
def test_a_backup_and_what_is_put_back_tell_no_order(
    cluster: int, tmp_path: Path, small: Study
) -> None:
    """In the backup rows stand by their random keys; put back, all have one transaction."""
    import psycopg

    data, copy = tmp_path / "data", tmp_path / "backup"
    fieldwork.open_(data, small)
    with Server(SMALL, data, public_key=KEYS.public) as server:
        for _ in range(12):
            _journey(server.link("zand"))
    backup.back_up(data, small, copy)
    tables = {"answers": "answers_response", "contacts": "addresses_contact"}
    for name, table in tables.items():
        with sqlite3.connect(copy / f"{name}.sqlite3") as connection:
            rows = list(connection.execute(f"SELECT rowid, key FROM {table} NOT INDEXED"))  # noqa: S608
            assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert len(rows) == 12
        assert all(rowid == key for rowid, key in rows)
    _destroy(cluster)
    backup.restore_backup(copy, tmp_path / "again", small)
    detach()
    for name, table in tables.items():
        where = f"host=127.0.0.1 port={cluster} user=blikveld dbname={name}"
        with psycopg.connect(where) as reader:
            marks = reader.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}".encode())  # noqa: S608
            assert marks.fetchone() == (1,)
            found = reader.execute(f"SELECT key FROM {table} ORDER BY ctid".encode())  # noqa: S608
            keys = [key for (key,) in found.fetchall()]
        assert len(keys) == 12
        assert keys != sorted(keys)


@pytest.mark.usefixtures("databases")
def test_erasing_reaches_the_backup(tmp_path: Path, small: Study) -> None:
    fieldwork.open_(tmp_path / "data", small)
    with Server(SMALL, tmp_path / "data", public_key=KEYS.public) as server:
        _journey(server.link("zand"))
    copy = backup.back_up(tmp_path / "data", small, tmp_path / "backup")
    (contact,) = stored_data.contacts_in_backup(copy, small)
    done = erasure.erase(tmp_path / "data", small, erasure.ErasedData.ADDRESSES)
    assert done.backups == (str(copy),)
    assert list(stored_data.contacts_in_backup(copy, small)) == []
    files = (path for path in tmp_path.rglob("*") if path.is_file())
    assert not any(contact.sealed[:32] in path.read_bytes() for path in files)
