"""What a log comes to: the codebook, the coded passages, the memos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from blikveld.interviews.coding.actions import AGREED, Action, Kind, MemoKind

Objection = tuple[str, str]
"""What is wrong, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Code:
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
class Passage:
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
class Chosen:
    """A passage to quote at a place of the report. `code` is the theme it illustrates."""

    text: str
    start: int
    end: int
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class State:
    """All that counts. Coders see each other's passages only when they compare."""

    codes: Mapping[str, Code] = field(default_factory=dict)
    passages: frozenset[Passage] = frozenset()
    memos: Mapping[str, Memo] = field(default_factory=dict)
    quotes: tuple[Chosen, ...] = ()
    finished: frozenset[tuple[str, str]] = frozenset()
    makers: Mapping[str, str] = field(default_factory=dict)
    """Who made each code."""
    changed: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """The number of the entry that last changed each code, and who did that."""
    quoted_by: Mapping[Chosen, str] = field(default_factory=dict)
    _authors: Mapping[int, str] = field(default_factory=dict)
    _undone: frozenset[int] = frozenset()

    @classmethod
    def of(cls, actions: Iterable[tuple[int, str, Action]]) -> State:
        """The state after these actions; what was taken back never happened."""
        whole = list(actions)
        undone = {action.target for _, _, action in whole if action.kind is Kind.UNDO}
        codes: dict[str, Code] = {}
        passages: set[Passage] = set()
        memos: dict[str, Memo] = {}
        quotes: dict[Chosen, str] = {}
        makers: dict[str, str] = {}
        changed: dict[str, tuple[int, str]] = {}
        for number, author, action in whole:
            if number in undone:
                continue
            _apply(number, author, action, codes, passages, memos)
            _choose(author, action, quotes)
            if action.kind is Kind.SET_CODE:
                makers.setdefault(action.code, author)
                changed[action.code] = number, author
        # A passage may have a code whose making was taken back later: without code, no passage.
        known = frozenset(passage for passage in passages if passage.code in codes)
        authors = {n: a for n, a, action in whole if action.kind is not Kind.UNDO}
        chosen = tuple(quote for quote in quotes if quote.code in codes)
        finished = frozenset(
            (action.text, author)
            for number, author, action in whole
            if action.kind is Kind.FINISH and number not in undone
        )
        return cls(
            codes=_rooted(codes),
            passages=known,
            memos=memos,
            quotes=chosen,
            finished=finished,
            makers=makers,
            changed=changed,
            quoted_by=quotes,
            _authors=authors,
            _undone=frozenset(undone),
        )

    def of_coder(self, author: str) -> tuple[Passage, ...]:
        """The passages of one coder, in order of text and place: what this coder sees."""
        return tuple(sorted(p for p in self.passages if p.author == author))

    @property
    def coders(self) -> tuple[str, ...]:
        """Who coded; what they settled together is nobody's."""
        return tuple(sorted({p.author for p in self.passages} - {AGREED}))

    @property
    def settled(self) -> State:
        """What counts after comparing: in a text that was settled only that, else everything."""
        done = {passage.text for passage in self.passages if passage.author == AGREED}
        kept = (p for p in self.passages if p.author == AGREED or p.text not in done)
        return replace(self, passages=frozenset(kept))

    def seen_by(self, coder: str) -> State:
        """What one coder may count: one's own, what was settled, and texts that were compared."""
        texts = {passage.text for passage in self.passages}
        open_ = {text for text in texts if self.comparable(text)}
        seen = (p for p in self.passages if p.author in (coder, AGREED) or p.text in open_)
        return replace(self, passages=frozenset(seen)).settled

    def comparable(self, text: str) -> tuple[str, ...]:
        """The coders of a text whose work may be laid side by side; none before all are ready.

        Whoever coded the text has to be ready, and two have to be.
        """
        ready = {author for done, author in self.finished if done == text}
        busy = {p.author for p in self.passages if p.text == text} - {AGREED} - ready
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
        if action.kind is Kind.SET_CODE:
            return self._against_code(action)
        if action.kind in (Kind.CODE, Kind.UNCODE):
            return self._against_passage(author, action, texts)
        if action.kind is Kind.FINISH:
            return self._against_finish(author, action, texts)
        if action.kind in (Kind.QUOTE, Kind.UNQUOTE):
            return self._against_quote(action, texts)
        if action.kind is Kind.UNDO:
            return self._against_undo(author, action)
        if action.kind is Kind.MEMO:
            return self._against_memo(author, action)
        return self._against_drop(action)

    def _against_code(self, action: Action) -> Objection | None:
        if not (action.code and action.name):
            return "A code needs a key and a name.", "Give both."
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

    def _against_passage(
        self, author: str, action: Action, texts: Mapping[str, int]
    ) -> Objection | None:
        if problem := self._against_place(action, texts):
            return problem
        there = _passage(author, action) in self.passages
        if there is (action.kind is Kind.CODE):
            now = "has this code already" if there else "does not have this code of theirs"
            return f"The passage {now}.", "Choose another code."
        return None

    def _against_place(self, action: Action, texts: Mapping[str, int]) -> Objection | None:
        if action.code not in self.codes:
            return _unknown(action.code)
        if action.text not in texts:
            return f"There is no text {action.text!r}.", "Protect the transcript first."
        if not 0 <= action.start < action.end <= texts[action.text]:
            return "The passage does not lie in the text.", "Select some words."
        return None

    def _against_quote(self, action: Action, texts: Mapping[str, int]) -> Objection | None:
        problem = self._against_place(action, texts) if action.kind is Kind.QUOTE else None
        if problem:
            return problem
        if not action.about:
            return "A quote needs a place in the report.", "Choose a place."
        if (_chosen(action) in self.quotes) is (action.kind is Kind.QUOTE):
            now = "stands there already" if action.kind is Kind.QUOTE else "does not stand there"
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
        return None


def _unknown(code: str) -> Objection:
    return f"There is no code {code!r}.", "Make the code first."


def _passage(author: str, action: Action) -> Passage:
    coder = AGREED if action.about == AGREED else author
    return Passage(action.text, action.start, action.end, action.code, coder)


def _chosen(action: Action) -> Chosen:
    return Chosen(action.text, action.start, action.end, action.code, action.about)


def _choose(author: str, action: Action, quotes: dict[Chosen, str]) -> None:
    if action.kind is Kind.QUOTE:
        quotes[_chosen(action)] = author
    elif action.kind is Kind.UNQUOTE:
        quotes.pop(_chosen(action), None)


def _rooted(codes: Mapping[str, Code]) -> dict[str, Code]:
    """The codes so that each can be reached from the top of the codebook.

    Logs of before lost sight of codes whose theme had been dropped, or that stood in a circle.
    """
    rooted = dict(codes)
    for key, code in codes.items():
        seen, above = {key}, code.parent
        while above in rooted and above not in seen:
            seen.add(above)
            above = rooted[above].parent
        if above:
            lost = code.parent not in rooted or above == key
            rooted[key] = replace(code, parent="") if lost else code
    return rooted


def _apply(
    number: int,
    author: str,
    action: Action,
    codes: dict[str, Code],
    passages: set[Passage],
    memos: dict[str, Memo],
) -> None:
    if action.kind is Kind.SET_CODE:
        words = (action.name, action.definition, action.include, action.exclude, action.example)
        codes[action.code] = Code(action.code, *words, action.parent, action.report_key)
    elif action.kind is Kind.DROP_CODE:
        codes.pop(action.code, None)
        passages.difference_update([p for p in passages if p.code == action.code])
    elif action.kind is Kind.CODE:
        passages.add(_passage(author, action))
    elif action.kind is Kind.UNCODE:
        passages.discard(_passage(author, action))
    elif action.kind is Kind.MEMO and action.memo_kind is not None:
        there = memos.get(action.memo)
        # Logs of before gave one key to memos that two coders wrote at once: both are kept.
        another = there is not None and there.author != author
        key = f"{action.memo}-{number}" if another else action.memo
        memos[key] = Memo(key, action.memo_kind, action.words, action.about, author)
