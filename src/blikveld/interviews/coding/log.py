"""The log: every action of every coder, in order. Nothing is ever changed in it.

Each line holds the SHA-256 of the line before it, so that a line that was changed later shows. What
was done with an interview that was withdrawn is the only thing that is ever removed (`store`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from blikveld.errors import BlikveldError
from blikveld.interviews.coding import store
from blikveld.interviews.coding.actions import Action, ActionKind, MemoKind
from blikveld.interviews.coding.ownership import Loss, taken_from_others
from blikveld.interviews.coding.state import CodingState


class LogRefused(BlikveldError):
    """An action that cannot be, or a log that is not what it was."""


class TakesFromOthers(LogRefused):
    """An action that would take away what others made. `number` is how much; a lead may agree."""

    def __init__(self, where: str, loss: Loss) -> None:
        mend = "Ask them, or somebody who prepares the interviews."
        super().__init__("of-others", where, f"This would take away {loss.described()}.", mend)
        self.number = loss.number


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An action with its number from 1, who did it, and when (UTC, to the second)."""

    number: int
    author: str
    when: str
    action: Action


@dataclass(frozen=True, slots=True)
class Log:
    """All entries so far. `texts` are the lengths of the protected texts, in code points."""

    entries: tuple[LogEntry, ...] = ()

    def done(
        self,
        author: str,
        action: Action,
        texts: Mapping[str, int],
        when: datetime | None = None,
        *,
        lead: bool = False,
    ) -> Log:
        """The log with one more entry. Raises LogRefused for an action that cannot be.

        Raises TakesFromOthers where others would lose work, unless a lead was shown how much:
        `action.number`.
        """
        if self._came_before(author, action):
            return self
        state, where = CodingState.of(self.actions()), f"{action.kind.value} by {author}"
        if problem := state.objection(author, action, texts):
            raise LogRefused("no-action", where, *problem)
        if action.kind is ActionKind.WITHDRAW_TEXT and not lead:
            problem = ("Only who prepares the interviews withdraws one.", "Ask one of them.")
            raise LogRefused("no-right", where, *problem)
        moment = (when or datetime.now(UTC)).isoformat(timespec="seconds")
        number = self.entries[-1].number + 1 if self.entries else 1
        more = Log((*self.entries, LogEntry(number, author, moment, action)))
        after = more.state
        for text, work in state.frozen.items():
            if after.independent(text) != work:
                lost = f"It would change what each coder did alone on {text}, which is compared."
                raise LogRefused("frozen", where, lost, "Merge codes instead.")
        loss = taken_from_others(state, after, author, self._meant(action))
        if loss.number and not (lead and action.number == loss.number):
            raise TakesFromOthers(where, loss)
        return more

    def _came_before(self, author: str, action: Action) -> bool:
        """Whether this action was sent before. Raises LogRefused when another's bears its id."""
        same = [e for e in self.entries if action.event and e.action.event == action.event]
        if any(entry.author != author for entry in same):
            problem = "Somebody else's action has this identifier."
            raise LogRefused(
                "event-taken", f"{action.kind.value} by {author}", problem, "Try again."
            )
        return bool(same)

    def _meant(self, action: Action) -> Action:
        """The action itself, or the one that it takes back."""
        undo = action.kind is ActionKind.UNDO
        return self._entry(action.target).action if undo else action

    def _entry(self, number: int) -> LogEntry:
        return next(entry for entry in self.entries if entry.number == number)

    def undone(
        self,
        author: str,
        texts: Mapping[str, int],
        when: datetime | None = None,
        *,
        target: int | None = None,
    ) -> Log:
        """The log with an action of this author taken back; the last that counts without `target`.

        Raises LogRefused where that cannot be, and where others would lose work.
        """
        last = self._last_own(author) if target is None else target
        if last is None:
            problem = ("There is nothing of theirs to take back.", "Code something first.")
            raise LogRefused("no-undo", f"undo by {author}", *problem)
        return self.done(author, Action(ActionKind.UNDO, target=last), texts, when)

    def can_undo(self, author: str, number: int) -> bool:
        """Whether an entry is this author's own and still counts."""
        entry = self._entry(number)
        back = {e.action.target for e in self.entries if e.action.kind is ActionKind.UNDO}
        undo = entry.action.kind is ActionKind.UNDO
        return entry.author == author and not undo and number not in back

    def _last_own(self, author: str) -> int | None:
        back = {e.action.target for e in self.entries if e.action.kind is ActionKind.UNDO}
        own = (
            entry.number
            for entry in reversed(self.entries)
            if entry.author == author
            and entry.action.kind is not ActionKind.UNDO
            and entry.number not in back
        )
        return next(own, None)

    def actions(self) -> Iterator[tuple[int, str, Action]]:
        """Number, author and action of every entry."""
        return ((entry.number, entry.author, entry.action) for entry in self.entries)

    @property
    def state(self) -> CodingState:
        """The codebook, the passages and the memos that the log comes to."""
        return CodingState.of(self.actions())

    @property
    def digest(self) -> str:
        """What tells the state that the log comes to from any other."""
        state = self.state
        parts = (
            sorted(map(repr, state.codes.values())),
            sorted(map(repr, state.given)),
            sorted(map(repr, state.memos.values())),
            sorted(map(repr, state.quotes)),
            sorted(state.finished),
            sorted(state.merged.items()),
            sorted(state.frozen.items()),
        )
        return sha256(repr(parts).encode()).hexdigest()

    def append_to(self, path: Path) -> None:
        """Add the entries that a file does not hold yet, for good before returning.

        Raises LogRefused when what the file holds is not the beginning of this log.
        """
        there = Log.read(path).entries if path.exists() else ()
        if self.entries[: len(there)] != there:
            problem = "Somebody else added to it meanwhile."
            raise LogRefused("log-differs", path.name, problem, "Read it again, and do it again.")
        store.append(path, self._records()[len(there) :])

    def _records(self) -> tuple[store.Record, ...]:
        homes: dict[int, str] = {}
        records = []
        for entry in self.entries:
            body = _plain(entry)
            homes[entry.number] = store.home(body["action"], homes)
            records.append(store.Record(entry.number, homes[entry.number], body))
        return tuple(records)

    @classmethod
    def read(cls, path: Path) -> Log:
        """A log that was kept. Raises LogRefused with the line that is not what it was.

        What was said of an interview that was withdrawn is not there any more; for nothing else
        may words be gone.
        """
        try:
            records = store.read(path)
            entries = tuple(_entry(r.number, r.body) for r in records if r.body is not None)
        except store.BrokenChain as broken:
            raise _changed(path, broken.line) from None
        except (ValueError, KeyError, TypeError):
            raise _changed(path, 1) from None
        withdrawn = {e.action.text for e in entries if e.action.kind is ActionKind.WITHDRAW_TEXT}
        gone = [r.number for r in records if r.body is None and r.text not in withdrawn]
        if gone:
            raise _changed(path, gone[0])
        return cls(entries)


def _changed(path: Path, line: int) -> LogRefused:
    problem = "This line is not what was written, or a line before it is gone."
    return LogRefused("log-changed", f"{path.name}:{line}", problem, "Take a copy.")


def _plain(entry: LogEntry) -> dict[str, Any]:
    return {"author": entry.author, "when": entry.when, "action": plain_action(entry.action)}


def plain_action(action: Action) -> dict[str, Any]:
    """An action as JSON holds it: only what is not as usual."""
    usual = {field.name: field.default for field in fields(Action)}
    given = {key: value for key, value in asdict(action).items() if value != usual[key]}
    given["kind"] = action.kind.value
    if action.memo_kind:
        given["memo_kind"] = action.memo_kind.value
    return given


def action_of(found: Mapping[str, Any]) -> Action:
    """The action that JSON holds. Raises ValueError, KeyError and TypeError for what is none."""
    given = {**found, "kind": ActionKind(found["kind"])}
    if "memo_kind" in given:
        given["memo_kind"] = MemoKind(given["memo_kind"])
    return Action(**given)


def _entry(number: int, found: Mapping[str, Any]) -> LogEntry:
    return LogEntry(number, found["author"], found["when"], action_of(found["action"]))
