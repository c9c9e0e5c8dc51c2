"""Erasing addresses, backups and their way back; and the commands of the fieldwork."""

from __future__ import annotations

import csv
import json
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from blikveld.backup import backup, erasure
from blikveld.backup.erasure import ErasedData
from blikveld.cli import backup as contacts_command
from blikveld.contacts import SealedContact, make_keys, seal, write_private
from blikveld.study.model import Study
from blikveld.web import databases, fieldwork, stored_data

SMALL = Path(__file__).parents[1] / "studies/small"
WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["no"]}
BLIKVELD = [str(Path(sys.executable).parent / "blikveld")]


def fill(here: Any, people: int = 20) -> list[bytes]:
    """Invented people with an address; gives what is sealed of them."""
    for number in range(people):
        someone = here.visitor().begin().send(WORK)
        someone.send({"contact_talk": [f"invented{number}@example.org"]})
    return [contact.sealed for contact in fieldwork.contacts(here.data, here.study)]


def everything(folder: Path) -> bytes:
    databases.detach()
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_erased_address_is_in_no_file(here: Any, tmp_path: Path) -> None:
    sealed = fill(here)
    backup.back_up(here.data, here.study, tmp_path / "backup")
    later = fill(here, 5)
    assert set(sealed) < set(later)
    before = everything(tmp_path)
    assert all(box[100:200] in before for box in sealed)
    done = erasure.erase(here.data, here.study, ErasedData.ADDRESSES)
    after = everything(tmp_path)
    for box in later:
        assert not any(box[at : at + 24] in after for at in range(0, len(box) - 24, 200))
    assert done.rows == 25
    assert done.backups == (str(tmp_path / "backup"),)
    assert done.missing == ()
    assert list(fieldwork.contacts(here.data, here.study)) == []
    assert len(here.records()) == 25


def test_the_certificate_says_what_when_and_what_remains(here: Any, tmp_path: Path) -> None:
    fill(here, 3)
    backup.back_up(here.data, here.study, tmp_path / "backup")
    told = json.loads(erasure.erase(here.data, here.study, ErasedData.ADDRESSES).text())
    assert told["addresses erased"] == 3
    assert told["study"] == "small"
    datetime.strptime(told["day"], "%Y-%m-%d").astimezone()
    remains = {Path(path).name for path in told["sha256 of what remains"]}
    assert remains >= {"answers.sqlite3", "contacts.sqlite3", "backup.json"}
    for path, digest in told["sha256 of what remains"].items():
        assert stored_data.digest(Path(path)) == digest
    stored_data.check_backup(tmp_path / "backup", here.study)


def test_erased_answers_are_in_no_file_and_counters_stay(here: Any, tmp_path: Path) -> None:
    for number in range(20):
        marked = {**WORK, "job": ["other"], "job_other": [f"MARKED{number}"]}
        here.visitor().begin().send(marked).send({})
    backup.back_up(here.data, here.study, tmp_path / "backup")
    counts = _counts(here)
    assert b"MARKED" in everything(tmp_path)
    done = erasure.erase(here.data, here.study, ErasedData.ANSWERS)
    assert b"MARKED" not in everything(tmp_path)
    assert (done.rows, here.records()) == (20, [])
    stored_data.rewrite(here.data, here.study)
    assert _counts(here) == counts
    assert [one.finished for one in counts.values()] == [20]


def _counts(here: Any) -> Any:
    from blikveld.web.answers.models import DjangoStore

    return DjangoStore(here.study.key).counts()


def test_a_backup_that_is_gone_is_named(here: Any, tmp_path: Path) -> None:
    fill(here, 2)
    backup.back_up(here.data, here.study, tmp_path / "backup")
    (tmp_path / "backup").rename(tmp_path / "elsewhere")
    done = erasure.erase(here.data, here.study, ErasedData.ADDRESSES)
    assert done.missing == (str(tmp_path / "backup"),)


@pytest.mark.parametrize("left", ["contacts.part", "contacts.sqlite3.part"])
def test_what_is_left_of_a_broken_off_backup_is_erased(
    here: Any, tmp_path: Path, left: str
) -> None:
    sealed = fill(here, 2)
    backup.back_up(here.data, here.study, tmp_path / "backup")
    half = tmp_path / "backup" / left
    half.write_bytes((tmp_path / "backup" / "contacts.sqlite3").read_bytes())
    erasure.erase(here.data, here.study, ErasedData.ADDRESSES)
    assert not any(box[:32] in everything(tmp_path) for box in sealed)


def test_opened_addresses_are_the_owners_alone_whatever_stood_there(
    here: Any, tmp_path: Path
) -> None:
    fill(here, 2)
    made = make_keys()
    write_private(made, tmp_path / "key")
    out = tmp_path / "addresses.csv"
    out.write_text("an earlier list", encoding="utf-8")
    out.chmod(0o644)
    # The server of the test seals with a key of its own; what is opened here is sealed anew.
    contact = SealedContact(1, seal("invented@example.org", made.public), {"municipality": "zand"})
    with pytest.MonkeyPatch.context() as patch, out.open(encoding="utf-8") as earlier:
        patch.setattr(contacts_command.fieldwork, "contacts", lambda data, study: [contact])
        contacts_command.decrypt(data=here.data, key=tmp_path / "key", out=out, study=str(SMALL))
        assert earlier.read() == "an earlier list"
    assert "invented@example.org" in out.read_text(encoding="utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_trace_that_stays_is_told_and_not_certified(here: Any) -> None:
    sealed = fill(here, 2)
    (here.data / "forgotten").write_bytes(sealed[0])
    with pytest.raises(erasure.NotErased, match="forgotten"):
        erasure.erase(here.data, here.study, ErasedData.ADDRESSES)


def test_a_backup_comes_back_whole(here: Any, tmp_path: Path) -> None:
    sealed = fill(here, 4)
    backup.back_up(here.data, here.study, tmp_path / "backup")
    records = here.records()
    backup.restore_backup(tmp_path / "backup", tmp_path / "again", here.study)
    back = [response.values for response in fieldwork.responses(tmp_path / "again", here.study)]
    assert back == records
    found = [contact.sealed for contact in fieldwork.contacts(tmp_path / "again", here.study)]
    assert found == sealed
    with pytest.raises(stored_data.BackupRefused, match="stands there already"):
        backup.restore_backup(tmp_path / "backup", tmp_path / "again", here.study)


def test_drill_backup_destroy_restore(here: Any, tmp_path: Path) -> None:
    sealed, counts, records = fill(here, 6), here.counts(), here.records()
    backup.back_up(here.data, here.study, tmp_path / "backup")
    databases.detach()
    for path in here.data.iterdir():
        path.unlink()
    backup.restore_backup(tmp_path / "backup", here.data, here.study)
    assert (here.counts(), here.records()) == (counts, records)
    assert counts.completed == 6
    assert [contact.sealed for contact in fieldwork.contacts(here.data, here.study)] == sealed
    someone = here.visitor().begin().send(WORK).send({})
    assert someone.url.endswith("/done/")
    assert len(here.records()) == 7


def test_a_changed_backup_is_refused(here: Any, flagship: Study, tmp_path: Path) -> None:
    fill(here, 1)
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    with pytest.raises(stored_data.BackupRefused, match="not a whole backup"):
        backup.restore_backup(copy, tmp_path / "again", flagship)
    with (copy / "answers.sqlite3").open("ab") as file:
        file.write(b"changed")
    with pytest.raises(stored_data.BackupRefused, match="not a whole backup"):
        backup.restore_backup(copy, tmp_path / "again", here.study)


def test_a_backup_writes_over_nothing_else(here: Any, tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("invented")
    with pytest.raises(stored_data.BackupRefused, match="no backup"):
        backup.back_up(here.data, here.study, tmp_path)


def test_a_second_backup_takes_the_place_of_the_first(here: Any, tmp_path: Path) -> None:
    fill(here, 1)
    backup.back_up(here.data, here.study, tmp_path / "backup")
    fill(here, 1)
    copy = backup.back_up(here.data, here.study, tmp_path / "backup")
    names = {path.name for path in copy.iterdir()}
    assert names == {"answers.sqlite3", "contacts.sqlite3", "backup.json"}
    assert len(list(stored_data.contacts_in_backup(copy, here.study))) == 2
    stored_data.check_backup(copy, here.study)


def test_every_night_is_due_once_also_when_it_was_missed(here: Any) -> None:
    zone = datetime.now().astimezone().tzinfo

    def due(day: int, hour: int, minute: int = 0) -> bool:
        return stored_data.is_due(here.data, datetime(2021, 4, day, hour, minute, tzinfo=zone))

    assert due(7, 12)
    (here.data / "rewritten").write_text("2021-04-07\n", encoding="ascii")
    assert (due(7, 3), due(7, 12), due(8, 2, 59)) == (False, False, False)
    assert (due(8, 3), due(8, 23), due(20, 1)) == (True, True, True)
    stored_data.rewrite(here.data, here.study)
    assert not stored_data.is_due(here.data, datetime.now().astimezone())


def test_the_commands_from_keys_to_certificate(tmp_path: Path) -> None:
    study, data = ("--study", str(SMALL)), ("--data", str(tmp_path / "data"))
    key, copy, table = tmp_path / "key", tmp_path / "backup", tmp_path / "addresses.csv"
    public = _blikveld("contacts", "keys", str(key)).split("BLIKVELD_PUBLIC_KEY=")[1].strip()
    _serve_once(tmp_path, public)
    _blikveld("fieldwork", "close", *data, *study)
    _blikveld("backup", *data, "--out", str(copy), *study)
    for folder in (tmp_path / "data", copy):
        opening = ("--data", str(folder), "--key", str(key), "--out", str(table))
        _blikveld("contacts", "decrypt", *opening, *study)
        rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
        assert [row["address"] for row in rows] == ["invented@example.org"]
    told = _blikveld("snapshot", *data, "--out", str(tmp_path / "snapshot"), *study)
    assert told.startswith("1 respondents")
    certificate = json.loads(_blikveld("erase", "--contacts", *data, *study))
    assert certificate["addresses erased"] == 1
    _blikveld("restore", str(copy), "--data", str(tmp_path / "again"), *study)
    refused = subprocess.run([*BLIKVELD, "erase", *data], capture_output=True, text=True)
    assert (refused.returncode, "--contacts" in refused.stderr) == (2, True)


def _blikveld(*arguments: str) -> str:
    done = subprocess.run([*BLIKVELD, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _serve_once(tmp_path: Path, public: str) -> None:
    """Serve, let one invented person through, and stop as an operator would."""
    from http.cookiejar import CookieJar
    from urllib.parse import urlencode
    from urllib.request import HTTPCookieProcessor, build_opener

    port = _free_port()
    options = ("--data", str(tmp_path / "data"), "--study", str(SMALL), "--port", str(port))
    command = [*BLIKVELD, "serve", *options, "--public-key", public]
    with (tmp_path / "served").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/health/")
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        page = opener.open(f"http://127.0.0.1:{port}/nl/v/zand/")
        work = [("district", "zand_duin"), ("job", "baker"), ("seen", "no")]
        for fields in ([], work, [("contact_talk", "invented@example.org")]):
            token = page.read().decode().split('name="blikveld-session" value="')[1][:43]
            body = urlencode([("blikveld-session", token), *fields]).encode()
            page = opener.open(page.geturl(), body)
        assert page.geturl().endswith("/done/")
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0


def _wait(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urlopen(url, timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("The server did not start.")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
