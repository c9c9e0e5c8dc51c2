"""Protect people in a transcript: find what could tell who they are, put placeholders there.

The list of speakers comes first and is applied before anything is stored. Patterns, lists of names
and what else is installed make suggestions, which a person accepts or rejects.
"""

from __future__ import annotations

from blikveld.interviews.deidentification.find import Context, suggest, suggestions
from blikveld.interviews.deidentification.people import KnownNames, Speaker
from blikveld.interviews.deidentification.pseudonymised import (
    KeyFile,
    PseudonymisedText,
    PseudonymRegister,
    TranscriptDraft,
    pseudonymise,
)
from blikveld.interviews.deidentification.spans import IdentifierKind, Span, SuggestionSource

__all__ = [
    "Context",
    "IdentifierKind",
    "KeyFile",
    "KnownNames",
    "PseudonymRegister",
    "PseudonymisedText",
    "Span",
    "Speaker",
    "SuggestionSource",
    "TranscriptDraft",
    "pseudonymise",
    "suggest",
    "suggestions",
]
