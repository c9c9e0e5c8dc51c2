"""A protected text to read and to select in: turns, their sentences, and steps of one word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blikveld.interviews.coding.compare import Unit, sentences
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText

_TURN = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]*)*")
_SPEAKER = re.compile(r"([^\n:]{1,60}): ")
_WORD = re.compile(r"\S+")


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
        moved = tuple(_trimmed(text.text, start + u.start, start + u.end, text.key) for u in inside)
        speaker = named[1] if named else ""
        end, words = match.end(), text.text[start : match.end()]
        when = next((w for index, w in text.moments if start <= index < end), None)
        found.append(TurnOf(number, speaker, start, end, words, moved, when))
    return tuple(found)


def _trimmed(text: str, start: int, end: int, key: str) -> Unit:
    words = text[start:end]
    return Unit(
        key, start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    )


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
