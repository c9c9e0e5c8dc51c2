"""What was promised: addresses apart, nothing of the visitor kept, nothing in order of time."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from blikveld.backup import backup
from blikveld.contacts import unseal
from blikveld.fieldwork.store import Phase
from blikveld.web import databases, fieldwork, stored_data

WORK = {"district": ["zand_duin"], "job": ["other"], "job_other": ["MARKEDANSWER"], "seen": ["no"]}
ADDRESS = "marked.invented.address@example.org"


def bytes_in(folder: Path, name: str) -> bytes:
    """Everything in a database: the file, its log and whatever lies beside it."""
    databases.detach()
    return b"".join(path.read_bytes() for path in folder.glob(f"{name}*"))


def finish(here: Any, address: str = ADDRESS) -> None:
    here.visitor().begin().send(WORK).send({"contact_talk": [address], "remarks": ["Dag"]})


def kept_facts(folder: Path) -> set[tuple[object, ...]]:
    """What stands beside the addresses in the file itself."""
    databases.detach()
    with closing(sqlite3.connect(folder / "contacts.sqlite3")) as connection:
        return set(connection.execute("SELECT facts FROM addresses_contact"))


@pytest.mark.parametrize(("people", "left"), [(4, "{}"), (5, '{"municipality": "zand"}')])
def test_after_the_fieldwork_facts_that_few_share_are_gone_from_the_file(
    here: Any, people: int, left: str
) -> None:
    for number in range(people):
        finish(here, f"invented{number}@example.org")
    assert kept_facts(here.data) == {('{"municipality": "zand"}',)}
    fieldwork.close(here.data, here.study)
    assert kept_facts(here.data) == {(left,)}


def test_a_fieldwork_that_was_closed_elsewhere_loses_its_rare_facts_with_the_next_rewrite(
    here: Any,
) -> None:
    finish(here)
    stored_data.rewrite(here.data, here.study)
    assert kept_facts(here.data) == {('{"municipality": "zand"}',)}
    fieldwork.phase(here.data, here.study)
    # As the desk closes it, which knows no addresses.
    fieldwork._store(here.study).set_phase(here.study.version, Phase.CLOSED)
    stored_data.rewrite(here.data, here.study)
    assert kept_facts(here.data) == {("{}",)}


def test_a_backup_of_a_running_fieldwork_tells_nothing_beside_an_address(
    here: Any, tmp_path: Path
) -> None:
    for number in range(6):
        finish(here, f"invented{number}@example.org")
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    running = [contact.facts for contact in stored_data.contacts_in_backup(copy, here.study)]
    fieldwork.close(here.data, here.study)
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    closed = [contact.facts for contact in stored_data.contacts_in_backup(copy, here.study)]
    assert (running, closed) == ([{}] * 6, [{"municipality": "zand"}] * 6)


def test_an_address_is_sealed_and_kept_apart_from_answers(here: Any) -> None:
    finish(here)
    (contact,) = fieldwork.contacts(here.data, here.study)
    assert unseal(contact.sealed, here.keys.private) == ADDRESS
    # Nobody else was there to share a municipality with.
    assert contact.facts == {}
    answers, contacts = bytes_in(here.data, "answers"), bytes_in(here.data, "contacts")
    assert b"MARKEDANSWER" in answers
    assert ADDRESS.encode() not in answers
    assert b"@example" not in answers
    assert b"MARKEDANSWER" not in contacts
    assert ADDRESS.encode() not in contacts
    assert b"other" not in contacts


def test_no_key_or_token_stands_in_both_databases(here: Any) -> None:
    finish(here)
    with sqlite3.connect(here.data / "answers.sqlite3") as connection:
        (row,) = connection.execute("SELECT key, token_hash FROM answers_response")
    (contact,) = fieldwork.contacts(here.data, here.study)
    assert contact.key != row[0]
    assert f"{contact.key:016x}" not in row[1]
    answers = bytes_in(here.data, "answers")
    assert contact.key.to_bytes(8, "big") not in answers


def test_an_address_sent_twice_is_kept_once(here: Any) -> None:
    someone = here.visitor().begin().send(WORK)
    form = someone.page.get_element_by_id("questionnaire")
    token = someone.page.xpath("//input[@name='blikveld-session']/@value")[0]
    pairs = [("blikveld-session", token), ("contact_talk", ADDRESS)]
    someone.post(form.get("action"), pairs)
    someone.post(form.get("action"), pairs)
    assert len(list(fieldwork.contacts(here.data, here.study))) == 1


def test_an_address_with_a_page_out_of_order_is_kept_and_told(here: Any) -> None:
    someone = here.visitor().begin()
    token = someone.page.xpath("//input[@name='blikveld-session']/@value")[0]
    someone.post("/nl/v/zand/p/5/", [("blikveld-session", token), ("contact_talk", ADDRESS)])
    someone.send(WORK)
    assert "U gaf al een adres op" in someone.text
    assert someone.page.get_element_by_id("q-talk").value == ""
    someone.send({})
    assert someone.url.endswith("/done/")
    assert len(list(fieldwork.contacts(here.data, here.study))) == 1


def test_nothing_of_the_visitor_is_kept(here: Any) -> None:
    someone = here.visitor()
    marks = {
        "User-Agent": "MARKEDAGENT",
        "Referer": "http://testserver/MARKEDREFERER",
        "X-Forwarded-For": "203.0.113.77",
        "Host": "testserver",
    }
    someone.client.defaults.update({"REMOTE_ADDR": "203.0.113.78"})
    someone.open(**marks)
    someone.send({}, **marks).send(WORK, **marks).send({}, **marks)
    assert someone.url.endswith("/done/")
    everything = b"".join(bytes_in(here.data, name) for name in ("answers", "contacts", ""))
    for mark in (b"MARKEDAGENT", b"MARKEDREFERER", b"203.0.113.7"):
        assert mark not in everything


def test_the_token_of_a_respondent_is_not_in_the_database(here: Any) -> None:
    someone = here.visitor().begin()
    token = someone.client.cookies["blikveld-web-zand"].value
    assert token.encode() not in bytes_in(here.data, "answers")


def test_rows_stand_in_the_order_of_random_keys(here: Any) -> None:
    for _ in range(12):
        here.visitor().begin()
    with sqlite3.connect(here.data / "answers.sqlite3") as connection:
        rows = list(connection.execute("SELECT rowid, key FROM answers_response NOT INDEXED"))
    assert all(rowid == key for rowid, key in rows)
    assert [key for _, key in rows] == sorted(key for _, key in rows)
    assert len({key >> 40 for _, key in rows}) == 12


def test_no_column_holds_a_time(here: Any) -> None:
    for name in ("answers", "contacts"):
        with sqlite3.connect(here.data / f"{name}.sqlite3") as connection:
            tables = connection.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'a%'")
            text = " ".join(str(sql) for (sql,) in tables).lower()
        assert "date" not in text.replace("update", "")
        assert "time" not in text


def test_the_cookie_is_closed_to_scripts_and_other_websites(here: Any) -> None:
    someone = here.visitor().begin()
    cookie = someone.client.cookies["blikveld-web-zand"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_pages_are_not_kept_by_browsers_and_name_no_other_host(here: Any) -> None:
    someone = here.visitor()
    for page in (someone.open(), someone.send({}), someone.send(WORK)):
        assert page.response["Cache-Control"] == "no-store"
        assert "default-src 'none'" in page.response["Content-Security-Policy"]
        assert page.response["Referrer-Policy"] == "same-origin"
        addresses = page.page.xpath("//@href | //@src | //@action")
        assert all(a.startswith(("/", "#", "data:,", "tel:")) for a in addresses)
        assert page.page.xpath("//script[not(@src)] | //@style | //@onclick") == []


def test_databases_keep_full_durability_unless_told_otherwise(here: Any) -> None:
    from django.db import connections

    for alias in ("default", "contacts"):
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)


def test_the_data_folder_is_for_its_owner(here: Any) -> None:
    finish(here)
    assert stat.S_IMODE(here.data.stat().st_mode) == 0o700
    for file in here.data.glob("*.sqlite3*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
