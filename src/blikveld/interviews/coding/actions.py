"""Actions of coders. Each is one entry of the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class ActionKind(Enum):
    """The kinds of action."""

    SET_CODE = "set_code"
    """Make a code, or change one from what its coder last saw."""
    DROP_CODE = "drop_code"
    """Take a code out of the codebook, with the passages that have it."""
    MERGE_CODES = "merge_codes"
    """Let one code stand for another too. Passages keep the code they were given."""
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
    START_COMPARISON = "start_comparison"
    """Lay the work on a text side by side: from then on what each did alone is kept as it is."""
    WITHDRAW_TEXT = "withdraw_text"
    """Take an interview away with everything that was made of it. Only a lead does that."""
    UNDO = "undo"
    """Take back an action of one's own."""


_LONGEST_KEY = 40
AGREED = "agreed"
"""Stands for all coders together: in `about` of a coding that was settled between them."""


class MemoKind(Enum):
    """What a memo is about."""

    CODE = "code"
    THEME = "theme"
    TEXT = "text"
    SEGMENT = "segment"
    METHOD = "method"
    REFLECTION = "reflection"


@dataclass(frozen=True, slots=True)
class Action:
    """An action; which fields it uses depends on its kind.

    `code` identifies a code and `parent` the theme above it; `report_key` is what the texts of the
    report call it. `text`, `start` and `end` are a passage in code points. `target` is the number
    of the entry that is taken back. `about` is what a memo is about (a code, a text, or nothing in
    particular), the place of a quote in the report, or AGREED for a coding that coders settled
    together. `seen` is the number of the entry that last changed the code, as its coder saw it; 0
    stands for a code that is new. `number` is how much of others' work a lead agreed to take away.
    `into` is the code that stands for another one too. `event` tells one action from any other, so
    that what is sent twice counts once; '' where nobody sends it twice. `batch` is what actions
    share that were done in one go, so that they are taken back in one go too.

    A memo on a passage has the text in `about`, and its place in `start` and `end`; with a `code`
    it is about that code there. Of a memo that is written anew `seen` is the entry that its coder
    saw; when the memo was changed since, both are kept.
    """

    kind: ActionKind
    code: str = ""
    name: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    parent: str = ""
    report_key: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    memo: str = ""
    memo_kind: MemoKind | None = None
    words: str = ""
    about: str = ""
    target: int = 0
    seen: int = 0
    number: int = 0
    into: str = ""
    event: str = ""
    batch: str = ""


def new_identifier() -> str:
    """Make an identifier for a code or a memo, of no words, so that no name can be another's."""
    return secrets.token_hex(8)


def free_key(name: str, taken: Collection[str]) -> str:
    """Make a short key from a name, for texts of the report; a number tells it from those taken.

    >>> free_key("Bang zijn!", {"bang-zijn"})
    'bang-zijn-2'
    """
    stem = re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")[:_LONGEST_KEY] or "x"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
