"""The server is killed again and again under sixteen clients: nothing is lost or doubled.

Every person here is invented. A client that gets no answer sends the same page again, as somebody
does who presses reload, or gives up; both have to come out right.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from blikveld.contacts import KeyPair, make_keys, unseal
from blikveld.fieldwork import SurveyLink
from blikveld.study.model import Mode, Study
from blikveld.web import databases, fieldwork
from blikveld.web.process import Server

SMALL = Path(__file__).parents[1] / "studies/small"
CLIENTS, SEED = 16, 20210407
KILLS = [15, pytest.param(50, marks=pytest.mark.long)]
LONGEST_LIFE = 0.5
LINK = SurveyLink("zand", Mode.WEB)
PAGES = {2: ("district", "job", "job_other", "seen"), 3: ("places", "loud", "clever")}
FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
}
TOKEN = re.compile(r'name="blikveld-session" value="([^"]+)"')


class GaveUp(Exception):
    """This client stops: the test is over, or it does not try again."""


@dataclass
class Power:
    """Where the server is now. Clients wait here while it is down."""

    up: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    host: str = ""

    def where(self) -> str:
        while not self.up.wait(0.05):
            if self.over.is_set():
                raise GaveUp
        return self.host


@dataclass(frozen=True)
class Answer:
    """What the server said. It counts as said once the client has all of it."""

    status: int
    location: str
    text: str


@dataclass
class Person:
    """An invented respondent and what the server acknowledged of its pages."""

    name: str
    power: Power
    chance: random.Random
    token: str = ""
    acknowledged: list[int] = field(default_factory=list)

    def travel(self) -> None:
        landing = self._until_answered("GET", "/nl/v/zand/")
        self.token = TOKEN.findall(landing.text)[0]
        self._send("/nl/v/zand/", 1, {})
        work = {"district": "zand_duin", "job": "other", "job_other": self.name, "seen": "yes"}
        self._send("/nl/v/zand/p/2/", 2, work)
        gulls = {"places": "street", "loud": "agree", "clever": "disagree"}
        self._send("/nl/v/zand/p/3/", 3, gulls)
        last = {"contact_talk": f"{self.name}@example.org", "remarks": self.name}
        self._send("/nl/v/zand/p/5/", 5, last)

    def _send(self, path: str, page: int, fields: dict[str, str]) -> None:
        response = self._until_answered("POST", path, {"blikveld-session": self.token, **fields})
        assert response.status == 303, (path, response.status)
        assert "recovered" not in response.location, path
        self.acknowledged.append(page)

    def _until_answered(
        self, method: str, path: str, fields: dict[str, str] | None = None
    ) -> Answer:
        body = urlencode(fields) if fields is not None else None
        while True:
            host = self.power.where()
            try:
                connection = http.client.HTTPConnection(host, timeout=20)
                connection.request(method, path, body, FORM)
                told = connection.getresponse()
                return Answer(told.status, told.headers["Location"] or "", told.read().decode())
            except (OSError, http.client.HTTPException):
                if self.chance.random() < 0.1:
                    raise GaveUp from None
                time.sleep(0.01)


def client(number: int, power: Power, people: list[Person], faults: list[BaseException]) -> None:
    """One person after another, until the test is over."""
    chance = random.Random(SEED + number)
    for turn in range(100_000):
        if power.over.is_set():
            return
        person = Person(f"invented-{number}-{turn}", power, chance)
        people.append(person)
        try:
            person.travel()
        except GaveUp:
            continue
        except BaseException as fault:
            faults.append(fault)
            return


def kill_again_and_again(data: Path, public: str, power: Power, kills: int) -> None:
    """Start the server and kill it at a random moment, so many times."""
    chance = random.Random(SEED)
    for _ in range(kills):
        with Server(SMALL, data, public_key=public) as server:
            power.host = urlsplit(server.url).netloc
            power.up.set()
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            # Clients in the middle of something find the line cut; the others wait.
            server.kill()
            power.up.clear()


def drill(data: Path, study: Study, keys: KeyPair, kills: int) -> list[Person]:
    """Sixteen clients while the server is killed; what they were told."""
    fieldwork.open_(data, study)
    databases.detach()
    power, people, faults = Power(), list[Person](), list[BaseException]()
    clients = [
        threading.Thread(target=client, args=(number, power, people, faults), daemon=True)
        for number in range(CLIENTS)
    ]
    for one in clients:
        one.start()
    try:
        kill_again_and_again(data, keys.public, power, kills)
    finally:
        power.over.set()
        for one in clients:
            one.join(30)
    assert faults == []
    return people


def hold(
    data: Path, study: Study, keys: KeyPair, people: list[Person], tally: Any, kills: int
) -> None:
    """Every acknowledged page and address is there, none twice, and the counters agree."""
    records = [response.values for response in fieldwork.responses(data, study)]
    sealed = list(fieldwork.contacts(data, study))
    addresses = Counter(unseal(contact.sealed, keys.private) for contact in sealed)
    works = Counter(str(record["job_other"]) for record in records if record["seen"] == "yes")
    ends = {str(record["remarks"]) for record in records if record["completed"] is True}
    gulls = {str(r["job_other"]) for r in records if r["places"] == ("street",)}
    done = {page: {p.name for p in people if page in p.acknowledged} for page in (1, 2, 3, 5)}
    assert len(done[5]) > kills
    assert done[2] <= set(works)
    assert done[3] <= gulls
    assert done[5] <= ends
    assert {f"{name}@example.org" for name in done[5]} <= set(addresses)
    assert max(works.values()) == max(addresses.values()) == 1
    assert len(done[1]) <= len(records) <= len(people)
    assert tally(data, study)[LINK] == counted(records)


def counted(records: list[dict[str, object]]) -> tuple[int, int, dict[int, int]]:
    """The pages that were sent in, as the answers themselves tell them."""
    worked = sum(record["seen"] == "yes" for record in records)
    seen = sum(record["loud"] == "agree" for record in records)
    ended = sum(record["completed"] is True for record in records)
    pages = {1: len(records), 2: worked, 3: seen, 5: ended}
    return len(records), ended, pages


class TestSQLite:
    """The embedded database, with full durability as it is served."""

    @pytest.mark.parametrize("kills", KILLS)
    def test_kills_lose_nothing(self, tmp_path: Path, small: Study, tally: Any, kills: int) -> None:
        keys = make_keys()
        people = drill(tmp_path, small, keys, kills)
        hold(tmp_path, small, keys, people, tally, kills)


@pytest.mark.postgres
class TestPostgreSQL:
    """The same on a database server."""

    @pytest.fixture
    def _databases(self, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        import psycopg

        told = dict(part.split("=") for part in postgres.split())
        names = {"DATABASE_URL": "killed_answers", "CONTACTS_URL": "killed_contacts"}
        with psycopg.connect(postgres, autocommit=True) as connection:
            for setting, name in names.items():
                connection.execute(f"CREATE DATABASE {name}".encode())
                url = f"postgresql://{told['user']}@{told['host']}:{told['port']}/{name}"
                monkeypatch.setenv(f"BLIKVELD_{setting}", url)
        yield
        databases.detach()

    @pytest.mark.parametrize("kills", KILLS)
    @pytest.mark.usefixtures("_databases")
    def test_kills_lose_nothing(self, tmp_path: Path, small: Study, tally: Any, kills: int) -> None:
        keys = make_keys()
        people = drill(tmp_path, small, keys, kills)
        hold(tmp_path, small, keys, people, tally, kills)
