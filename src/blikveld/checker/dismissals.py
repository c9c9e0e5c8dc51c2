"""Findings that a person looked at and called right, kept in a text file beside the report.

    # one line for each: the finding's eight letters, and why it is right
    3f9a01cc  several answers were allowed, the note says so

The letters come from what is said, not from where it stands, so that the file stays valid for the
next version of the report.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from blikveld.checker.findings import Result
from blikveld.errors import Fault, Faults

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
