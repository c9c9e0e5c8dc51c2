"""Transcripts in: what Teams writes (.vtt, .docx) and plain text, without their speakers' names."""

from blikveld.interviews.transcripts.intake import take_in, turns
from blikveld.interviews.transcripts.refusal import TranscriptRefused
from blikveld.interviews.transcripts.turn import Heard, Turn

__all__ = ["Heard", "TranscriptRefused", "Turn", "take_in", "turns"]
