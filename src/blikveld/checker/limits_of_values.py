"""Values that cannot be: a p of zero, a reliability or a correlation above one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.running_text import Flow

_P_ZERO = re.compile(r"(?<![\w.])[Pp]\s*=\s*0?[.,]0{2,}(?![\d])")
_ALPHA = re.compile(
    r"(?:[Cc]ronbach(?:['’]s)?\s*(?:α|[Aa]lpha)?|(?<!\w)α)\s*(?:=|of|was|van|is)\s*"
    r"(?P<value>\d+[.,]\d+)(?![\d%])"
)
_R = re.compile(r"(?<![\w.])r\s*(?:\(\s*\d+\s*\))?\s*=\s*[-−–]?(?P<value>\d+[.,]\d+)(?![\d%])")


def limits_of_values(flow: Flow, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every p that is printed as zero, every alpha and every correlation."""
    for match in _P_ZERO.finditer(flow.text):
        why = phrases.say(
            "Een p is nooit nul; bedoeld is p < 0,001.", "A p is never zero; p < .001 is meant."
        )
        claim = _claim(match, flow)
        yield replace(claim, verdict=Verdict.P_ZERO, explanation=why)
    for pattern, name in (
        (_ALPHA, ("Een alfa", "An alpha")),
        (_R, ("Een correlatie", "A correlation")),
    ):
        for match in pattern.finditer(flow.text):
            claim = _claim(match, flow)
            if float(match["value"].replace(",", ".")) > 1:
                shown = phrases.say(*name)
                why = phrases.say(f"{shown} is nooit meer dan 1.", f"{shown} is never above 1.")
                claim = replace(claim, verdict=Verdict.IMPOSSIBLE, explanation=why)
            yield claim


def _claim(match: re.Match[str], flow: Flow) -> ReportedClaim:
    text = " ".join(match[0].split())
    return ReportedClaim(ClaimKind.VALUE, text, flow.line(match.start()), Verdict.RIGHT)
