"""`blikveld check-deploy`: each line is right on a good server, and not on a bad one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blikveld.backup import backup
from blikveld.contacts import make_keys
from blikveld.study.model import Study
from blikveld.web import deploy_checks, stored_data
from blikveld.web.environment import Environment
from blikveld.web.process import Server

SMALL = Path(__file__).parents[1] / "studies/small"
GOOD = {
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:",
}
HTTPS, POLICY = "HTTPS only (HSTS)", "Pages ask nothing of other hosts (CSP)"


def to_mend(
    environment: Environment, study: Study, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    monkeypatch.setattr(deploy_checks, "_our_headers", lambda: headers)
    return {line.name for line in deploy_checks.check_deployment(environment, study) if line.mend}


@pytest.fixture
def good(here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    backup.back_up(here.data, here.study, tmp_path / "backup")
    for path in here.data.iterdir():
        path.chmod(0o600)
    monkeypatch.setattr(deploy_checks, "_is_encrypted", lambda folder: True)
    keys, secret = make_keys().public, "invented" * 4
    return Environment(study=str(SMALL), data=here.data, public_key=keys, secret_key=secret)


def test_on_a_good_server_nothing_is_to_be_mended(
    good: Environment, small: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert to_mend(good, small, GOOD, monkeypatch) == set()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"secret_key": "short"}, {"Secret key"}),
        ({"secret_key": None}, {"Secret key"}),
        ({"public_key": None}, {"Key for addresses"}),
        ({"public_key": "ab"}, {"Key for addresses"}),
        ({"fsync": False}, {"Power cut"}),
    ],
)
def test_what_is_wrong_is_named(
    good: Environment,
    small: Study,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    named: set[str],
) -> None:
    assert to_mend(replace(good, **changes), small, GOOD, monkeypatch) == named


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("Strict-Transport-Security", "", HTTPS),
        ("Strict-Transport-Security", "max-age=60", HTTPS),
        ("Content-Security-Policy", "", POLICY),
        ("Content-Security-Policy", "default-src 'none'; img-src https://cdn.example", POLICY),
        ("Content-Security-Policy", "default-src 'self' *", POLICY),
    ],
)
def test_headers_that_protect_less_are_named(
    good: Environment,
    small: Study,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    named: str,
) -> None:
    assert to_mend(good, small, {**GOOD, name: value}, monkeypatch) == {named}


def test_open_files_an_old_backup_and_a_plain_disk_are_named(
    good: Environment, small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (good.data / "answers.sqlite3").chmod(0o644)
    os.utime(tmp_path / "backup" / stored_data.ABOUT, (1_000_000_000, 1_000_000_000))
    monkeypatch.setattr(deploy_checks, "_is_encrypted", lambda folder: False)
    assert to_mend(good, small, GOOD, monkeypatch) == {"Files", "Backup", "Disk"}
    (tmp_path / "backup" / "answers.sqlite3").unlink()
    assert "Backup" in to_mend(good, small, GOOD, monkeypatch)


def test_a_disk_under_another_is_looked_at_too(tmp_path: Path) -> None:
    below = tmp_path / "slaves" / "dm-0"
    (below / "dm").mkdir(parents=True)
    assert not deploy_checks._has_crypt(tmp_path)
    (below / "dm" / "uuid").write_text("CRYPT-LUKS2-invented")
    assert deploy_checks._has_crypt(tmp_path)


def test_the_command_looks_at_a_server_that_runs(here: Any, tmp_path: Path) -> None:
    with Server(SMALL, here.data, public_key=make_keys().public, durable=False) as server:
        done = _check("--data", str(here.data), "--url", server.url)
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert len(lines) == 8
    assert f"mend  {HTTPS}: browsers are not told to use HTTPS only" in lines
    assert f"ok    {POLICY}: our own host only" in lines
    assert _check("--data", str(here.data), "--url", server.url).returncode == 2


def test_the_command_says_what_it_needs() -> None:
    done = _check()
    assert (done.returncode, "--data" in done.stderr) == (2, True)


def _check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "blikveld"), "check-deploy", *arguments]
    return subprocess.run([*command, "--study", str(SMALL)], capture_output=True, text=True)
