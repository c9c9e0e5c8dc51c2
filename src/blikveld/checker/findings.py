"""Claims a report makes with numbers, what the checker thinks of each, and what a person dismissed.

Dismissals are kept in a text file beside the report:

    # one line for each: the finding's eight letters, and why it is right
    3f9a01cc  several answers were allowed, the note says so

The letters come from what is said, not from where it stands, so that the file stays valid for the
next version of the report.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from blikveld.checker.document import Box, Notice
from blikveld.errors import Fault, Faults


class ClaimKind(Enum):
    """What sort of claim it is."""

    PAIR = "percentage of a base"
    SHARE = "count of a base"
    REPEAT = "percentage said again"
    CELL = "table cell"
    ROW = "table row"
    SUM = "sum in a table"
    RELATION = "columns of a table"
    STATISTIC = "test statistic"
    WORD = "number in words"
    REFERENCE = "cross-reference"
    INTERVAL = "confidence interval"
    VALUE = "value within its limits"
    CHANGE = "change"
    SIZE = "number of people"
    MEAN = "mean of whole numbers"
    MARGIN = "margin of error"
    BARE = "percentage alone"
    MANIFEST = "number of the manifest, counted again"


class Verdict(Enum):
    """What a claim turns out to be. All but the first and the last are findings."""

    RIGHT = "right"
    ROUNDED_TWICE = "right only if rounded twice"
    TRUNCATED = "truncated"
    WRONG = "wrong"
    WRONG_BASE = "wrong base"
    IMPOSSIBLE = "impossible"
    MISPRINT = "likely misprint"
    SWAPPED = "statistic and degrees of freedom swapped"
    CONTRADICTION = "contradicts another claim"
    WORD = "word does not fit the number"
    SUM = "does not add up"
    MISMATCH = "percentages do not belong to this row"
    P_VALUE = "p does not follow from the statistic"
    DECISION = "p does not follow from the statistic, and significance changes"
    CORRECTED = "p is right only if corrected for several tests"
    ONE_SIDED = "p is right only one-sided"
    INTERVAL = "interval and estimate exclude each other"
    OFF_CENTRE = "estimate not in the middle of its interval"
    P_AGAINST_INTERVAL = "p and interval say different things"
    P_ZERO = "p is never zero"
    POINTS = "percent and percentage points mixed up"
    MEAN = "no whole numbers have this mean or deviation"
    MARGIN = "margin of error too small for its n"
    NO_TARGET = "refers to something that does not exist"
    UNCHECKED = "unchecked"


class Grade(Enum):
    """How sure a finding is. None is an accusation: a person decides."""

    IMPOSSIBLE = "cannot be right"
    MISPRINT = "very likely a misprint"
    NOTE = "look at this"


_GRADES = {
    Verdict.ROUNDED_TWICE: Grade.NOTE,
    Verdict.TRUNCATED: Grade.NOTE,
    Verdict.WRONG: Grade.IMPOSSIBLE,
    Verdict.WRONG_BASE: Grade.IMPOSSIBLE,
    Verdict.IMPOSSIBLE: Grade.IMPOSSIBLE,
    Verdict.MISPRINT: Grade.MISPRINT,
    Verdict.SWAPPED: Grade.MISPRINT,
    Verdict.CONTRADICTION: Grade.MISPRINT,
    Verdict.WORD: Grade.NOTE,
    Verdict.SUM: Grade.IMPOSSIBLE,
    Verdict.MISMATCH: Grade.NOTE,
    Verdict.P_VALUE: Grade.IMPOSSIBLE,
    Verdict.DECISION: Grade.IMPOSSIBLE,
    Verdict.CORRECTED: Grade.NOTE,
    Verdict.ONE_SIDED: Grade.NOTE,
    Verdict.INTERVAL: Grade.IMPOSSIBLE,
    Verdict.OFF_CENTRE: Grade.NOTE,
    Verdict.P_AGAINST_INTERVAL: Grade.NOTE,
    Verdict.P_ZERO: Grade.NOTE,
    Verdict.POINTS: Grade.NOTE,
    Verdict.MEAN: Grade.NOTE,
    Verdict.MARGIN: Grade.NOTE,
    Verdict.NO_TARGET: Grade.NOTE,
}


@dataclass(frozen=True, slots=True)
class ReportedClaim:
    """One claim. Counts and bases are numbers of people; a percentage is text as it was printed.

    `line` counts from 1 in the text as it was read; `start` and `end` are offsets in that line's
    flow, used to mark the place; `file_line` is the line of the file, where it has lines. None
    stands for what the claim does not say.
    """

    kind: ClaimKind
    text: str
    line: int
    verdict: Verdict
    explanation: str = ""
    base: int | None = None
    count: int | None = None
    percent: str | None = None
    rules: tuple[str, ...] = ()
    note: int | None = None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    page: int | None = None
    file_line: int | None = None
    box: Box | None = None
    """Where it stands on its page."""
    cell: tuple[int, int] | None = None
    """Row and column, from 0, in the grid that begins at or above `line`."""
    inferred: bool = False
    """Whether the verdict rests on something that is not printed, such as a base of the rest."""

    @property
    def shown_line(self) -> int:
        """The line a reader looks up: of the file, or else of the text as it was read."""
        return self.line if self.file_line is None else self.file_line

    @property
    def checked(self) -> bool:
        """Whether a verdict could be given at all."""
        return self.verdict is not Verdict.UNCHECKED

    @property
    def finding(self) -> bool:
        """Whether the claim cannot be right as it stands."""
        return self.verdict not in (Verdict.RIGHT, Verdict.UNCHECKED)

    @property
    def grade(self) -> Grade | None:
        """How sure the finding is; None for what is no finding."""
        found = _GRADES.get(self.verdict)
        return Grade.MISPRINT if self.inferred and found is Grade.IMPOSSIBLE else found

    @property
    def fingerprint(self) -> str:
        """Eight letters that stay the same in the next version of a document.

        They come from what is said and where in a table, not from the line or the page.
        """
        words = (self.kind.value, self.verdict.name, self.text, self.table, self.row, self.column)
        plain = "\n".join(" ".join((word or "").split()) for word in words)
        return hashlib.sha256(plain.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many numbers were found, and how many could be checked."""

    found: int
    checked: int

    @property
    def unchecked(self) -> int:
        """How many numbers nothing could be said about."""
        return self.found - self.checked


@dataclass(frozen=True, slots=True)
class Result:
    """All claims of one report, in the order in which they stand there, and what was not read."""

    name: str
    claims: tuple[ReportedClaim, ...]
    notices: tuple[Notice, ...] = ()
    dismissed: frozenset[str] = frozenset()
    """Fingerprints of findings that a person called right."""

    @property
    def findings(self) -> tuple[ReportedClaim, ...]:
        """The claims that cannot be right, without those that were dismissed."""
        return tuple(
            claim
            for claim in self.claims
            if claim.finding and claim.fingerprint not in self.dismissed
        )

    @property
    def coverage(self) -> Coverage:
        """Numbers found and checked."""
        return Coverage(len(self.claims), sum(claim.checked for claim in self.claims))


_LINE = re.compile(r"\s*(?P<mark>[0-9a-f]{8})\b.*")
_MOST = 1_000_000


def read_dismissals(path: Path) -> frozenset[str]:
    """The fingerprints in a file. Faults with their lines when a line is no dismissal."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")[:_MOST]
    found: set[str] = set()
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match:
            found.add(match["mark"])
        elif line.strip() and not line.lstrip().startswith("#"):
            problem = "This is no dismissal."
            mend = "Begin with a finding's eight letters, or with #."
            faults.append(Fault("check-dismissal", path.name, number, problem, mend))
    if faults:
        raise Faults(faults)
    return frozenset(found)


def dismiss(result: Result, marks: frozenset[str]) -> Result:
    """A result without the findings that were dismissed."""
    return replace(result, dismissed=marks)


def unused(result: Result) -> frozenset[str]:
    """Dismissals of which nothing is found any more: the report was changed there."""
    present = {claim.fingerprint for claim in result.claims if claim.finding}
    return result.dismissed - present
