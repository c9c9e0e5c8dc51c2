"""Back up a fieldwork, and put a backup back: both databases and the call list.

There is one backup a folder. The desk's part is in `desk`, erasing from backups in `erasure`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NoReturn

from django.db import connections

from blikveld.atomic_files import private
from blikveld.backup.copy_rows import copy_in, copy_out, holds_anything
from blikveld.phone import call_list
from blikveld.phone.call_list import CallList
from blikveld.study.model import Study
from blikveld.web.databases import ANSWERS, CONTACTS
from blikveld.web.environment import read
from blikveld.web.setup import attach
from blikveld.web.stored_data import (
    ABOUT,
    ALIASES,
    BACKUP_FOLDERS,
    FILES,
    BackupRefused,
    backup_files,
    backup_folders,
    check_backup,
    digest,
    rewrite,
    write_whole,
)


def back_up(data: Path, study: Study, out: Path) -> Path:
    """Make a backup in `out`, in place of the one that is there; rewrites the databases first.

    It is the same two SQLite files whether the databases are SQLite or PostgreSQL. Raises
    BackupRefused
    when `out` holds something else.
    """
    attach(data, study)
    _check_backup_folder(out)
    rewrite(data, study)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    # First on the list, then made: what erasing does not know of would outlive it.
    remember_folder(data, out)
    for alias in ALIASES:
        _copy(alias, out / FILES[alias])
    _copy_calls(data, out)
    describe(out, study.key, study.version)
    return out


def describe(out: Path, study: str, version: str) -> None:
    """Write beside a backup what it is of, and the hash of each file."""
    hashes = {name: digest(out / name) for name in backup_files(out)}
    about = {"study": study, "version": version, "sha256": hashes}
    write_whole(out / ABOUT, (json.dumps(about, indent=1) + "\n").encode())


def _copy(alias: str, target: Path) -> None:
    with private(target) as half:
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(half)])
        else:
            copy_out(alias, half)


def _copy_calls(data: Path, out: Path) -> None:
    calls, target = CallList.at(data), out / call_list.FILE
    if calls.exists:
        with private(target) as half:
            calls.copy(half)
    else:
        target.unlink(missing_ok=True)


def _check_backup_folder(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / ABOUT).exists():
        problem = "It holds files that are no backup."
        raise BackupRefused("no-backup", str(out), problem, "Choose another folder.")


def remember_folder(data: Path, out: Path) -> None:
    known = {*backup_folders(data), out.absolute()}
    listed = json.dumps(sorted(str(backup_folder) for backup_folder in known), indent=1) + "\n"
    write_whole(data / BACKUP_FOLDERS, listed.encode())


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
