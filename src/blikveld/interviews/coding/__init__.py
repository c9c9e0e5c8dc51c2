"""Coding: a codebook and coded passages as a log that only grows, and what can be counted of it."""

from blikveld.interviews.coding.actions import (
    AGREED,
    Action,
    Kind,
    MemoKind,
    free_key,
    new_identifier,
)
from blikveld.interviews.coding.log import Entry, Log, LogRefused, TakesFromOthers
from blikveld.interviews.coding.state import Chosen, Code, Memo, Passage, State

__all__ = [
    "AGREED",
    "Action",
    "Chosen",
    "Code",
    "Entry",
    "Kind",
    "Log",
    "LogRefused",
    "Memo",
    "MemoKind",
    "Passage",
    "State",
    "TakesFromOthers",
    "free_key",
    "new_identifier",
]
