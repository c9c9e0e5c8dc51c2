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

from blikveld.errors import BlikveldError
from blikveld.fieldwork.calls import book
from blikveld.fieldwork.calls.book import CallBook
from blikveld.study.model import Study
from blikveld.web import keeping
from blikveld.web.databases import ANSWERS, CONTACTS
from blikveld.web.setup import attach, detach

_TRACE = 32
"""Bytes of a row that are looked for afterwards: no two rows begin alike."""


class What(Enum):
    """What can be erased: the database it stands in."""

    ADDRESSES = CONTACTS
    ANSWERS = ANSWERS
    CALLS = "calls"
    """The call list. The counts of outcomes stay: they are of no organisation."""


_MARKS = {What.ADDRESSES: "sealed", What.ANSWERS: "token_hash"}
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
    what: What
    rows: int
    backups: tuple[str, ...]
    missing: tuple[str, ...]
    remains: Mapping[str, str]

    def text(self) -> str:
        """The certificate as JSON with a line for each fact."""
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


def erase(data: Path, study: Study, what: What) -> Certificate:
    """Erase every address, all answers, or the call list. What comes in later is new.

    A backup that was made by the tool and is no longer where it was is named in the certificate.
    Raises NotErased when a trace is found in a file, and NotKept when the log cannot be emptied.
    """
    attach(data, study)
    found = [place for place in keeping.places(data) if _copy(place, what).exists()]
    missing = [p for p in keeping.places(data) if p not in found and _should_hold(p, what)]
    marks = _erase_here(data, what)
    for place in found:
        marks |= _erase_backup(place, study, what)
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
        tuple(str(place) for place in found),
        tuple(str(place) for place in missing),
        {str(path): keeping.digest(path) for path in remaining},
    )


def _erase_here(data: Path, what: What) -> set[bytes]:
    if what is What.CALLS:
        calls = CallBook.at(data)
        return calls.erase() if calls.exists else set()
    table = keeping.TABLES[what.value]
    with connections[what.value].cursor() as cursor:
        cursor.execute(f"SELECT {_MARKS[what]} FROM {table}")  # noqa: S608
        marks = {_bytes(row[0]) for row in cursor.fetchall()}
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    keeping.rewrite_one(what.value)
    return marks


def _erase_backup(place: Path, study: Study, what: What) -> set[bytes]:
    # What a backup left that was broken off half way.
    _copy(place, what).with_suffix(".part").unlink(missing_ok=True)
    if what is What.CALLS:
        marks = CallBook(_copy(place, what)).erase()
        keeping.describe(place, study.key, study.version)
        return marks
    table = keeping.TABLES[what.value]
    with keeping.alone(_copy(place, what)) as connection:
        rows = connection.execute(f"SELECT {_MARKS[what]} FROM {table}").fetchall()  # noqa: S608
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.execute("VACUUM")
    keeping.describe(place, study.key, study.version)
    return {_bytes(row[0]) for row in rows}


def _bytes(mark: str | bytes | memoryview) -> bytes:
    return mark.encode() if isinstance(mark, str) else bytes(mark)


def _should_hold(place: Path, what: What) -> bool:
    # A backup from before the call list was imported holds none, and says so.
    about = place / keeping.ABOUT
    if what is not What.CALLS or not about.exists():
        return True
    return book.FILE in json.loads(about.read_text(encoding="utf-8"))["sha256"]


def _copy(place: Path, what: What) -> Path:
    return place / (book.FILE if what is What.CALLS else keeping.FILES[what.value])


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
