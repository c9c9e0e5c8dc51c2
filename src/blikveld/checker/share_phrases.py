"""Shares in words beside a number: 'almost half (48%)', 'een op de vijf (20%)'."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from blikveld.checker import numbers
from blikveld.checker.document import Flow, Language
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import Hedge, fits, meaning, wording
from blikveld.checker.phrases import Phrases
from blikveld.checker.prose import Tied

_FIXED: dict[Language, dict[str, float]] = {
    Language.DUTCH: {
        r"de\s+helft": 50,
        r"(?:één|een)\s+derde|(?<=[a-z]\s)derde\s+deel": 100 / 3,
        r"(?:een|één)\s+kwart": 25,
        r"drie\s?kwart": 75,
        r"twee\s?derde": 200 / 3,
        r"(?:een|één)\s+vijfde": 20,
        r"(?:een|één)\s+tiende": 10,
        r"vier\s?vijfde": 80,
        r"drie\s?vijfde": 60,
        r"twee\s?vijfde": 40,
    },
    Language.ENGLISH: {
        r"half(?!\s+(?:as|the\s+(?:rate|number|amount|size|price|costs?|level|time)))": 50,
        r"(?:one|a)[\s-]third": 100 / 3,
        r"(?:a|one)[\s-]quarter": 25,
        r"three[\s-]quarters": 75,
        r"two[\s-]thirds": 200 / 3,
        r"(?:one|a)[\s-]fifth": 20,
        r"two[\s-]fifths": 40,
        r"three[\s-]fifths": 60,
        r"four[\s-]fifths": 80,
        r"(?:one|a)[\s-]tenth": 10,
    },
}
_RATIO = {
    Language.DUTCH: r"op\s+(?:de|elke|iedere)",
    Language.ENGLISH: r"(?:in|out\s+of)(?:\s+every)?",
}
_MAJORITY = {
    Language.DUTCH: r"(?:de|een)\s+(?P<great>grote\s+)?(?P<most>meerderheid|minderheid)\s+van",
    Language.ENGLISH: r"(?:the|a)\s+(?P<great>great\s+|large\s+)?(?P<most>majority|minority)\s+of",
}
_OPENING = re.compile(r"(?:\(|\s[–—-]\s)\s*$")
_OTHER = re.compile(r"[\d()\[\]:]")
_AROUND = 80
_FURTHEST = 260
"""Characters between words and the number they speak of at most."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A share said in words: where, how firmly, and of what percentage it speaks."""

    start: int
    end: int
    hedge: Hedge
    said: float


@lru_cache(maxsize=2)
def _pattern(language: Language) -> re.Pattern[str]:
    fixed = "|".join(_FIXED[language])
    number = numbers.words(language)
    top, bottom = rf"(?P<top>(?:{number}|\d{{1,2}}))", rf"(?P<bottom>(?:{number}|\d{{1,3}}))"
    ratio = rf"{top}\s+{_RATIO[language]}\s+{bottom}"
    hedge = wording(language).hedge.pattern
    return re.compile(
        rf"\b(?=\w)(?:(?:(?P<hedge>{hedge})\s+)?(?<![\w-])(?:{ratio}|(?P<fixed>{fixed}))(?!\w)"
        rf"|{_MAJORITY[language]})",
        re.IGNORECASE,
    )


def phrases_of(text: str, language: Language) -> Iterator[Phrase]:
    """Every share in words of a text."""
    for match in _pattern(language).finditer(text):
        found = _said(match, language)
        if found is not None:
            yield Phrase(match.start(), match.end(), *found)


def _said(match: re.Match[str], language: Language) -> tuple[Hedge, float] | None:
    if match["most"]:
        low = match["most"].lower().startswith("min")
        return (Hedge.UNDER if low else Hedge.OVER), 50.0
    hedge = meaning(match["hedge"], language) if match["hedge"] else Hedge.EXACT
    if match["fixed"]:
        for pattern, value in _FIXED[language].items():
            if re.fullmatch(pattern, match["fixed"], re.IGNORECASE):
                return hedge, float(value)
        return None
    top = numbers.whole(match["top"], language)
    bottom = numbers.whole(match["bottom"], language)
    return (hedge, 100 * top / bottom) if 0 < top < bottom else None


def words(
    tied: Sequence[Tied], main: Flow, language: Language, phrases: Phrases
) -> Iterator[ReportedClaim]:
    """Every share in words that has a percentage beside it, judged by that percentage.

    The percentage is the first one after the words in the same sentence, in brackets or behind a
    dash, with no other share or statement in between. Where the count and base are known the exact
    share counts, not the printed one.
    """
    spoken = list(phrases_of(main.text, language))
    shares = sorted(tied, key=lambda each: each.share.start)
    starts = [phrase.start for phrase in spoken], [each.share.start for each in shares]
    for start, end in main.sentences():
        inside = spoken[bisect_left(starts[0], start) : bisect_left(starts[0], end)]
        after = shares[bisect_left(starts[1], start) : bisect_left(starts[1], end)]
        for phrase, following in zip(inside, [*inside[1:], None], strict=False):
            limit = min(end, following.start if following else end, phrase.end + _FURTHEST)
            near = [t for t in after if phrase.end <= t.share.start < limit]
            if not near or _compared(main.text, near[0].share.end):
                continue
            if _belongs(main.text[phrase.end : near[0].share.start], language):
                yield _judged(phrase, near, main, phrases)


def _compared(text: str, end: int) -> bool:
    """Whether the brackets hold a second percentage: '(11% against 20%)'."""
    closing = text.find(")", end, end + _AROUND)
    return "%" in text[end:closing] if closing >= 0 else False


def _belongs(between: str, language: Language) -> bool:
    """Whether a percentage stands in brackets or behind a dash after the words it repeats.

    Not when another number, a bracket or another statement comes in between: then it speaks of
    something else.
    """
    opening = _OPENING.search(between)
    if opening is None:
        return False
    middle = between[: opening.start()]
    other = _OTHER.search(middle) or wording(language).breaks.search(middle)
    return not other


def _judged(phrase: Phrase, near: Sequence[Tied], main: Flow, phrases: Phrases) -> ReportedClaim:
    share = near[0].share
    text = main.text[phrase.start : phrase.end]
    shown = f"{text} … {phrases.decimal(share.percent)}%"
    claim = ReportedClaim(ClaimKind.WORD, shown, main.line(phrase.start), Verdict.RIGHT)
    claim = replace(claim, count=share.count, base=share.base, percent=share.percent)
    value, slack = _value(near[0])
    together = sum(float(t.share.percent) for t in near[:2])
    if fits(phrase.hedge, phrase.said, value, slack):
        return claim
    if len(near) > 1 and fits(phrase.hedge, phrase.said, together, 1.0):
        return claim
    exact = phrases.decimal(f"{value:.2f}" if slack < 0.1 else share.percent)
    why = phrases.say(f"‘{text}’ past niet bij {exact}%.", f"'{text}' does not fit {exact}%.")
    return replace(claim, verdict=Verdict.WORD, explanation=why)


def _value(tied: Tied) -> tuple[float, float]:
    share = tied.share
    exact = tied.claim.verdict is Verdict.RIGHT and share.base and share.count is not None
    if exact and share.base and share.count is not None:
        return 100 * share.count / share.base, 0.01
    return float(share.percent), 0.5
