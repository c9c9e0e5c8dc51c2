"""Words with capitals in a text, taken together as they belong: 'Ada van der Laan'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from blikveld.interviews.protect.people import PREFIXES
from blikveld.interviews.protect.words import TITLES, body

_WORD = re.compile(r"'t\b|[^\W\d_](?:[\w’'\-]*\w)?\.?(?<=\w)|[^\W\d_]")
_OWNED = re.compile(r"['’]s$")
# The dots of 'J. de Vries' and 'dhr. de Vries' end no sentence.
_ABBREVIATED = re.compile(rf"(?<![^\W\d_])(?:[A-Z]|(?i:{'|'.join(TITLES)}))\.$")
_LONGEST_TITLE = 1 + max(map(len, TITLES))
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
    `led` is that word too, or the one before it where it is a small one: 'in' for 'in de Peel'.
    """

    words: tuple[Word, ...]
    before: str = ""
    led: str = ""

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
        return Run(tuple(rest), before, before if number else self.led) if rest else None


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
        yield Run(tuple(found[place:end]), *_behind(found, place, word))
        place = end


def _behind(found: list[Word], place: int, word: Word) -> tuple[str, str]:
    """The word before a run, and the first before it that is no small word of a surname."""
    if not place or word.first:
        return "", ""
    at = place - 1
    while at > 0 and not found[at].first and found[at].text.lower() in PREFIXES:
        at -= 1
    return found[place - 1].text.lower(), found[at].text.lower()


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
        # 'Ada van Basisteam Noord' is somebody and where she works.
        named = ahead + 1 < len(found) and found[ahead + 1].capital
        if ahead > end and found[end].text == "van" and named and body(found[ahead].text):
            return end
        end = ahead + 1


def _joined(text: str, one: Word, other: Word) -> bool:
    between = text[one.end : other.start]
    return bool(between) and between.strip(" \u00a0") == "" and not one.text.endswith(".")


def _begins(text: str, start: int) -> bool:
    place = start - 1
    while place >= 0 and text[place] in " \t\u00a0-–'":
        place -= 1
    if place < 0:
        return True
    before = text[max(0, place - _LONGEST_TITLE) : place + 1]
    return text[place] in _ENDS and not _ABBREVIATED.search(before)
