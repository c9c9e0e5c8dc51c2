"""A file becomes a draft in which nobody who spoke is named. Nothing is stored before that."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath

from blikveld.interviews.protect.find import beforehand
from blikveld.interviews.protect.keys import Register
from blikveld.interviews.protect.people import People, Speaker, unnamed
from blikveld.interviews.protect.protected import Draft, replaced
from blikveld.interviews.transcripts import docx, plain, vtt
from blikveld.interviews.transcripts.refusal import TranscriptRefused
from blikveld.interviews.transcripts.signs import cleaned
from blikveld.interviews.transcripts.turn import Heard, Turn, joined

LARGEST = 20 * 2**20
"""Bytes of the largest file that is taken in; a talk of an hour has less than 200,000."""
_SPOKE: Mapping[str, str] = {"nl": "Spreker", "en": "Speaker"}


def take_in(
    raw: bytes,
    name: str,
    people: People,
    register: Register,
    *,
    key: str,
    language: str = "nl",
) -> Draft:
    """A draft from a file: .vtt, .docx or text, told by what is in it.

    Speakers become their labels. One who is not on the list is 'Spreker 2', and is replaced in the
    text as the others are. The register learns what stands behind every placeholder. Raises
    TranscriptRefused.
    """
    heard = turns(raw, name)
    displays = dict.fromkeys(turn.speaker for turn in heard.turns if turn.speaker)
    labels = _labels(displays, people, language)
    strangers = [d for d in displays if people.speaker(d) is None and not unnamed(d)]
    known = People(
        (*people.speakers, *(Speaker((d,), labels[d]) for d in strangers)), people.organisations
    )
    named = (Turn(labels.get(turn.speaker or ""), turn.text) for turn in heard.turns)
    spoken = "\n\n".join(map(_spoken, joined(named)))
    text = replaced(spoken, beforehand(spoken, known), register, language)
    return Draft(key, text, language, (*heard.notes, *_strange(strangers, labels)))


def turns(raw: bytes, name: str) -> Heard:
    """Who said what, with the names that the file has. Raises TranscriptRefused."""
    heard = _reader(raw, name)()
    if not heard.turns:
        raise TranscriptRefused("empty", name, "Nobody says anything in it.", "Look at the file.")
    return heard


def _reader(raw: bytes, name: str) -> Callable[[], Heard]:
    if not raw.strip():
        raise TranscriptRefused("empty", name, "The file is empty.", "Download it again.")
    if len(raw) > LARGEST:
        problem = f"It has over {LARGEST:,} bytes; no talk is that long."
        raise TranscriptRefused("too-large", name, problem, "Give the transcript, not a recording.")
    if raw.startswith(b"PK"):
        return lambda: docx.read(raw, name)
    text = cleaned(_decoded(raw, name))
    if text.startswith("WEBVTT") or PurePath(name).suffix.lower() == ".vtt":
        return lambda: vtt.read(text, name)
    _no_json(text, name)
    return lambda: plain.read(text, name)


def _decoded(raw: bytes, name: str) -> str:
    marks = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    encoding = next((e for mark, e in marks.items() if raw.startswith(mark)), "utf-8-sig")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"Byte {error.start} is no {encoding.removesuffix('-sig').upper()}."
        mend = "Save the text as UTF-8."
        raise TranscriptRefused("encoding", name, problem, mend) from None
    if "\0" in text:
        problem = "It is no text: it holds signs that no text has."
        raise TranscriptRefused("binary", name, problem, "Give a .vtt, a .docx or a text.")
    return text


def _no_json(text: str, name: str) -> None:
    if text.lstrip()[:1] not in ("{", "["):
        return
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return
    problem = "This is the JSON of a recording, not a transcript."
    mend = "Download the transcript as .vtt or .docx."
    raise TranscriptRefused("json", name, problem, mend)


def _labels(displays: Iterable[str], people: People, language: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    word, number = _SPOKE.get(language, _SPOKE["en"]), 0
    for display in displays:
        speaker = people.speaker(display)
        if speaker is None:
            number += 1
        labels[display] = speaker.label if speaker else f"{word} {number}"
    return labels


def _spoken(turn: Turn) -> str:
    return f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text


def _strange(strangers: Iterable[str], labels: Mapping[str, str]) -> Iterable[str]:
    # Told by label: a note is stored, and a name must not be.
    for display in strangers:
        yield f"{labels[display]} is not on the list of speakers."
