"""Protect people in a transcript: find what could tell who they are, put placeholders there.

The list of speakers comes first and is applied before anything is stored. Patterns, lists of names
and what else is installed make suggestions, which a person accepts or rejects.
"""

from blikveld.interviews.protect.find import Context, suggest, suggestions
from blikveld.interviews.protect.keys import KeyFile, Register
from blikveld.interviews.protect.people import People, Speaker
from blikveld.interviews.protect.protected import Draft, Protected, protect
from blikveld.interviews.protect.spans import Kind, Source, Span

__all__ = [
    "Context",
    "Draft",
    "KeyFile",
    "Kind",
    "People",
    "Protected",
    "Register",
    "Source",
    "Span",
    "Speaker",
    "protect",
    "suggest",
    "suggestions",
]
