"""Words with capitals in a text, taken together as they belong: 'Ada van der Laan'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from blikveld.interviews.protect.people import PREFIXES

_WORD = re.compile(r"'t\b|[^\W\d_](?:[\w’'\-]*\w)?\.?(?<=\w)|[^\W\d_]")
_OWNED = re.compile(r"['’]s$")
# The dot of 'J. de Vries' ends no sentence.
_INITIAL = re.compile(r"(?<![^\W\d_])[A-Z]\.$")
_ENDS = frozenset('.!?:…\n\r"“„‘([')


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands. `first` tells whether a sentence begins with it."""

    text: str
    start: int
    first: bool

    @property
    def end(self) -> int:
        """Where it ends, without the s of possession."""
        return self.start + len(self.text)

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Run:
    """Words with capitals that stand together, with the small words between them.

    `before` is the word that stands before the run in its sentence, in lower case; '' for none.
    """

    words: tuple[Word, ...]
    before: str = ""

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    def without(self, number: int) -> Run | None:
        """The run without its first words and the small ones after them; None when all are gone."""
        rest = list(self.words[number:])
        while rest and not rest[0].capital:
            rest.pop(0)
        before = self.words[number - 1].text.lower() if number else self.before
        return Run(tuple(rest), before) if rest else None


def words(text: str) -> Iterator[Word]:
    """The words of a text."""
    for match in _WORD.finditer(text):
        yield Word(_OWNED.sub("", match.group()), match.start(), _begins(text, match.start()))


def runs(text: str) -> Iterator[Run]:
    """Every run of words with capitals."""
    found = list(words(text))
    place = 0
    while place < len(found):
        if not found[place].capital:
            place += 1
            continue
        end = _end(text, found, place)
        word = found[place]
        before = found[place - 1].text.lower() if place and not word.first else ""
        yield Run(tuple(found[place:end]), before)
        place = end


def _end(text: str, found: list[Word], start: int) -> int:
    end = start + 1
    while True:
        ahead = end
        while ahead < len(found) and found[ahead].text.lower() in PREFIXES:
            if not _joined(text, found[ahead - 1], found[ahead]) or found[ahead].capital:
                break
            ahead += 1
        fits = ahead < len(found) and found[ahead].capital
        if not fits or not _joined(text, found[ahead - 1], found[ahead]):
            return end
        end = ahead + 1


def _joined(text: str, one: Word, other: Word) -> bool:
    between = text[one.end : other.start]
    return bool(between) and between.strip(" \u00a0") == "" and not one.text.endswith(".")


def _begins(text: str, start: int) -> bool:
    place = start - 1
    while place >= 0 and text[place] in " \t\u00a0-–'":
        place -= 1
    return place < 0 or (text[place] in _ENDS and not _INITIAL.search(text[: place + 1]))
