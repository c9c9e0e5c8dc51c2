"""Transcripts in: what Teams writes (.vtt, .docx) and plain text, without their speakers' names."""

from blikveld.interviews.transcripts.intake import Turn, take_in, turns
from blikveld.interviews.transcripts.refusal import TranscriptRefused

__all__ = ["TranscriptRefused", "Turn", "take_in", "turns"]
