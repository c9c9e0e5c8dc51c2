"""Means and standard deviations that no sample of whole answers can have: GRIM, GRIMMER, DEBIT.

GRIM (Brown and Heathers, 2017): n whole numbers add up to a whole number, so not every mean can be.
GRIMMER (Anaya, 2016; Allard, 2018): nor every standard deviation with it. DEBIT (Heathers and
Brown, 2019): of zeros and ones the mean alone gives the standard deviation. They hold for answers
in whole numbers only, so they are asked for, and even then they look only where the sentence names
a scale of whole numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from blikveld.checker.document import Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.running_text import Flow

_NUMBER = r"\d+[.,]\d+"
_MEAN = re.compile(
    rf"(?<!\w)(?:M|[Mm]ean|[Gg]emiddelde)\s*(?:=|of|was|van|is)\s*(?P<mean>{_NUMBER})"
    rf"(?:\s*[,;(]+\s*(?:SD|sd|s\.d\.)\s*=\s*(?P<sd>{_NUMBER}))?"
    r"\s*[,;(]+\s*[nN]\s*=\s*(?P<n>\d{1,4})\b"
)
_SCALE = re.compile(
    r"\b(?:scale|schaal)\s+(?:from|of|van)\s+(?P<low>\d)\s+(?:to|tot)\s+(?P<high>\d{1,2})\b"
    r"|\b(?P<points>\d{1,2})[- ](?:point|punts)",
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
    half = Decimal(1).scaleb(int(printed.mean.as_tuple().exponent)) / 2
    low = math.ceil((printed.mean - half) * printed.n)
    return list(range(low, math.floor((printed.mean + half) * printed.n) + 1))


def grimmer(printed: PrintedMean) -> bool:
    """Whether n whole numbers can have this mean and this standard deviation.

    The sum of squares must be whole, and odd or even as the sum is.
    """
    if printed.sd is None:
        return grim(printed)
    half = Decimal(1).scaleb(int(printed.sd.as_tuple().exponent)) / 2
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
    half = Decimal(1).scaleb(int(printed.sd.as_tuple().exponent)) / 2
    spread = Decimal(1).scaleb(int(printed.mean.as_tuple().exponent)) / 2
    ends = [
        math.sqrt(float(printed.n) / (printed.n - 1) * float(m * (1 - m)))
        for m in (max(printed.mean - spread, Decimal(0)), min(printed.mean + spread, Decimal(1)))
    ]
    around_half = printed.mean - spread <= Decimal("0.5") <= printed.mean + spread
    top = math.sqrt(printed.n / (printed.n - 1)) / 2 if around_half else max(ends)
    return min(ends) - float(half) <= float(printed.sd) <= top + float(half)


def means(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every mean with its n in a sentence that names a scale of whole numbers."""
    del language  # a mean has no thousands: both signs are decimal
    for start, end in flow.sentences():
        sentence = flow.text[start:end]
        scale = _SCALE.search(sentence)
        if scale is None or _SEVERAL.search(sentence):
            continue
        for match in _MEAN.finditer(sentence):
            text = " ".join(match[0].split())
            claim = ReportedClaim(
                ClaimKind.MEAN, text, flow.line(start + match.start()), Verdict.RIGHT
            )
            yield _judged(claim, _printed(match), phrases)


def _printed(match: re.Match[str]) -> PrintedMean:
    sd = match["sd"]
    return PrintedMean(
        Decimal(match["mean"].replace(",", ".")),
        int(match["n"]),
        None if sd is None else Decimal(sd.replace(",", ".")),
    )


def _judged(claim: ReportedClaim, printed: PrintedMean, phrases: Phrases) -> ReportedClaim:
    n = phrases.number(printed.n)
    if printed.n < 1:
        return replace(claim, verdict=Verdict.UNCHECKED)
    if not grim(printed):
        why = phrases.say(
            f"{n} hele getallen kunnen dit gemiddelde niet hebben.",
            f"{n} whole numbers cannot have this mean.",
        )
        return replace(claim, verdict=Verdict.MEAN, explanation=why)
    if not grimmer(printed):
        why = phrases.say(
            f"{n} hele getallen met dit gemiddelde kunnen deze standaardafwijking niet hebben.",
            f"{n} whole numbers with this mean cannot have this standard deviation.",
        )
        return replace(claim, verdict=Verdict.MEAN, explanation=why)
    return claim
