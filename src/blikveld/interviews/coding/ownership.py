"""Whose work is whose: what an action would take away from others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import Enum

from blikveld.interviews.coding.actions import AGREED, Action
from blikveld.interviews.coding.state import CodingState


class Sort(Enum):
    """What people make."""

    CODE = "code"
    PASSAGE = "passage"
    MEMO = "memo"
    QUOTE = "quote"


Piece = tuple[str, Sort, Hashable]
"""Who made something, what sort of thing it is, and what tells it from others."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What others would lose: how many things of each sort, by who made them."""

    counts: Counter[tuple[str, Sort]]

    @property
    def number(self) -> int:
        """How many things others would lose."""
        return self.counts.total()

    def described(self) -> str:
        """The loss in words: '3 passages of bob, 1 code of cor'."""
        rows = sorted(self.counts.items(), key=lambda row: (row[0][0], row[0][1].value))
        return ", ".join(
            f"{number} {sort.value}{'s' if number > 1 else ''} of {owner}"
            for (owner, sort), number in rows
        )


def taken_from_others(before: CodingState, after: CodingState, author: str, action: Action) -> Loss:
    """Count what others have in one state and not in another.

    What coders settled together is nobody's, so that any of them may settle it anew; it is lost
    only when something else takes it away.
    """
    own = {author, AGREED} if action.about == AGREED else {author}
    gone = set(_pieces(before)) - set(_pieces(after))
    return Loss(Counter((owner, sort) for owner, sort, _ in gone if owner not in own))


def _pieces(state: CodingState) -> Iterator[Piece]:
    # A code that was merged is still there, under the code that stands for it.
    codes = (key for key in state.makers if state.root(key) in state.codes)
    yield from ((state.makers[key], Sort.CODE, key) for key in codes)
    yield from ((passage.author, Sort.PASSAGE, passage) for passage in state.given)
    yield from ((memo.author, Sort.MEMO, (key, memo.words)) for key, memo in state.memos.items())
    for quote, who in state.quoted_by.items():
        yield who, Sort.QUOTE, (quote.text, quote.start, quote.end, quote.section)
