"""Back up a fieldwork: both databases and the call list, one backup a folder."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import connections

from blikveld.atomic_files import private
from blikveld.backup.copy_rows import copy_out
from blikveld.phone import call_list
from blikveld.phone.call_list import CallList
from blikveld.study.model import Study
from blikveld.web.setup import attach
from blikveld.web.stored_data import (
    ABOUT,
    ALIASES,
    BACKUP_FOLDERS,
    FILES,
    BackupRefused,
    backup_files,
    backup_folders,
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
