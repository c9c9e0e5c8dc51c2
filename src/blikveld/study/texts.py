"""Texts that respondents wrote, made comparable."""

from __future__ import annotations

from unicodedata import normalize


def fold(text: str) -> str:
    """The text without differences that nobody means: case, composed letters, runs of space.

    Folding twice changes nothing.
    """
    # Folding case can take a composed letter apart, so it is composed once more.
    return " ".join(normalize("NFC", normalize("NFC", text).casefold()).split())
