"""Transcripts in: what Teams writes (.vtt, .docx) and plain text, without their speakers' names."""

from __future__ import annotations

from blikveld.interviews.transcripts.intake import import_transcript, turns
from blikveld.interviews.transcripts.turns import ParsedTranscript, SpeakerTurn, TranscriptRefused

__all__ = ["ParsedTranscript", "SpeakerTurn", "TranscriptRefused", "import_transcript", "turns"]
