"""A protected text to read and to select in: turns, their sentences, and steps of one word.

Coders are compared sentence by sentence, so alpha hangs on where a text is cut. SENTENCES says by
which rules that was done; it stands beside the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blikveld.interviews.coding.state import CodedSegment
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText

SENTENCES = "2"
"""The version of the rules by which texts are cut into sentences."""
_TURN = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]*)*")
_SPEAKER = re.compile(r"([^\n:]{1,60}): ")
_WORD = re.compile(r"\S+")
_STOP = re.compile(
    r"[.!?…؟۔।。！？]+[\"'”’»)\]]*(?:[ \u00a0]?[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+)*"
)
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]+$")
_QUOTES = "\"'“‘„«(-–—"
_LONGEST_ABBREVIATION = 24
_MID_SENTENCE_WORDS = (
    "dhr mevr mw mej dr drs ir ing mr prof ds st bijv bv ca nr nrs art blz p pag vgl resp evt "
    "incl excl zgn zg plm tel dd a.h.v a.u.b d.d d.m.v d.w.z i.p.v i.v.m m.a.w m.b.t m.b.v "
    "m.n n.a.v o.a o.b.v o.l.v p.p t.a.v t.b.v t.o.v t.w v.d z.g"
)
_MID_SENTENCE = frozenset(_MID_SENTENCE_WORDS.split())
"""Abbreviations that a name, number or word follows: they end no sentence."""
_MAY_END_WORDS = "enz etc e.d jl jr sr c.s i.d m.i n.v.t o.i.d p.m s.v.p v.a vs"
_MAY_END = frozenset(_MAY_END_WORDS.split())
"""Abbreviations that end a sentence when a capital follows."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a text that gets a code or not: a sentence."""

    text: str
    start: int
    end: int

    def touches(self, passage: CodedSegment) -> bool:
        """Whether a passage lies partly or wholly in it."""
        inside = passage.start < self.end and self.start < passage.end
        return inside and passage.text == self.text


def sentences(texts: Mapping[str, str]) -> tuple[Unit, ...]:
    """The sentences of all texts, in order; positions are code points, without space around.

    >>> [u.end for u in sentences({"a": "Ik sprak dhr. De Vries om 14.30 uur. Daarna niet meer."})]
    [36, 54]
    """
    return tuple(Unit(key, *cut) for key, text in texts.items() for cut in _cuts(text))


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        begin, start = start, start + len(line)
        ends = [m.end() for m in _STOP.finditer(text, begin, start) if _ends_sentence(text, m)]
        for end in (*ends, start):
            words = text[begin:end]
            if words.strip():
                yield begin + len(words) - len(words.lstrip()), begin + len(words.rstrip())
            begin = end


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends at a sign: not in dhr. X, J. de Vries, 3.5, 14.30 or politie.nl."""
    after = text[stop.end() : stop.end() + 40]
    if after[:1] and not after[0].isspace():
        return False
    following = after.lstrip(" \t\u00a0")
    if not following or following[0] == "\n":
        return True
    first = next((sign for sign in following if sign not in _QUOTES), "")
    before = _LAST_WORD.search(text[max(0, stop.start() - _LONGEST_ABBREVIATION) : stop.start()])
    if stop.group().startswith(".") and before:
        word = before.group()
        initial = len(word) == 1 and word.isalpha() and word.isupper()
        if initial or word.casefold() in _MID_SENTENCE:
            return False
        if word.casefold() in _MAY_END:
            return not (first.islower() or first.isdigit())
    return not first.islower()


@dataclass(frozen=True, slots=True)
class TurnOf:
    """What one speaker says in one go. `start` is behind the speaker; positions are code points."""

    number: int
    speaker: str
    start: int
    end: int
    words: str
    sentences: tuple[Unit, ...]
    when: int | None = None
    """When it was said, in milliseconds; None where nothing tells."""

    @property
    def clock(self) -> str:
        """When it was said, as a player shows it: '1:02:03'; '' where nothing tells."""
        if self.when is None:
            return ""
        minutes, seconds = divmod(self.when // 1_000, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def turns(text: PseudonymisedText) -> tuple[TurnOf, ...]:
    """The turns of a text in order, each with the sentences that can be chosen."""
    found = []
    for number, match in enumerate(_TURN.finditer(text.text), 1):
        named = _SPEAKER.match(match.group())
        start = match.start() + (named.end() if named else 0)
        inside = sentences({text.key: text.text[start : match.end()]})
        moved = tuple(Unit(text.key, start + u.start, start + u.end) for u in inside)
        speaker = named[1] if named else ""
        end, words = match.end(), text.text[start : match.end()]
        when = next((w for index, w in text.moments if start <= index < end), None)
        found.append(TurnOf(number, speaker, start, end, words, moved, when))
    return tuple(found)


def stepped(text: str, start: int, end: int, *, front: int = 0, back: int = 0) -> tuple[int, int]:
    """A selection with its ends moved by whole words.

    `front` below zero takes words in before it, above zero leaves words off; `back` the other way
    round. At least one word stays, and nothing leaves the text.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    inside = [at for at, (first, last) in enumerate(words) if first < end and start < last]
    if not inside:
        return start, end
    first = min(max(inside[0] + front, 0), len(words) - 1)
    last = min(max(inside[-1] + back, 0), len(words) - 1)
    if first > last:
        # One word stays: the one at the end that was not moved.
        first = last = inside[-1] if front > 0 else inside[0]
    return words[first][0], words[last][1]
