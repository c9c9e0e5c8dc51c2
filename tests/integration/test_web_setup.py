"""One process works on several data folders, one after the other."""

from __future__ import annotations

from pathlib import Path

from django.db import connections

from blikveld.study.model import Study
from blikveld.web import fieldwork
from blikveld.web.databases import ANSWERS, CONTACTS, databases, detach, tie
from blikveld.web.environment import Environment


def test_a_connection_of_an_earlier_folder_is_not_used(tmp_path: Path, small: Study) -> None:
    fieldwork.open_(tmp_path / "first", small)
    kept = connections[CONTACTS]
    tie({ANSWERS: databases(Environment(data=tmp_path / "first"))[ANSWERS]})
    connections[CONTACTS] = kept
    fieldwork.open_(tmp_path / "second", small)
    detach()
    assert (tmp_path / "second" / "contacts.sqlite3").exists()
