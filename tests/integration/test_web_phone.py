"""The call list beside the answers: it joins to none, and goes where the other databases go."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from blikveld.backup import backup, erasure
from blikveld.cli import phone
from blikveld.phone import CallOutcome, Case, Disposition, Organisation, OutcomeGroup
from blikveld.phone.call_list import CallList
from blikveld.phone.queue import HERE
from blikveld.web import databases, stored_data

CALLS, LUCK = 200, 8
NOW = datetime(2021, 4, 7, 10, 0, tzinfo=HERE)
WORK = {"district": ["zand_duin"], "job": ["other"], "seen": ["no"]}


def book_of(here: Any, number: int) -> CallList:
    book = CallList.at(here.data)
    keys = (f"{(n * 7919 + 1) * 2**90:032x}" for n in range(number))
    book.add(Organisation(key, f"Invented{n}x", f"010{n:07}", "zand") for n, key in enumerate(keys))
    return book


def call(here: Any, book: CallList) -> str:
    """An interview by telephone, and its outcome set by hand; gives whose it was."""
    found = book.take(NOW, "anna (invented)")
    assert isinstance(found, Case)
    who = found.organisation.name
    visitor = here.visitor(phone=True)
    visitor.open(visitor.entrance).send({}).send({**WORK, "job_other": [who]})
    visitor.send({"remarks": [who]})
    book.record(found.organisation.key, CallOutcome(Disposition.COMPLETE), NOW, "anna (invented)")
    return who


def answers(file: Path, order: str) -> list[str]:
    query = f"SELECT answers ->> 'job_other' FROM answers_response ORDER BY {order}"  # noqa: S608
    with sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True) as db:
        return [str(row[0]) for row in db.execute(query)]


def listed(file: Path) -> list[str]:
    with sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True) as db:
        return [str(row[0]) for row in db.execute("SELECT name FROM organisation")]


def by_bytes(file: Path, names: list[str], mark: str) -> list[str]:
    content = file.read_bytes()
    return sorted(names, key=lambda name: content.rfind(mark.format(name).encode()))


def test_no_order_joins_a_call_to_an_answer(here: Any, tmp_path: Path) -> None:
    book = book_of(here, CALLS)
    called = [call(here, book) for _ in range(CALLS)]
    assert len(set(called)) == CALLS
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    databases.detach()
    for folder in (here.data, copy):
        given, calls = folder / "answers.sqlite3", folder / "calls.sqlite3"
        names = listed(calls)
        for order in ("rowid", "token_hash", "length(answers), rowid"):
            found = answers(given, order)
            assert len(found) == len(names) == CALLS
            hits = sum(a == b for a, b in zip(found, names, strict=True))
            assert hits <= LUCK, (folder.name, order)
        pair = by_bytes(given, called, '"job_other": "{}"'), by_bytes(calls, called, "{}0")
        assert sum(a == b for a, b in zip(*pair, strict=True)) <= LUCK


def test_no_key_token_or_time_stands_on_both_sides(here: Any) -> None:
    book = book_of(here, 5)
    for _ in range(5):
        call(here, book)
    databases.detach()
    with sqlite3.connect(book.path) as db:
        keys = [row[0] for row in db.execute("SELECT key FROM organisation")]
        told = "\n".join(db.iterdump())
    with sqlite3.connect(here.data / "answers.sqlite3") as db:
        rows = db.execute("SELECT key, token_hash FROM answers_response").fetchall()
        other = "\n".join(db.iterdump())
    assert rows
    assert not any(key in other or str(int(key, 16)) in other for key in keys)
    assert not any(str(key) in told or f"{key:x}" in told or mark in told for key, mark in rows)
    assert "2021-04-07" not in other


def test_a_backup_takes_the_list_along_and_brings_it_back(here: Any, tmp_path: Path) -> None:
    book = book_of(here, 3)
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    backup.restore_backup(copy, tmp_path / "again", here.study)
    assert CallList.at(tmp_path / "again").cases() == book.cases()
    with (copy / "calls.sqlite3").open("ab") as file:
        file.write(b"changed")
    with pytest.raises(stored_data.BackupRefused, match="not a whole backup"):
        stored_data.check_backup(copy, here.study)


def test_an_erased_list_is_in_no_file(here: Any, tmp_path: Path) -> None:
    book = book_of(here, 3)
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    done = erasure.erase(here.data, here.study, erasure.ErasedData.CALLS)
    assert (done.rows, done.missing) == (3, ())
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Invented" not in everything
    assert book.outcomes().cases == 3
    stored_data.check_backup(copy, here.study)


def test_a_backup_without_a_list_is_not_missed_and_one_that_lost_it_is(
    here: Any, tmp_path: Path
) -> None:
    backup.back_up(here.data, here.study, tmp_path / "before")
    book_of(here, 3)
    lost = backup.back_up(here.data, here.study, tmp_path / "lost")
    (lost / "calls.sqlite3").rename(tmp_path / "elsewhere")
    done = erasure.erase(here.data, here.study, erasure.ErasedData.CALLS)
    assert done.missing == (str(lost),)


def test_the_commands_from_a_list_to_its_rates(tmp_path: Path, flagship: Any) -> None:
    data = ("--data", str(tmp_path / "data"))
    told = _blikveld("import", str(flagship.folder / "calls.csv"), *data)
    assert told.startswith("65 organisations added")
    book = CallList.at(tmp_path / "data")
    for end in (Disposition.COMPLETE, Disposition.REFUSED):
        found = book.take(NOW, "anna (invented)")
        assert isinstance(found, Case)
        book.record(found.organisation.key, CallOutcome(end), NOW, "anna (invented)")
    shown = " ".join(_blikveld("rates", *data).split())
    for rate, percent in (("RR1", "1.5%"), ("RR5", "50.0%"), ("REF1", "1.5%"), ("CON3", "100.0%")):
        assert percent in shown.split(f" {rate} ")[1][:12]
    _blikveld("export", *data, "--out", str(tmp_path / "o.json"), "--format", "json")
    groups = json.loads((tmp_path / "o.json").read_text())["groups"]
    assert (groups["complete"], groups["refused"], groups["unknown_household"]) == (1, 1, 63)


def test_the_demonstration_has_a_list_with_calls_of_which_all_is_invented(
    tmp_path: Path, flagship: Any, small: Any
) -> None:
    assert phone.make_demo_calls(small, tmp_path) == 0
    assert phone.make_demo_calls(flagship, tmp_path) == 29
    book = CallList.at(tmp_path)
    found = book.outcomes()
    assert (found.cases, found.calls) == (65, 29)
    assert found.groups()[OutcomeGroup.COMPLETE] == 8
    assert all("(verzonnen)" in case.organisation.name for case in book.cases())
    assert {a.by for case in book.cases() for a in case.attempts} == {"demo (invented)"}
    assert sum(case.appointment is not None for case in book.cases()) == 3


def _blikveld(*arguments: str) -> str:
    command = [str(Path(sys.executable).parent / "blikveld"), "calls", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
