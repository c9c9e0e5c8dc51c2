"""The journal: every change is in it, and a change of the journal itself shows."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from blikveld.desk import commands
from blikveld.desk.audit_log import entries
from blikveld.desk.audit_log.models import AuditEntry
from blikveld.desk.roles import Role


def _written(desk: Any) -> Path:
    for name in ("ada", "bob", "cas"):
        desk.invite(name, Role.CODER)
    return Path(desk.data / "desk/desk.sqlite3")


def _tampered(file: Path, *statements: str) -> None:
    """As somebody would who has the file: the refusals are part of it, and can be taken off."""
    with sqlite3.connect(file) as raw:
        for word in ("update", "delete"):
            raw.execute(f"DROP TRIGGER journal_line_no_{word}")
        for statement in statements:
            raw.execute(statement)


def test_lines_are_numbered_and_sealed(desk: Any) -> None:
    _written(desk)
    verdict, found = commands.audit(desk.data, desk.study)
    assert (verdict.lines, verdict.broken_at, found) == (3, None, True)


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE journal_line SET who = 'eve' WHERE number = 2", 2),
        ("UPDATE journal_line SET more = '{}' WHERE number = 1", 1),
        ("DELETE FROM journal_line WHERE number = 2", 2),
        ("UPDATE journal_line SET number = number + 10 WHERE number = 3", 3),
    ],
)
def test_a_changed_line_shows(desk: Any, statement: str, at: int) -> None:
    _tampered(_written(desk), statement)
    assert commands.audit(desk.data, desk.study)[0].broken_at == at


def test_lines_cut_off_the_end_show_by_a_seal_noted_down(desk: Any) -> None:
    file = _written(desk)
    noted = commands.audit(desk.data, desk.study)[0].hash
    assert commands.audit(desk.data, desk.study, noted)[1]
    _tampered(file, "DELETE FROM journal_line WHERE number = 3")
    verdict, found = commands.audit(desk.data, desk.study, noted)
    assert (verdict.broken_at, found) == (None, False)


def test_the_database_refuses_to_change_a_line(desk: Any) -> None:
    _written(desk)
    with pytest.raises(DatabaseError, match="never changed"):
        AuditEntry.objects.filter(number=1).update(who="eve")
    with pytest.raises(DatabaseError, match="never changed"):
        AuditEntry.objects.filter(number=1).delete()


def test_an_act_that_no_room_declares_cannot_be_written(desk: Any) -> None:
    with pytest.raises(ValueError, match="declares"):
        entries.write("ada", "nonsense")


def test_a_change_without_its_line_is_not_kept(desk: Any) -> None:
    from blikveld.desk.accounts.models import Account

    with pytest.raises(ValueError, match="declares"), entries.change("ada", "nonsense"):
        Account.objects.create(name="half", role="coder")
    assert not Account.objects.filter(name="half").exists()
