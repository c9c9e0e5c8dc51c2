"""Numbers as they are printed: in figures, in words, and in tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
