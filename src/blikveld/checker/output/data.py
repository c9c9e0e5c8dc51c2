"""A result as data for programs."""

from __future__ import annotations

from typing import Any

from blikveld.checker.findings import ReportedClaim, Result


def data(result: Result) -> dict[str, Any]:
    """`claims`, all of them; `findings`, those that cannot be right; `coverage`."""
    counted = result.coverage
    return {
        "file": result.name,
        "claims": [claim_data(claim) for claim in result.claims],
        "findings": [claim_data(claim) for claim in result.findings],
        "not_read": [
            {"kind": notice.kind.value, "numbers": list(notice.numbers)}
            for notice in result.notices
        ],
        "coverage": {
            "found": counted.found,
            "checked": counted.checked,
            "unchecked": counted.unchecked,
        },
    }


def claim_data(claim: ReportedClaim) -> dict[str, Any]:
    """One claim. Table, row and column only where it stands in a table."""
    found: dict[str, Any] = {
        "kind": claim.kind.value,
        "text": claim.text,
        "line": claim.shown_line,
        "page": claim.page,
        "footnote": claim.note,
        "base": claim.base,
        "count": claim.count,
        "percent": claim.percent,
        "verdict": claim.verdict.value,
        "grade": None if claim.grade is None else claim.grade.value,
        "fingerprint": claim.fingerprint,
        "rules": list(claim.rules),
        "explanation": claim.explanation,
    }
    if claim.table is not None:
        found |= {"table": claim.table, "row": claim.row, "column": claim.column}
    return found
