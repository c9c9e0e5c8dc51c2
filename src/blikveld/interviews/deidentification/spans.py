"""A stretch of text that may tell who somebody is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum


class IdentifierKind(Enum):
    """What stands there. The value is the word of the placeholder in English."""

    PERSON = "person"
    TOWN = "town"
    ORGANISATION = "organisation"
    PHONE = "phone"
    MAIL = "mail"
    ACCOUNT = "account"
    PLATE = "plate"
    DATE = "date"
    HANDLE = "handle"
    ADDRESS = "address"
    LINK = "link"
    NUMBER = "number"
    """A number by which somebody is known: of a citizen, a case, a student, a passport."""
    AGE = "age"


WORDS: Mapping[str, Mapping[IdentifierKind, str]] = {
    "en": {kind: kind.value for kind in IdentifierKind},
    "nl": {
        IdentifierKind.PERSON: "naam",
        IdentifierKind.TOWN: "plaats",
        IdentifierKind.ORGANISATION: "organisatie",
        IdentifierKind.PHONE: "telefoon",
        IdentifierKind.MAIL: "e-mail",
        IdentifierKind.ACCOUNT: "rekening",
        IdentifierKind.PLATE: "kenteken",
        IdentifierKind.DATE: "datum",
        IdentifierKind.HANDLE: "accountnaam",
        IdentifierKind.ADDRESS: "adres",
        IdentifierKind.LINK: "link",
        IdentifierKind.NUMBER: "nummer",
        IdentifierKind.AGE: "leeftijd",
    },
}
"""The words of placeholders, by language; a language without words of its own has English ones."""


class SuggestionSource(Enum):
    """Who says so, the surest first: where two disagree, the surer one has its way.

    An address with a speaker's name in it goes as a whole, so its form comes before the name.
    """

    PATTERN = 0
    SPEAKERS = 1
    RULE = 2
    LIST = 3
    PROGRAM = 4
    CAPITAL = 5


@dataclass(frozen=True, slots=True)
class Span:
    """The code points from `start` up to `end`, what they are, and who says so."""

    start: int
    end: int
    kind: IdentifierKind
    source: SuggestionSource

    def words(self, text: str) -> str:
        """What stands there."""
        return text[self.start : self.end]


def placeholder(kind: IdentifierKind, number: int, language: str) -> str:
    """What is read instead: '[town 2]', '[plaats 2]'."""
    return f"[{WORDS.get(language, WORDS['en'])[kind]} {number}]"


def settled(found: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that do not overlap, in order: the surest stay, then the longest.

    What a less sure one has beyond a surer one joins it, so that no half of a name is left bare.
    Speakers and addresses keep what they have: their words are known.
    """
    kept: list[Span] = []
    starts: list[int] = []
    for span in sorted(found, key=lambda s: (s.source.value, s.start - s.end, s.start)):
        first, last = _met(kept, starts, span)
        if first == last and span.start < span.end:
            starts.insert(first, span.start)
            kept.insert(first, span)
        elif last - first == 1 and kept[first].source.value > SuggestionSource.SPEAKERS.value:
            kept[first] = _joined(kept[first], span)
            starts[first] = kept[first].start
    return tuple(kept)


def _met(kept: list[Span], starts: list[int], span: Span) -> tuple[int, int]:
    """Which of the spans in order, that do not overlap, this one meets: from and up to."""
    first = bisect_right(starts, span.start)
    if first and kept[first - 1].end > span.start:
        first -= 1
    return first, max(first, bisect_left(starts, span.end))


def _joined(kept: Span, more: Span) -> Span:
    return replace(kept, start=min(kept.start, more.start), end=max(kept.end, more.end))
