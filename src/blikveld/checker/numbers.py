"""Numbers as they are printed, in figures, in words and in tables, and the words around them that
tell what a number is: hedges, bases and counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from blikveld.checker.document import Language

COUNT = r"(?:\d{1,3}(?:[.,\u00a0\u2009\u202f]\d{3})+(?!\d)|\d{1,9})"
"""A whole number. A point, comma or thin space before three figures only groups them."""
PERCENT = r"\d{1,4}(?:[.,]\d{1,4})?"

_DUTCH = (
    *("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
    *("elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien"),
    "negentien",
)
_ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_WORDS = {
    Language.DUTCH: {
        **{word: number for number, word in enumerate(_DUTCH)},
        "één": 1,
        "geen": 0,
        "honderd": 100,
    },
    Language.ENGLISH: {word: number for number, word in enumerate(_ENGLISH)},
}


_TENS = {
    Language.DUTCH: ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig",
                     "negentig"),
    Language.ENGLISH: ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
                       "ninety"),
}  # fmt: skip


def _compounds(language: Language) -> Iterator[tuple[str, int]]:
    """'twenty-three', 'twenty three', 'drieëntwintig' and the tens themselves."""
    for ten, name in enumerate(_TENS[language], start=2):
        yield name, 10 * ten
        for unit, word in enumerate(_BELOW_TWENTY[language][1:10], start=1):
            if language is Language.ENGLISH:
                yield f"{name}-{word}", 10 * ten + unit
                yield f"{name} {word}", 10 * ten + unit
            else:
                yield f"{word}{'ën' if word.endswith('e') else 'en'}{name}", 10 * ten + unit


_BELOW_TWENTY = {Language.DUTCH: _DUTCH, Language.ENGLISH: _ENGLISH}
for _language in _WORDS:
    _WORDS[_language].update(_compounds(_language))


@lru_cache(maxsize=4)
def words(language: Language) -> str:
    """A pattern that matches any number word of the language, longest first."""
    return "|".join(sorted(map(re.escape, _WORDS[language]), key=len, reverse=True))


def whole(text: str, language: Language) -> int:
    """A count in figures or in words. ValueError for anything else."""
    lowered = text.strip().lower()
    if lowered in _WORDS[language]:
        return _WORDS[language][lowered]
    return int(re.sub(r"[.,\s]", "", lowered))


def percent(text: str) -> str:
    """A printed percentage with a decimal point, its decimals kept: '4,0' becomes '4.0'."""
    return text.strip().replace(",", ".")


def decimal(text: str, language: Language) -> Decimal:
    """A number with decimals, as in a test statistic.

    A comma is a decimal sign in Dutch; in English it groups thousands. A point is a decimal sign
    in both, since statistics are copied from English programs.
    """
    cleaned = text.strip().replace("−", "-").replace("–", "-").replace(" ", "")
    if language is Language.DUTCH and "," in cleaned:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d*)?", cleaned):
        cleaned = cleaned.replace(",", "")
    return Decimal(cleaned.replace(",", "."))


def half_unit(value: Decimal) -> Decimal:
    """Half a unit of the last printed digit: how far a rounded number may be from the exact one."""
    return Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2


def places(text: str, language: Language) -> int:
    """How many decimals a number was printed with."""
    exponent = decimal(text, language).as_tuple().exponent
    return max(0, -int(exponent))


_POINT_DECIMAL = re.compile(r"[-−–+]?(?:\d{1,3}(?:,\d{3})+|\d*)\.(?:\d{1,2}|\d{4,})\s?%?")
_COMMA_DECIMAL = re.compile(r"[-−–+]?(?:\d{1,3}(?:\.\d{3})+|\d*),(?:\d{1,2}|\d{4,})\s?%?")
_POINT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_SPACES = "\u00a0\u2009\u202f"


class NumberStyle(Enum):
    """The sign before the decimals; the other sign, or a thin space, parts thousands."""

    POINT = "."
    COMMA = ","

    @property
    def grouping(self) -> str:
        """The sign between thousands."""
        return "," if self is NumberStyle.POINT else "."

    def whole(self, text: str) -> int | None:
        """A count such as '1,637' or '1 637'; None when the text is no whole number."""
        plain = "".join(text.split())
        grouped = rf"[1-9]\d{{0,2}}(?:{re.escape(self.grouping)}\d{{3}})+"
        if re.fullmatch(grouped, plain):
            return int(plain.replace(self.grouping, ""))
        return int(plain) if re.fullmatch(r"\d{1,12}", plain) else None

    def decimal(self, text: str) -> str | None:
        """A number with a decimal point, its decimals kept; None when the text is no number."""
        plain = "".join(text.split()).translate({ord("−"): "-", ord("–"): "-"})
        plain = re.sub(rf"(?<=\d){re.escape(self.grouping)}(?=\d{{3}}(?!\d))", "", plain)
        shown = plain.replace(self.value, ".")
        return shown if re.fullmatch(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)", shown) else None


def number_style(cells: Iterable[str], language: Language) -> NumberStyle:
    """The style that most cells show; the language's own when they show none.

    '1.234' alone tells nothing: it is a decimal in one style and a count in the other.
    """
    usual = NumberStyle.COMMA if language is Language.DUTCH else NumberStyle.POINT
    votes = {NumberStyle.POINT: 0, NumberStyle.COMMA: 0}
    weak = dict(votes)
    for cell in cells:
        text = cell.strip()
        votes[NumberStyle.POINT] += bool(_POINT_DECIMAL.fullmatch(text))
        votes[NumberStyle.COMMA] += bool(_COMMA_DECIMAL.fullmatch(text))
        weak[NumberStyle.COMMA] += bool(_POINT_GROUPS.fullmatch(text))
        weak[NumberStyle.POINT] += bool(_COMMA_GROUPS.fullmatch(text))
    for counted in (votes, weak):
        if counted[NumberStyle.POINT] != counted[NumberStyle.COMMA]:
            return max(counted, key=lambda style: counted[style])
    return usual


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
    number = rf"(?:{COUNT}|{words(language)})"
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
            rf"(?<![\w.,%/#&=-])(?P<percent>{PERCENT})\s?"
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
