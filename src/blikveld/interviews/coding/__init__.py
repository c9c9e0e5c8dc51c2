"""Coding: a codebook and coded passages as a log that only grows, and what can be counted of it."""

from __future__ import annotations

from blikveld.interviews.coding.actions import (
    AGREED,
    Action,
    ActionKind,
    MemoKind,
    free_key,
    new_identifier,
)
from blikveld.interviews.coding.log import Log, LogEntry, LogRefused, TakesFromOthers
from blikveld.interviews.coding.state import (
    CodebookCode,
    CodedSegment,
    CodingState,
    Memo,
    SelectedQuote,
)

__all__ = [
    "AGREED",
    "Action",
    "ActionKind",
    "CodebookCode",
    "CodedSegment",
    "CodingState",
    "Log",
    "LogEntry",
    "LogRefused",
    "Memo",
    "MemoKind",
    "SelectedQuote",
    "TakesFromOthers",
    "free_key",
    "new_identifier",
]
