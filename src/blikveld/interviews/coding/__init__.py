"""Coding: a codebook and coded passages as a log that only grows, and what can be counted of it."""

from blikveld.interviews.coding.actions import AGREED, Action, Kind, MemoKind
from blikveld.interviews.coding.log import Entry, Log, LogRefused
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
]
