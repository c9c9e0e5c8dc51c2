"""The desk in a backup: made, destroyed, put back. All people are invented."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyotp
import pytest

from blikveld.backup import backup
from blikveld.desk import commands
from blikveld.desk.roles import Role
from blikveld.web import databases, stored_data

SMALL = Path(__file__).parents[1] / "studies/small"
PASSWORD = "zeven groene vuurtorens"  # noqa: S105
BLIKVELD = str(Path(sys.executable).parent / "blikveld")


def _run(*arguments: str) -> str:
    done = subprocess.run([BLIKVELD, *arguments, "--study", str(SMALL)], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def _open_account(desk: Any) -> str:
    """An account with both factors; gives the secret of its app."""
    path, client = desk.invite("ada", Role.RESEARCHER), desk.client()
    page = client.get(path).content.decode()
    secret = re.findall(r'<p class="secret">([A-Z2-7 ]+)</p>', page)[0].replace(" ", "")
    form = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert client.post(path, form).status_code == 200
    return secret


def _talks(desk: Any) -> Path:
    """A protected interview, its log, a draft, and both keys."""
    own = Path(desk.data) / "desk"
    for name in ("texts/one.txt", "log.jsonl", "register", "drafts/two.json"):
        (own / "talks" / name).parent.mkdir(parents=True, exist_ok=True)
        (own / "talks" / name).write_text(f"invented {name}", encoding="utf-8")
    for key in ("secret_key", "interviews.key"):
        (own / key).write_text(f"invented {key}", encoding="utf-8")
    return own


def test_drill_backup_destroy_restore(desk: Any, tmp_path: Path) -> None:
    secret = _open_account(desk)
    own, before = _talks(desk), commands.audit(desk.data, desk.study)[0]
    databases.detach()
    told = _run("backup", "--data", str(desk.data), "--out", str(tmp_path / "backup"))
    assert "without its keys" in told
    keys = (own / "secret_key").read_text(encoding="utf-8")
    shutil.rmtree(desk.data)
    told = _run("restore", str(tmp_path / "backup"), "--data", str(desk.data))
    assert "blikveld desk invite" in told
    back = {str(path.relative_to(own)) for path in own.rglob("*") if path.is_file()}
    assert back == {
        "desk.sqlite3",
        "interviews/texts/one.txt",
        "interviews/log.jsonl",
        "interviews/register",
    }
    assert commands.audit(desk.data, desk.study)[0] == before
    (own / "secret_key").write_text(keys, encoding="utf-8")
    from blikveld.desk.databases import attach

    attach(desk.data, desk.study)
    form = {"name": "ada", "password": PASSWORD, "code": _next(secret)}
    assert desk.client().post("/nl/sign-in/", form).status_code == 303


def test_without_the_key_the_second_factor_opens_nothing_and_an_invitation_helps(
    desk: Any,
) -> None:
    from django.test import override_settings

    secret = _open_account(desk)
    form = {"name": "ada", "password": PASSWORD, "code": _next(secret)}
    with override_settings(SECRET_KEY="another key than before"):  # noqa: S106
        assert desk.client().post("/nl/sign-in/", form).status_code == 422
        assert desk.client().get(desk.invite("ada", Role.RESEARCHER)).status_code == 200


def test_no_key_no_draft_and_no_session_is_in_a_backup(desk: Any, tmp_path: Path) -> None:
    client, _ = desk.signed_in(Role.CODER), _talks(desk)
    backup.back_up(desk.data, desk.study, tmp_path / "backup")
    backup.copy_desk(desk.data, desk.study, tmp_path / "backup")
    content = b"".join(p.read_bytes() for p in (tmp_path / "backup").rglob("*") if p.is_file())
    assert b"invented texts/one.txt" in content
    for lacking in ("invented secret_key", "invented interviews.key", "invented drafts"):
        assert lacking.encode() not in content
    assert str(client.session.session_key).encode() not in content


def test_a_desk_that_was_changed_or_is_in_the_way_is_refused(desk: Any, tmp_path: Path) -> None:
    out = backup.back_up(desk.data, desk.study, tmp_path / "backup")
    assert backup.copy_desk(desk.data, desk.study, out)
    with pytest.raises(stored_data.BackupRefused, match="stands there already"):
        backup.check_desk(out, desk.data, desk.study)
    backup.check_desk(out, tmp_path / "again", desk.study)
    with (out / "desk" / "desk.sqlite3").open("ab") as file:
        file.write(b"changed")
    with pytest.raises(stored_data.BackupRefused, match="not whole"):
        backup.check_desk(out, tmp_path / "again", desk.study)


def test_a_second_backup_takes_the_place_of_the_first_desk(desk: Any, tmp_path: Path) -> None:
    out = backup.back_up(desk.data, desk.study, tmp_path / "backup")
    backup.copy_desk(desk.data, desk.study, out)
    (out / "desk" / "talks").mkdir()
    (out / "desk" / "talks" / "old").write_text("invented", encoding="utf-8")
    backup.copy_desk(desk.data, desk.study, out)
    assert not (out / "desk" / "talks").exists()
    backup.check_desk(out, tmp_path / "again", desk.study)


def test_with_the_answers_the_marks_go_from_backups_too(desk: Any, tmp_path: Path) -> None:
    from blikveld.desk.databases import attach
    from blikveld.desk.open_answers.models import ReleasedText

    out = backup.back_up(desk.data, desk.study, tmp_path / "backup")
    attach(desk.data, desk.study)
    ReleasedText.objects.create(text_hash="a1" * 32)
    backup.copy_desk(desk.data, desk.study, out)
    with sqlite3.connect(out / "desk" / "desk.sqlite3") as kept:
        assert kept.execute("SELECT count(*) FROM texts_releasedtext").fetchone() == (1,)
    databases.detach()
    _run("erase", "--answers", "--data", str(desk.data))
    for folder in (desk.data, out):
        content = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
        assert b"a1" * 32 not in content
    backup.check_desk(out, tmp_path / "again", desk.study)


def _next(secret: str) -> str:
    """The next code of the app: the one that opened the account works no second time."""
    import time

    return pyotp.TOTP(secret).at(int(time.time()) + 30)
