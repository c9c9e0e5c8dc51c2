"""The second look: words that nobody judged yet, those that may name somebody first.

One row for each word, with how often it stands there and the words around it. Most of what the
rules miss is among the first hundred (world/names.md). In text without capitals ordinary words
are names too; such a text has to be read line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from blikveld.interviews.deidentification.runs import Word
from blikveld.interviews.deidentification.runs import words as words_of
from blikveld.interviews.deidentification.spans import IdentifierKind, Span
from blikveld.interviews.deidentification.words import (
    Category,
    given_names,
    is_word,
    listed,
    places,
    readable,
    surnames,
)

_AROUND = 40
_SMALL = re.compile(r" (?:(?:voor|van|der|den|de|het|'t|of|aan|tot|ter|and|the|for|du|la) ){1,2}")
_TAIL = re.compile(r" \d{1,2}(?!\d|[.,:]\d)|-[^\W\d_]+")
_HEAD = re.compile(r"[^\W\d_]+-$")
_NAMED = frozenset((IdentifierKind.PERSON, IdentifierKind.TOWN, IdentifierKind.ORGANISATION))
_SHORTEST = 2
_NUMBER = re.compile(r"(?<!\w)\d(?:[\d.,/:-]*\d){2,}(?!\w)")
"""Three digits or more; fewer tell of nobody."""


class Suspicion(IntEnum):
    """Why a word is shown; the strongest first."""

    CAPITAL = 0
    """It has a capital inside a sentence."""
    GAP = 1
    """It stands between words that go, and they may be one name: 'Museum of Modern Art'."""
    NAME = 2
    """It is not a word of the language, and is a name or a place in our lists."""
    UNKNOWN = 3
    """It is not a word of the language."""
    FIRST = 4
    """A sentence begins with it, and it is a name too."""
    NUMBER = 5
    """It has digits."""
    START = 6
    """A sentence begins with it, and it stands nowhere in lower case: few sentences begin so."""
    PUBLIC = 7
    """It has a capital and tells of nobody, as far as our lists know."""
    ALSO_NAME = 8
    """It is an ordinary word that is a name too."""
    WORD = 9
    """It is an ordinary word."""


@dataclass(frozen=True, slots=True)
class UnjudgedWord:
    """A word that no suggestion covers: where it stands, and what is around it first."""

    words: str
    starts: tuple[int, ...]
    before: str
    after: str
    suspicion: Suspicion
    kind: IdentifierKind
    """What it would most likely be."""

    @property
    def count(self) -> int:
        """How often it stands in the text."""
        return len(self.starts)


def second_look(
    text: str, judged: Iterable[Span], hide: frozenset[Category] = frozenset()
) -> tuple[UnjudgedWord, ...]:
    """The words that no judged suggestion touches, the likeliest names first.

    Within one suspicion rare words come before those that stand there often.
    """
    spans = tuple(judged)
    closed = {index for span in spans for index in range(span.start, span.end)}
    left, whole = readable(hide), (*words_of(text), *_numbers(text))
    lower = {word.text for word in whole if word.text.islower()}
    found: dict[str, list[tuple[int, Suspicion]]] = {}
    for word in whole:
        if len(word.text) >= _SHORTEST and closed.isdisjoint(range(word.start, word.end)):
            found.setdefault(word.text, []).append((word.start, _suspicion(word, left, lower)))
    for start, end in _gaps(text, spans):
        found.setdefault(text[start:end], []).append((start, Suspicion.GAP))
    rows = (_row(text, words, here) for words, here in found.items())
    return tuple(sorted(rows, key=lambda row: (row.suspicion, row.count, row.starts)))


def _gaps(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Names that may be longer than what goes: from, and up to."""
    ordered = sorted((s for s in spans if s.kind in _NAMED), key=lambda span: span.start)
    for span, after in zip(ordered, (*ordered[1:], None), strict=False):
        bodied = after is not None and IdentifierKind.ORGANISATION in (span.kind, after.kind)
        if after and bodied and _SMALL.fullmatch(text[span.end : after.start]):
            yield span.start, after.end
        head = _HEAD.search(text[max(0, span.start - _AROUND) : span.start])
        tail = _TAIL.match(text, span.end)
        if head or tail:
            start = span.start - (len(head.group()) if head else 0)
            yield start, tail.end() if tail else span.end


def _numbers(text: str) -> Iterator[Word]:
    return (Word(match.group(), match.start(), first=False) for match in _NUMBER.finditer(text))


def _row(text: str, words: str, found: list[tuple[int, Suspicion]]) -> UnjudgedWord:
    start, suspicion = min(found, key=lambda place: (place[1], place[0]))
    end = start + len(words)
    return UnjudgedWord(
        words,
        tuple(sorted(place for place, _ in found)),
        text[max(0, start - _AROUND) : start],
        text[end : end + _AROUND],
        suspicion,
        _likely(words),
    )


def _suspicion(word: Word, left: frozenset[str], lower: set[str]) -> Suspicion:
    text, title = word.text, word.text.capitalize()
    if text[0].isdigit():
        return Suspicion.NUMBER
    if text in left:
        return Suspicion.PUBLIC
    named = title in given_names() or title in surnames() or title in places()
    capital = text[:1].isupper()
    if (capital and not word.first) or word.acronym:
        return Suspicion.CAPITAL
    if not is_word(text):
        return Suspicion.NAME if named else Suspicion.UNKNOWN
    if capital and named:
        return Suspicion.FIRST
    if capital and text.lower() not in lower and text not in listed("starters"):
        return Suspicion.START
    if named and title not in listed("starters"):
        return Suspicion.ALSO_NAME
    return Suspicion.WORD


def _likely(words: str) -> IdentifierKind:
    title = words.capitalize()
    if any(sign.isdigit() for sign in words):
        return IdentifierKind.NUMBER
    if title in places():
        return IdentifierKind.TOWN
    if title in given_names() or title in surnames():
        return IdentifierKind.PERSON
    return IdentifierKind.PERSON if not words.isupper() else IdentifierKind.ORGANISATION
