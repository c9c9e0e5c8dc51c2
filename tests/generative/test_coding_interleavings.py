"""Coders who act at the same moment on old views: nothing of another is ever lost. All invented."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from blikveld.interviews.coding import Action, ActionKind, CodingState, Log, LogRefused, MemoKind
from blikveld.interviews.coding.actions import AGREED

TEXTS = {"t1": 400, "t2": 300}
CODERS = ("ada", "ben", "cor", "lea")
LEAD = "lea"
STEPS = 70


@dataclass
class Coder:
    """Somebody who acts on what was last seen, which may be long ago."""

    name: str
    chance: random.Random
    view: Log = field(default_factory=Log)
    made: int = 0

    def identifier(self) -> str:
        self.made += 1
        return f"{self.name}-{self.made}"

    def action(self) -> Action | int:
        """Something to do; a number stands for undoing the entry with it."""
        state = self.view.state
        weights = {self.code: 8, self.create: 2, self.note: 2, self.undo: 3, self.uncode: 1}
        ways: dict[Callable[[CodingState], Action | int | None], float] = {**weights}
        ways |= {self.change: 2, self.merge: 1.5, self.drop: 1, self.finish: 1.5, self.start: 1}
        ways |= {self.settle: 0.05, self.quote: 0.5}
        way = self.chance.choices(list(ways), list(ways.values()))[0]
        found = way(state)
        return self.create(state) if found is None else found

    def create(self, state: CodingState) -> Action:
        parent = self.chance.choice(["", *state.codes])
        name = self.chance.choice(("Schuld", "Dwang", "Geld"))
        key = self.identifier()
        return Action(
            ActionKind.SET_CODE, code=key, name=name, parent=parent, event=self.identifier()
        )

    def some(self, state: CodingState) -> str | None:
        return self.chance.choice(list(state.codes)) if state.codes else None

    def place(self) -> tuple[str, int, int]:
        start = self.chance.randrange(0, 290, 10)
        return self.chance.choice(list(TEXTS)), start, start + self.chance.choice((5, 10))

    def code(self, state: CodingState) -> Action | None:
        key, (text, start, end) = self.some(state), self.place()
        if key is None:
            return None
        return Action(
            ActionKind.CODE, code=key, text=text, start=start, end=end, event=self.identifier()
        )

    def settle(self, state: CodingState) -> Action | None:
        action = self.code(state)
        return None if action is None else replace(action, about=AGREED)

    def quote(self, state: CodingState) -> Action | None:
        action = self.code(state)
        return None if action is None else replace(action, kind=ActionKind.QUOTE, about="debt")

    def uncode(self, state: CodingState) -> Action | None:
        if not state.given:
            return None
        one = self.chance.choice(sorted(state.given))
        return Action(ActionKind.UNCODE, code=one.code, text=one.text, start=one.start, end=one.end)

    def change(self, state: CodingState) -> Action | None:
        key = self.some(state)
        if key is None:
            return None
        parent = self.chance.choice(["", *state.codes])
        name = f"naam {self.chance.randrange(9)}"
        seen = state.changed[key][0]
        return Action(ActionKind.SET_CODE, code=key, name=name, parent=parent, seen=seen)

    def merge(self, state: CodingState) -> Action | None:
        one, into = self.some(state), self.some(state)
        if one is None or into is None:
            return None
        return Action(ActionKind.MERGE_CODES, code=one, into=into)

    def drop(self, state: CodingState) -> Action | None:
        key = self.some(state)
        if key is None:
            return None
        others = sum(p.code == key and p.author != self.name for p in state.segments)
        return Action(
            ActionKind.DROP_CODE, code=key, number=others + (state.makers[key] != self.name)
        )

    def note(self, state: CodingState) -> Action:
        mine = [key for key, memo in state.memos.items() if memo.author == self.name]
        key = self.chance.choice(mine) if mine and self.chance.random() < 0.3 else self.identifier()
        about = self.chance.choice([*state.codes, *TEXTS])
        words = f"woorden {self.chance.random()}"
        return Action(ActionKind.MEMO, memo=key, memo_kind=MemoKind.TEXT, words=words, about=about)

    def finish(self, _: CodingState) -> Action:
        return Action(ActionKind.FINISH, text=self.chance.choice(list(TEXTS)))

    def start(self, _: CodingState) -> Action:
        return Action(ActionKind.START_COMPARISON, text=self.chance.choice(list(TEXTS)))

    def undo(self, _: CodingState) -> int | None:
        own = [entry.number for entry in self.view.entries if entry.author == self.name]
        return self.chance.choice(own[-5:]) if own else None


def work(state: CodingState, without: str) -> Counter[tuple[str, ...]]:
    """What everybody else made and can find: passages, memos, codes."""
    rows = [("passage", p.author, p.text, str(p.start), str(p.end), p.code) for p in state.given]
    rows += [("memo", m.author, m.words) for m in state.memos.values()]
    rows += [
        ("code", who, key) for key, who in state.makers.items() if state.root(key) in state.codes
    ]
    return Counter(row for row in rows if row[1] not in (without, AGREED))


def reachable(state: CodingState) -> bool:
    """Whether each code can be reached from the top, and each passage has a code of the book."""
    tops = {key for key, code in state.codes.items() if not code.parent}
    codes = all(set(state.above(key)) & tops for key in state.codes)
    return codes and all(passage.code in state.codes for passage in state.segments)


def done(log: Log, who: str, action: Action | int) -> Log:
    if isinstance(action, int):
        return log.undone(who, TEXTS, target=action)
    return log.done(who, action, TEXTS, lead=who == LEAD)


def run(seed: int, path: Path) -> Counter[str]:
    """One interleaving, checked after each step; counts what was done and what was refused."""
    chance, log, counts = random.Random(seed), Log(), Counter[str]()
    coders = [Coder(name, chance) for name in CODERS]
    sent: list[tuple[str, Action | int]] = []
    for _ in range(STEPS):
        coder = chance.choice(coders)
        if chance.random() < 0.25:
            coder.view = log
        sent.append((coder.name, coder.action()))
        if chance.random() < 0.1:
            sent.append(sent[-1])
        while sent and chance.random() < 0.7:
            log = _arrive(log, *sent.pop(chance.randrange(len(sent))), counts)
    log.append_to(path)
    assert Log.read(path).digest == log.digest, seed
    assert done_again(log).digest == log.digest, seed
    return counts


def done_again(log: Log) -> Log:
    """Every entry done once more by its author: what was taken once is taken again."""
    again = Log()
    for entry in log.entries:
        again = done(again, entry.author, entry.action)
    return again


def _arrive(log: Log, who: str, action: Action | int, counts: Counter[str]) -> Log:
    before, frozen = log.state, log.state.frozen
    try:
        after = done(log, who, action)
    except LogRefused:
        counts["refused"] += 1
        return log
    kind = "undo" if isinstance(action, int) else action.kind.value
    counts[kind if len(after.entries) > len(log.entries) else "sent twice"] += 1
    state = after.state
    if who != LEAD:
        assert not work(before, who) - work(state, who), (who, action)
    assert reachable(state), (who, action)
    assert all(state.independent(text) == kept for text, kept in frozen.items()), action
    assert all(state.independent(text) == kept for text, kept in state.frozen.items()), action
    assert CodingState.of(after.actions()) == state, action
    return after


def many(numbers: range, folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in numbers:
        here = folder / str(seed)
        here.mkdir()
        counts += run(seed, here / "log.jsonl")
    return counts


def test_forty_interleavings_lose_nothing_of_another(tmp_path: Path) -> None:
    counts = many(range(40), tmp_path)
    alone = {ActionKind.UNQUOTE, ActionKind.WITHDRAW_TEXT}
    wanted = {kind.value for kind in ActionKind if kind not in alone}
    assert wanted | {"refused", "sent twice"} <= set(counts), wanted - set(counts)


@pytest.mark.long
def test_a_thousand_interleavings_lose_nothing_of_another(tmp_path: Path) -> None:
    assert many(range(40, 1_040), tmp_path).total() > 50_000
