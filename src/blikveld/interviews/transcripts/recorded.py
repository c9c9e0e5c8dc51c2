"""JSON of programs that write down speech: Whisper and its kin, AssemblyAI, Amberscript."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from blikveld.interviews.transcripts.turns import (
    NO_SPEAKERS,
    Heard,
    SpeakerTurn,
    TranscriptRefused,
    joined,
    said,
)

_SHOWN = 6


def parsed(text: str) -> Any | None:
    """What a text holds that is JSON; None for a text that only begins like it."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read(found: Any, name: str) -> Heard:
    """The turns of a program's JSON. Raises TranscriptRefused, with the keys that were seen."""
    try:
        turns = tuple(joined(_turns(found)))
    except (LookupError, TypeError, ValueError, AttributeError):
        problem = f"This is JSON of a kind that is not known: it begins with {_keys(found)}."
        mend = "Known are Whisper, AssemblyAI and Amberscript; else download .vtt, .srt or .docx."
        raise TranscriptRefused("json", name, problem, mend) from None
    unnamed = all(turn.speaker is None for turn in turns)
    return Heard(turns, (NO_SPEAKERS,) if unnamed else ())


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
            yield said(part.get("speaker"), part["text"], int(part["offsets"]["from"]))
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
        yield said(None if shown is None else _speaker(str(shown)), str(text), int(start * unit))


def _speaker(shown: str) -> str:
    # 'A' and '1' stand for nobody; a name of one sign would be taken out of every word.
    return f"Speaker {shown}" if len(shown) == 1 else shown
