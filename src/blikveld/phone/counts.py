"""How many cases ended how: the whole of what leaves the list, and without a name or a place."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from blikveld.phone.cases import Case
from blikveld.phone.dispositions import Disposition, OutcomeGroup

COLUMNS = ("code", "outcome", "group", "cases", "calls")


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """Organisations with one outcome, and the calls that were made to them."""

    cases: int = 0
    calls: int = 0

    def __add__(self, other: OutcomeCount) -> OutcomeCount:
        return OutcomeCount(self.cases + other.cases, self.calls + other.calls)


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """The telephone sample by outcome, as it stands now. No municipality: see docs/decisions."""

    by: Mapping[Disposition, OutcomeCount]

    def groups(self) -> dict[OutcomeGroup, int]:
        """Cases by what they count as in the rates, none left out."""
        found = Counter(dict.fromkeys(OutcomeGroup, 0))
        for disposition, tally in self.by.items():
            found[disposition.group] += tally.cases
        return dict(found)

    @property
    def cases(self) -> int:
        """Organisations on the list."""
        return sum(tally.cases for tally in self.by.values())

    @property
    def calls(self) -> int:
        """Calls that were made."""
        return sum(tally.calls for tally in self.by.values())

    def rows(self) -> list[tuple[str, str, str, int, int]]:
        """A row for each outcome in the order of the codes, those that did not occur too."""
        ordered = sorted(Disposition, key=lambda d: (d.code, d.value))
        found = ((d, self.by.get(d, OutcomeCount())) for d in ordered)
        return [(d.code, d.value, d.group.value, t.cases, t.calls) for d, t in found]

    def csv(self) -> str:
        """The rows as CSV, with COLUMNS above them."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(self.rows())
        return text.getvalue()

    def json(self) -> str:
        """The same as JSON, with the groups counted."""
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in self.rows()]
        groups = {group.value: number for group, number in self.groups().items()}
        return json.dumps({"outcomes": rows, "groups": groups}, indent=1) + "\n"


def outcomes(cases: Iterable[Case], forgotten: Mapping[Disposition, OutcomeCount]) -> OutcomeCounts:
    """What stands on the list now, with the tallies of the cases whose end was forgotten."""
    found = dict(forgotten)
    for case in cases:
        if not case.done:
            one = OutcomeCount(1, len(case.attempts))
            found[case.disposition] = found.get(case.disposition, OutcomeCount()) + one
    return OutcomeCounts(found)


class CaseStatus(Enum):
    """Where an organisation stands in the calling."""

    NEW = "new"
    AGAIN = "again"
    APPOINTMENT = "appointment"
    TAKEN = "taken"
    """An interviewer has it before them."""
    DONE = "done"


def count_by_status(cases: Iterable[Case], now: datetime) -> dict[CaseStatus, int]:
    """How many organisations stand where, none left out."""
    found = Counter(dict.fromkeys(CaseStatus, 0))
    found.update(_stands(case, now) for case in cases)
    return dict(found)


def _stands(case: Case, now: datetime) -> CaseStatus:
    if case.closed:
        return CaseStatus.DONE
    if case.held_by(now.date()) is not None:
        return CaseStatus.TAKEN
    if case.appointment is not None:
        return CaseStatus.APPOINTMENT
    return CaseStatus.AGAIN if case.attempts else CaseStatus.NEW
