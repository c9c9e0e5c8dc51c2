"""Erasing the addresses: from the database, its log and free pages, and the tool's own backups.

The answers stay. What was erased is looked for afterwards in every file, and a certificate says
what, when, and the hash of each file that remains. A disk may keep blocks that no file has any
more; an encrypted disk is the remedy, and the certificate does not speak of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connections

from blikveld.errors import BlikveldError
from blikveld.study.model import Study
from blikveld.web import keeping
from blikveld.web.databases import CONTACTS
from blikveld.web.setup import attach, detach

_TRACE = 32
"""Bytes of a sealed address that are looked for: no two begin alike."""


class NotErased(BlikveldError):
    """Something of an address is still there."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased. `backups` are those it was erased from, `missing` those not found.

    `remains` is from a file's path to its SHA-256 once all was done; `day` is in UTC.
    """

    study: str
    version: str
    day: str
    addresses: int
    backups: tuple[str, ...]
    missing: tuple[str, ...]
    remains: Mapping[str, str]

    def text(self) -> str:
        """The certificate as JSON with a line for each fact."""
        told = {
            "certificate": "erasure of sealed addresses",
            "study": self.study,
            "version": self.version,
            "day": self.day,
            "addresses erased": self.addresses,
            "erased from": ["database", "log", "free pages", *self.backups],
            "backups not found": list(self.missing),
            "sha256 of what remains": dict(self.remains),
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def erase_contacts(data: Path, study: Study) -> Certificate:
    """Erase every address. May be done while the server runs; what comes in later is new.

    A backup that was made by the tool and is no longer where it was is named in the certificate.
    Raises NotErased when a trace is found in a file, and NotKept when the log cannot be emptied.
    """
    attach(data, study)
    found = [place for place in keeping.places(data) if _copy(place).exists()]
    missing = [place for place in keeping.places(data) if place not in found]
    sealed = _erase_here()
    for place in found:
        sealed |= _erase_backup(place, study)
    # SQLite keeps its pages in mind: what is looked at has to be what is on the disk.
    detach()
    remaining = sorted(_files(data, found))
    _check_gone(remaining, sealed)
    return Certificate(
        study.key,
        study.version,
        datetime.now(UTC).date().isoformat(),
        len(sealed),
        tuple(str(place) for place in found),
        tuple(str(place) for place in missing),
        {str(path): keeping.digest(path) for path in remaining},
    )


def _erase_here() -> set[bytes]:
    connection = connections[CONTACTS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM addresses_contact")
        sealed = {bytes(row[0]) for row in cursor.fetchall()}
        cursor.execute("DELETE FROM addresses_contact")
    keeping.rewrite_one(CONTACTS)
    return sealed


def _erase_backup(place: Path, study: Study) -> set[bytes]:
    # What a backup left that was broken off half way.
    _copy(place).with_suffix(".part").unlink(missing_ok=True)
    with keeping.alone(_copy(place)) as connection:
        sealed = {
            bytes(row[0]) for row in connection.execute("SELECT sealed FROM addresses_contact")
        }
        connection.execute("DELETE FROM addresses_contact")
        connection.execute("VACUUM")
    keeping.describe(place, study.key, study.version)
    return sealed


def _copy(place: Path) -> Path:
    return place / keeping.FILES[CONTACTS]


def _files(data: Path, backups: Sequence[Path]) -> Iterator[Path]:
    for folder in (data, *backups):
        yield from (path for path in folder.iterdir() if path.is_file())


def _check_gone(files: Sequence[Path], sealed: set[bytes]) -> None:
    for path in files:
        content = path.read_bytes()
        if any(address[:_TRACE] in content for address in sealed):
            problem = "A sealed address can still be read in it."
            mend = "Stop the server and erase once more."
            raise NotErased("not-erased", str(path), problem, mend)
