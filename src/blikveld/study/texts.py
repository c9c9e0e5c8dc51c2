"""Texts that respondents wrote, made comparable."""

from __future__ import annotations

from unicodedata import normalize


def fold(text: str) -> str:
    """A text as it is compared: one form of each sign (NFKC), no capitals, single spaces.

    Folding twice changes nothing.
    """
    # Folding case can take a composed sign apart, so the form is made once more.
    return " ".join(normalize("NFKC", normalize("NFKC", text).casefold()).split())
