"""Cross-references to figures, tables and sections that do not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from blikveld.checker.document import Flow, ReportDocument, Running
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases

_CAPTION = re.compile(
    r"\s{0,3}(?P<kind>Figuur|Tabel|Figure|Table)\s+(?P<number>\d{1,3})(?:\s?[.:]|\s*$|\s+(?-i:[A-Z(]))",
    re.IGNORECASE,
)
_POINT = re.compile(
    r"\b(?P<kind>[Ff]iguur|[Tt]abel|[Ff]igure|[Tt]able)[ \u00a0]+(?P<number>\d{1,3})"
    r"(?![\d.:]*\d)(?!\s?[.:]\s+[A-Z])"
)
_HEADING = re.compile(r"\s{0,3}#{0,6}\s*(?P<number>\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+[^\W\d]")
_SECTION = re.compile(
    r"(?:§\s?|\b(?:[Pp]aragraaf|[Ss]ection)\s+)(?P<number>\d{1,2}(?:[.,]\d{1,2}){1,4})(?![\d%])"
)
_KINDS = {"figuur": "figure", "figure": "figure", "tabel": "table", "table": "table"}


def references(
    document: ReportDocument, running: Running, phrases: Phrases
) -> Iterator[ReportedClaim]:
    """Every reference whose target could exist in this document, and does not.

    Figures count only if the document captions every figure up to its last (a picture's caption
    may be lost), and likewise tables; a section counts only if its chapter has numbered sections.
    """
    captions = {
        (_KINDS[m["kind"].lower()], int(m["number"]))
        for line in document.lines
        if (m := _CAPTION.match(line.text))
    }
    captions |= {
        (_KINDS[m["kind"].lower()], int(m["number"]))
        for grid in document.grids
        if (m := _CAPTION.match(grid.title + " "))
    }
    sections = {m["number"] for line in document.lines if (m := _HEADING.match(line.text))}
    for flow in (running.main, *running.notes.values()):
        yield from _figures(flow, captions, phrases)
        yield from _sections(flow, sections, phrases)


def _figures(
    flow: Flow, captions: set[tuple[str, int]], phrases: Phrases
) -> Iterator[ReportedClaim]:
    whole = {kind: _all_captioned(captions, kind) for kind in ("figure", "table")}
    for match in _POINT.finditer(flow.text):
        kind = _KINDS[match["kind"].lower()]
        if not whole[kind]:
            continue
        exists = (kind, int(match["number"])) in captions
        yield _claim(match, flow, phrases, exists=exists)


def _all_captioned(captions: set[tuple[str, int]], kind: str) -> bool:
    """Whether captions run from 1 without a gap: a gap tells that one was not read."""
    numbers = {number for each, number in captions if each == kind}
    return len(numbers) > 1 and numbers == set(range(1, max(numbers) + 1))


def _sections(flow: Flow, sections: set[str], phrases: Phrases) -> Iterator[ReportedClaim]:
    for match in _SECTION.finditer(flow.text):
        number = match["number"].replace(",", ".")
        above = number.rpartition(".")[0]
        siblings = sum(s.rpartition(".")[0] == above for s in sections)
        known = number in sections or any(s.startswith(number + ".") for s in sections)
        if siblings >= 2 or known:
            yield _claim(match, flow, phrases, exists=known)


def _claim(match: re.Match[str], flow: Flow, phrases: Phrases, *, exists: bool) -> ReportedClaim:
    claim = ReportedClaim(ClaimKind.REFERENCE, match[0], flow.line(match.start()), Verdict.RIGHT)
    if exists:
        return claim
    why = phrases.say(
        f"‘{match[0]}’ staat niet in dit rapport.", f"'{match[0]}' is not in this report."
    )
    return replace(claim, verdict=Verdict.NO_TARGET, explanation=why)
