"""Back up a fieldwork, and put a backup back: both databases, the call list and the desk.

There is one backup a folder; erasing from backups is in `erasure`. Databases are copied row by row,
so that a backup of PostgreSQL is the same file as of SQLite. A dump of PostgreSQL keeps the order
of writing; here all rows are read, put in random order and written in one transaction, on the way
out and on the way back.

Neither of the desk's keys is in a backup: it would open second factors and placeholders to whoever
finds it. The keys (`secret_key`, `interviews.key`) are kept apart by who runs the server. Without
them people are invited anew, and what stands behind placeholders stays unknown. Drafts of
transcripts stay out too: they are not protected yet, and nothing may outlive that.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, router, transaction
from django.db.models import Model
from django.db.utils import load_backend

from blikveld.atomic_files import private, whole
from blikveld.desk.databases import FILE
from blikveld.desk.environment import folder, rename_old_files
from blikveld.phone import call_list
from blikveld.phone.call_list import CallList
from blikveld.study.model import Study
from blikveld.web.databases import ANSWERS, CONTACTS, attach, databases, migrate
from blikveld.web.environment import Environment, read
from blikveld.web.stored_data import (
    ABOUT,
    ALIASES,
    BACKUP_FOLDERS,
    FILES,
    BackupRefused,
    alone,
    backup_files,
    backup_folders,
    check_backup,
    digest,
    rewrite,
    write_whole,
)

Rows: TypeAlias = Mapping[type[Model], Sequence[tuple[Any, ...]]]


def copy_out(alias: str, target: Path) -> None:
    """Write all rows of a database to a new SQLite file with the same tables."""
    rows = _rows(alias)
    with _instead(alias, target):
        migrate(alias)
        _delete_all(alias)
        _insert(alias, rows)
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM")


def copy_in(source: Path, alias: str, beside: Path) -> None:
    """Write all rows of such a file to a database whose tables are empty.

    `beside` is a place for a copy for a moment, which gets the tables of today: the file itself
    stays as it is.
    """
    shutil.copyfile(source, beside)
    try:
        with _instead(alias, beside):
            migrate(alias)
            rows = _rows(alias)
    finally:
        beside.unlink()
    with transaction.atomic(using=alias):
        _delete_all(alias)
        _insert(alias, rows)
        _set_counters(alias)


def holds_anything(alias: str) -> bool:
    """Return whether a row of ours stands in this database."""
    ours = [model for model in _models(alias) if model.__module__.startswith("blikveld.")]
    return any(model._base_manager.using(alias).exists() for model in ours)


def _models(alias: str) -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if router.allow_migrate_model(alias, model)]


def _rows(alias: str) -> Rows:
    shuffle = random.SystemRandom().shuffle
    found = {}
    for model in _models(alias):
        rows = list(model._base_manager.using(alias).values_list(*_columns(model)))
        shuffle(rows)
        found[model] = rows
    return found


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _delete_all(alias: str) -> None:
    # What making the tables put there itself comes with the rows too.
    for model in _models(alias):
        model._base_manager.using(alias)._raw_delete(alias)


def _insert(alias: str, rows: Rows) -> None:
    with transaction.atomic(using=alias):
        for model, values in rows.items():
            names = _columns(model)
            made = [model(**dict(zip(names, one, strict=True))) for one in values]
            model._base_manager.using(alias).bulk_create(made, batch_size=500)


def _set_counters(alias: str) -> None:
    # PostgreSQL numbers rows of its own from a counter that knows nothing of what was put in.
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models(alias)):
            cursor.execute(statement)


@contextmanager
def _instead(alias: str, file: Path) -> Iterator[None]:
    """For a while this database is an SQLite file without a log of its own."""
    wanted = databases(Environment(data=file.parent))
    wanted[alias]["NAME"] = str(file)
    wanted[alias]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=OFF"
    settings = connections.configure_settings(wanted)[alias]
    before = connections[alias]
    connections[alias] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
    try:
        yield
    finally:
        connections[alias].close()
        connections[alias] = before


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


_DESK_ABOUT = "desk.json"
_INTERVIEWS, _DRAFTS = "interviews", "drafts"
_INTERVIEWS_OF_BEFORE = "talks"
_DECISIONS = ("texts_codedtext", "texts_releasedtext")


def copy_desk(data: Path, study: Study, out: Path) -> bool:
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
    _copy_desk_database(folder(data) / FILE, half / FILE)
    if (talks := folder(data) / _INTERVIEWS).exists():
        shutil.copytree(talks, half / _INTERVIEWS, ignore=shutil.ignore_patterns(_DRAFTS, "*.part"))
    _describe_desk(half, study.key, study.version)
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)
    return True


def check_desk(backup: Path, data: Path, study: Study) -> None:
    """Raise BackupRefused when the desk of this backup is not whole, or a desk stands in its
    place."""
    kept = folder(backup)
    if not kept.exists():
        return
    about = {"study": study.key, "version": study.version, "sha256": _desk_hashes(kept)}
    try:
        same = json.loads((kept / _DESK_ABOUT).read_text(encoding="utf-8")) == about
    except (OSError, ValueError):
        same = False
    if not same:
        problem = "The desk in this backup is not whole, or of another study."
        raise BackupRefused("no-backup", str(kept), problem, "Choose another backup.")
    if (folder(data) / FILE).exists():
        problem = f"{FILE} stands there already."
        raise BackupRefused("already-there", str(folder(data)), problem, "Choose an empty folder.")


def restore_desk(backup: Path, data: Path) -> bool:
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


def forget_desk_texts(data: Path) -> None:
    """Remove what was decided about texts from the desks in all backups that are found."""
    for backup_folder in backup_folders(data):
        kept = folder(backup_folder)
        if not (kept / FILE).exists():
            continue
        about = json.loads((kept / _DESK_ABOUT).read_text(encoding="utf-8"))
        with alone(kept / FILE) as connection:
            for table in _DECISIONS:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608
            connection.execute("VACUUM")
        _describe_desk(kept, about["study"], about["version"])


def _copy_desk_database(source: Path, target: Path) -> None:
    with private(target) as half:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(half)) as copied:
            live.backup(copied)
        with alone(half) as connection:
            # Who has a backup should not be signed in by it.
            connection.execute("DELETE FROM django_session")
            connection.execute("VACUUM")


def _describe_desk(kept: Path, study: str, version: str) -> None:
    about = {"study": study, "version": version, "sha256": _desk_hashes(kept)}
    with whole(kept / _DESK_ABOUT) as half:
        half.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _desk_hashes(kept: Path) -> dict[str, str]:
    """The hash of each file but the one that lists them, under its path."""
    files = (path for path in sorted(kept.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(kept)): digest(path)
        for path in files
        if path.parent != kept or not path.name.startswith(_DESK_ABOUT)
    }
