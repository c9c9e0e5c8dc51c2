"""The tables of the call list, and what is read from and written to them within a transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from blikveld.phone.cases import Appointment, Attempt, Case, Disposition, Organisation
from blikveld.phone.outcomes import OutcomeCount
from blikveld.phone.queue import DayPart, Hours

# Without a row number there is no counter of arrivals: rows stand in the order of their keys.
_TABLES = """
CREATE TABLE IF NOT EXISTS organisation (
  key TEXT PRIMARY KEY, name TEXT NOT NULL, number TEXT NOT NULL, municipality TEXT NOT NULL,
  domain TEXT, calls TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally (
  disposition TEXT PRIMARY KEY, cases INTEGER NOT NULL, calls INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undo (
  interviewer TEXT PRIMARY KEY, organisation TEXT NOT NULL, calls TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hours (
  part TEXT PRIMARY KEY, start TEXT NOT NULL, end TEXT NOT NULL
) WITHOUT ROWID
"""
_COLUMNS = "key, name, number, municipality, domain, calls"


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables where they are not there."""
    for statement in _TABLES.split(";"):
        db.execute(statement)


def cases(db: sqlite3.Connection) -> Iterator[Case]:
    """Every case, in the order of the random keys."""
    for row in db.execute(f"SELECT {_COLUMNS} FROM organisation ORDER BY key"):  # noqa: S608
        yield _case(Organisation(*row[:5]), row[5])


def keep(db: sqlite3.Connection, case: Case) -> None:
    """Add a case, or change it."""
    one = case.organisation
    values = (one.key, one.name, one.number, one.site, one.category, _calls(case))
    db.execute(f"REPLACE INTO organisation ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608


def remember(db: sqlite3.Connection, interviewer: str, case: Case) -> None:
    """Keep how a case was before this interviewer's last outcome, until the night."""
    values = (interviewer, case.organisation.key, _calls(case))
    db.execute("REPLACE INTO undo VALUES (?, ?, ?)", values)


def before(db: sqlite3.Connection, interviewer: str) -> Case | None:
    """How the case of this interviewer's last outcome was before it, or None."""
    query = f"""SELECT {_COLUMNS.replace("calls", "undo.calls")} FROM undo
        JOIN organisation ON key = organisation WHERE interviewer = ?"""  # noqa: S608
    row = db.execute(query, (interviewer,)).fetchone()
    return _case(Organisation(*row[:5]), row[5]) if row else None


def forget_before(db: sqlite3.Connection, interviewer: str | None = None) -> None:
    """Forget what could be taken back: of one interviewer, or of all."""
    db.execute("DELETE FROM undo WHERE interviewer = coalesce(?, interviewer)", (interviewer,))


def tallies(db: sqlite3.Connection) -> dict[Disposition, OutcomeCount]:
    """The counts of the cases whose end was forgotten."""
    rows = db.execute("SELECT disposition, cases, calls FROM tally")
    return {Disposition(name): OutcomeCount(number, calls) for name, number, calls in rows}


def forget_end(db: sqlite3.Connection, case: Case) -> None:
    """Count how a case ended, and keep with it only that it is done."""
    values = (case.disposition.value, len(case.attempts))
    db.execute(
        "INSERT INTO tally VALUES (?, 1, ?) ON CONFLICT (disposition)"
        " DO UPDATE SET cases = cases + 1, calls = calls + excluded.calls",
        values,
    )
    keep(db, Case(case.organisation, done=True))


def hours(db: sqlite3.Connection) -> Hours:
    """The hours that were set, or the usual ones."""
    found = {
        DayPart(part): (time.fromisoformat(start), time.fromisoformat(end))
        for part, start, end in db.execute("SELECT part, start, end FROM hours")
    }
    return Hours(found) if found else Hours()


def keep_hours(db: sqlite3.Connection, hours: Hours) -> None:
    """Call at these hours from now on."""
    for part, (start, end) in hours.parts.items():
        values = (part.value, start.isoformat("minutes"), end.isoformat("minutes"))
        db.execute("REPLACE INTO hours VALUES (?, ?, ?)", values)


def erase(db: sqlite3.Connection) -> set[bytes]:
    """Delete every organisation; gives their keys."""
    keys = {key.encode() for (key,) in db.execute("SELECT key FROM organisation")}
    db.execute("DELETE FROM organisation")
    forget_before(db)
    return keys


def _calls(case: Case) -> str:
    kept = {
        "attempts": [(a.disposition.value, a.day.isoformat(), a.by) for a in case.attempts],
        "appointment": case.appointment and _appointment_columns(case.appointment),
        "done": case.done,
        "taken": case.taken,
        "taken_on": case.taken_on and case.taken_on.isoformat(),
    }
    return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)


def _appointment_columns(appointment: Appointment) -> tuple[str, str, str]:
    return (appointment.day.isoformat(), appointment.time.isoformat("minutes"), appointment.by)


def _case(organisation: Organisation, calls: str) -> Case:
    kept: Mapping[str, Any] = json.loads(calls)
    return Case(
        organisation,
        tuple(
            Attempt(Disposition(name), date.fromisoformat(day), by)
            for name, day, by in kept.get("attempts", ())
        ),
        _appointment(kept.get("appointment")),
        kept.get("done", False),
        kept.get("taken"),
        date.fromisoformat(kept["taken_on"]) if "taken_on" in kept else None,
    )


def _appointment(kept: tuple[str, str, str] | None) -> Appointment | None:
    if kept is None:
        return None
    day, clock, by = kept
    return Appointment(date.fromisoformat(day), time.fromisoformat(clock), by)
