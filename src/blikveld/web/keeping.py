"""Rewriting the databases and the call list, so that no file tells who came when; backups too.

Within a file rows stand in the order of random keys, but its pages are allotted in the order of
writing and its log is a diary. A rewrite makes all of it new: every night, at closing, and in
every backup. There is one backup in a folder: of two, the difference would tell who came between.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from django.db import connections, transaction

from blikveld.contacts import SealedContact
from blikveld.errors import BlikveldError
from blikveld.fieldwork.calls import book
from blikveld.fieldwork.calls.book import CallBook
from blikveld.study.model import Study
from blikveld.web.copying import copy_in, copy_out, holds_anything
from blikveld.web.databases import ANSWERS, CONTACTS
from blikveld.web.environment import read
from blikveld.web.setup import attach

ALIASES = (ANSWERS, CONTACTS)
FILES = {ANSWERS: "answers.sqlite3", CONTACTS: "contacts.sqlite3"}
TABLES = {ANSWERS: "answers_response", CONTACTS: "addresses_contact"}
ABOUT = "backup.json"
_PLACES = "backups.json"
NIGHT = 3
"""The hour, by the machine's own clock, from which the databases are to be rewritten."""
_REWRITTEN = "rewritten"
"""The file that holds the day of the last night for which that was done, and no other time."""
_SECONDS_TO_WAIT = 30.0


class NotKept(BlikveldError):
    """A rewrite, a backup or putting one back that could not be done; nothing was changed."""


def rewrite(data: Path, study: Study) -> None:
    """Write both databases anew in random order, without free pages and with an empty log.

    Its numbers are counted anew first. May be done while the server runs: pages that come in wait
    for it. Raises NotKept when somebody reads for half a minute on end, so that the log cannot be
    emptied.
    """
    attach(data, study)
    _renew_numbers(study)
    for alias in ALIASES:
        rewrite_one(alias)
    CallBook.at(data).rewrite()
    _write_whole(data / _REWRITTEN, f"{_last_night(datetime.now().astimezone())}\n".encode())


def is_due(data: Path, now: datetime) -> bool:
    """Whether the databases were not rewritten since the last night began."""
    kept = data / _REWRITTEN
    return not kept.exists() or kept.read_text(encoding="ascii").strip() != _last_night(now)


def _last_night(now: datetime) -> str:
    return (now - timedelta(hours=NIGHT)).date().isoformat()


def _renew_numbers(study: Study) -> None:
    # Models can be imported only once Django knows its settings.
    from blikveld.web.answers import nightly

    nightly.renew(study, datetime.now().astimezone())


def rewrite_one(alias: str) -> None:
    """Write one database anew. Django is attached."""
    if connections[alias].vendor == "sqlite":
        _rewrite_sqlite(alias)
    else:
        _rewrite_postgresql(alias)


def _rewrite_sqlite(alias: str) -> None:
    # The key is the row's number: VACUUM puts the rows in the order of the random keys.
    with connections[alias].cursor() as cursor:
        cursor.execute("VACUUM")
        until = time.monotonic() + _SECONDS_TO_WAIT
        while time.monotonic() < until:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)
    problem = "Somebody keeps reading, so its log cannot be emptied."
    raise NotKept("log-in-use", FILES.get(alias, alias), problem, "Stop the server and try again.")


def _rewrite_postgresql(alias: str) -> None:
    # VACUUM FULL and CLUSTER keep the number of the transaction that wrote a row, and one counter
    # serves all databases: it would join an address to its answers. Rows that are written in one
    # transaction all have one number.
    table = TABLES[alias]
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"CREATE TEMPORARY TABLE aside ON COMMIT DROP AS SELECT * FROM {table}")  # noqa: S608
        cursor.execute(f"TRUNCATE {table}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM aside ORDER BY random()")  # noqa: S608


def backup(data: Path, study: Study, out: Path) -> Path:
    """Make a backup in `out`, in place of the one that is there; rewrites the databases first.

    It is the same two SQLite files whether the databases are SQLite or PostgreSQL. Raises NotKept
    when `out` holds something else.
    """
    attach(data, study)
    _check_backup_place(out)
    rewrite(data, study)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    # First on the list, then made: what erasing does not know of would outlive it.
    _remember(data, out)
    for alias in ALIASES:
        _copy(alias, out / FILES[alias])
    _copy_calls(data, out)
    describe(out, study.key, study.version)
    return out


def restore(backup_folder: Path, data: Path, study: Study) -> None:
    """Put a backup back into a data folder that has no databases yet, or into empty databases.

    A backup of SQLite may be put back on PostgreSQL, and the other way round. Raises NotKept when
    the backup is not whole, is of another study, or something is in its place.
    """
    check_backup(backup_folder, study)
    taken = [name for name in (*FILES.values(), book.FILE) if (data / name).exists()]
    if taken:
        _already_there(data, taken[0])
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    elsewhere = _on_postgresql()
    for alias in set(ALIASES) - elsewhere:
        _write_whole(data / FILES[alias], (backup_folder / FILES[alias]).read_bytes())
    if (backup_folder / book.FILE).exists():
        _write_whole(data / book.FILE, (backup_folder / book.FILE).read_bytes())
    attach(data, study)
    for alias in elsewhere:
        if holds_anything(alias):
            _already_there(data, f"A database that holds {FILES[alias].split('.')[0]}")
    for alias in elsewhere:
        copy_in(backup_folder / FILES[alias], alias, data / f"{FILES[alias]}.part")
    _remember(data, backup_folder)


def check_backup(folder: Path, study: Study) -> None:
    """Raise NotKept when this is no whole backup of this study."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        whole = about["sha256"] == {name: digest(folder / name) for name in _names(folder)}
        same = (about["study"], about["version"]) == (study.key, study.version)
    except (OSError, ValueError, KeyError, TypeError):
        whole = same = False
    if not (whole and same):
        problem = "This is not a whole backup of this study and version."
        raise NotKept("no-backup", str(folder), problem, "Choose another folder or study.")


def describe(out: Path, study: str, version: str) -> None:
    """Write beside a backup what it is of, and the hash of each file."""
    hashes = {name: digest(out / name) for name in _names(out)}
    about = {"study": study, "version": version, "sha256": hashes}
    _write_whole(out / ABOUT, (json.dumps(about, indent=1) + "\n").encode())


def contacts_in(folder: Path, study: Study) -> Iterator[SealedContact]:
    """The sealed addresses of a data folder, or of a backup, which stays as it is to the byte."""
    if not (folder / ABOUT).exists():
        attach(folder, study)
        from blikveld.web.addresses.store import DjangoContacts

        return DjangoContacts().contacts()
    check_backup(folder, study)
    query = f"SELECT key, sealed, municipality, domain, suspicion FROM {TABLES[CONTACTS]}"  # noqa: S608
    address = f"{(folder / FILES[CONTACTS]).absolute().as_uri()}?immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        rows = list(connection.execute(f"{query} ORDER BY key"))
    return (
        SealedContact(key, sealed, municipality, domain, None if seen is None else bool(seen))
        for key, sealed, municipality, domain, seen in rows
    )


def places(data: Path) -> tuple[Path, ...]:
    """Every folder a backup of this data was made in."""
    listed = data / _PLACES
    if not listed.exists():
        return ()
    return tuple(Path(place) for place in json.loads(listed.read_text(encoding="utf-8")))


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


@contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """A database file that no server uses, opened in a way that leaves no log behind."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA secure_delete=ON")
        yield connection


def _copy(alias: str, target: Path) -> None:
    half = target.with_suffix(".part")
    half.unlink(missing_ok=True)
    if connections[alias].vendor == "sqlite":
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(half)])
    else:
        copy_out(alias, half)
    half.chmod(0o600)
    half.replace(target)


def _on_postgresql() -> set[str]:
    given = read(os.environ)
    urls = {ANSWERS: given.database_url, CONTACTS: given.contacts_url}
    return {alias for alias in ALIASES if urls[alias]}


def _already_there(data: Path, what: str) -> NoReturn:
    problem = f"{what} stands there already."
    raise NotKept("already-there", str(data), problem, "Choose an empty folder or database.")


def _copy_calls(data: Path, out: Path) -> None:
    calls, target = CallBook.at(data), out / book.FILE
    half = target.with_suffix(".part")
    half.unlink(missing_ok=True)
    if calls.exists:
        calls.copy(half)
        half.replace(target)
    else:
        target.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    """The files of a backup: both databases, and the call list where there is one."""
    calls = [book.FILE] if (folder / book.FILE).exists() else []
    return [*FILES.values(), *calls]


def _check_backup_place(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / ABOUT).exists():
        problem = "It holds files that are no backup."
        raise NotKept("no-backup", str(out), problem, "Choose another folder.")


def _remember(data: Path, out: Path) -> None:
    known = {*places(data), out.absolute()}
    listed = json.dumps(sorted(str(place) for place in known), indent=1) + "\n"
    _write_whole(data / _PLACES, listed.encode())


def _write_whole(path: Path, content: bytes) -> None:
    half = path.with_suffix(path.suffix + ".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
