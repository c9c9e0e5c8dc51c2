"""The linkage attack: five hundred invented people with an address, and every file there is.

Whoever has both databases, the backup and the log tries to tell which address goes with which
answers: by the order of rows, of bytes in the file, of the log, by keys, and by size.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from blikveld.backup import backup
from blikveld.contacts import make_keys, unseal
from blikveld.study.model import Study
from blikveld.web import databases, fieldwork, stored_data
from blikveld.web.process import Server

PEOPLE = 500
LUCK = 8
"""Of a random matching one hit is expected; more than eight come once in a million times."""
SMALL = Path(__file__).parents[1] / "studies/small"
WORK = {"district": ["zand_duin"], "job": ["other"], "seen": ["no"]}


def name(number: int) -> str:
    """An invented person; longer names for some, so that sizes differ."""
    return f"invented{number}" + "x" * (number % 97)


def arrive(here: Any, numbers: Sequence[int]) -> None:
    for number in numbers:
        someone = here.visitor().begin().send({**WORK, "job_other": [name(number)]})
        someone.send({"contact_talk": [f"{name(number)}@example.org"], "remarks": [name(number)]})
        assert someone.url.endswith("/done/")


def truth(here: Any) -> dict[bytes, str]:
    """What the attacker wants: from the sealed address to whose it is."""
    contacts = fieldwork.contacts(here.data, here.study)
    private = here.keys.private
    found = {c.sealed: unseal(c.sealed, private).removesuffix("@example.org") for c in contacts}
    databases.detach()
    return found


Pairs = list[tuple[str, bytes]]


def by_rows(folder: Path) -> Pairs:
    """The first row of one file goes with the first of the other, and so on."""
    return _pairs(_answers(folder, "rowid"), _sealed(folder, "rowid"))


def by_hashes(folder: Path) -> Pairs:
    """Rows in the order of the hash of the token, and of the key of the address."""
    return _pairs(_answers(folder, "token_hash"), _sealed(folder, "key"))


def by_size(folder: Path) -> Pairs:
    """The longest answers go with the longest address."""
    answers = _answers(folder, "length(answers), rowid")
    return _pairs(answers, _sealed(folder, "length(sealed), rowid"))


def by_place(folder: Path) -> Pairs:
    """In the order of the bytes in the two files, pages that are free included."""
    return _by_bytes(folder, folder / "answers.sqlite3", folder / "contacts.sqlite3")


def by_log(folder: Path) -> Pairs:
    """In the order of the bytes in the two logs: the diary of a database."""
    return _by_bytes(folder, folder / "answers.sqlite3-wal", folder / "contacts.sqlite3-wal")


ATTACKS: tuple[Callable[[Path], Pairs], ...] = (by_rows, by_hashes, by_size, by_place, by_log)


def hits(pairs: Pairs, known: dict[bytes, str]) -> int:
    return sum(known[sealed] == person for person, sealed in pairs)


def test_after_a_rewrite_no_order_tells_whose_an_address_is(here: Any, tmp_path: Path) -> None:
    arrive(here, range(PEOPLE))
    known = truth(here)
    assert len(known) == PEOPLE
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    here.close()
    databases.detach()
    for folder in (here.data, copy):
        assert not any(path.stat().st_size for path in folder.glob("*-wal"))
        for attack in ATTACKS:
            found = attack(folder)
            assert len(found) == (0 if attack is by_log else PEOPLE), attack
            assert hits(found, known) <= LUCK, (folder.name, attack.__name__)
            assert hits(list(_backwards(found)), known) <= LUCK, (folder.name, attack.__name__)


def test_the_attack_works_where_nothing_was_rewritten(here: Any) -> None:
    """Otherwise the test above would prove nothing."""
    from django.db import connections

    for alias in ("default", "contacts"):
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=0")
    arrive(here, range(60))
    logs = (
        _contents(here.data / "answers.sqlite3-wal"),
        _contents(here.data / "contacts.sqlite3-wal"),
    )
    known = {c.sealed: unseal(c.sealed, here.keys.private) for c in _contacts(here)}
    people = _in_order(logs[0], {name(n): f'"remarks": "{name(n)}"'.encode() for n in range(60)})
    sealed = _in_order(logs[1], {box: box[:32] for box in known})
    right = sum(known[box] == f"{who}@example.org" for who, box in zip(people, sealed, strict=True))
    assert right > 50


def test_free_pages_hold_nothing(here: Any) -> None:
    arrive(here, range(30))
    stored_data.rewrite(here.data, here.study)
    databases.detach()
    for file in stored_data.FILES.values():
        with sqlite3.connect(here.data / file) as connection:
            assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)


def test_a_run_with_marks_leaves_none_in_any_file(tmp_path: Path, small: Study) -> None:
    data, keys = tmp_path / "data", make_keys()
    fieldwork.open_(data, small)
    with Server(SMALL, data, public_key=keys.public) as server:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        opener.addheaders = [
            ("User-Agent", "MARKEDAGENT"),
            ("Referer", "http://marked-referrer.example/"),
            ("Sec-Fetch-Site", "same-origin"),
            ("X-Forwarded-For", "203.0.113.77"),
            ("Forwarded", "for=203.0.113.77"),
            ("X-Real-IP", "203.0.113.77"),
        ]
        page = opener.open(server.link("zand"))
        for fields in ([], [("district", "zand_duin"), ("job", "baker"), ("seen", "no")], []):
            token = page.read().decode().split('name="blikveld-session" value="')[1][:43]
            body = urlencode([("blikveld-session", token), *fields]).encode()
            page = opener.open(page.geturl(), body)
        assert page.geturl().endswith("/done/")
        backup.back_up(data, small, tmp_path / "backup")
        databases.detach()
        while_it_runs = _everything(tmp_path)
    fieldwork.close(data, small)
    databases.detach()
    for content in (while_it_runs, _everything(tmp_path)):
        assert b"zand_duin" in content
        for mark in (b"MARKEDAGENT", b"marked-referrer", b"203.0.113.77", b"127.0.0.1"):
            assert mark not in content


@pytest.mark.postgres
def test_on_postgresql_all_rows_have_one_transaction(
    postgres: str, tmp_path: Path, small: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of the transaction that wrote a row would join an address to its answers."""
    import psycopg

    told = dict(part.split("=") for part in postgres.split())
    urls = {"DATABASE_URL": "linked_answers", "CONTACTS_URL": "linked_contacts"}
    with psycopg.connect(postgres, autocommit=True) as connection:
        for setting, database in urls.items():
            connection.execute(f"CREATE DATABASE {database}".encode())
            url = f"postgresql://{told['user']}@{told['host']}:{told['port']}/{database}"
            monkeypatch.setenv(f"BLIKVELD_{setting}", url)
    fieldwork.open_(tmp_path, small)
    from blikveld.fieldwork import SurveyLink, sessions
    from blikveld.fieldwork.tokens import hash_token, make_token
    from blikveld.questionnaire import Routing
    from blikveld.study.model import Mode
    from blikveld.web.answers.models import DjangoStore

    store, routing = DjangoStore(small.key), Routing(small)
    for _ in range(20):
        with store.transaction():
            store.add(
                sessions.start(
                    routing, hash_token(make_token()), SurveyLink("zand", Mode.WEB), "nl"
                ).session
            )
    before = sorted(session.key for session in store.sessions())
    stored_data.rewrite(tmp_path, small)
    assert sorted(session.key for session in store.sessions()) == before
    databases.detach()
    with psycopg.connect(postgres.replace("dbname=postgres", "dbname=linked_answers")) as reader:
        marks = reader.execute("SELECT count(DISTINCT xmin::text) FROM answers_response").fetchone()
    assert marks == (1,)


def _contacts(here: Any) -> Any:
    from blikveld.web.addresses.models import DjangoContacts

    return list(DjangoContacts().contacts())


def _answers(folder: Path, order: str) -> list[str]:
    query = f"SELECT answers ->> 'remarks' FROM answers_response ORDER BY {order}"  # noqa: S608
    return [str(row[0]) for row in _rows(folder / "answers.sqlite3", query)]


def _sealed(folder: Path, order: str) -> list[bytes]:
    query = f"SELECT sealed FROM addresses_contact ORDER BY {order}"  # noqa: S608
    return [bytes(row[0]) for row in _rows(folder / "contacts.sqlite3", query)]


def _rows(file: Path, query: str) -> list[Any]:
    with sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True) as connection:
        return connection.execute(query).fetchall()


def _by_bytes(folder: Path, answers: Path, contacts: Path) -> Pairs:
    people = {who: f'"remarks": "{who}"'.encode() for who in _answers(folder, "rowid")}
    boxes = {box: box[:32] for box in _sealed(folder, "rowid")}
    found = _in_order(_contents(answers), people), _in_order(_contents(contacts), boxes)
    return list(zip(*found, strict=False))


def _in_order(content: bytes, needles: dict[Any, bytes]) -> list[Any]:
    places = {thing: content.find(needle) for thing, needle in needles.items()}
    return sorted((thing for thing in needles if places[thing] >= 0), key=lambda t: places[t])


def _contents(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _pairs(people: list[str], sealed: list[bytes]) -> Pairs:
    return list(zip(people, sealed, strict=True))


def _backwards(pairs: Pairs) -> Pairs:
    people, sealed = [p for p, _ in pairs], [s for _, s in pairs]
    return list(zip(people, reversed(sealed), strict=True))


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
