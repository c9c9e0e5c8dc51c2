"""Entries of the audit log: each is written with the change it tells of, and chained to the last.

The seal of a line covers its own words and the seal before it. Who changes a line, leaves one out
or puts one in breaks every seal after it. Who cuts lines off the end breaks none: so the last
number and seal are noted down elsewhere, and held against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

from django.db import transaction

from blikveld.desk.audit_log.models import AuditEntry
from blikveld.desk.databases import DESK
from blikveld.desk.sections import acts

FIRST = "0" * 64
"""What stands before the first line."""


class ChainedEntry(Protocol):
    """A line as it was read."""

    number: int
    at: str
    who: str
    act: str
    on: str
    more: Any
    hash: str


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the chain holds: `lines` that were read, the last `seal`, and where it broke."""

    lines: int
    hash: str
    broken_at: int | None = None


def entry_hash(
    before: str, number: int, at: str, who: str, act: str, on: str, more: Mapping[str, Any]
) -> str:
    """The seal of a line: SHA-256 over the seal before it and its own words."""
    words = [before, number, at, who, act, on, more]
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def verify(lines: Iterable[ChainedEntry]) -> ChainVerdict:
    """Go through the lines from the first; stop at the first that is not what was written."""
    before, last = FIRST, 0
    for line in lines:
        should = entry_hash(before, line.number, line.at, line.who, line.act, line.on, line.more)
        if line.number != last + 1 or line.hash != should:
            return ChainVerdict(last, before, last + 1)
        before, last = line.hash, line.number
    return ChainVerdict(last, before)


def verify_all() -> ChainVerdict:
    """Go through every entry of the desk's database."""
    return verify(AuditEntry.objects.order_by("number").iterator(chunk_size=1_000))


COMMAND = "(command)"
"""Who did it, when it was done by a command on the server itself."""


@contextmanager
def change(who: str, act: str, on: str = "", **more: Any) -> Iterator[None]:
    """What is changed within this block is kept together with its line.

    `act` is one that a room declares. `on` names what was changed by its key; neither `on` nor
    `more` may hold what a respondent wrote.
    """
    with transaction.atomic(using=DESK):
        yield
        write(who, act, on, **more)


def write(who: str, act: str, on: str = "", **more: Any) -> None:
    """Add a line. Raises ValueError for an act that no room declares."""
    if act not in acts():
        raise ValueError(f"No room of the desk declares the act {act!r}.")
    # The transaction takes the write lock at its beginning, so no two lines get one number.
    with transaction.atomic(using=DESK):
        last = AuditEntry.objects.order_by("-number").first()
        number, before = (last.number + 1, last.hash) if last else (1, FIRST)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        sealed = entry_hash(before, number, at, who, act, on, more)
        line = AuditEntry(number=number, at=at, who=who, act=act, on=on, more=more, hash=sealed)
        line.save(force_insert=True)
