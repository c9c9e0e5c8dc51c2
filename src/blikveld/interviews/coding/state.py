"""Replay a log to its state: the codebook, the coded passages and the memos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import assert_never

from blikveld.interviews.coding.actions import AGREED, Action, ActionKind, MemoKind


@dataclass(frozen=True, slots=True)
class CodebookCode:
    """A code or a theme: a theme is a code that others stand under.

    `report_key` is what the report's texts call it; '' stands for its key.
    """

    key: str
    name: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    parent: str = ""
    report_key: str = ""

    @property
    def called(self) -> str:
        """What the report's texts call it."""
        return self.report_key or self.key


@dataclass(frozen=True, slots=True, order=True)
class CodedSegment:
    """The code points from `start` up to `end` of a text, with a code, by one coder."""

    text: str
    start: int
    end: int
    code: str
    author: str


@dataclass(frozen=True, slots=True)
class Memo:
    """A note of a coder. One on a passage has the text in `about`, and its place and its code.

    `number` is the entry that last wrote it.
    """

    key: str
    kind: MemoKind
    words: str
    about: str
    author: str
    start: int = 0
    end: int = 0
    code: str = ""
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SelectedQuote:
    """A passage to quote at a place of the report. `code` is the theme it illustrates."""

    text: str
    start: int
    end: int
    code: str
    section: str


@dataclass(frozen=True, slots=True)
class CodingState:
    """All that counts. Coders see each other's passages only when they compare."""

    codes: Mapping[str, CodebookCode] = field(default_factory=dict)
    segments: frozenset[CodedSegment] = frozenset()
    """The passages with the codes that stand for theirs now."""
    memos: Mapping[str, Memo] = field(default_factory=dict)
    quotes: tuple[SelectedQuote, ...] = ()
    finished: frozenset[tuple[str, str]] = frozenset()
    makers: Mapping[str, str] = field(default_factory=dict)
    """Who made each code."""
    changed: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """The number of the entry that last changed each code, and who did that."""
    quoted_by: Mapping[SelectedQuote, str] = field(default_factory=dict)
    given: frozenset[CodedSegment] = frozenset()
    """The passages with the codes that their coders gave."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """Which code stands for another one now."""
    frozen: Mapping[str, str] = field(default_factory=dict)
    """The texts of which comparing began, each with what tells the independent work on it."""
    done: Mapping[int, Action] = field(default_factory=dict)
    """Every action by the number of its entry."""
    authors: Mapping[int, str] = field(default_factory=dict)
    """Who did each action that can be taken back."""
    undone: frozenset[int] = frozenset()
    """The numbers of the entries that were taken back."""

    @classmethod
    def of(cls, actions: Iterable[tuple[int, str, Action]]) -> CodingState:
        """The state after these actions; what was taken back never happened."""
        whole = list(actions)
        undone = {action.target for _, _, action in whole if action.kind is ActionKind.UNDO}
        codes: dict[str, CodebookCode] = {}
        passages: set[CodedSegment] = set()
        memos: dict[str, Memo] = {}
        quotes: dict[SelectedQuote, str] = {}
        makers: dict[str, str] = {}
        changed: dict[str, tuple[int, str]] = {}
        merged: dict[str, str] = {}
        frozen: dict[str, str] = {}
        counted = [step for step in whole if step[0] not in undone]
        for number, author, action in counted:
            if action.kind is ActionKind.START_COMPARISON or action.about == AGREED:
                live = (p for p in passages if root_of(p.code, merged) in codes)
                frozen.setdefault(action.text, _independent(action.text, live))
            _apply(number, author, action, codes, passages, memos, merged)
            _choose(author, action, quotes)
            if action.kind is ActionKind.SET_CODE:
                makers.setdefault(action.code, author)
                changed[action.code] = number, author
        # Without a code, no passage: its making may have been taken back later.
        book = {key: code for key, code in codes.items() if key not in merged}
        themes = rooted({key: root_of(code.parent, merged) for key, code in book.items()})
        given = frozenset(p for p in passages if root_of(p.code, merged) in book)
        known = frozenset(_with_root(p, merged) for p in given) if merged else given
        authors = {n: a for n, a, action in whole if action.kind is not ActionKind.UNDO}
        whole_quotes = ((q, replace(q, code=root_of(q.code, merged))) for q in quotes)
        chosen = {now: quotes[was] for was, now in whole_quotes if now.code in book}
        finished = frozenset((a.text, by) for _, by, a in counted if a.kind is ActionKind.FINISH)
        return cls(
            codes={key: replace(book[key], parent=parent) for key, parent in themes.items()},
            segments=known,
            memos=memos,
            quotes=tuple(chosen),
            finished=finished,
            makers=makers,
            changed=changed,
            quoted_by=chosen,
            given=given,
            merged=merged,
            frozen=frozen,
            done={number: action for number, _, action in whole},
            authors=authors,
            undone=frozenset(undone),
        )

    def after(self, number: int, author: str, action: Action) -> CodingState | None:
        """The state with one thing more, without going through all actions again.

        None where only going through all of them tells: something is changed, taken away, or may
        come back.
        """
        more = self._with_more(number, author, action)
        if more is None:
            return None
        done, authors = {**self.done, number: action}, {**self.authors, number: author}
        return replace(more, done=done, authors=authors)

    def _with_more(self, number: int, author: str, action: Action) -> CodingState | None:
        if action.kind is ActionKind.CODE and action.about != AGREED:
            made = segment_of(author, action)
            passages = self.segments | {_with_root(made, self.merged)}
            return replace(self, given=self.given | {made}, segments=passages)
        if action.kind is ActionKind.SET_CODE and self._is_new("code", action.code):
            parent = root_of(action.parent, self.merged)
            made_code = code_of(replace(action, parent=parent if parent in self.codes else ""))
            return replace(
                self,
                codes={**self.codes, action.code: made_code},
                makers={**self.makers, action.code: author},
                changed={**self.changed, action.code: (number, author)},
            )
        return None

    def _is_new(self, name: str, key: str) -> bool:
        """Whether no action so far names a code, also none that was taken back."""
        return all(getattr(action, name) != key for action in self.done.values())

    def root(self, key: str) -> str:
        """The code that stands for a code now: itself, when it was not merged."""
        return root_of(key, self.merged)

    def independent(self, text: str) -> str:
        """What tells the work of each coder alone on a text from any other work."""
        return _independent(text, self.given)

    def of_coder(self, author: str) -> tuple[CodedSegment, ...]:
        """The passages of one coder, in order of text and place: what this coder sees."""
        return tuple(sorted(p for p in self.segments if p.author == author))

    @property
    def coders(self) -> tuple[str, ...]:
        """Who coded; what they settled together is nobody's."""
        return tuple(sorted({p.author for p in self.segments} - {AGREED}))

    @property
    def settled(self) -> CodingState:
        """What counts after comparing: in a text that was settled only that, else everything."""
        done = {passage.text for passage in self.segments if passage.author == AGREED}
        kept = (p for p in self.segments if p.author == AGREED or p.text not in done)
        return replace(self, segments=frozenset(kept))

    def open_texts(self, coder: str, *, lead: bool = False) -> frozenset[str]:
        """The texts of which somebody may see everybody's work.

        Those of which comparing began. A lead reads along, but not in a text that they code too:
        their own judgement would not be their own any more.
        """
        own = {p.text for p in self.segments if p.author == coder}
        others = {p.text for p in self.segments} - own if lead else set()
        return frozenset(self.frozen) | others

    def visible_to(self, coder: str, *, lead: bool = False) -> CodingState:
        """What one coder may see: one's own passages, what was settled, and those of open texts.

        Memos on a text and on its passages go the same way; those on codes are everybody's.
        """
        texts = self.open_texts(coder, lead=lead)
        seen = (p for p in self.segments if p.author in (coder, AGREED) or p.text in texts)
        memos = {
            key: memo
            for key, memo in self.memos.items()
            if memo.author == coder or memo.about in texts or memo.about in self.makers
        }
        return replace(self, segments=frozenset(seen), memos=memos)

    def seen_by(self, coder: str, *, lead: bool = False) -> CodingState:
        """What one coder may count: what they see, and of what was settled only that."""
        return self.visible_to(coder, lead=lead).settled

    def comparable(self, text: str) -> tuple[str, ...]:
        """The coders of a text whose work may be laid side by side; none before all are ready.

        Whoever coded the text has to be ready, and two have to be.
        """
        ready = {author for done, author in self.finished if done == text}
        busy = {p.author for p in self.segments if p.text == text} - {AGREED} - ready
        return tuple(sorted(ready)) if len(ready) > 1 and not busy else ()

    def above(self, key: str) -> Iterator[str]:
        """A code and the themes above it, the nearest first."""
        seen: set[str] = set()
        while key in self.codes and key not in seen:
            seen.add(key)
            yield key
            key = self.codes[key].parent

    def themes(self) -> tuple[str, ...]:
        """The codes that others stand under, in the order they were made."""
        parents = {code.parent for code in self.codes.values()}
        return tuple(key for key in self.codes if key in parents)


def _independent(text: str, passages: Iterable[CodedSegment]) -> str:
    rows = sorted(p for p in passages if p.text == text and p.author != AGREED)
    return sha256(repr(rows).encode()).hexdigest()


def _with_root(passage: CodedSegment, merged: Mapping[str, str]) -> CodedSegment:
    root = root_of(passage.code, merged)
    return passage if root == passage.code else replace(passage, code=root)


def code_of(action: Action) -> CodebookCode:
    """The code that an action makes, or what it makes of one."""
    words = (action.name, action.definition, action.include, action.exclude, action.example)
    return CodebookCode(action.code, *words, action.parent, action.report_key)


def segment_of(author: str, action: Action) -> CodedSegment:
    """The passage that an action codes: its author's, or everybody's who settled it."""
    coder = AGREED if action.about == AGREED else author
    return CodedSegment(action.text, action.start, action.end, action.code, coder)


def quote_of(action: Action) -> SelectedQuote:
    """The passage that an action chooses to be quoted."""
    return SelectedQuote(action.text, action.start, action.end, action.code, action.about)


def _choose(author: str, action: Action, quotes: dict[SelectedQuote, str]) -> None:
    if action.kind is ActionKind.QUOTE:
        quotes[quote_of(action)] = author
    elif action.kind is ActionKind.UNQUOTE:
        quotes.pop(quote_of(action), None)


def _apply(
    number: int,
    author: str,
    action: Action,
    codes: dict[str, CodebookCode],
    passages: set[CodedSegment],
    memos: dict[str, Memo],
    merged: dict[str, str],
) -> None:
    match action.kind:
        case ActionKind.SET_CODE:
            codes[action.code] = code_of(action)
        case ActionKind.DROP_CODE:
            codes.pop(action.code, None)
            gone = [p for p in passages if root_of(p.code, merged) == action.code]
            passages.difference_update(gone)
        case ActionKind.MERGE_CODES:
            merged[action.code] = action.into
        case ActionKind.CODE:
            passages.add(segment_of(author, action))
        case ActionKind.UNCODE:
            passages.discard(segment_of(author, action))
        case ActionKind.MEMO:
            _write_memo(number, author, action, memos)
        case (
            ActionKind.QUOTE
            | ActionKind.UNQUOTE
            | ActionKind.FINISH
            | ActionKind.START_COMPARISON
            | ActionKind.WITHDRAW_TEXT
            | ActionKind.UNDO
        ):
            pass  # They change no code, passage or memo, and are read apart.
        case _:
            assert_never(action.kind)


def _write_memo(number: int, author: str, action: Action, memos: dict[str, Memo]) -> None:
    if action.memo_kind is None:
        return
    key = _memo_key(memos.get(action.memo), number, author, action)
    position = (action.start, action.end, action.code)
    memos[key] = Memo(key, action.memo_kind, action.words, action.about, author, *position, number)


def _memo_key(there: Memo | None, number: int, author: str, action: Action) -> str:
    """The key of a memo; one of its own where it would take the place of words nobody saw."""
    # Logs of before gave one key to memos that two coders wrote at once: both are kept.
    another = there is not None and there.author != author
    stale = there is not None and action.seen not in (0, there.number)
    return f"{action.memo}-{number}" if another or stale else action.memo


def root_of(key: str, merged: Mapping[str, str]) -> str:
    """The code that stands for a code: itself, when it was not merged into another."""
    seen = {key}
    while key in merged and merged[key] not in seen:
        key = merged[key]
        seen.add(key)
    return key


def rooted(parents: Mapping[str, str]) -> dict[str, str]:
    """The themes above codes so that each code can be reached from the top of the codebook.

    `parents` is from code to theme, '' for none. Logs of before lost sight of codes whose theme had
    been dropped, or that stood in a circle.
    """
    found = dict(parents)
    for key, parent in parents.items():
        seen, above = {key}, parent
        while above in found and above not in seen:
            seen.add(above)
            above = found[above]
        if above and (parent not in found or above == key):
            found[key] = ""
    return found
