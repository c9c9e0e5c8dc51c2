"""Values that cannot be: a p of zero, an alpha above one, a mean that no whole answers have, an
interval beside its own estimate.

GRIM (Brown and Heathers, 2017): n whole numbers add up to a whole number, so not every mean can be.
GRIMMER (Anaya, 2016; Allard, 2018): nor every standard deviation with it. DEBIT (Heathers and
Brown, 2019): of zeros and ones the mean alone gives the standard deviation. They hold for answers
in whole numbers only, so they are asked for, and even then they look only where the sentence names
a scale of whole numbers, or says that the answers are coded 0 and 1.

Of confidence intervals the limits are in order and the estimate is inside: that cannot be
otherwise. In the middle, and at one with p, is worth a look: an interval may be meant otherwise
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
from blikveld.checker.document import Flow, Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import half_unit
from blikveld.checker.phrases import Phrases

_FRACTION = r"\d+[.,]\d+"
_MEAN = re.compile(
    rf"(?<!\w)(?:M|[Mm]ean|[Gg]emiddelde)\s*(?:=|of|was|van|is)\s*(?P<mean>{_FRACTION})"
    rf"(?:\s*[,;(]+\s*(?:SD|sd|s\.d\.)\s*=\s*(?P<sd>{_FRACTION}))?"
    r"\s*[,;(]+\s*[nN]\s*=\s*(?P<n>\d{1,4})\b"
)
_SCALE = re.compile(
    r"\b(?:scale|schaal)\s+(?:from|of|van)\s+(?P<low>\d)\s+(?:to|tot)\s+(?P<high>\d{1,2})\b"
    r"|\b(?P<points>\d{1,2})[- ](?:point|punts)",
    re.IGNORECASE,
)
_BINARY = re.compile(
    r"\b(?:dichotom\w+|binary|binair\w*|dummy)\b|\b0\s*=\s*[^\W\d]\w*[,;]?\s*(?:and\s+|en\s+)?1\s*=|"
    r"\b(?:coded|gecodeerd(?:\s+als)?)\s+0\s*(?:/|or|and|of|en)\s*1\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\bitems\b|\bcomposite|\baveraged|\bsubscale|\bsomscore", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrintedMean:
    """A printed mean of `n` whole numbers; `sd` is None where none is printed."""

    mean: Decimal
    n: int
    sd: Decimal | None = None


def grim(printed: PrintedMean) -> bool:
    """Whether n whole numbers can have this mean, however a half is rounded."""
    return bool(_sums(printed))


def _sums(printed: PrintedMean) -> list[int]:
    """The whole sums that print as the mean."""
    half = half_unit(printed.mean)
    low = math.ceil((printed.mean - half) * printed.n)
    return list(range(low, math.floor((printed.mean + half) * printed.n) + 1))


def grimmer(printed: PrintedMean) -> bool:
    """Whether n whole numbers can have this mean and this standard deviation.

    The sum of squares must be whole, and odd or even as the sum is.
    """
    if printed.sd is None:
        return grim(printed)
    half = half_unit(printed.sd)
    low, high = max(printed.sd - half, Decimal(0)), printed.sd + half
    for total in _sums(printed):
        centre = Decimal(total * total) / printed.n
        first = math.ceil((printed.n - 1) * low * low + centre - Decimal("1e-9"))
        last = math.floor((printed.n - 1) * high * high + centre + Decimal("1e-9"))
        if any(squares % 2 == total % 2 for squares in range(first, last + 1)):
            return True
    return False


def debit(printed: PrintedMean) -> bool:
    """Whether zeros and ones with this mean have this standard deviation."""
    if printed.sd is None or printed.n < 2:
        return True
    half = half_unit(printed.sd)
    spread = half_unit(printed.mean)
    ends = [
        math.sqrt(float(printed.n) / (printed.n - 1) * float(m * (1 - m)))
        for m in (max(printed.mean - spread, Decimal(0)), min(printed.mean + spread, Decimal(1)))
    ]
    around_half = printed.mean - spread <= Decimal("0.5") <= printed.mean + spread
    top = math.sqrt(printed.n / (printed.n - 1)) / 2 if around_half else max(ends)
    return min(ends) - float(half) <= float(printed.sd) <= top + float(half)


def means(flow: Flow, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every mean with its n in a sentence that names a scale of whole numbers or zeros and ones."""
    for start, end in flow.sentences():
        sentence = flow.text[start:end]
        binary = bool(_BINARY.search(sentence))
        if _SEVERAL.search(sentence) or not (binary or _SCALE.search(sentence)):
            continue
        for match in _MEAN.finditer(sentence):
            text = " ".join(match[0].split())
            line = flow.line(start + match.start())
            claim = ReportedClaim(ClaimKind.MEAN, text, line, Verdict.RIGHT)
            yield _judged_mean(claim, _printed(match), phrases, binary=binary)


def _printed(match: re.Match[str]) -> PrintedMean:
    sd = match["sd"]
    return PrintedMean(
        Decimal(match["mean"].replace(",", ".")),
        int(match["n"]),
        None if sd is None else Decimal(sd.replace(",", ".")),
    )


def _judged_mean(
    claim: ReportedClaim, printed: PrintedMean, phrases: Phrases, *, binary: bool
) -> ReportedClaim:
    if printed.n < 1 or (binary and printed.mean > 1):
        return replace(claim, verdict=Verdict.UNCHECKED)
    n = phrases.number(printed.n)
    if not grim(printed):
        why = phrases.say(
            f"{n} hele getallen kunnen dit gemiddelde niet hebben.",
            f"{n} whole numbers cannot have this mean.",
        )
    elif binary and not debit(printed):
        why = phrases.say(
            f"{n} nullen en enen met dit gemiddelde hebben een andere standaardafwijking.",
            f"{n} zeros and ones with this mean have another standard deviation.",
        )
    elif not grimmer(printed):
        why = phrases.say(
            f"{n} hele getallen met dit gemiddelde kunnen deze standaardafwijking niet hebben.",
            f"{n} whole numbers with this mean cannot have this standard deviation.",
        )
    else:
        return claim
    return replace(claim, verdict=Verdict.MEAN, explanation=why)


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


_OFF_CENTRE = 0.15
"""Of the width: an estimate further from the middle is told."""
_LIMIT = r"[-−–+]?\d*[.,]?\d+"
_ESTIMATE = (
    r"(?P<name>a?ORs?|HRs?|RRs?|IRRs?|[bBMβ]|beta|mean|gemiddelde|estimate|est\.?|"
    r"diff(?:erence)?)"
)
_INTERVAL = re.compile(
    rf"(?<![\w²])(?:{_ESTIMATE})\s*(?:=|of|was|is|:)\s*(?P<value>{_LIMIT})\s*[,;(]*\s*"
    r"(?P<level>9[059])\s?%\s*-?(?:CI|C\.I\.|BI|confidence\s+interval|betrouwbaarheidsinterval)"
    rf"\s*(?:=|:|of|van)?\s*[\[(]?\s*(?P<low>{_LIMIT})\s*(?:,|;|to|tot|–|—|-)\s*(?P<high>{_LIMIT})\s*[\])]?"
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
        yield _judged_interval(claim, found, match, phrases)


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


def _judged_interval(
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
