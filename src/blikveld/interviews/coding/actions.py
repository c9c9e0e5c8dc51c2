"""What a coder can do. Each is one line of the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The kinds of action."""

    SET_CODE = "set_code"
    """Make a code, or write one anew."""
    DROP_CODE = "drop_code"
    """Take a code out of the codebook, with the passages that have it."""
    CODE = "code"
    """Give a code to a passage."""
    UNCODE = "uncode"
    """Take a code from a passage."""
    MEMO = "memo"
    """Write a memo, or write one anew."""
    QUOTE = "quote"
    """Choose a passage to be quoted at a place of the report."""
    UNQUOTE = "unquote"
    """No longer quote it there."""
    FINISH = "finish"
    """Say that one's own coding of a text is ready to be compared."""
    UNDO = "undo"
    """Take back an action of one's own."""


AGREED = "agreed"
"""Stands for all coders together: in `about` of a coding that was settled between them."""


class MemoKind(Enum):
    """What a memo is about."""

    CODE = "code"
    THEME = "theme"
    TEXT = "text"
    METHOD = "method"
    REFLECTION = "reflection"


@dataclass(frozen=True, slots=True)
class Action:
    """An action; which fields it uses depends on its kind.

    `code` is the key of a code and `parent` that of the theme above it. `text`, `start` and `end`
    are a passage in code points. `target` is the number of the entry that is taken back. `about` is
    what a memo is about (a code, a text, or nothing in particular), the place of a quote in the
    report, or AGREED for a coding that coders settled together.
    """

    kind: Kind
    code: str = ""
    name: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    parent: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    memo: str = ""
    memo_kind: MemoKind | None = None
    words: str = ""
    about: str = ""
    target: int = 0
