"""Writing in the journal: the change and its line are kept in one transaction, or neither is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from blikveld.desk.audit_log import chain
from blikveld.desk.audit_log.models import AuditEntry
from blikveld.desk.databases import DESK
from blikveld.desk.sections import acts

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
        number, before = (last.number + 1, last.hash) if last else (1, chain.FIRST)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        sealed = chain.entry_hash(before, number, at, who, act, on, more)
        line = AuditEntry(number=number, at=at, who=who, act=act, on=on, more=more, hash=sealed)
        line.save(force_insert=True)
