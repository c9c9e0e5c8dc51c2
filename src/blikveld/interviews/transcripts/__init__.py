"""Read transcripts of many programs, and import them without the names of their speakers."""

from __future__ import annotations

from blikveld.interviews.transcripts.intake import import_transcript, read_transcript
from blikveld.interviews.transcripts.turns import ParsedTranscript, SpeakerTurn, TranscriptRefused

__all__ = [
    "ParsedTranscript",
    "SpeakerTurn",
    "TranscriptRefused",
    "import_transcript",
    "read_transcript",
]
