"""Refuse an action with the reason, or with what it would take away from others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import assert_never

from blikveld.interviews.coding.actions import AGREED, Action, ActionKind, MemoKind
from blikveld.interviews.coding.state import CodingState, quote_of, segment_of


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong and how to mend it. `code` and `values` say the same to other languages."""

    code: str
    problem: str
    mend: str
    values: Mapping[str, str] = field(default_factory=dict)


def objection(
    state: CodingState, author: str, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    """Why an action cannot be; None when it can. `texts` are lengths in code points."""
    match action.kind:
        case ActionKind.SET_CODE:
            return _against_code(state, action)
        case ActionKind.CODE | ActionKind.UNCODE:
            return _against_segment(state, author, action, texts)
        case ActionKind.FINISH:
            return _against_finish(state, author, action, texts)
        case ActionKind.START_COMPARISON:
            return _against_start(state, action, texts)
        case ActionKind.MERGE_CODES:
            return _against_merge(state, action)
        case ActionKind.WITHDRAW_TEXT:
            return None
        case ActionKind.QUOTE | ActionKind.UNQUOTE:
            return _against_quote(state, action, texts)
        case ActionKind.UNDO:
            return _against_undo(state, author, action)
        case ActionKind.MEMO:
            return _against_memo(state, author, action, texts)
        case ActionKind.DROP_CODE:
            return _against_drop(state, action)
        case _:
            assert_never(action.kind)


def _against_code(state: CodingState, action: Action) -> Objection | None:
    if not (action.code and action.name):
        return Objection("code-incomplete", "A code needs a key and a name.", "Give both.")
    if action.code in state.merged:
        into = state.codes[state.root(action.code)].name
        problem = f"This code was merged into {into!r} meanwhile."
        return Objection("code-merged", problem, "Change that one.", {"code": into})
    if stale := _against_stale(state, action):
        return stale
    if action.parent and action.parent not in state.codes:
        return _unknown(action.parent)
    if action.code in state.above(action.parent):
        problem = "A theme cannot stand under itself."
        return Objection("theme-circle", problem, "Choose another theme.")
    return _against_report_key(state, action)


def _against_stale(state: CodingState, action: Action) -> Objection | None:
    """Why a coder who last saw entry `seen` may not write this code now."""
    there, name = state.codes.get(action.code), action.name
    number, who = state.changed.get(action.code, (0, ""))
    if there is None and action.seen:
        problem = f"The code {name!r} was removed meanwhile."
        return Objection("code-removed", problem, "Make it again if it is needed.", {"code": name})
    if there is None or number == action.seen:
        return None
    values = {"code": there.name, "who": who}
    if not action.seen:
        problem = f"There is a code {there.name!r} with this key."
        return Objection("code-exists", problem, "Give the new code another.", values)
    problem = f"{who} changed the code {there.name!r} meanwhile."
    mend = "Look at it, and change it again if that is still wanted."
    return Objection("code-changed", problem, mend, values)


def _against_report_key(state: CodingState, action: Action) -> Objection | None:
    called = action.report_key or action.code
    for code in state.codes.values():
        if code.called == called and code.key != action.code:
            problem = f"The report calls {code.name!r} {called!r}."
            values = {"code": code.name, "key": called}
            return Objection("report-key-taken", problem, "Choose another key.", values)
    return None


def _against_memo(
    state: CodingState, author: str, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    if not (action.memo and action.words and action.memo_kind):
        problem = "A memo needs a key, a kind and words."
        return Objection("memo-incomplete", problem, "Give all three.")
    if action.memo_kind is MemoKind.SEGMENT and not _lies_in(action, texts.get(action.about, 0)):
        return _OUTSIDE
    there = state.memos.get(action.memo)
    if there is not None and there.author != author:
        problem = f"{there.author} wrote this memo."
        return Objection("memo-of-other", problem, "Write one of your own.", {"who": there.author})
    return None


def _against_drop(state: CodingState, action: Action) -> Objection | None:
    if action.code not in state.codes:
        return _unknown(action.code)
    under = [code.name for code in state.codes.values() if code.parent == action.code]
    if under:
        names = ", ".join(under)
        problem = f"{len(under)} codes stand under it: {names}."
        mend = "Move them to another theme first."
        return Objection("codes-under", problem, mend, {"codes": names})
    return None


def _against_segment(
    state: CodingState, author: str, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    if misplaced := _against_section(state, action, texts):
        return misplaced
    if action.text in state.frozen and action.about != AGREED:
        return _frozen(action.text)
    made = segment_of(author, action)
    if action.kind is ActionKind.UNCODE and made not in state.given:
        problem = "The passage does not have this code of theirs."
        return Objection("not-coded", problem, "Choose another code.")
    same = replace(made, code=state.root(made.code))
    if action.kind is ActionKind.CODE and same in state.segments:
        problem = "The passage has this code already."
        return Objection("coded-already", problem, "Choose another code.")
    return None


def _against_section(
    state: CodingState, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    if state.root(action.code) not in state.codes:
        return _unknown(action.code)
    if action.text not in texts:
        return _no_text(action.text)
    return None if _lies_in(action, texts[action.text]) else _OUTSIDE


def _lies_in(action: Action, length: int) -> bool:
    return 0 <= action.start < action.end <= length


def _against_quote(
    state: CodingState, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    problem = _against_section(state, action, texts) if action.kind is ActionKind.QUOTE else None
    if problem:
        return problem
    if not action.about:
        problem_text = "A quote needs a place in the report."
        return Objection("quote-nowhere", problem_text, "Choose a place.")
    there = replace(quote_of(action), code=state.root(action.code)) in state.quotes
    if there is (action.kind is ActionKind.UNQUOTE):
        return None
    if there:
        return Objection("quoted-already", "The quote stands there already.", _ELSEWHERE)
    return Objection("not-quoted", "The quote does not stand there.", _ELSEWHERE)


def _against_finish(
    state: CodingState, author: str, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    if action.text not in texts:
        return _no_text(action.text)
    if (action.text, author) in state.finished:
        return Objection("finished-already", "That was said already.", "Go on to another text.")
    return None


def _against_undo(state: CodingState, author: str, action: Action) -> Objection | None:
    if state.authors.get(action.target) != author:
        problem = "Only one's own actions can be taken back."
        return Objection("undo-of-other", problem, "Ask who did it.")
    if action.target in state.undone:
        return Objection("undone-already", "That was taken back already.", "Choose another.")
    target = state.done[action.target]
    kept = (ActionKind.CODE, ActionKind.UNCODE, ActionKind.FINISH, ActionKind.START_COMPARISON)
    if target.text in state.frozen and target.kind in kept and target.about != AGREED:
        return _frozen(target.text)
    return None


def _against_start(
    state: CodingState, action: Action, texts: Mapping[str, int]
) -> Objection | None:
    if action.text not in texts:
        return _no_text(action.text)
    if action.text in state.frozen:
        return Objection("comparing-already", "Comparing began already.", "Go on with it.")
    if not state.comparable(action.text):
        problem = "Not everybody who coded this text is ready."
        return Objection("not-ready", problem, "Wait for them.")
    return None


def _against_merge(state: CodingState, action: Action) -> Objection | None:
    for key in (action.code, action.into):
        if key not in state.codes:
            return _unknown(key)
    if action.code in state.above(action.into):
        problem = "A code cannot be merged into itself or one under it."
        return Objection("merge-circle", problem, "Choose another.")
    return None


_ELSEWHERE = "Choose another passage or place."
_OUTSIDE = Objection("no-passage", "The passage does not lie in the text.", "Select some words.")


def _frozen(text: str) -> Objection:
    problem = f"Comparing began on {text}, and what each did alone is kept as it is."
    mend = "Settle it together, on the page that compares."
    return Objection("comparing-began", problem, mend, {"text": text})


def _no_text(text: str) -> Objection:
    problem = f"There is no text {text!r}."
    return Objection("no-text", problem, "Protect the transcript first.", {"text": text})


def _unknown(code: str) -> Objection:
    return Objection("no-code", f"There is no code {code!r}.", "Make the code first.")


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
