"""A result for programs: JSON, SARIF 2.1.0 for editors, JUnit XML for build servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from blikveld.checker.document import ReportDocument
from blikveld.checker.findings import Grade, ReportedClaim, Result, Verdict
from blikveld.checker.output.lines import coverage, place, said
from blikveld.checker.phrases import Phrases


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
        "rectangle": None if claim.box is None else dict(zip(_SIDES, claim.box, strict=True)),
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


_SIDES = ("left", "top", "right", "bottom")
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Grade.IMPOSSIBLE: "error", Grade.MISPRINT: "warning", Grade.NOTE: "note"}


def sarif(result: Result, document: ReportDocument, uri: str, phrases: Phrases) -> dict[str, Any]:
    """Every finding at its line and column. `uri` is relative to where the command was given."""
    found = sorted({claim.verdict for claim in result.findings}, key=lambda verdict: verdict.name)
    lines = {line.number: line.text for line in document.lines}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "blikveld-check",
                        "rules": [_rule(verdict, phrases) for verdict in found],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(claim, uri, lines.get(claim.line, ""), phrases)
                    for claim in result.findings
                ],
            }
        ],
    }


def relative_uri(path: Path, base: Path) -> str:
    """A path as a relative URI reference; only its name when it lies outside of `base`."""
    whole = path.absolute()
    inside = whole.is_relative_to(base.absolute())
    return quote((whole.relative_to(base.absolute()) if inside else Path(whole.name)).as_posix())


def _rule(verdict: Verdict, phrases: Phrases) -> dict[str, Any]:
    return {"id": _rule_id(verdict), "shortDescription": {"text": phrases.name(verdict)}}


def _rule_id(verdict: Verdict) -> str:
    return verdict.name.lower().replace("_", "-")


def _result(claim: ReportedClaim, uri: str, line: str, phrases: Phrases) -> dict[str, Any]:
    message = f"{said(claim)}: {phrases.name(claim.verdict)}. {claim.explanation}".strip()
    return {
        "ruleId": _rule_id(claim.verdict),
        "level": _LEVELS[claim.grade or Grade.NOTE],
        "message": {"text": message},
        "partialFingerprints": {"blikveldFinding/v1": claim.fingerprint},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": claim.shown_line, **_columns(claim, line)},
                },
                **_on_page(claim),
            }
        ],
    }


def _on_page(claim: ReportedClaim) -> dict[str, Any]:
    """The page and the rectangle on it in points, in a property bag: SARIF knows lines only."""
    if claim.box is None:
        return {}
    return {"properties": {"page": claim.page, "rectangle": list(claim.box)}}


def _columns(claim: ReportedClaim, line: str) -> dict[str, int]:
    """Where the end of a claim stands in its line, as far as the line has it; counted from 1."""
    words = said(claim).split()
    for start in range(len(words)):
        tail = " ".join(words[start:])
        index = line.find(tail)
        if index >= 0:
            return {"startColumn": index + 1, "endColumn": index + 1 + len(tail)}
    return {}


def junit(result: Result, phrases: Phrases) -> str:
    """The whole file. A document without findings has one test, which passes."""
    cases = [_failed(result, claim, phrases) for claim in result.findings]
    count = len(cases)
    cases.append(
        f"  <testcase classname={quoteattr(result.name)} name={_checked(result, phrases)}/>"
    )
    head = f'<testsuite name={quoteattr(result.name)} tests="{count + 1}" failures="{count}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])


def _checked(result: Result, phrases: Phrases) -> str:
    return quoteattr(coverage(result, phrases))


def _failed(result: Result, claim: ReportedClaim, phrases: Phrases) -> str:
    where = place(result.name, claim, phrases)
    name = f"{where}: {said(claim)} [{claim.fingerprint}]"
    grade = "" if claim.grade is None else phrases.grade(claim.grade)
    return (
        f"  <testcase classname={quoteattr(result.name)} name={quoteattr(name)}>\n"
        f"    <failure type={quoteattr(grade)} message={quoteattr(phrases.name(claim.verdict))}>"
        f"{escape(claim.explanation)}</failure>\n  </testcase>"
    )
