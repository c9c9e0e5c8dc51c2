"""Restore a backup into a data folder or databases that hold nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from blikveld.backup.backup import remember_folder
from blikveld.backup.copy_rows import copy_in, holds_anything
from blikveld.phone import call_list
from blikveld.study.model import Study
from blikveld.web.databases import ANSWERS, CONTACTS
from blikveld.web.environment import read
from blikveld.web.setup import attach
from blikveld.web.stored_data import ALIASES, FILES, BackupRefused, check_backup, write_whole


def restore_backup(backup_folder: Path, data: Path, study: Study) -> None:
    """Put a backup back into a data folder that has no databases yet, or into empty databases.

    A backup of SQLite may be put back on PostgreSQL, and the other way round. Raises BackupRefused
    when
    the backup is not whole, is of another study, or something is in its place.
    """
    check_backup(backup_folder, study)
    taken = [name for name in (*FILES.values(), call_list.FILE) if (data / name).exists()]
    if taken:
        _already_there(data, taken[0])
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = _on_postgresql()
    for alias in set(ALIASES) - elsewhere:
        write_whole(data / FILES[alias], (backup_folder / FILES[alias]).read_bytes())
    if (backup_folder / call_list.FILE).exists():
        write_whole(data / call_list.FILE, (backup_folder / call_list.FILE).read_bytes())
    attach(data, study)
    for alias in elsewhere:
        if holds_anything(alias):
            _already_there(data, f"A database that holds {FILES[alias].split('.')[0]}")
    for alias in elsewhere:
        copy_in(backup_folder / FILES[alias], alias, data / f"{FILES[alias]}.part")
    remember_folder(data, backup_folder)


def _on_postgresql() -> set[str]:
    given = read(os.environ)
    urls = {ANSWERS: given.database_url, CONTACTS: given.contacts_url}
    return {alias for alias in ALIASES if urls[alias]}


def _already_there(data: Path, what: str) -> NoReturn:
    problem = f"{what} stands there already."
    raise BackupRefused("already-there", str(data), problem, "Choose an empty folder or database.")
