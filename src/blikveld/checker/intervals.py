"""Confidence intervals: limits in order, the estimate inside, in the middle, and at one with p.

The first two cannot be otherwise. The others are worth a look: an interval may be meant otherwise
than by the usual way, and p may come from another test. An interval behind d or g is left alone: it
is mostly that of the difference in its own unit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum

from blikveld.checker import numbers
from blikveld.checker.document import Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import half_unit
from blikveld.checker.phrases import Phrases
from blikveld.checker.running_text import Flow

_OFF_CENTRE = 0.15
"""Of the width: an estimate further from the middle is told."""
_NUMBER = r"[-−–+]?\d*[.,]?\d+"
_ESTIMATE = (
    r"(?P<name>a?ORs?|HRs?|RRs?|IRRs?|[bBMβ]|beta|mean|gemiddelde|estimate|est\.?|"
    r"diff(?:erence)?)"
)
_INTERVAL = re.compile(
    rf"(?<![\w²])(?:{_ESTIMATE})\s*(?:=|of|was|is|:)\s*(?P<value>{_NUMBER})\s*[,;(]*\s*"
    r"(?P<level>9[059])\s?%\s*-?(?:CI|C\.I\.|BI|confidence\s+interval|betrouwbaarheidsinterval)"
    rf"\s*(?:=|:|of|van)?\s*[\[(]?\s*(?P<low>{_NUMBER})\s*(?:,|;|to|tot|–|—|-)\s*(?P<high>{_NUMBER})\s*[\])]?"
    r"(?:\s*[,;]\s*[Pp]\s*(?P<sign>[=<>])\s*(?P<p>\d?[.,]\d+))?"
)


class _Scale(Enum):
    """On which scale an estimate lies in the middle of its interval, and what no effect is."""

    PLAIN = 0.0
    RATIO = 1.0


@dataclass(frozen=True, slots=True)
class _Interval:
    value: Decimal
    low: Decimal
    high: Decimal
    scale: _Scale

    @property
    def half(self) -> Decimal:
        """Half a unit of the coarsest printed number."""
        return max(map(half_unit, (self.value, self.low, self.high)))

    @property
    def ordered(self) -> bool:
        return self.low <= self.high

    @property
    def holds(self) -> bool:
        return self.low - self.half <= self.value <= self.high + self.half

    def off_centre(self) -> float:
        """How far the estimate lies from the middle, of the width; the rounding forgiven."""
        low, value, high = (float(each) for each in (self.low, self.value, self.high))
        half = float(self.half)
        if self.scale is _Scale.RATIO:
            if low <= 0:
                return 0.0
            half = 1.5 * half / low
            low, value, high = math.log(low), math.log(value), math.log(high)
        width = high - low
        away = max(0.0, abs(value - (low + high) / 2) - 2 * half)
        return away / width if width > 0 else 0.0

    def significant(self) -> bool | None:
        """Whether the interval leaves no effect out; None when that turns on the rounding."""
        nothing, half = Decimal(str(self.scale.value)), self.half
        if self.low > nothing + half or self.high < nothing - half:
            return True
        return False if self.low < nothing - half and self.high > nothing + half else None


def intervals(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every estimate with its interval, judged."""
    for match in _INTERVAL.finditer(flow.text):
        found = _read(match, language)
        if found is None:
            continue
        text = " ".join(match[0].split())
        claim = ReportedClaim(ClaimKind.INTERVAL, text, flow.line(match.start()), Verdict.RIGHT)
        yield _judged(claim, found, match, phrases)


def _read(match: re.Match[str], language: Language) -> _Interval | None:
    try:
        value, low, high = (
            numbers.decimal(match[name], language) for name in ("value", "low", "high")
        )
    except InvalidOperation:
        return None
    ratio = match["name"].rstrip("s").upper() in ("OR", "AOR", "HR", "RR", "IRR")
    if ratio and min(value, low, high) <= 0:
        return None
    return _Interval(value, low, high, _Scale.RATIO if ratio else _Scale.PLAIN)


def _judged(
    claim: ReportedClaim, found: _Interval, match: re.Match[str], phrases: Phrases
) -> ReportedClaim:
    low, value, high = (phrases.decimal(str(v)) for v in (found.low, found.value, found.high))
    if not found.ordered:
        why = phrases.say(f"{low} is meer dan {high}.", f"{low} is more than {high}.")
        return replace(claim, verdict=Verdict.INTERVAL, explanation=why)
    if not found.holds:
        why = phrases.say(
            f"{value} ligt niet tussen {low} en {high}.",
            f"{value} is not between {low} and {high}.",
        )
        return replace(claim, verdict=Verdict.INTERVAL, explanation=why)
    if found.off_centre() > _OFF_CENTRE:
        why = phrases.say(
            f"{value} ligt niet in het midden van {low} en {high}.",
            f"{value} is not in the middle of {low} and {high}.",
        )
        return replace(claim, verdict=Verdict.OFF_CENTRE, explanation=why)
    return _against_p(claim, found, match, phrases)


def _against_p(
    claim: ReportedClaim, found: _Interval, match: re.Match[str], phrases: Phrases
) -> ReportedClaim:
    """A p below .05 with a 95% interval that holds no effect, or the other way round."""
    significant = found.significant()
    if match["p"] is None or match["level"] != "95" or significant is None:
        return claim
    p = float(match["p"].replace(",", "."))
    below = p < 0.05 if match["sign"] == "=" else (match["sign"] == "<" and p <= 0.05)
    above = p > 0.05 and match["sign"] != "<"
    if (below and significant) or (above and not significant) or not (below or above):
        return claim
    nothing = f"{found.scale.value:g}"
    why = phrases.say(
        f"Het interval sluit {nothing} {'uit' if significant else 'in'}, maar p zegt iets anders.",
        f"The interval {'leaves out' if significant else 'holds'} {nothing}, but p says otherwise.",
    )
    return replace(claim, verdict=Verdict.P_AGAINST_INTERVAL, explanation=why)
