"""The call list in a file of its own: calls.sqlite3, which the pages' database layer cannot reach.

Rows stand in the order of random keys, and there is no diary beside the file: a change is undone
or whole, and the journal is gone when it is. Once a night `rewrite` forgets how cases ended, and
writes the file anew. What leaves it are counts.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from blikveld.phone import call_rows
from blikveld.phone.cases import Case, Organisation
from blikveld.phone.outcomes import (
    CallOutcome,
    OutcomeCounts,
    after,
    count_outcomes,
    refuse_call,
)
from blikveld.phone.queue import Hours, NoCallReason, next_call, next_due

FILE = "calls.sqlite3"
_SECONDS_TO_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Added:
    """What an import did: organisations added, and those whose number was there already."""

    new: int
    known: int


class CallList:
    """The call list of one data folder. Every method is one transaction, whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def at(cls, data: Path) -> CallList:
        """The list of a data folder. There is no file until something is added."""
        return cls(data / FILE)

    @property
    def exists(self) -> bool:
        """Whether a list was ever imported here."""
        return self.path.exists()

    def add(self, organisations: Iterable[Organisation]) -> Added:
        """Add organisations; one whose number is on the list already stays as it is."""
        wanted = list(organisations)
        with self._transaction(new=True) as db:
            taken = {case.organisation.dialled for case in call_rows.cases(db)}
            new = [one for one in wanted if one.dialled not in taken]
            for one in new:
                call_rows.keep(db, Case(one))
        return Added(len(new), len(wanted) - len(new))

    def cases(self) -> tuple[Case, ...]:
        """Every organisation, in the order of the random keys."""
        if not self.exists:
            return ()
        with self._transaction() as db:
            return tuple(call_rows.cases(db))

    def hours(self) -> Hours:
        """When is called: the usual hours, until others are set."""
        if not self.exists:
            return Hours()
        with self._transaction() as db:
            return call_rows.hours(db)

    def set_hours(self, hours: Hours) -> None:
        """Call at these hours from now on. Raises CallRefused for hours that cannot be."""
        if not hours.sound:
            raise refuse_call("hours", "hours")
        with self._transaction(new=True) as db:
            call_rows.keep_hours(db, hours)

    def held(self, now: datetime, by: str) -> Case | None:
        """What this interviewer has before them today."""
        if not self.exists:
            return None
        with self._transaction() as db:
            return next(iter(_held(db, now, by)), None)

    def look(self, now: datetime, by: str) -> Case | NoCallReason:
        """What `take` would give, without taking it."""
        if not self.exists:
            return NoCallReason.NO_LIST
        with self._transaction() as db:
            return next_call(tuple(call_rows.cases(db)), now, by, call_rows.hours(db))

    def next_due(self, now: datetime, by: str) -> datetime | None:
        """When there is somebody to call again, or None when nobody is foreseen."""
        return next_due(self.cases(), now, by, self.hours())

    def take(self, now: datetime, by: str) -> Case | NoCallReason:
        """The next organisation for this interviewer, which nobody else gets from now on today."""
        if not self.exists:
            return NoCallReason.NO_LIST
        with self._transaction() as db:
            found = next_call(tuple(call_rows.cases(db)), now, by, call_rows.hours(db))
            return found if isinstance(found, NoCallReason) else _taken(db, found, now, by)

    def take_one(self, key: str, now: datetime, by: str) -> Case:
        """This organisation, to keep an appointment early or late.

        Puts back what the interviewer had before them. Raises CallRefused when it is no longer
        to be called, when it has no appointment, or when somebody else has it before them.
        """
        with self._transaction() as db:
            case = _find(db, key)
            if case.closed or case.appointment is None or _others(case, now, by):
                raise refuse_call("not-free", "organisation")
            for held in _held(db, now, by):
                call_rows.keep(db, replace(held, taken=None, taken_on=None))
            return _taken(db, case, now, by)

    def put_back(self, now: datetime, by: str) -> None:
        """Give back what this interviewer has before them, without an outcome."""
        with self._transaction() as db:
            for case in _held(db, now, by):
                call_rows.keep(db, replace(case, taken=None, taken_on=None))

    def release(self, now: datetime) -> int:
        """Give back what every interviewer has before them; gives how many there were."""
        with self._transaction() as db:
            taken = [case for case in call_rows.cases(db) if case.held_by(now.date()) is not None]
            for case in taken:
                call_rows.keep(db, replace(case, taken=None, taken_on=None))
            return len(taken)

    def record(self, key: str, outcome: CallOutcome, now: datetime, by: str) -> Case:
        """Keep how a call ended. Raises CallRefused when this interviewer does not have it.

        So a form that is sent twice, or late, counts once.
        """
        with self._transaction() as db:
            case = _find(db, key)
            if case.held_by(now.date()) != by or case.closed:
                raise refuse_call("not-yours", "organisation")
            called = after(case, outcome, now, by)
            call_rows.keep(db, called)
            call_rows.remember(db, by, case)
            return called

    def can_undo(self, by: str) -> bool:
        """Whether the last outcome of this interviewer can still be taken back."""
        if not self.exists:
            return False
        with self._transaction() as db:
            return call_rows.before(db, by) is not None

    def undo(self, now: datetime, by: str) -> Case:
        """Take back the last outcome of this interviewer, who has that organisation again.

        What they had before them in the meantime is put back. Raises CallRefused when there is
        none to take back, or when somebody else called there since.
        """
        with self._transaction() as db:
            before = call_rows.before(db, by)
            if before is None:
                raise refuse_call("nothing-to-undo", "undo")
            current = _find(db, before.organisation.key)
            if len(current.attempts) != len(before.attempts) + 1 or _others(current, now, by):
                raise refuse_call("nothing-to-undo", "undo")
            for held in _held(db, now, by):
                call_rows.keep(db, replace(held, taken=None, taken_on=None))
            call_rows.forget_before(db, by)
            return _taken(db, before, now, by)

    def outcomes(self) -> OutcomeCounts:
        """How many cases ended how, or stand how."""
        if not self.exists:
            return OutcomeCounts({})
        with self._transaction() as db:
            return count_outcomes(call_rows.cases(db), call_rows.tallies(db))

    def rewrite(self) -> None:
        """Forget how closed cases ended, keep the counts, and write the file anew.

        From then on the list tells only that an organisation need not be called: not whether it
        took part.
        """
        if not self.exists:
            return
        with self._transaction() as db:
            for case in list(call_rows.cases(db)):
                if case.closed and not case.done:
                    call_rows.forget_end(db, case)
            call_rows.forget_before(db)
        with self._open() as db:
            db.execute("VACUUM")

    def erase(self) -> set[bytes]:
        """Erase the list; the counts stay. Gives what stood in it, to look for afterwards."""
        with self._transaction() as db:
            for case in list(call_rows.cases(db)):
                if not case.done:
                    call_rows.forget_end(db, case)
            marks = call_rows.erase(db)
        self.rewrite()
        return marks

    def copy(self, target: Path) -> None:
        """Write the file anew at `target`, which is not there yet."""
        with self._open() as db:
            db.execute("VACUUM INTO ?", (str(target),))
        target.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if not self.exists:
            # Names and numbers stand in it, so it is the owner's alone from its first byte.
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self.path, _SECONDS_TO_WAIT, isolation_level=None)) as db:
            db.execute("PRAGMA secure_delete=ON")
            db.execute("PRAGMA synchronous=FULL")
            yield db

    @contextmanager
    def _transaction(self, *, new: bool = False) -> Iterator[sqlite3.Connection]:
        if not new and not self.exists:
            raise refuse_call("unknown", "organisation")
        # The lock is taken at the beginning, so two interviewers never get the same case.
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                call_rows.prepare(db)
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


def _find(db: sqlite3.Connection, key: str) -> Case:
    found = [case for case in call_rows.cases(db) if case.organisation.key == key]
    if not found:
        raise refuse_call("unknown", "organisation")
    return found[0]


def _held(db: sqlite3.Connection, now: datetime, by: str) -> list[Case]:
    return [case for case in call_rows.cases(db) if case.held_by(now.date()) == by]


def _others(case: Case, now: datetime, by: str) -> bool:
    return case.held_by(now.date()) not in (None, by)


def _taken(db: sqlite3.Connection, case: Case, now: datetime, by: str) -> Case:
    taken = replace(case, taken=by, taken_on=now.date())
    call_rows.keep(db, taken)
    return taken
