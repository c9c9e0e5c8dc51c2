"""Changes told with numbers: 'from 20% to 30%, an increase of 50%', and percentage points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from blikveld.checker import numbers
from blikveld.checker.document import Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.running_text import Flow

_SHARE = r"\d{1,3}(?:[.,]\d{1,2})?"
_UNIT = (
    r"(?P<unit>%-?punt\w*|procentpunt\w*|percentage\s?punt\w*|%?\s?percentage\s+points?|pp\b|"
    r"%\s+points?|%|procent|per\s?cent)"
)
_NAME = {
    Language.DUTCH: (
        r"(?:een\s+)?(?:stijging|toename|daling|afname|groei|verschil|verandering)\s+van"
    ),
    Language.ENGLISH: (
        r"(?:an?\s+)?(?:increase|rise|growth|gain|decrease|drop|decline|fall|change|difference)"
        r"\s+of"
    ),
}
_FROM = {Language.DUTCH: (r"van", r"naar|tot"), Language.ENGLISH: (r"from", r"to")}
_BETWEEN = r"[^.;%\d()]{0,30}[,(–-]\s*(?:which\s+is\s+|dat\s+is\s+)?"


def changes(flow: Flow, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every change whose beginning, end and size stand in one sentence."""
    start, end = _FROM[language]
    pattern = re.compile(
        rf"\b(?:{start})\s+(?P<old>{_SHARE})\s?%\s+(?:{end})\s+(?P<new>{_SHARE})\s?%{_BETWEEN}"
        rf"{_NAME[language]}\s+(?P<size>{_SHARE})\s?{_UNIT}",
        re.IGNORECASE,
    )
    for match in pattern.finditer(flow.text):
        text = " ".join(match[0].split())
        claim = ReportedClaim(ClaimKind.CHANGE, text, flow.line(match.start()), Verdict.RIGHT)
        old, new, size = (Decimal(numbers.percent(match[name])) for name in ("old", "new", "size"))
        points = bool(re.search(r"point|punt|pp", match["unit"], re.IGNORECASE))
        yield _judged(claim, old, new, size, phrases, points=points)


def _judged(
    claim: ReportedClaim,
    old: Decimal,
    new: Decimal,
    size: Decimal,
    phrases: Phrases,
    *,
    points: bool,
) -> ReportedClaim:
    in_points = _reaches(abs(new - old), size, _half(old) + _half(new))
    low, high = _relative(old, new)
    in_percent = low - _half(size) <= size <= high + _half(size)
    if in_points if points else in_percent:
        return claim
    difference = phrases.decimal(str(abs(new - old)))
    share = phrases.decimal(str(round(100 * abs(new - old) / old))) if old else "–"
    told = phrases.say(
        f"Dat is {difference} procentpunt, of {share}%.",
        f"That is {difference} percentage points, or {share}%.",
    )
    verdict = Verdict.POINTS if in_points or in_percent else Verdict.WRONG
    return replace(claim, verdict=verdict, explanation=told)


def _half(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2


def _reaches(exact: Decimal, printed: Decimal, slack: Decimal) -> bool:
    return abs(exact - printed) <= slack + _half(printed)


def _relative(old: Decimal, new: Decimal) -> tuple[Decimal, Decimal]:
    """The smallest and largest change in percent that the printed shares allow."""
    if old <= _half(old):
        return Decimal(0), Decimal("Infinity")
    ends = [
        abs(100 * (new + up * _half(new) - old - down * _half(old)) / (old + down * _half(old)))
        for up in (-1, 1)
        for down in (-1, 1)
    ]
    return min(ends), max(ends)
