"""The words around numbers that tell what a number is: hedges, bases and counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from blikveld.checker import numbers
from blikveld.checker.document import Language


class Hedge(Enum):
    """How firmly a number is meant."""

    EXACT = "exact"
    ALMOST = "almost"
    JUST_OVER = "just over"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOUT = "about"


_HEDGES: dict[Language, dict[Hedge, str]] = {
    Language.DUTCH: {
        Hedge.ALMOST: r"bijna|iets\s+minder\s+dan|net\s+iets\s+minder\s+dan|net\s+geen|krap|"
        r"een\s+kleine|nagenoeg|tegen",
        Hedge.JUST_OVER: r"ruim|iets\s+meer\s+dan|net\s+iets\s+meer\s+dan|dik|goed",
        Hedge.OVER: r"meer\s+dan|boven",
        Hedge.UNDER: r"minder\s+dan|onder",
        Hedge.AT_LEAST: r"minstens|ten\s*minste|minimaal|op\s+zijn\s+minst",
        Hedge.AT_MOST: r"hooguit|hoogstens|maximaal|ten\s+hoogste",
        Hedge.ABOUT: r"ongeveer|circa|ca\.|zo['’]n|rond|grofweg|om\s+en\s+nabij",
    },
    Language.ENGLISH: {
        Hedge.ALMOST: r"almost|nearly|just\s+under|just\s+less\s+than|slightly\s+less\s+than|"
        r"slightly\s+under|not\s+quite|close\s+to",
        Hedge.JUST_OVER: r"just\s+over|just\s+more\s+than|slightly\s+more\s+than|slightly\s+over|"
        r"a\s+little\s+over|a\s+little\s+more\s+than",
        Hedge.OVER: r"more\s+than|over|above|upwards\s+of",
        Hedge.UNDER: r"less\s+than|fewer\s+than|under|below",
        Hedge.AT_LEAST: r"at\s+least|no\s+fewer\s+than",
        Hedge.AT_MOST: r"at\s+most|up\s+to|no\s+more\s+than",
        Hedge.ABOUT: r"about|around|roughly|approximately|some|circa",
    },
}
_OF = {
    Language.DUTCH: r"(?:van|uit)\s+(?:de|het|alle|deze|die|onze)?\s*(?:in\s+totaal\s+)?",
    Language.ENGLISH: r"(?:out\s+)?of\s+(?:the|all|these|those|our)?\s*(?:total\s+of\s+)?",
}
_BASE_WORDS = {
    Language.DUTCH: r"\b(?:van|onder|bij|uit)\s+(?:de|alle|deze|die|onze)?\s*(?:in\s+totaal\s+)?|"
    r"\bin\s+(?:het\s+)?totaal\s+(?:zijn\s+|hebben\s+|waren\s+)?|\balle\s+",
    Language.ENGLISH: r"\b(?:of|among|amongst)\s+(?:the|all|these|those|our)?\s*"
    r"(?:total\s+of\s+)?|\ba\s+total\s+of\s+|\bin\s+total,?\s+|\ball\s+",
}
_NO_COUNT = {
    Language.DUTCH: r"(?!\s*(?:tot\b|of\s+(?:meer|minder)\b|jaar|jarig|procent|%|keer|maal|euro|"
    r"op\b|-|–|/))",
    Language.ENGLISH: r"(?!\s*(?:to\b|or\s+(?:more|fewer)\b|years?\b|-year|per\s*cent|%|times|"
    r"euros?\b|in\b|-|–|/))",
}
_LEADS = {
    Language.DUTCH: r"dat\s+is|ofwel|oftewel|d\.w\.z\.|goed\s+voor|wat\s+neerkomt\s+op|=",
    Language.ENGLISH: r"which\s+is|that\s+is|i\.e\.,?|or|amounting\s+to|equal\s+to|=",
}
_BREAKS = {
    Language.DUTCH: r"en|terwijl|maar|waarvan|tegen(?:over)?|versus|dan",
    Language.ENGLISH: r"and|while|whereas|but|versus|compared|than",
}
_NO_SHARE = (
    r"CI\b|C\.I\.|CrI|HDI|HPD|BI\b|confidence|credib|betrouwbaar|interval|prediction|level|"
    r"point|punt|percentile|power\b"
)
"""Words behind a percentage that make it no share of anybody."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Compiled patterns of one language."""

    hedge: re.Pattern[str]
    hedge_before: re.Pattern[str]
    fraction: re.Pattern[str]
    slashed: re.Pattern[str]
    leads: re.Pattern[str]
    breaks: re.Pattern[str]
    base: re.Pattern[str]
    count: re.Pattern[str]
    percent: re.Pattern[str]


@lru_cache(maxsize=2)
def wording(language: Language) -> Wording:
    """The patterns of a language.

    `fraction` has the groups count and base ('10 of the 12'), and so has `slashed`, which also
    takes '10/12'; `base` and `count` have one group; `percent` has the group percent. `leads` is
    what leads from a count to its percentage, `breaks` what begins another statement.
    """
    number = rf"(?:{numbers.COUNT}|{numbers.words(language)})"
    hedges = "|".join(pattern for pattern in _HEDGES[language].values())
    edge, free = r"(?<![\w.,§%=*†-])", _NO_COUNT[language]
    flags = re.IGNORECASE
    return Wording(
        hedge=re.compile(rf"\b(?:{hedges})", flags),
        hedge_before=re.compile(rf"\b({hedges})\s+(?:de\s+|the\s+)?$", flags),
        fraction=re.compile(
            rf"{edge}(?P<count>(?!(?:een|één|one)\b){number})\s+"
            rf"{_OF[language]}(?P<base>{number})\b(?![.,]\s?\d){free}",
            flags,
        ),
        slashed=re.compile(
            rf"{edge}(?P<count>{number})\s*(?:{_OF[language]}|(?<=\d)\s?/\s?(?=\d))"
            rf"(?P<base>{number})\b(?![.,/]\d)",
            flags,
        ),
        leads=re.compile(rf"[\s,:]*(?:[(\[–—-]|{_LEADS[language]})\s*$", flags),
        breaks=re.compile(rf"[;.]\s|\b(?:{_BREAKS[language]})\b", flags),
        base=re.compile(
            rf"(?:{_BASE_WORDS[language]})(?P<base>{number})\b(?=\s+[^\W\d]){free}", flags
        ),
        count=re.compile(rf"{edge}(?P<count>{number})\b(?![.,]\d){free}", flags),
        percent=re.compile(
            rf"(?<![\w.,%/#&=-])(?P<percent>{numbers.PERCENT})\s?"
            r"(?:%(?![0-9A-F]{2}[a-zA-Z0-9%&])(?![a-zA-Z])|(?:procent|per\s?cent)\b)"
            rf"(?!\s*-?(?:{_NO_SHARE}))",
            flags,
        ),
    )


def hedge(text: str, language: Language) -> Hedge:
    """The hedge at the end of a text, right before a number or a fraction in words."""
    found = wording(language).hedge_before.search(text[-40:])
    return meaning(found[1], language) if found else Hedge.EXACT


def meaning(words: str, language: Language) -> Hedge:
    """Which hedge some words are; the longest pattern wins ('just over' is not 'over')."""
    for sort, pattern in _HEDGES[language].items():
        if re.fullmatch(pattern, words.strip(), re.IGNORECASE):
            return sort
    return Hedge.EXACT


def fits(kind: Hedge, said: float, value: float, slack: float = 0.5) -> bool:
    """Whether a share of `value` percent may be called `said` percent with this hedge.

    How far 'almost' reaches is a convention: 10 points at most, 4 at least, in between a fifth of
    what is said. `slack` allows for a value that was itself rounded.
    """
    below, above = min(10.0, max(4.0, said / 5)), min(10.0, max(5.0, said / 5))
    low, high = {
        Hedge.EXACT: (said - max(2.5, said / 12), said + max(2.5, said / 12)),
        Hedge.ALMOST: (said - below, said),
        Hedge.JUST_OVER: (said, said + above),
        Hedge.OVER: (said, 100.0),
        Hedge.UNDER: (0.0, said),
        Hedge.AT_LEAST: (said, 100.0),
        Hedge.AT_MOST: (0.0, said),
        Hedge.ABOUT: (said - max(4.0, said / 8), said + max(4.0, said / 8)),
    }[kind]
    return low - slack <= value <= high + slack
