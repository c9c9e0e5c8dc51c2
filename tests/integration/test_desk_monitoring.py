"""The response at the desk, how it grew, and a fieldwork that is closed there."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import lxml.html
import pytest
from django.db import connections

from blikveld.contacts import make_keys
from blikveld.desk.audit_log.models import AuditEntry as Written
from blikveld.desk.roles import Role
from blikveld.fieldwork import SessionState, SurveyLink, sessions
from blikveld.fieldwork.store import Phase
from blikveld.fieldwork.tokens import hash_token, make_token
from blikveld.questionnaire import Routing
from blikveld.study.model import Mode, Study
from blikveld.web import databases, fieldwork, served_study

NOON = datetime(2027, 1, 11, 12).astimezone()


def _come(study: Study, place: str, number: int, mode: Mode = Mode.WEB, **answers: str) -> None:
    """So many invented people finish."""
    from blikveld.web.answers.models import DjangoStore

    link, routing, store = SurveyLink(place, mode), Routing(study), DjangoStore(study.key)
    for _ in range(number):
        begun = sessions.start(routing, hash_token(make_token()), link, "nl").session
        with store.transaction():
            store.add(replace(begun, answers=answers, state=SessionState.COMPLETED))


def _note(study: Study, day: int) -> None:
    from blikveld.web.answers import models

    models.renew(study, NOON + timedelta(days=day))


def _page(client: Any, path: str) -> Any:
    found = client.get(path)
    assert found.status_code == 200
    return lxml.html.fromstring(found.content.decode())


def _texts(page: Any, path: str) -> list[str]:
    return [" ".join(" ".join(found.itertext()).split()) for found in page.xpath(path)]


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.PRIVACY_OFFICER])
def test_every_link_is_shown_in_steps_as_of_the_night(desk: Any, role: Role) -> None:
    _come(desk.study, "zand", 7)
    _come(desk.study, "veen", 3)
    client, rows = desk.signed_in(role), "//table[tfoot]/tbody/tr"
    nothing = [f"{place} {mode} {opened} 0 0" for place, mode, opened in LINKS]
    assert _texts(_page(client, "/nl/monitoring/"), rows) == nothing
    _note(desk.study, 0)
    page = _page(client, "/nl/monitoring/")
    assert _texts(page, rows) == ["Zand & Zee met de link 0 5 5", *nothing[1:]]
    assert _texts(page, "//tfoot/tr") == ["Samen 0 5 5"]
    may = role is Role.RESEARCHER
    assert bool(page.xpath("//p[@class='notice']/a[@href='/nl/fieldwork/']")) is may


LINKS = [
    ("Zand & Zee", "met de link", "0"),
    ("Zand & Zee", "per telefoon", "–"),
    ("Veen", "met de link", "0"),
    ("Veen", "per telefoon", "–"),
]


def test_a_municipality_nobody_knows_is_no_page(desk: Any) -> None:
    assert desk.signed_in(Role.RESEARCHER).get("/nl/monitoring/nowhere/").status_code == 404


def test_by_domain_is_in_steps_and_for_who_may_take_the_answers_out(
    desk: Any, flagship: Study
) -> None:
    served_study.use(served_study.ServedStudy(flagship))
    place = flagship.sites.every[0].key
    for function, number in {"boa": 12, "secondary_school": 9, "debt_counsellor": 2}.items():
        _come(flagship, place, number, function=function)
    page = _page(desk.signed_in(Role.RESEARCHER), f"/en/monitoring/{place}/")
    table = page.xpath("//table[caption]")[0]
    shown = dict(zip(_texts(table, ".//tbody//th"), _texts(table, ".//td"), strict=True))
    assert shown["Public order and safety"] == "10"
    assert shown["Education"] == "5"
    assert shown["Work, finance and debts"] == "0"
    assert not _page(desk.signed_in(Role.RESEARCHER), "/en/monitoring/").xpath("//caption")
    officer = desk.signed_in(Role.PRIVACY_OFFICER)
    assert not _page(officer, f"/en/monitoring/{place}/").xpath("//caption")


def test_growth_is_drawn_from_lines_of_five_or_more(desk: Any) -> None:
    client = desk.signed_in(Role.RESEARCHER)
    _come(desk.study, "zand", 6)
    _come(desk.study, "veen", 4)
    assert not _page(client, "/nl/monitoring/").xpath("//svg")
    _note(desk.study, 0)
    _come(desk.study, "veen", 3)
    _come(desk.study, "zand", 2)
    _note(desk.study, 1)
    page = _page(client, "/nl/monitoring/")
    assert len(page.xpath("//svg[@role='img'][@aria-label]")) == 1
    assert _texts(page, "//details//tbody/tr") == ["11 jan 2027 5", "12 jan 2027 10"]
    assert _texts(_page(client, "/nl/monitoring/veen/"), "//details//tbody/tr") == ["12 jan 2027 5"]


def test_no_row_of_an_answer_holds_a_day(desk: Any) -> None:
    from django.db import connection

    _come(desk.study, "zand", 6)
    _note(desk.study, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM answers_response")
        assert "2027" not in str(cursor.fetchall())
        cursor.execute("SELECT municipality, day, number FROM answers_daytotal")
        assert cursor.fetchall() == [("zand", "2027-01-11", 6)]


def test_the_fieldwork_is_closed_and_opened_with_a_tick_and_is_in_the_journal(desk: Any) -> None:
    client, store = desk.signed_in(Role.RESEARCHER), served_study.current().store
    assert client.post("/nl/fieldwork/", {"phase": "closed"}).status_code == 422
    assert store.phase() is Phase.OPEN
    for wanted, act in (("closed", "fieldwork.closed"), ("open", "fieldwork.opened")):
        found = client.post("/nl/fieldwork/", {"phase": wanted, "sure": "yes"})
        assert (found.status_code, store.phase().value) == (303, wanted)
        last = Written.objects.order_by("-number")[0]
        assert (last.who, last.act, last.on) == ("invented-researcher", act, "small")


def test_an_old_page_does_not_open_what_was_meant_to_be_closed(desk: Any) -> None:
    client, store = desk.signed_in(Role.RESEARCHER), served_study.current().store
    client.post("/nl/fieldwork/", {"phase": "closed", "sure": "yes"})
    again = client.post("/nl/fieldwork/", {"phase": "closed", "sure": "yes"})
    assert (again.status_code, store.phase()) == (422, Phase.CLOSED)
    assert Written.objects.filter(act__startswith="fieldwork.").count() == 1


def test_the_respondents_server_sees_a_closing_at_the_desk_and_rewrites_once(desk: Any) -> None:
    _come(desk.study, "zand", 30)
    client = desk.signed_in(Role.RESEARCHER)
    databases.detach()
    closing = fieldwork.Closing(desk.data, desk.study)
    assert not closing.seen()
    from blikveld.desk.databases import attach

    attach(desk.data, desk.study)
    client.post("/nl/fieldwork/", {"phase": "closed", "sure": "yes"})
    log = desk.data / "answers.sqlite3-wal"
    assert log.stat().st_size > 0
    databases.detach()
    assert (closing.seen(), closing.seen()) == (True, False)
    assert fieldwork.at_night(desk.data, desk.study)
    assert not log.exists() or log.stat().st_size == 0
    closing.again()
    assert closing.seen()


def test_a_server_that_runs_rewrites_by_itself_once_the_desk_closed(
    desk: Any, tmp_path: Path
) -> None:
    _come(desk.study, "zand", 30)
    client, log = desk.signed_in(Role.RESEARCHER), desk.data / "answers.sqlite3-wal"
    with _served(desk, tmp_path / "served"):
        client.post("/nl/fieldwork/", {"phase": "closed", "sure": "yes"})
        assert log.stat().st_size > 0
        connections.close_all()
        _until(lambda: _lines(desk.data) == [("zand", 30)])
        _until(lambda: log.stat().st_size == 0)


@contextmanager
def _served(desk: Any, log: Path) -> Iterator[None]:
    """The respondents' server as an operator starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    options = ("--data", str(desk.data), "--study", str(desk.study.folder), "--port", port)
    command = [str(Path(sys.executable).parent / "blikveld"), "serve", *options]
    with log.open("wb") as out:
        given = [*command, "--public-key", make_keys().public]
        process = subprocess.Popen(given, stdout=out, stderr=out)
    try:
        _until(lambda: _answers(f"http://127.0.0.1:{port}/health/"))
        yield
    finally:
        process.terminate()
        assert process.wait(20) == 0


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):  # noqa: S310
            return True
    except OSError:
        return False


def _lines(data: Path) -> list[Any]:
    with closing(sqlite3.connect(data / "answers.sqlite3")) as reading:
        return reading.execute("SELECT municipality, number FROM answers_daytotal").fetchall()


def _until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("It did not come about.")
