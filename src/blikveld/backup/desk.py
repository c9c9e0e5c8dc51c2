"""The desk's part of a backup: its database and its interviews, and neither of its keys.

A backup with the keys in it would open second factors and placeholders to whoever finds it. The
keys (`secret_key`, `interviews.key`) are kept apart by who runs the server. Without them people are
invited anew, and what stands behind placeholders stays unknown.

Drafts of transcripts stay out too: they are not protected yet, and nothing may outlive that.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from blikveld.atomic_files import private, whole
from blikveld.desk.databases import FILE
from blikveld.desk.environment import folder, rename_old_files
from blikveld.study.model import Study
from blikveld.web.stored_data import BackupRefused, alone, backup_folders, digest

ABOUT = "desk.json"
_INTERVIEWS, _DRAFTS = "interviews", "drafts"
_INTERVIEWS_OF_BEFORE = "talks"
_DECISIONS = ("texts_codedtext", "texts_releasedtext")


def copy(data: Path, study: Study, out: Path) -> bool:
    """Put the desk in a backup that was just made, in place of the one there; False without desk.

    The database is copied while the desk runs, as it stands at one moment.
    """
    target, half = folder(out), out / f"{folder(out).name}.part"
    shutil.rmtree(half, ignore_errors=True)
    if not (folder(data) / FILE).exists():
        shutil.rmtree(target, ignore_errors=True)
        return False
    rename_old_files(folder(data))
    half.mkdir(mode=0o700)
    _copy_database(folder(data) / FILE, half / FILE)
    if (talks := folder(data) / _INTERVIEWS).exists():
        shutil.copytree(talks, half / _INTERVIEWS, ignore=shutil.ignore_patterns(_DRAFTS, "*.part"))
    _describe(half, study.key, study.version)
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)
    return True


def check_back(backup: Path, data: Path, study: Study) -> None:
    """Raise BackupRefused when the desk of this backup is not whole, or a desk stands in its
    place."""
    kept = folder(backup)
    if not kept.exists():
        return
    about = {"study": study.key, "version": study.version, "sha256": _hashes(kept)}
    try:
        same = json.loads((kept / ABOUT).read_text(encoding="utf-8")) == about
    except (OSError, ValueError):
        same = False
    if not same:
        problem = "The desk in this backup is not whole, or of another study."
        raise BackupRefused("no-backup", str(kept), problem, "Choose another backup.")
    if (folder(data) / FILE).exists():
        problem = f"{FILE} stands there already."
        raise BackupRefused("already-there", str(folder(data)), problem, "Choose an empty folder.")


def put_back(backup: Path, data: Path) -> bool:
    """Put the desk back; False when the backup has none. What it was is checked before."""
    kept, target = folder(backup), folder(data)
    if not kept.exists():
        return False
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (_INTERVIEWS, _INTERVIEWS_OF_BEFORE):
        if (kept / name).exists():
            shutil.copytree(kept / name, target / _INTERVIEWS, dirs_exist_ok=True)
    # The database comes last: a desk without it is none, and putting back can be done again.
    with private(target / FILE) as half:
        shutil.copyfile(kept / FILE, half)
    return True


def forget_texts(data: Path) -> None:
    """Remove what was decided about texts from the desks in all backups that are found."""
    for backup_folder in backup_folders(data):
        kept = folder(backup_folder)
        if not (kept / FILE).exists():
            continue
        about = json.loads((kept / ABOUT).read_text(encoding="utf-8"))
        with alone(kept / FILE) as connection:
            for table in _DECISIONS:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608
            connection.execute("VACUUM")
        _describe(kept, about["study"], about["version"])


def _copy_database(source: Path, target: Path) -> None:
    with private(target) as half:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(half)) as copied:
            live.backup(copied)
        with alone(half) as connection:
            # Who has a backup should not be signed in by it.
            connection.execute("DELETE FROM django_session")
            connection.execute("VACUUM")


def _describe(kept: Path, study: str, version: str) -> None:
    about = {"study": study, "version": version, "sha256": _hashes(kept)}
    with whole(kept / ABOUT) as half:
        half.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _hashes(kept: Path) -> dict[str, str]:
    """The hash of each file but the one that lists them, under its path."""
    files = (path for path in sorted(kept.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(kept)): digest(path)
        for path in files
        if path.parent != kept or not path.name.startswith(ABOUT)
    }
