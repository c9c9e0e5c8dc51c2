"""A result as SARIF 2.1.0, which editors and code hosts show beside the text."""

from __future__ import annotations

from typing import Any

from blikveld.checker.findings import ReportedClaim, Result, Verdict
from blikveld.checker.output.lines import said
from blikveld.checker.phrases import Phrases

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(result: Result, uri: str, phrases: Phrases) -> dict[str, Any]:
    """Every finding at its line. `uri` is the report's path as the reader gave it."""
    found = sorted({claim.verdict for claim in result.findings}, key=lambda verdict: verdict.name)
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "blikveld check",
                        "rules": [_rule(verdict, phrases) for verdict in found],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(claim, uri, phrases) for claim in result.findings],
            }
        ],
    }


def _rule(verdict: Verdict, phrases: Phrases) -> dict[str, Any]:
    return {
        "id": verdict.name.lower().replace("_", "-"),
        "shortDescription": {"text": phrases.name(verdict)},
    }


def _result(claim: ReportedClaim, uri: str, phrases: Phrases) -> dict[str, Any]:
    message = f"{said(claim)}: {phrases.name(claim.verdict)}. {claim.explanation}".strip()
    return {
        "ruleId": claim.verdict.name.lower().replace("_", "-"),
        "level": "error",
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": claim.shown_line},
                }
            }
        ],
    }
