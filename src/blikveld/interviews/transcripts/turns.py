"""Speaker turns, as every transcript format gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import normalize

from blikveld.errors import BlikveldError

_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def cleaned(text: str) -> str:
    """A text in one form: composed signs, one kind of line end, no signs that nobody sees.

    Marks of direction and soft hyphens would hide a name from every search. Letters that are
    written from right to left stay.
    """
    plain_ends = text.replace("\r\n", "\n").replace("\r", "\n")
    return normalize("NFC", _HIDDEN.sub("", plain_ends))


class TranscriptRefused(BlikveldError):
    """A file that cannot be taken in; nothing was stored."""


Moment = tuple[int, int]
"""A place in a text, in code points, and when that was said, in milliseconds."""
CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,6})?"
"""A time as transcripts write it: 0:03, 00:00:03.000, 1:02:03,5."""
NO_SPEAKERS = "No speakers are named in this file."
_SENTENCE_ENDS = tuple('.!?…"”’)')


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """What somebody said at one stretch. `speaker` is a display name, None when none was given.

    Two turns in which the same was said are equal, whenever that was.
    """

    speaker: str | None
    text: str
    moments: tuple[Moment, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ParsedTranscript:
    """The turns of a file, and what was done with the file, in words."""

    turns: tuple[SpeakerTurn, ...]
    notes: tuple[str, ...] = ()


def milliseconds(clock: str) -> int:
    """How long after the beginning a time is.

    >>> milliseconds("1:02:03,5")
    3723500
    """
    whole, _, part = clock.replace(",", ".").partition(".")
    seconds = 0
    for piece in whole.split(":"):
        seconds = seconds * 60 + int(piece)
    return seconds * 1_000 + int(part[:3].ljust(3, "0"))


def make_turn(speaker: str | None, words: str, when: int | None = None) -> SpeakerTurn:
    """A turn with single spaces, said at a moment where that is known."""
    return SpeakerTurn(speaker, " ".join(words.split()), () if when is None else ((0, when),))


def joined(turns: Iterable[SpeakerTurn]) -> Iterator[SpeakerTurn]:
    """Turns of one speaker after another are one turn; empty ones are left out.

    Words of nobody known stay apart where a sentence ends and where nothing was said, so that a
    talk is no single block.
    """
    last: SpeakerTurn | None = None
    for turn in turns:
        if not turn.text.strip():
            if last is not None and last.speaker is None:
                yield last
                last = None
            continue
        if last is not None and _goes_on(last, turn):
            last = _one(last, turn)
            continue
        if last is not None:
            yield last
        last = turn
    if last is not None:
        yield last


def _goes_on(last: SpeakerTurn, turn: SpeakerTurn) -> bool:
    ended = last.text.endswith(_SENTENCE_ENDS)
    return last.speaker == turn.speaker and not (turn.speaker is None and ended)


def _one(last: SpeakerTurn, turn: SpeakerTurn) -> SpeakerTurn:
    behind = len(last.text) + 1
    moments = (*last.moments, *((index + behind, when) for index, when in turn.moments))
    return SpeakerTurn(last.speaker, f"{last.text} {turn.text}", moments)
