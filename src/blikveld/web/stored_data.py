"""Files of a data folder: rewrite databases in random order, check backups, list folders."""

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

from django.db import connections, transaction

from blikveld.contacts import SealedContact, coarsen_facts
from blikveld.errors import BlikveldError
from blikveld.fieldwork import sessions
from blikveld.fieldwork.store import Phase
from blikveld.phone import call_list
from blikveld.phone.call_list import CallList
from blikveld.questionnaire import Routing
from blikveld.responses.derive import code_and_derive_all
from blikveld.study.model import Study
from blikveld.web.databases import ANSWERS, CONTACTS, attach

ALIASES = (ANSWERS, CONTACTS)
FILES = {ANSWERS: "answers.sqlite3", CONTACTS: "contacts.sqlite3"}
TABLES = {ANSWERS: "answers_response", CONTACTS: "addresses_contact"}
ABOUT = "backup.json"
BACKUP_FOLDERS = "backups.json"
NIGHT = 3
"""The hour, by the machine's own clock, from which the databases are to be rewritten."""
_REWRITTEN = "rewritten"
"""The file that holds the day of the last night for which that was done, and no other time."""
_SECONDS_TO_WAIT = 30.0


class BackupRefused(BlikveldError):
    """A rewrite, a backup or putting one back that could not be done; nothing was changed."""


def rewrite(data: Path, study: Study) -> None:
    """Write both databases anew in random order, without free pages and with an empty log.

    Its numbers are counted anew first. May be done while the server runs: pages that come in wait
    for it. Raises BackupRefused when somebody reads for half a minute on end, so that the log
    cannot be
    emptied.
    """
    attach(data, study)
    _renew_numbers(study)
    _drop_rare_facts(study)
    for alias in ALIASES:
        rewrite_one(alias)
    CallList.at(data).rewrite()
    write_whole(data / _REWRITTEN, f"{_last_night(datetime.now().astimezone())}\n".encode())


def is_due(data: Path, now: datetime) -> bool:
    """Whether the databases were not rewritten since the last night began."""
    kept = data / _REWRITTEN
    return not kept.exists() or kept.read_text(encoding="ascii").strip() != _last_night(now)


def _last_night(now: datetime) -> str:
    return (now - timedelta(hours=NIGHT)).date().isoformat()


def _renew_numbers(study: Study) -> None:
    # Models can be imported only once Django knows its settings.
    from blikveld.web.answers import models

    models.renew(study, datetime.now().astimezone())


def _drop_rare_facts(study: Study) -> None:
    """After the fieldwork: while it goes on, what is rare today may be common in the end."""
    from blikveld.web.addresses.models import DjangoContacts
    from blikveld.web.answers.models import DjangoStore

    if DjangoStore(study.key).phase() is Phase.CLOSED:
        DjangoContacts().change_facts(shared_contacts(study))


def shared_contacts(study: Study) -> tuple[SealedContact, ...]:
    """The sealed addresses with the facts that enough people share. Django is attached."""
    from blikveld.web.addresses.models import DjangoContacts

    kept, names = tuple(DjangoContacts().contacts()), study.collecting.offer_facts
    could_be = tuple(_candidates(study)) if kept and names else ()
    # Where the answers were erased there is nothing that an address could lead to.
    return coarsen_facts(kept, could_be, names, study.disclosure.threshold) if could_be else kept


def _candidates(study: Study) -> Iterator[dict[str, str]]:
    """The facts of everybody who sent in a page on which an address was asked for."""
    from blikveld.web.answers.models import DjangoStore
    from blikveld.web.served_study import facts_of

    routing = Routing(study)
    asking = [page for page in routing.pages if page.contacts]
    every = DjangoStore(study.key).sessions()
    offered = (one for one in every if any(sessions.is_done(one, page) for page in asking))
    records = (sessions.record(routing, one) for one in offered)
    return (facts_of(study, person) for person in code_and_derive_all(study, records))


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
    raise BackupRefused(
        "log-in-use", FILES.get(alias, alias), problem, "Stop the server and try again."
    )


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


def check_backup(folder: Path, study: Study) -> None:
    """Raise BackupRefused when this is no whole backup of this study."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        whole = about["sha256"] == {name: digest(folder / name) for name in backup_files(folder)}
        same = (about["study"], about["version"]) == (study.key, study.version)
    except (OSError, ValueError, KeyError, TypeError):
        whole = same = False
    if not (whole and same):
        problem = "This is not a whole backup of this study and version."
        raise BackupRefused("no-backup", str(folder), problem, "Choose another folder or study.")


def contacts_in_backup(folder: Path, study: Study) -> Iterator[SealedContact]:
    """The sealed addresses of a backup, which stays as it is to the byte.

    While the fieldwork went on nobody knew yet which facts enough people share: then there are
    none beside them.
    """
    check_backup(folder, study)
    with _as_it_lies(folder / FILES[ANSWERS]) as answers:
        phase = answers.execute("SELECT phase FROM answers_fieldwork").fetchone()
    query = f"SELECT key, sealed, facts FROM {TABLES[CONTACTS]} ORDER BY key"  # noqa: S608
    with _as_it_lies(folder / FILES[CONTACTS]) as contacts:
        _check_columns(folder, contacts)
        rows = list(contacts.execute(query))
    is_closed = phase == (Phase.CLOSED.value,)
    for key, sealed, facts in rows:
        yield SealedContact(key, sealed, json.loads(facts) if is_closed else {})


@contextmanager
def _as_it_lies(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as found:
        yield found


def _check_columns(folder: Path, connection: sqlite3.Connection) -> None:
    """A backup is read as it lies; one with the columns of an older version has to be restored."""
    found = connection.execute(f"SELECT name FROM pragma_table_info('{TABLES[CONTACTS]}')")  # noqa: S608
    if ("facts",) not in set(found):
        problem = "Its addresses are kept in the form of an older version."
        mend = "Restore it to a folder with `blikveld restore`, and name that folder."
        raise BackupRefused("old-backup", str(folder), problem, mend)


def backup_folders(data: Path) -> tuple[Path, ...]:
    """Every folder a backup of this data was made in."""
    listed = data / BACKUP_FOLDERS
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


def backup_files(folder: Path) -> list[str]:
    """The files of a backup: both databases, and the call list where there is one."""
    calls = [call_list.FILE] if (folder / call_list.FILE).exists() else []
    return [*FILES.values(), *calls]


def write_whole(path: Path, content: bytes) -> None:
    half = path.with_suffix(path.suffix + ".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
