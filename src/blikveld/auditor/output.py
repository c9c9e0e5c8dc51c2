"""An audit as text, JSON and one HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from blikveld.auditor.findings import Audit, Finding, FindingKind

_TITLES = {
    FindingKind.EXACT: "Withheld, and known exactly",
    FindingKind.NARROW: "Withheld, and known to be small within fewer values than allowed",
    FindingKind.PRINTED: "Small counts that are printed",
    FindingKind.ELSEWHERE: "Withheld in one place and printed in another",
    FindingKind.SAME: "Everybody in a small group gave one answer",
    FindingKind.TEST: "Withheld, and part of a table whose test is printed",
    FindingKind.DIFFERENCE: "A few people by whom two printed groups differ",
}
_PLACES = 3

_STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff;overflow-wrap:anywhere}
h2{margin:2rem 0 .5rem}li{margin:.75rem 0}
.steps{margin:.25rem 0 0;padding-left:1.25rem;color:#4a4a4a;font-size:.9rem}
@media (prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}.steps{color:#b8b8b8}}
"""


def write_text(audit: Audit, most: int | None = 10) -> str:
    """The audit in lines: a summary, then up to `most` findings a kind; None shows all."""
    lines = [*_summary(audit)]
    for kind, title in _TITLES.items():
        found = [finding for finding in audit.findings if finding.kind is kind]
        if found:
            lines += ["", f"{title} ({len(found)})"]
            lines += [line for finding in found[:most] for line in _lines(finding)]
            if most is not None and len(found) > most:
                lines.append(f"  … and {len(found) - most} more: add --all")
    return "\n".join(lines) + "\n"


def _summary(audit: Audit) -> Iterator[str]:
    yield (
        f"{audit.groups:,} groups of people, of which {audit.withheld:,} are withheld; "
        f"{audit.relations:,} sums hold between them. Threshold {audit.threshold}."
    )
    if audit.passed_over:
        yield f"{len(audit.passed_over)} numbers are no counts of a described group: not judged."
    exact, narrow = audit.count(FindingKind.EXACT), audit.count(FindingKind.NARROW)
    if exact or narrow:
        yield (
            f"{exact:,} withheld counts are known exactly, {audit.exact_small:,} of them small; "
            f"{narrow:,} more are known to be small within fewer values than allowed."
        )
    if not audit.findings:
        yield "Nothing that was withheld can be worked out."


def _lines(finding: Finding) -> Iterator[str]:
    yield f"  {_count(finding)}: {finding.group}"
    yield f"      {_places(finding)}"
    for step in finding.steps:
        yield f"      {step.text}"


def _count(finding: Finding) -> str:
    if finding.low == finding.high:
        return str(finding.low)
    return f"{finding.low} to {finding.high}"


def _places(finding: Finding) -> str:
    shown = "; ".join(str(where) for where in finding.where[:_PLACES])
    more = len(finding.where) - _PLACES
    return f"{shown}; and {more} more" if more > 0 else shown or "in no table"


def write_json(audit: Audit) -> str:
    """The audit as JSON: counts, and each finding with its places and steps."""
    content = {
        "threshold": audit.threshold,
        "groups": audit.groups,
        "withheld": audit.withheld,
        "relations": audit.relations,
        "not_judged": [str(where) for where in audit.passed_over],
        "counts": {kind.value: audit.count(kind) for kind in FindingKind},
        "exact_small": audit.exact_small,
        "findings": [
            {
                "kind": finding.kind.value,
                "group": finding.group,
                "low": finding.low,
                "high": finding.high,
                "places": [str(where) for where in finding.where],
                "steps": [step.text for step in finding.steps],
            }
            for finding in audit.findings
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_html(audit: Audit) -> str:
    """The audit as one page that loads nothing from elsewhere; all text in it is escaped."""
    title = "What these publications give away"
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{title}</h1>",
            *(f"<p>{escape(line)}</p>" for line in _summary(audit)),
            *_sections(audit),
            "</main></body></html>\n",
        ]
    )


def _sections(audit: Audit) -> Iterator[str]:
    for kind, title in _TITLES.items():
        found = [finding for finding in audit.findings if finding.kind is kind]
        if found:
            yield f"<h2>{title} ({len(found)})</h2><ul>"
            yield from map(_item, found)
            yield "</ul>"


def _item(finding: Finding) -> str:
    steps = "".join(f"<li>{escape(step.text)}</li>" for step in finding.steps)
    listed = f'<ol class="steps">{steps}</ol>' if steps else ""
    head = f"<strong>{_count(finding)}</strong>: {escape(finding.group)}"
    return f"<li>{head}<br>{escape(_places(finding))}{listed}</li>"
