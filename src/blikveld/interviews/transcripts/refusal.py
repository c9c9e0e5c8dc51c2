"""What is said of a file that is no transcript."""

from __future__ import annotations

from blikveld.errors import BlikveldError


class TranscriptRefused(BlikveldError):
    """A file that cannot be taken in; nothing was stored."""
