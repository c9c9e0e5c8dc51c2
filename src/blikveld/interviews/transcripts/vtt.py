"""WebVTT as Teams writes it: cues with a time and, if all is well, a voice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from blikveld.interviews.transcripts.refusal import TranscriptRefused
from blikveld.interviews.transcripts.turn import Heard, Turn, joined

_TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s*-->")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"<[^<>]*>")
_BLOCKS = re.compile(r"\n\s*\n")


def read(text: str, name: str) -> Heard:
    """The turns of a .vtt in the order of their times; cues that overlap stay in that order.

    Words without a voice have no speaker. Raises TranscriptRefused for a file without cues.
    """
    cues = [cue for block in _BLOCKS.split(text) if (cue := _cue(block))]
    if not cues:
        problem = "No cue with a time stands in it."
        raise TranscriptRefused("no-cues", name, problem, "Download the transcript again.")
    # Sorting keeps the order of the file where two cues begin at one moment.
    ordered = sorted(cues, key=lambda cue: cue[0])
    turns = tuple(joined(turn for _, words in ordered for turn in _voices(words)))
    unnamed = all(turn.speaker is None for turn in turns)
    return Heard(turns, ("No speakers are named in this file.",) if unnamed else ())


def _cue(block: str) -> tuple[int, str] | None:
    lines = block.strip().split("\n")
    for place, line in enumerate(lines):
        if match := _TIME.search(line):
            hours, minutes, seconds, parts = (int(part or 0) for part in match.groups())
            moment = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + parts
            return moment, "\n".join(lines[place + 1 :])
    return None


def _voices(words: str) -> Iterator[Turn]:
    pieces = _VOICE.split(words)
    yield Turn(None, _plain(pieces[0]))
    for speaker, said in zip(pieces[1::2], pieces[2::2], strict=True):
        yield Turn(_plain(speaker) or None, _plain(said))


def _plain(words: str) -> str:
    # Tags first: what is written as &lt; was meant as a sign, not as a tag.
    return " ".join(unescape(_TAG.sub("", words)).split())
