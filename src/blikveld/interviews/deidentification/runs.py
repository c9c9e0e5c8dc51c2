"""Words with capitals in a text, taken together as they belong: 'Ada van der Laan'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from blikveld.interviews.deidentification.people import PREFIXES
from blikveld.interviews.deidentification.words import (
    SHORTENED,
    TITLES,
    body,
    given_names,
    is_word,
    surnames,
)

_WORD = re.compile(
    r"['’][st](?:-(?=\w)|\b)(?:\w[\w’'\-]*\w)?|[^\W\d_](?:[\w’'\-]*\w)?(?:\.(?=\w)[\w’'\-]*\w)*|[^\W\d_]"
)
_INNER = re.compile(r"(?:[^\W\d_A-Z][^\W\d_A-Z]+-)+(?=[A-Z])")
_OWNED = re.compile(r"['’]s$")
# The dots of 'J. de Vries' and 'dhr. de Vries' end no sentence.
_DOTTED = "|".join(map(re.escape, (*TITLES, *SHORTENED)))
_ABBREVIATED = re.compile(rf"(?<![^\W\d_])(?:[A-Z]|Th|Ph|Chr|IJ|(?i:{_DOTTED}))\.$")
_LONGEST_TITLE = 1 + max(map(len, TITLES))
_ENDS = frozenset('.!?:…\n\r"“„‘•')
_IN_BODIES = frozenset(
    ("en", "voor", "van", "aan", "der", "de", "het", "tot", "in", "&", "of", "and")
)
_FOREIGN = frozenset(("della", "delle", "di", "des", "do", "dos", "del", "et", "y", "and", "the"))
_ENGLISH = frozenset(("Institute", "Council", "University", "House", "Bank", "Department", "Board"))
_MOST_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class TextWord:
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
        """Whether it begins with a capital, as 's-Gravenhage does."""
        return self.text.lstrip("'’").removeprefix("s-").removeprefix("t-")[:1].isupper()

    @property
    def acronym(self) -> bool:
        """Whether all its letters are capitals, and there are several."""
        letters = [sign for sign in self.text if sign.isalpha()]
        return len(letters) > 1 and all(map(str.isupper, letters))


@dataclass(frozen=True, slots=True)
class Run:
    """Words with capitals that stand together, with the small words between them.

    `before` is the word that stands before the run in its sentence, in lower case; '' for none.
    `led` is that word too, or the one before it where it is a small one: 'in' for 'in de Peel'.
    `after` is the word behind it in its sentence, as it is written.
    """

    words: tuple[TextWord, ...]
    before: str = ""
    led: str = ""
    after: str = ""

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
        led = before if number else self.led
        return Run(tuple(rest), before, led, self.after) if rest else None


def words(text: str) -> Iterator[TextWord]:
    """The words of a text."""
    for match in _WORD.finditer(text):
        found, start = _OWNED.sub("", match.group()), match.start()
        if inner := _INNER.match(found):
            # 'regering-Kok', 'oud-Feyenoorder': only what has a capital is a name.
            yield TextWord(found[inner.end() :], start + inner.end(), first=False)
        else:
            yield TextWord(found, start, _begins(text, start))


def runs(text: str) -> Iterator[Run]:
    """Every run of words with capitals."""
    found = list(words(text))
    index = 0
    while index < len(found):
        if not found[index].capital:
            index += 1
            continue
        end = _end(text, found, index)
        after = found[end].text if end < len(found) and not found[end].first else ""
        yield Run(tuple(found[index:end]), *_behind(found, index, found[index]), after)
        index = end


def _behind(found: list[TextWord], index: int, word: TextWord) -> tuple[str, str]:
    """The word before a run, and the first before it that is no small word of a surname."""
    if not index or word.first:
        return "", ""
    at = index - 1
    while at > 0 and not found[at].first and found[at].text.lower() in PREFIXES:
        at -= 1
    return found[index - 1].text.lower(), found[at].text.lower()


def _end(text: str, found: list[TextWord], start: int) -> int:
    end = start + 1
    bodied = body(found[start].text)
    while True:
        ahead = _ahead(text, found, end, _small(found[start], bodied=bodied))
        if ahead == end and _two_fields(text, found, end):
            ahead += 1
        fits = ahead < len(found) and found[ahead].capital
        if not fits or not _joined(text, found[ahead - 1], found[ahead]):
            return end
        if bodied and ahead - end > _MOST_BETWEEN:
            return end
        # 'Ada van Basisteam Noord' is somebody and where she works.
        named = ahead + 1 < len(found) and found[ahead + 1].capital
        if ahead > end and found[end].text == "van" and named and body(found[ahead].text):
            return end
        bodied = bodied or body(found[ahead].text)
        end = ahead + 1


def _two_fields(text: str, found: list[TextWord], end: int) -> bool:
    """Whether 'en' joins two words of one name: 'Sociale Zaken en Werkgelegenheid'."""
    if end + 1 >= len(found) or found[end].text != "en" or not found[end + 1].capital:
        return False
    beside = _joined(text, found[end - 1], found[end]) and _joined(text, found[end], found[end + 1])
    pair = (found[end - 1].text, found[end + 1].text)
    people = given_names() | surnames()
    return beside and all(is_word(word) and word not in people for word in pair)


def _small(first: TextWord, *, bodied: bool) -> frozenset[str]:
    """The words without a capital that can stand inside a name that begins so."""
    small = PREFIXES | _FOREIGN
    if first.text in _ENGLISH:
        return small | {"of", "for"}
    return small | _IN_BODIES if bodied else small


def _ahead(text: str, found: list[TextWord], end: int, small: frozenset[str]) -> int:
    """The first word from here that is no small one, as long as nothing but space is between."""
    ahead = end
    while ahead < len(found) and found[ahead].text.lower() in small:
        if not _joined(text, found[ahead - 1], found[ahead]) or found[ahead].capital:
            break
        ahead += 1
    return ahead


def _joined(text: str, one: TextWord, other: TextWord) -> bool:
    between = text[one.end : other.start]
    return between.strip(" \u00a0") in ("", "&") and bool(between) and not one.text.endswith(".")


def _begins(text: str, start: int) -> bool:
    index = start - 1
    # What stands in brackets goes on with its sentence.
    while index >= 0 and text[index] in " \t\u00a0-–—'’([":
        index -= 1
    if index < 0:
        return True
    before = text[max(0, index - _LONGEST_TITLE) : index + 1]
    return text[index] in _ENDS and not _ABBREVIATED.search(before)
