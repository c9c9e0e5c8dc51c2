"""Shares and places in words, Dutch and English, and whether such words are true of a number.

A phrase is a fraction with a word of nearness. 'Bijna' (nearly) and 'ruim' (just over) reach
`REACH` from the fraction, a bare fraction `NEAR` to either side and 'ongeveer' (about) three times
as far, but none beyond halfway to the next fraction, which would be the better word. 'Meer dan' and
'minder dan' end at the next fraction: of 45% 'more than a quarter' is true, and misleads. All
comparisons are of whole numbers; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import assert_never

NEAR = Fraction(1, 100)
REACH = Fraction(1, 20)


class Nearness(Enum):
    """How a share lies to the fraction in words."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "over"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class SharePhrase:
    """A fraction and how near it is, in words of one language.

    `until` is the share at which 'more than' or 'less than' ends, where that is not the next
    fraction.
    """

    text: str
    fraction: Fraction
    nearness: Nearness
    until: Fraction | None = None

    def holds(self, count: int, base: int) -> bool:
        """Return whether these words fit `count` out of `base`: they are true and no other says
        more.

        They never fit an empty base.
        """
        if base <= 0:
            return False
        share = Fraction(count, base)
        below, above = _neighbours(self.fraction)
        near_below, near_above = (abs(end - self.fraction) / 2 for end in (below, above))
        away = share - self.fraction
        match self.nearness:
            case Nearness.EXACT:
                return abs(away) <= (0 if self.fraction in (0, 1) else NEAR)
            case Nearness.ABOUT:
                return -min(3 * NEAR, near_below) <= away <= min(3 * NEAR, near_above)
            case Nearness.NEARLY:
                return -min(REACH, near_below) <= away < 0
            case Nearness.OVER:
                return 0 < away <= min(REACH, near_above)
            case Nearness.MORE:
                return self.fraction < share < (self.until or above)
            case Nearness.LESS:
                return (self.until or below) < share < self.fraction
            case _:
                assert_never(self.nearness)

    def is_true(self, count: int, base: int) -> bool:
        """Return whether these words, taken alone, are no lie, even where they say far too
        little."""
        share = Fraction(count, base) if base > 0 else self.fraction
        if self.nearness is Nearness.MORE:
            return share > self.fraction
        return share < self.fraction if self.nearness is Nearness.LESS else self.holds(count, base)


class UnknownPhrase(ValueError):
    """Words that the phrase book does not have, or a language it does not speak."""


_FRACTIONS: Mapping[str, tuple[tuple[str, Fraction], ...]] = {
    "nl": (
        ("een op de tien", Fraction(1, 10)),
        ("een tiende", Fraction(1, 10)),
        ("een op de vijf", Fraction(1, 5)),
        ("een vijfde", Fraction(1, 5)),
        ("een kwart", Fraction(1, 4)),
        ("een op de vier", Fraction(1, 4)),
        ("een op de drie", Fraction(1, 3)),
        ("een derde", Fraction(1, 3)),
        ("twee op de vijf", Fraction(2, 5)),
        ("de helft", Fraction(1, 2)),
        ("drie op de vijf", Fraction(3, 5)),
        ("twee derde", Fraction(2, 3)),
        ("twee op de drie", Fraction(2, 3)),
        ("drie kwart", Fraction(3, 4)),
        ("drie op de vier", Fraction(3, 4)),
        ("vier op de vijf", Fraction(4, 5)),
        ("negen op de tien", Fraction(9, 10)),
    ),
    "en": (
        ("one in ten", Fraction(1, 10)),
        ("a tenth", Fraction(1, 10)),
        ("one in five", Fraction(1, 5)),
        ("a fifth", Fraction(1, 5)),
        ("a quarter", Fraction(1, 4)),
        ("one in four", Fraction(1, 4)),
        ("one in three", Fraction(1, 3)),
        ("a third", Fraction(1, 3)),
        ("two in five", Fraction(2, 5)),
        ("half", Fraction(1, 2)),
        ("three in five", Fraction(3, 5)),
        ("two thirds", Fraction(2, 3)),
        ("two in three", Fraction(2, 3)),
        ("three quarters", Fraction(3, 4)),
        ("three in four", Fraction(3, 4)),
        ("four in five", Fraction(4, 5)),
        ("nine in ten", Fraction(9, 10)),
    ),
}
_NEARNESS: Mapping[str, tuple[tuple[str, Nearness], ...]] = {
    "nl": (
        ("{}", Nearness.EXACT),
        ("bijna {}", Nearness.NEARLY),
        ("ruim {}", Nearness.OVER),
        ("iets meer dan {}", Nearness.OVER),
        ("ongeveer {}", Nearness.ABOUT),
        ("meer dan {}", Nearness.MORE),
        ("minder dan {}", Nearness.LESS),
    ),
    "en": (
        ("{}", Nearness.EXACT),
        ("almost {}", Nearness.NEARLY),
        ("nearly {}", Nearness.NEARLY),
        ("just over {}", Nearness.OVER),
        ("about {}", Nearness.ABOUT),
        ("more than {}", Nearness.MORE),
        ("less than {}", Nearness.LESS),
    ),
}
_WHOLE: Mapping[str, tuple[SharePhrase, ...]] = {
    "nl": (
        SharePhrase("iedereen", Fraction(1), Nearness.EXACT),
        SharePhrase("bijna iedereen", Fraction(1), Nearness.NEARLY),
        SharePhrase("niemand", Fraction(0), Nearness.EXACT),
        SharePhrase("bijna niemand", Fraction(0), Nearness.OVER),
        SharePhrase("de meerderheid", Fraction(1, 2), Nearness.MORE, Fraction(3, 4)),
        SharePhrase("een minderheid", Fraction(1, 2), Nearness.LESS, Fraction(1, 4)),
    ),
    "en": (
        SharePhrase("everybody", Fraction(1), Nearness.EXACT),
        SharePhrase("almost everybody", Fraction(1), Nearness.NEARLY),
        SharePhrase("nobody", Fraction(0), Nearness.EXACT),
        SharePhrase("almost nobody", Fraction(0), Nearness.OVER),
        SharePhrase("the majority", Fraction(1, 2), Nearness.MORE, Fraction(3, 4)),
        SharePhrase("a minority", Fraction(1, 2), Nearness.LESS, Fraction(1, 4)),
    ),
}
_PLACES: Mapping[str, tuple[str, ...]] = {
    "nl": ("meest", "op een na meest", "op twee na meest", "op drie na meest", "op vier na meest"),
    "en": ("most", "second most", "third most", "fourth most", "fifth most"),
}
_NUMBERS: Mapping[str, str] = {
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien "
    "vijftien zestien zeventien achttien negentien twintig",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
}


@cache
def _neighbours(fraction: Fraction) -> tuple[Fraction, Fraction]:
    """The fractions with words that lie next to this one, nought and all included."""
    known = sorted({Fraction(0), Fraction(1), *(f for _, f in _FRACTIONS["en"])})
    below = max((f for f in known if f < fraction), default=Fraction(0))
    return below, min((f for f in known if f > fraction), default=Fraction(1))


def phrases(language: str) -> Iterator[SharePhrase]:
    """Yield every phrase of a language, the plainest first.

    Raises UnknownPhrase for another language.
    """
    if language not in _FRACTIONS:
        raise UnknownPhrase(f"the phrase book has no language {language!r}")
    yield from _WHOLE[language]
    for pattern, nearness in _NEARNESS[language]:
        for words, fraction in _FRACTIONS[language]:
            yield SharePhrase(pattern.format(words), fraction, nearness)


def phrase(text: str, language: str) -> SharePhrase:
    """Return the phrase with these words, whatever its capitals. Raises UnknownPhrase."""
    wanted = " ".join(text.casefold().replace("één", "een").split())
    for found in phrases(language):
        if found.text == wanted:
            return found
    raise UnknownPhrase(f"the phrase book does not have {text!r}")


def fraction(count: int, base: int, language: str) -> str:
    """Return the words that lie nearest to `count` out of `base`, such as 'bijna de helft'.

    A bare fraction is preferred, then 'nearly', then 'just over': between them they reach every
    share. Raises ValueError for no base.
    """
    if base <= 0:
        raise ValueError("nothing of nothing has no words")
    share = Fraction(count, base)
    for nearness in (Nearness.EXACT, Nearness.NEARLY, Nearness.OVER):
        fits = [p for p in phrases(language) if p.nearness is nearness and p.holds(count, base)]
        if fits:
            return min(fits, key=lambda p: abs(share - p.fraction)).text
    return next(p.text for p in phrases(language) if p.holds(count, base))


def spell_rank(position: int, language: str) -> str:
    """'meest' or 'most' for 1, 'op een na meest' or 'second most' for 2, up to 5."""
    words = _PLACES.get(language, ())
    if not 1 <= position <= len(words):
        raise UnknownPhrase(f"the phrase book has no place {position} in language {language!r}")
    return words[position - 1]


def spelled(value: int, language: str) -> str | None:
    """Return a number from 0 to 20 in letters; None for others, which are printed in figures."""
    words = _NUMBERS.get(language, "").split()
    return words[value] if 0 <= value < len(words) else None
