"""Transcripts that programs make of recorded speech, with the time of each stretch.

Captions are WebVTT of Teams, Zoom, Whisper and YouTube, SubRip (.srt) and .sbv. A cue is a time and
the words that are shown then. Who speaks is a voice (Teams) or a name before a colon (Zoom);
Whisper and YouTube name nobody. JSON comes from Whisper and its kin, AssemblyAI and Amberscript.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from blikveld.interviews.deidentification.people import PREFIXES
from blikveld.interviews.transcripts import plain
from blikveld.interviews.transcripts.turns import (
    CLOCK,
    NO_SPEAKERS,
    ParsedTranscript,
    SpeakerTurn,
    TranscriptRefused,
    joined,
    make_turn,
    milliseconds,
)

_TIME = re.compile(rf"\s*(?P<start>{CLOCK})\s*(?:-->|,)\s*(?P<end>{CLOCK})(?:\s|$)")
_FIRST = re.compile(rf"\s*(?:\d+\s*\n\s*)?{CLOCK}\s*(?:-->\s*|,){CLOCK}[^\S\n]*\n")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_NAMED = re.compile(
    r"(?:>>\s*)?\[?(?P<name>[^\W\d_][^:\n\]]{0,59}?)\]?:\s+(?P<words>\S.*)$", re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_LIKE_A_TIME = re.compile(r"\s*[\d:.,]+\S*\s*-->|\s*\d{1,2}:\d{2}:\S+,\d{1,2}:\d{2}:\S+\s*$")
_ROLLING = re.compile(r"<c>|<\d{2}:\d{2}:\d{2}\.\d{3}>")
_NO_WORDS = ("NOTE", "STYLE", "REGION")
_PAUSE = 2_000
"""Milliseconds of silence after which words without a full stop begin anew."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown from `start` up to `end`, in milliseconds."""

    start: int
    end: int
    words: str


def is_captions(text: str) -> bool:
    """Whether a text begins as captions do: WEBVTT, or a cue with its times."""
    return text.startswith("WEBVTT") or _FIRST.match(text) is not None


def read_captions(text: str, name: str) -> ParsedTranscript:
    """The turns of captions in the order of their times; cues that overlap stay in that order.

    Words without a voice have no speaker. Raises TranscriptRefused for a file without cues.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if _LIKE_A_TIME.match(line) and not _TIME.match(line):
            problem = f"Line {number} is no time of captions: {line.strip()[:40]!r}."
            raise TranscriptRefused(
                "no-time", f"{name}:{number}", problem, "Write it as the others."
            )
    cues = list(_cues(lines))
    if not cues:
        problem = "No cue with a time stands in it."
        raise TranscriptRefused("no-cues", name, problem, "Download the transcript again.")
    # Sorting keeps the order of the file where two cues begin at one moment.
    ordered = _rolled(sorted(cues, key=lambda cue: cue.start))
    turns = tuple(joined(_spoken_in(ordered)))
    unnamed = all(turn.speaker is None for turn in turns)
    return ParsedTranscript(turns, (NO_SPEAKERS,) if unnamed else ())


def _cues(lines: list[str]) -> Iterator[Cue]:
    """Cues from one line of times to the next; empty lines inside belong to the words."""
    starts = [index for index, line in enumerate(lines) if _TIME.match(line)]
    for index, following in zip(starts, (*starts[1:], len(lines)), strict=False):
        match = _TIME.match(lines[index])
        if match is not None:
            words = _words(lines[index + 1 : following], last=following == len(lines))
            yield Cue(milliseconds(match["start"]), milliseconds(match["end"]), words)


def _words(lines: list[str], *, last: bool) -> str:
    """The words of a cue, without the identifier of the next one and without notes."""
    named = not last and lines and lines[-1].strip()
    if named and (lines[-1].strip().isdigit() or not "".join(lines[-2:-1]).strip()):
        lines = lines[:-1]
    kept: list[str] = []
    note, behind = False, ""
    for line in lines:
        # A number on its own begins a cue whose time is lost.
        if line.strip().isdigit() and not behind.strip() and kept:
            continue
        behind = line
        note = bool(line.strip()) and (note or line.startswith(_NO_WORDS))
        if line.strip() and not note:
            kept.append(line.strip())
    return "\n".join(kept)


def _rolled(cues: list[Cue]) -> list[Cue]:
    """Cues without the lines that YouTube shows once more above the new ones."""
    if not any(_ROLLING.search(cue.words) for cue in cues):
        return cues
    kept: list[Cue] = []
    shown: list[str] = []
    for cue in cues:
        lines = [_plain(line) for line in cue.words.split("\n")]
        again = (n for n in range(min(len(shown), len(lines)), 0, -1) if shown[-n:] == lines[:n])
        kept.append(Cue(cue.start, cue.end, "\n".join(lines[next(again, 0) :])))
        shown = lines if cue.words else shown
    return kept


def _spoken_in(cues: list[Cue]) -> Iterator[SpeakerTurn]:
    lines = [_plain(line) for cue in cues for line in cue.words.split("\n") if line]
    known = frozenset() if any(_VOICE.search(c.words) for c in cues) else _speakers(lines)
    speaker, until = None, None
    for cue in (cue for cue in cues if cue.words):
        if until is not None and cue.start - until >= _PAUSE:
            yield SpeakerTurn(None, "")
        until = cue.end
        if not known:
            yield from _voices(cue)
            continue
        for line in cue.words.split("\n"):
            match = _NAMED.match(_plain(line))
            match = match if match and match["name"].strip() in known else None
            speaker = match["name"].strip() if match else speaker
            yield make_turn(speaker, match["words"] if match else _plain(line), cue.start)


def _speakers(lines: list[str]) -> frozenset[str]:
    """Who is named before a colon. Where most cues name somebody, being named once is enough."""
    shown = [f"{m['name']}: {m['words']}" if (m := _NAMED.match(x)) else x for x in lines]
    names = [match["name"].strip() for line in lines if (match := _NAMED.match(line))]
    most = 2 * len(names) >= len(lines)
    return plain.colons(shown) | frozenset(n for n in names if most and _capital(n))


def _capital(name: str) -> bool:
    words = (word for word in name.split() if word.casefold() not in PREFIXES)
    return all(word[0].isupper() or not word[0].isalpha() for word in words)


def _voices(cue: Cue) -> Iterator[SpeakerTurn]:
    pieces = _VOICE.split(cue.words)
    yield make_turn(None, _plain(pieces[0]), cue.start)
    for speaker, words in zip(pieces[1::2], pieces[2::2], strict=True):
        yield make_turn(_plain(speaker) or None, _plain(words), cue.start)


def _plain(words: str) -> str:
    # Tags first: what is written as &lt; was meant as a sign, not as a tag.
    return " ".join(unescape(_TAG.sub("", words)).split())


_SHOWN = 6


def parse_json(text: str) -> Any | None:
    """What a text holds that is JSON; None for a text that only begins like it."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read_json(found: Any, name: str) -> ParsedTranscript:
    """The turns of a program's JSON. Raises TranscriptRefused, with the keys that were seen."""
    try:
        turns = tuple(joined(_turns(found)))
    except (LookupError, TypeError, ValueError, AttributeError):
        problem = f"This is JSON of a kind that is not known: it begins with {_keys(found)}."
        mend = "Known are Whisper, AssemblyAI and Amberscript; else download .vtt, .srt or .docx."
        raise TranscriptRefused("json", name, problem, mend) from None
    unnamed = all(turn.speaker is None for turn in turns)
    return ParsedTranscript(turns, (NO_SPEAKERS,) if unnamed else ())


def _keys(found: Any) -> str:
    first = found[0] if isinstance(found, list) and found else found
    keys = list(first)[:_SHOWN] if isinstance(first, dict) else []
    return ", ".join(keys) or type(first).__name__


def _turns(found: Any) -> Iterator[SpeakerTurn]:
    if isinstance(found, list):
        yield from _segments(found, {}, 1_000)
    elif "utterances" in found:
        # AssemblyAI counts milliseconds, the others seconds.
        yield from _segments(found["utterances"], {}, 1)
    elif "transcription" in found:
        for part in found["transcription"]:
            yield make_turn(part.get("speaker"), part["text"], int(part["offsets"]["from"]))
    else:
        names = {row["spkid"]: row.get("name") for row in found.get("speakers") or ()}
        yield from _segments(found["segments"], names, 1_000)


def _segments(
    parts: Sequence[Mapping[str, Any]], names: Mapping[str, str | None], unit: int
) -> Iterator[SpeakerTurn]:
    for part in parts:
        speaker = part.get("speaker")
        shown = names.get(str(speaker)) or speaker
        words = list(part.get("words") or ())
        text = part["text"] if "text" in part else " ".join(word["text"] for word in words)
        start = part["start"] if "start" in part else words[0]["start"]
        yield make_turn(
            None if shown is None else _speaker(str(shown)), str(text), int(start * unit)
        )


def _speaker(shown: str) -> str:
    # 'A' and '1' stand for nobody; a name of one sign would be taken out of every word.
    return f"Speaker {shown}" if len(shown) == 1 else shown
