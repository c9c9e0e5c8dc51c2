"""What a log comes to: the codebook, the coded passages, the memos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from blikveld.interviews.coding.actions import AGREED, Action, ActionKind, MemoKind
from blikveld.interviews.coding.pointers import root_of, rooted

Objection = tuple[str, str]
"""What is wrong, and how to mend it."""


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
    """A note of a coder."""

    key: str
    kind: MemoKind
    words: str
    about: str
    author: str


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
    _done: Mapping[int, Action] = field(default_factory=dict)
    _authors: Mapping[int, str] = field(default_factory=dict)
    _undone: frozenset[int] = frozenset()

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
        known = frozenset(replace(p, code=root_of(p.code, merged)) for p in given)
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
            _done={number: action for number, _, action in whole},
            _authors=authors,
            _undone=frozenset(undone),
        )

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

    def seen_by(self, coder: str) -> CodingState:
        """What one coder may count: one's own, what was settled, and texts that were compared."""
        texts = {passage.text for passage in self.segments}
        open_ = {text for text in texts if self.comparable(text)}
        seen = (p for p in self.segments if p.author in (coder, AGREED) or p.text in open_)
        return replace(self, segments=frozenset(seen)).settled

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

    def objection(self, author: str, action: Action, texts: Mapping[str, int]) -> Objection | None:
        """Why an action cannot be; None when it can."""
        if action.kind is ActionKind.SET_CODE:
            return self._against_code(action)
        if action.kind in (ActionKind.CODE, ActionKind.UNCODE):
            return self._against_segment(author, action, texts)
        if action.kind is ActionKind.FINISH:
            return self._against_finish(author, action, texts)
        if action.kind is ActionKind.START_COMPARISON:
            return self._against_start(action, texts)
        if action.kind is ActionKind.MERGE_CODES:
            return self._against_merge(action)
        if action.kind is ActionKind.WITHDRAW_TEXT:
            return None
        if action.kind in (ActionKind.QUOTE, ActionKind.UNQUOTE):
            return self._against_quote(action, texts)
        if action.kind is ActionKind.UNDO:
            return self._against_undo(author, action)
        if action.kind is ActionKind.MEMO:
            return self._against_memo(author, action)
        return self._against_drop(action)

    def _against_code(self, action: Action) -> Objection | None:
        if not (action.code and action.name):
            return "A code needs a key and a name.", "Give both."
        if action.code in self.merged:
            into = self.codes[self.root(action.code)].name
            return f"This code was merged into {into!r} meanwhile.", "Change that one."
        if problem := self._against_stale(action):
            return problem
        if action.parent and action.parent not in self.codes:
            return _unknown(action.parent)
        if action.code in self.above(action.parent):
            return "A theme cannot stand under itself.", "Choose another theme."
        return self._against_report_key(action)

    def _against_stale(self, action: Action) -> Objection | None:
        """Why a coder who last saw entry `seen` may not write this code now."""
        there, name = self.codes.get(action.code), action.name
        number, who = self.changed.get(action.code, (0, ""))
        if there is None and action.seen:
            return f"The code {name!r} was removed meanwhile.", "Make it again if it is needed."
        if there is None or number == action.seen:
            return None
        if not action.seen:
            return f"There is a code {there.name!r} with this key.", "Give the new code another."
        mend = "Look at it, and change it again if that is still wanted."
        return f"{who} changed the code {there.name!r} meanwhile.", mend

    def _against_report_key(self, action: Action) -> Objection | None:
        called = action.report_key or action.code
        for code in self.codes.values():
            if code.called == called and code.key != action.code:
                return f"The report calls {code.name!r} {called!r}.", "Choose another key."
        return None

    def _against_memo(self, author: str, action: Action) -> Objection | None:
        if not (action.memo and action.words and action.memo_kind):
            return "A memo needs a key, a kind and words.", "Give all three."
        there = self.memos.get(action.memo)
        if there is not None and there.author != author:
            return f"{there.author} wrote this memo.", "Write one of your own."
        return None

    def _against_drop(self, action: Action) -> Objection | None:
        if action.code not in self.codes:
            return _unknown(action.code)
        under = [code.name for code in self.codes.values() if code.parent == action.code]
        if under:
            problem = f"{len(under)} codes stand under it: {', '.join(under)}."
            return problem, "Move them to another theme first."
        return None

    def _against_segment(
        self, author: str, action: Action, texts: Mapping[str, int]
    ) -> Objection | None:
        if problem := self._against_section(action, texts):
            return problem
        if action.text in self.frozen and action.about != AGREED:
            return _FROZEN.format(action.text), "Settle it together, on the page that compares."
        there = _segment(author, action) in self.given
        if there is (action.kind is ActionKind.CODE):
            now = "has this code already" if there else "does not have this code of theirs"
            return f"The passage {now}.", "Choose another code."
        return None

    def _against_section(self, action: Action, texts: Mapping[str, int]) -> Objection | None:
        if self.root(action.code) not in self.codes:
            return _unknown(action.code)
        if action.text not in texts:
            return f"There is no text {action.text!r}.", "Protect the transcript first."
        if not 0 <= action.start < action.end <= texts[action.text]:
            return "The passage does not lie in the text.", "Select some words."
        return None

    def _against_quote(self, action: Action, texts: Mapping[str, int]) -> Objection | None:
        problem = self._against_section(action, texts) if action.kind is ActionKind.QUOTE else None
        if problem:
            return problem
        if not action.about:
            return "A quote needs a place in the report.", "Choose a place."
        meant = replace(_chosen(action), code=self.root(action.code))
        there = meant in self.quotes
        if there is (action.kind is ActionKind.QUOTE):
            now = "stands there already" if there else "does not stand there"
            return f"The quote {now}.", "Choose another passage or place."
        return None

    def _against_finish(
        self, author: str, action: Action, texts: Mapping[str, int]
    ) -> Objection | None:
        if action.text not in texts:
            return f"There is no text {action.text!r}.", "Protect the transcript first."
        if (action.text, author) in self.finished:
            return "That was said already.", "Go on to another text."
        return None

    def _against_undo(self, author: str, action: Action) -> Objection | None:
        if self._authors.get(action.target) != author:
            return "Only one's own actions can be taken back.", "Ask who did it."
        if action.target in self._undone:
            return "That was taken back already.", "Choose another."
        target = self._done[action.target]
        kept = (ActionKind.CODE, ActionKind.UNCODE, ActionKind.FINISH, ActionKind.START_COMPARISON)
        if target.text in self.frozen and target.kind in kept and target.about != AGREED:
            return _FROZEN.format(target.text), "Settle it together, on the page that compares."
        return None

    def _against_start(self, action: Action, texts: Mapping[str, int]) -> Objection | None:
        if action.text not in texts:
            return f"There is no text {action.text!r}.", "Protect the transcript first."
        if action.text in self.frozen:
            return "Comparing began already.", "Go on with it."
        if not self.comparable(action.text):
            return "Not everybody who coded this text is ready.", "Wait for them."
        return None

    def _against_merge(self, action: Action) -> Objection | None:
        for key in (action.code, action.into):
            if key not in self.codes:
                return _unknown(key)
        if action.code in self.above(action.into):
            return "A code cannot be merged into itself or one under it.", "Choose another."
        return None


_FROZEN = "Comparing began on {}, and what each did alone is kept as it is."


def _independent(text: str, passages: Iterable[CodedSegment]) -> str:
    rows = sorted(p for p in passages if p.text == text and p.author != AGREED)
    return sha256(repr(rows).encode()).hexdigest()


def _unknown(code: str) -> Objection:
    return f"There is no code {code!r}.", "Make the code first."


def _segment(author: str, action: Action) -> CodedSegment:
    coder = AGREED if action.about == AGREED else author
    return CodedSegment(action.text, action.start, action.end, action.code, coder)


def _chosen(action: Action) -> SelectedQuote:
    return SelectedQuote(action.text, action.start, action.end, action.code, action.about)


def _choose(author: str, action: Action, quotes: dict[SelectedQuote, str]) -> None:
    if action.kind is ActionKind.QUOTE:
        quotes[_chosen(action)] = author
    elif action.kind is ActionKind.UNQUOTE:
        quotes.pop(_chosen(action), None)


def _apply(
    number: int,
    author: str,
    action: Action,
    codes: dict[str, CodebookCode],
    passages: set[CodedSegment],
    memos: dict[str, Memo],
    merged: dict[str, str],
) -> None:
    if action.kind is ActionKind.SET_CODE:
        words = (action.name, action.definition, action.include, action.exclude, action.example)
        codes[action.code] = CodebookCode(action.code, *words, action.parent, action.report_key)
    elif action.kind is ActionKind.DROP_CODE:
        codes.pop(action.code, None)
        gone = [p for p in passages if root_of(p.code, merged) == action.code]
        passages.difference_update(gone)
    elif action.kind is ActionKind.MERGE_CODES:
        merged[action.code] = action.into
    elif action.kind is ActionKind.CODE:
        passages.add(_segment(author, action))
    elif action.kind is ActionKind.UNCODE:
        passages.discard(_segment(author, action))
    elif action.kind is ActionKind.MEMO and action.memo_kind is not None:
        there = memos.get(action.memo)
        # Logs of before gave one key to memos that two coders wrote at once: both are kept.
        another = there is not None and there.author != author
        key = f"{action.memo}-{number}" if another else action.memo
        memos[key] = Memo(key, action.memo_kind, action.words, action.about, author)
