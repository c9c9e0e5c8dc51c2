"""Import a transcript as a draft that names no speaker. Nothing is stored before that."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from blikveld.interviews.deidentification.find import beforehand
from blikveld.interviews.deidentification.people import KnownNames, Speaker, is_role, unnamed
from blikveld.interviews.deidentification.pseudonymised import (
    PseudonymRegister,
    TranscriptDraft,
    rewritten,
)
from blikveld.interviews.transcripts import documents, plain, recorded, tables
from blikveld.interviews.transcripts.turns import (
    Moment,
    ParsedTranscript,
    SpeakerTurn,
    TranscriptRefused,
    cleaned,
    joined,
)

LARGEST = 20 * 2**20
"""Bytes of the largest file that is taken in; a talk of an hour has less than 200,000."""
_PAGE = re.compile(r"\s*<(?:!doctype html|html|\?xml)", re.IGNORECASE)
_BETWEEN = "\n\n"
_SPOKE: Mapping[str, str] = {"nl": "Spreker", "en": "Speaker"}


def import_transcript(
    raw: bytes,
    name: str,
    people: KnownNames,
    register: PseudonymRegister,
    *,
    key: str,
    language: str = "nl",
) -> TranscriptDraft:
    """A draft from a file: captions, a document, a table, JSON or text, told by what is in it.

    Speakers become their labels. One who is not on the list is 'Spreker 2', and is replaced in the
    text as the others are. The register learns what stands behind every placeholder. Raises
    TranscriptRefused.
    """
    parsed = read_transcript(raw, name)
    displays = dict.fromkeys(turn.speaker for turn in parsed.turns if turn.speaker)
    labels = _labels(displays, people, language)
    strangers = [d for d in displays if people.speaker(d) is None and not unnamed(d)]
    known = KnownNames(
        (*people.speakers, *(Speaker((d,), labels[d]) for d in strangers)), people.organisations
    )
    named = (replace(turn, speaker=labels.get(turn.speaker or "")) for turn in parsed.turns)
    spoken, moments = _written(joined(named))
    done = rewritten(spoken, beforehand(spoken, known), register, language)
    notes = (*parsed.notes, *_strange(strangers, labels))
    return TranscriptDraft(key, done.text, language, notes, done.moved(moments))


def read_transcript(raw: bytes, name: str) -> ParsedTranscript:
    """Who said what, with the names that the file has. Raises TranscriptRefused."""
    parsed = _reader(raw, name)()
    if not parsed.turns:
        raise TranscriptRefused("empty", name, "Nobody says anything in it.", "Look at the file.")
    return parsed


def _reader(raw: bytes, name: str) -> Callable[[], ParsedTranscript]:
    if not raw.strip():
        raise TranscriptRefused("empty", name, "The file is empty.", "Download it again.")
    if len(raw) > LARGEST:
        problem = f"It has over {LARGEST:,} bytes; no talk is that long."
        raise TranscriptRefused("too-large", name, problem, "Give the transcript, not a recording.")
    for beginning, reader in _BEGINNINGS.items():
        if raw.startswith(beginning):
            return lambda: reader(raw, name)
    _no_recording(raw, name)
    text = cleaned(_decoded(raw, name))
    if recorded.is_captions(text) or PurePath(name).suffix.lower() in _CAPTIONS:
        return lambda: recorded.read_captions(text, name)
    if (found := recorded.parse_json(text)) is not None:
        return lambda: recorded.read_json(found, name)
    if (rows := tables.rows_of(text)) is not None:
        return lambda: tables.read(rows, name)
    return lambda: _lines(text, name)


def _archive(raw: bytes, name: str) -> ParsedTranscript:
    """The turns of a file that is an archive of parts: which program wrote it stands in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        members = frozenset()
    for member, reader in _MEMBERS.items():
        if member in members:
            return reader(raw, name)
    if not members:
        return documents.docx(raw, name)
    problem = f"It is an archive of {len(members)} files: {', '.join(sorted(members)[:3])}."
    raise TranscriptRefused("archive", name, problem, "Unpack it, and give the transcript.")


_BEGINNINGS: Mapping[bytes, Callable[[bytes, str], ParsedTranscript]] = {
    b"PK": _archive,
    b"%PDF": documents.pdf,
    b"{\\rtf": documents.rtf,
}
_MEMBERS: Mapping[str, Callable[[bytes, str], ParsedTranscript]] = {
    "word/document.xml": documents.docx,
    "content.xml": documents.odt,
    "xl/workbook.xml": tables.workbook,
}
_CAPTIONS = (".vtt", ".srt", ".sbv")
_RECORDINGS: Mapping[bytes, str] = {
    **dict.fromkeys((b"ID3", b"\xff\xfb", b"\xff\xf3", b"RIFF", b"OggS", b"fLaC"), "a recording"),
    **dict.fromkeys((b"\x1aE\xdf\xa3", b"\x00\x00\x00"), "a recording"),
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture"),
    b"\xd0\xcf\x11\xe0": "a document of an old Word",
}


def _no_recording(raw: bytes, name: str) -> None:
    for beginning, what in _RECORDINGS.items():
        if raw.startswith(beginning):
            problem = f"It is {what}, not a transcript."
            raise TranscriptRefused("no-transcript", name, problem, "Save it as .docx or .vtt.")


def _lines(text: str, name: str) -> ParsedTranscript:
    """The turns of a text. Raises TranscriptRefused where its lines are something else."""
    if _PAGE.match(text):
        problem = "It is a web page, not a transcript."
        raise TranscriptRefused("web-page", name, problem, "Save the words alone as text.")
    parsed = plain.read(text, name)
    odd = [line for turn in parsed.turns for line in turn.text.split() if line == "-->"]
    if odd:
        line = next(n for n, line in enumerate(text.split("\n"), 1) if "-->" in line)
        problem = f"Line {line} is a time of captions, and the lines around it are not."
        raise TranscriptRefused("no-captions", f"{name}:{line}", problem, "Download it again.")
    return parsed


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


def _labels(displays: Iterable[str], people: KnownNames, language: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    # A role that the file itself gives, such as 'Interviewer', is read as it stands.
    word, number = _SPOKE.get(language, _SPOKE["en"]), 0
    for display in displays:
        speaker = people.speaker(display)
        if speaker is None and not is_role(display):
            number += 1
        label = display.strip() if is_role(display) else f"{word} {number}"
        labels[display] = speaker.label if speaker else label
    return labels


def _written(turns: Iterable[SpeakerTurn]) -> tuple[str, tuple[Moment, ...]]:
    """The turns as one text, and where in it a moment is known."""
    parts: list[str] = []
    moments: list[Moment] = []
    length = 0
    for turn in turns:
        head = f"{turn.speaker}: " if turn.speaker else ""
        parts.append(head + turn.text)
        moments += [(length + len(head) + index, when) for index, when in turn.moments]
        length += len(parts[-1]) + len(_BETWEEN)
    return _BETWEEN.join(parts), tuple(moments)


def _strange(strangers: Iterable[str], labels: Mapping[str, str]) -> Iterable[str]:
    # Told by label: a note is stored, and a name must not be.
    for display in strangers:
        yield f"{labels[display]} is not on the list of speakers."
