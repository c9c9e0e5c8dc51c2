"""Erasing addresses or answers: from database, log, free pages, and the tool's own backups.

Counters stay: they are of links, not of people. What was erased is looked for afterwards in every
file, and a certificate says what, when, and the hash of each file that remains. A disk may keep
blocks that no file has any more; an encrypted disk is the remedy, and the certificate does not
speak of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from django.db import connections

from blikveld.backup import backup
from blikveld.errors import BlikveldError
from blikveld.phone import call_list
from blikveld.phone.call_list import CallList
from blikveld.study.model import Study
from blikveld.web import stored_data
from blikveld.web.databases import ANSWERS, CONTACTS, attach, detach

_TRACE = 32
"""Bytes of a row that are looked for afterwards: no two rows begin alike."""


class ErasedData(Enum):
    """What can be erased: the database it stands in."""

    ADDRESSES = CONTACTS
    ANSWERS = ANSWERS
    CALLS = "calls"
    """The call list. The counts of outcomes stay: they are of no organisation."""


_MARKS = {ErasedData.ADDRESSES: "sealed", ErasedData.ANSWERS: "token_hash"}
"""The column of each table that is different for everybody, and random."""


class NotErased(BlikveldError):
    """Something of what was to be erased is still there."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased. `backups` are those it was erased from, `missing` those not found.

    `remains` is from a file's path to its SHA-256 once all was done; `day` is in UTC.
    """

    study: str
    version: str
    day: str
    what: ErasedData
    rows: int
    backups: tuple[str, ...]
    missing: tuple[str, ...]
    remains: Mapping[str, str]

    def text(self) -> str:
        """Return the certificate as JSON with a line for each fact."""
        told = {
            "certificate": f"erasure of {self.what.name.lower()}",
            "study": self.study,
            "version": self.version,
            "day": self.day,
            f"{self.what.name.lower()} erased": self.rows,
            "erased from": ["database", "log", "free pages", *self.backups],
            "backups not found": list(self.missing),
            "sha256 of what remains": dict(self.remains),
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def erase(data: Path, study: Study, what: ErasedData) -> Certificate:
    """Erase every address, all answers, or the call list. What comes in later is new.

    A backup that was made by the tool and is no longer where it was is named in the certificate.
    Raises NotErased when a trace is found in a file, and BackupRefused when the log cannot be
    emptied.
    """
    attach(data, study)
    found = [
        backup_folder
        for backup_folder in stored_data.backup_folders(data)
        if _copy(backup_folder, what).exists()
    ]
    missing = [
        p for p in stored_data.backup_folders(data) if p not in found and _should_hold(p, what)
    ]
    marks = _erase_here(data, what)
    for backup_folder in found:
        marks |= _erase_backup(backup_folder, study, what)
    # SQLite keeps its pages in mind: what is looked at has to be what is on the disk.
    detach()
    remaining = sorted(_files(data, found))
    _check_gone(remaining, marks)
    return Certificate(
        study.key,
        study.version,
        datetime.now(UTC).date().isoformat(),
        what,
        len(marks),
        tuple(str(backup_folder) for backup_folder in found),
        tuple(str(backup_folder) for backup_folder in missing),
        {str(path): stored_data.digest(path) for path in remaining},
    )


def _erase_here(data: Path, what: ErasedData) -> set[bytes]:
    if what is ErasedData.CALLS:
        calls = CallList.at(data)
        return calls.erase() if calls.exists else set()
    table = stored_data.TABLES[what.value]
    with connections[what.value].cursor() as cursor:
        cursor.execute(f"SELECT {_MARKS[what]} FROM {table}")  # noqa: S608
        marks = {_bytes(row[0]) for row in cursor.fetchall()}
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    stored_data.rewrite_one(what.value)
    return marks


def _erase_backup(backup_folder: Path, study: Study, what: ErasedData) -> set[bytes]:
    # What a backup left that was broken off half way; earlier ones wrote to the first name.
    kept = _copy(backup_folder, what)
    for half in (kept.with_suffix(".part"), kept.with_name(f"{kept.name}.part")):
        half.unlink(missing_ok=True)
    if what is ErasedData.CALLS:
        marks = CallList(_copy(backup_folder, what)).erase()
        backup.describe(backup_folder, study.key, study.version)
        return marks
    table = stored_data.TABLES[what.value]
    with stored_data.alone(_copy(backup_folder, what)) as connection:
        rows = connection.execute(f"SELECT {_MARKS[what]} FROM {table}").fetchall()  # noqa: S608
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.execute("VACUUM")
    backup.describe(backup_folder, study.key, study.version)
    return {_bytes(row[0]) for row in rows}


def _bytes(mark: str | bytes | memoryview) -> bytes:
    return mark.encode() if isinstance(mark, str) else bytes(mark)


def _should_hold(backup_folder: Path, what: ErasedData) -> bool:
    # A backup from before the call list was imported holds none, and says so.
    about = backup_folder / stored_data.ABOUT
    if what is not ErasedData.CALLS or not about.exists():
        return True
    return call_list.FILE in json.loads(about.read_text(encoding="utf-8"))["sha256"]


def _copy(backup_folder: Path, what: ErasedData) -> Path:
    return backup_folder / (
        call_list.FILE if what is ErasedData.CALLS else stored_data.FILES[what.value]
    )


def _files(data: Path, backups: Sequence[Path]) -> Iterator[Path]:
    for folder in (data, *backups):
        yield from (path for path in folder.iterdir() if path.is_file())


def _check_gone(files: Sequence[Path], marks: set[bytes]) -> None:
    for path in files:
        content = path.read_bytes()
        if any(mark[:_TRACE] in content for mark in marks):
            problem = "What was to be erased can still be read in it."
            mend = "Stop the server and erase once more."
            raise NotErased("not-erased", str(path), problem, mend)
