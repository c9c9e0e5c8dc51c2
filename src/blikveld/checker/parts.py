"""Percentages of one sentence that share out a whole, because the sentence says so.

Without such words ('one answer each') nothing is held to 100: people may give several answers, and
a sentence names only some of the parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from blikveld.checker import numbers
from blikveld.checker.document import Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.hedges import wording
from blikveld.checker.phrases import Phrases
from blikveld.checker.running_text import Flow

_FEWEST = 3
_ONE_EACH = {
    Language.DUTCH: re.compile(
        r"\b(?:één|een|1)\s+antwoord(?:\s+(?:per|de)\s+\w+|\s+mogelijk)\b|\benkele?\s+antwoord",
        re.IGNORECASE,
    ),
    Language.ENGLISH: re.compile(
        r"\b(?:one|a\s+single)\s+(?:answer|choice|response)\s+(?:each|per|allowed|only)\b"
        r"|\bsingle[- ](?:answer|choice|response)\b",
        re.IGNORECASE,
    ),
}


def parts(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every sentence of three percentages or more that says that each gave one answer."""
    for start, end in flow.sentences():
        sentence = flow.text[start:end]
        if not _ONE_EACH[language].search(sentence):
            continue
        found = [
            numbers.percent(m["percent"]) for m in wording(language).percent.finditer(sentence)
        ]
        if len(found) >= _FEWEST:
            claim = ReportedClaim(
                ClaimKind.SUM,
                " + ".join(f"{phrases.decimal(share)}%" for share in found),
                flow.line(start),
                Verdict.RIGHT,
            )
            yield _judged(claim, [Decimal(share) for share in found], phrases)


def _judged(claim: ReportedClaim, shares: list[Decimal], phrases: Phrases) -> ReportedClaim:
    added = sum(shares, Decimal(0))
    slack = sum((Decimal(1).scaleb(int(s.as_tuple().exponent)) / 2 for s in shares), Decimal(0))
    if added <= 100 + slack:
        return claim
    why = phrases.say(
        f"Samen {phrases.decimal(added)}%, terwijl ieder één antwoord gaf.",
        f"Together {phrases.decimal(added)}%, though each gave one answer.",
    )
    return replace(claim, verdict=Verdict.SUM, explanation=why)
