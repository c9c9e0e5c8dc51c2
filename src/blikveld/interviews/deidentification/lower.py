"""Names in turns without capitals: by lists, by the words before them, and words nobody knows.

Half of what a capital tells is lost there, so more is suggested than is meant, and a person has to
read such turns line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from blikveld.interviews.deidentification.people import PREFIXES
from blikveld.interviews.deidentification.spans import IdentifierKind, Span, SuggestionSource
from blikveld.interviews.deidentification.words import (
    BODIES,
    BODY_ENDS,
    Category,
    given_names,
    is_word,
    listed,
    readable,
    surnames,
)

_TURN = re.compile(r"[^\n]+")
_HEAD = re.compile(r"[^\n:]{1,60}: ")
_WORD = re.compile(r"['’]s-\w[\w-]*|[^\W\d_][\w’'\-]*\w|[^\W\d_]")
_FEWEST = 15
_SHORTEST = 4
_INTO = frozenset(("in", "uit", "naar", "richting", "vanuit"))
_BODY = frozenset(map(str.lower, BODIES)) | {"politieteam", "basisteam", "jeugdteam"}
_TITLES = frozenset(
    ("mevrouw", "meneer", "mijnheer", "heer", "juf", "juffrouw", "dokter", "oom", "tante", "opa")
) | {"oma", "mevr", "mw", "dhr", "dr", "drs", "mr", "ir", "prof", "familie"}
"""Titles that a name follows nearly always."""
_BACK = 4


def has_no_capitals(turn: str) -> bool:
    """Whether a turn of some length is written without capitals."""
    letters = [sign for sign in turn if sign.isalpha()]
    return len(letters) >= _FEWEST and not any(map(str.isupper, letters))


def lower_names(text: str, towns: frozenset[str], hide: frozenset[Category]) -> Iterator[Span]:
    """What could be names in the turns of a text that have no capitals."""
    for turn in _TURN.finditer(text):
        head = _HEAD.match(turn.group())
        start = turn.start() + (head.end() if head else 0)
        if has_no_capitals(text[start : turn.end()]):
            yield from _of_turn(text, start, turn.end(), _Lists(towns, hide))


class _Lists:
    """The lists of names in lower case, without what is a word too."""

    def __init__(self, towns: frozenset[str], hide: frozenset[Category]) -> None:
        self.given = _lower("given_names", given_names())
        self.all_given = _lower("all_given_names", given_names())
        self.greetings = _greetings()
        self.surnames = _lower("surnames", surnames())
        self.towns = _lower("towns", towns)
        self.readable = _lower("readable", readable(hide))


@cache
def _lower(name: str, names: frozenset[str]) -> frozenset[str]:
    whole = name in ("readable", "all_given_names")
    return frozenset(word.lower() for word in names if whole or not is_word(word))


@cache
def _greetings() -> frozenset[str]:
    return frozenset(word.lower() for word in listed("starters"))


def _of_turn(text: str, start: int, end: int, lists: _Lists) -> Iterator[Span]:
    words = list(_WORD.finditer(text, start, end))
    for index, match in enumerate(words):
        before = _beside(text, words, index)
        kind = _kind(match.group(), before, lists)
        if kind is not None:
            first, last = _around(text, words, index, kind, lists)
            yield Span(words[first].start(), words[last].end(), kind, SuggestionSource.LIST)


def _beside(text: str, words: list[re.Match[str]], index: int) -> list[str]:
    """The words before one, as far back as nothing but space stands between them."""
    found: list[str] = []
    for at in range(index, max(index - _BACK, 0), -1):
        if text[words[at - 1].end() : words[at].start()].strip():
            break
        found.insert(0, words[at - 1].group())
    return found


def _kind(word: str, before: list[str], lists: _Lists) -> IdentifierKind | None:
    last = before[-1] if before else ""
    led = [each for each in before if each not in PREFIXES]
    small = word in PREFIXES or word in lists.greetings
    if led and led[-1] in _TITLES and not small:
        return IdentifierKind.PERSON
    if last in _BODY and len(word) >= _SHORTEST and not small:
        return IdentifierKind.ORGANISATION
    if small or word in lists.readable or is_word(word) or len(word) < _SHORTEST - 1:
        return None
    if word in lists.towns:
        return IdentifierKind.TOWN
    if word in lists.given or word in lists.surnames:
        return IdentifierKind.PERSON
    if len(word) < _SHORTEST:
        return None
    if word.endswith(BODY_ENDS):
        return IdentifierKind.ORGANISATION
    return IdentifierKind.TOWN if last in _INTO else IdentifierKind.PERSON


def _around(
    text: str, words: list[re.Match[str]], index: int, kind: IdentifierKind, lists: _Lists
) -> tuple[int, int]:
    """The first and the last word of a name: with what a body is, and with a whole surname."""
    before = _beside(text, words, index)
    first = last = index
    if kind is IdentifierKind.ORGANISATION:
        return index - (bool(before) and before[-1] in _BODY), last
    if kind is not IdentifierKind.PERSON:
        return first, last
    small = [each for each in before if each in PREFIXES]
    if len(small) > 1 and before[-len(small) :] == small:
        first = index - len(small)
    if before and before[-1] in lists.all_given:
        first = index - 1
    if words[index].group() in lists.all_given:
        last = _surname(text, words, index)
    return first, last


def _surname(text: str, words: list[re.Match[str]], index: int) -> int:
    """The last word of a surname with small words behind a given name: 'bart de leeuw'."""
    at = index + 1
    while at < len(words) and words[at].group() in PREFIXES:
        if text[words[at - 1].end() : words[at].start()] != " ":
            return index
        at += 1
    small = at > index + 1 and at < len(words)
    return at if small and text[words[at - 1].end() : words[at].start()] == " " else index
