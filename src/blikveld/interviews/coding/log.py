"""The log: every action of every coder, in order. Nothing is ever changed in it.

Each line holds the SHA-256 of the line before it, so that a line that was changed later shows. What
was done with an interview that was withdrawn is the only thing that is ever removed (`store`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from blikveld.errors import BlikveldError
from blikveld.interviews.coding import store
from blikveld.interviews.coding.actions import Action, ActionKind, MemoKind
from blikveld.interviews.coding.objections import Loss, objection, taken_from_others
from blikveld.interviews.coding.state import CodingState


class LogRefused(BlikveldError):
    """An action that cannot be, or a log that is not what it was.

    `values` are what the message names, for who says it in another language.
    """

    def __init__(
        self,
        code: str,
        location: str,
        problem: str,
        mend: str,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, location, problem, mend)
        self.values = dict(values or {})


class TakesFromOthers(LogRefused):
    """An action that would take away what others made. A lead may agree to the number of it."""

    def __init__(self, where: str, loss: Loss) -> None:
        mend = "Ask them, or somebody who prepares the interviews."
        problem = f"This would take away {loss.described()}."
        super().__init__("of-others", where, problem, mend, {"number": str(loss.number)})
        self.loss = loss

    @property
    def number(self) -> int:
        """How many things others would lose."""
        return self.loss.number


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An action with its number from 1, who did it, and when (UTC, to the second)."""

    number: int
    author: str
    when: str
    action: Action


@dataclass(frozen=True, slots=True)
class Log:
    """All entries so far."""

    entries: tuple[LogEntry, ...] = ()
    _state: CodingState | None = field(default=None, compare=False, repr=False)
    _stored: store.End | None = field(default=None, compare=False, repr=False)
    """The end of the file from which this was read, to add to it without reading it again."""

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

        `texts` are the lengths of the protected texts, in code points. Raises TakesFromOthers
        where others would lose work, unless a lead was shown how much: `action.number`.
        """
        if self._came_before(author, action):
            return self
        where = f"{action.kind.value} by {author}"
        if against := objection(self.state, author, action, texts):
            raise LogRefused(against.code, where, against.problem, against.mend, against.values)
        if action.kind is ActionKind.WITHDRAW_TEXT and not lead:
            problem = ("Only who prepares the interviews withdraws one.", "Ask one of them.")
            raise LogRefused("no-right", where, *problem)
        more = self._with(author, action, when)
        # Something more takes nothing from anybody, and is refused on a text that is compared.
        if more._state is None:
            self._keep_others(more, author, action, lead=lead)
        return more

    def _with(self, author: str, action: Action, when: datetime | None) -> Log:
        moment = (when or datetime.now(UTC)).isoformat(timespec="seconds")
        number = self.entries[-1].number + 1 if self.entries else 1
        entries = (*self.entries, LogEntry(number, author, moment, action))
        return Log(entries, self.state.after(number, author, action), self._stored)

    def _keep_others(self, more: Log, author: str, action: Action, *, lead: bool) -> None:
        """Refuse an action that changes what is frozen, or takes away what others made."""
        before, after, where = self.state, more.state, f"{action.kind.value} by {author}"
        for text, work in before.frozen.items():
            # Taking an early action back may change what was frozen as well as what is there now.
            if {after.independent(text), after.frozen.get(text, work)} != {work}:
                lost = f"It would change what each coder did alone on {text}, which is compared."
                values = {"text": text}
                raise LogRefused("frozen", where, lost, "Merge codes instead.", values)
        loss = taken_from_others(before, after, author, self._meant(action))
        if loss.number and not (lead and action.number == loss.number):
            raise TakesFromOthers(where, loss)

    def _came_before(self, author: str, action: Action) -> bool:
        """Whether this action was sent before. Raises LogRefused when another's bears its id."""
        if not action.event:
            return False
        same = [e for e in self.entries if e.action.event == action.event]
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
        event: str = "",
    ) -> Log:
        """The log with an action of this author taken back; the last that counts without `target`.

        What was done in one go is taken back in one go; with one `event` only once. Raises
        LogRefused where that cannot be, and where others would lose work.
        """
        if self._came_before(author, Action(ActionKind.UNDO, event=event)):
            return self
        last = self.last_own(author) if target is None else target
        if last is None:
            problem = ("There is nothing of theirs to take back.", "Code something first.")
            raise LogRefused("no-undo", f"undo by {author}", *problem)
        log = self
        for number in self._together(author, last):
            action = Action(ActionKind.UNDO, target=number, event=event)
            log, event = log.done(author, action, texts, when), ""
        return log

    def _together(self, author: str, number: int) -> list[int]:
        """An entry with those of its batch that still count, the latest first."""
        batch = {e.action.batch for e in self.entries if e.number == number} - {""}
        more = [e.number for e in self._own(author) if e.action.batch in batch]
        return more or [number]

    def can_undo(self, author: str, number: int) -> bool:
        """Whether an entry is this author's own and still counts."""
        return any(entry.number == number for entry in self._own(author))

    def last_own(self, author: str) -> int | None:
        """The number of an author's last action that still counts; None where there is none."""
        return next((entry.number for entry in self._own(author)), None)

    def _own(self, author: str) -> Iterator[LogEntry]:
        """The actions of an author that still count, the latest first."""
        back = self.state.undone
        return (
            entry
            for entry in reversed(self.entries)
            if entry.author == author
            and entry.action.kind is not ActionKind.UNDO
            and entry.number not in back
        )

    def actions(self) -> Iterator[tuple[int, str, Action]]:
        """Number, author and action of every entry."""
        return ((entry.number, entry.author, entry.action) for entry in self.entries)

    @property
    def state(self) -> CodingState:
        """The codebook, the passages and the memos that the log comes to."""
        if self._state is None:
            # Worked out once for each log: everything that is asked of it goes through here.
            object.__setattr__(self, "_state", CodingState.of(self.actions()))
        assert self._state is not None  # noqa: S101 (for the type checker)
        return self._state

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

    def append_to(self, path: Path) -> Log:
        """Add the entries that a file does not hold yet, for good before returning.

        Returns this log as it is kept now.

        Raises LogRefused when what the file holds is not the beginning of this log.
        """
        there = self._there(path)
        store.append(path, self._records(there))
        return Log(self.entries, self._state, store.end(path))

    def _there(self, path: Path) -> int:
        """How many entries a file holds. Raises LogRefused when this log does not go on from it."""
        kept = store.end(path)
        if kept == self._stored or not path.exists():
            return kept.count - self._withdrawn(kept)
        there = Log.read(path).entries
        if self.entries[: len(there)] != there:
            problem = "Somebody else added to it meanwhile."
            raise LogRefused("log-differs", path.name, problem, "Read it again, and do it again.")
        return len(there)

    def _withdrawn(self, kept: store.End) -> int:
        """How many entries of a file went with interviews that were withdrawn."""
        return kept.count - sum(entry.number <= kept.count for entry in self.entries)

    def _records(self, there: int) -> tuple[store.Record, ...]:
        """The entries behind the first ones that are there already."""
        homes: dict[int, str] = {}
        records = []
        for entry in self.entries[there:]:
            body = _plain(entry)
            target = entry.action.target
            if target and target not in homes:
                homes[target] = store.home(plain_action(self._meant(entry.action)), homes)
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
            kept = store.end(path)
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
        return cls(entries, None, kept)


def _changed(path: Path, line: int) -> LogRefused:
    problem = "This line is not what was written, or a line before it is gone."
    return LogRefused("log-changed", f"{path.name}:{line}", problem, "Take a copy.")


def _plain(entry: LogEntry) -> dict[str, Any]:
    return {"author": entry.author, "when": entry.when, "action": plain_action(entry.action)}


_USUAL = tuple((field.name, field.default) for field in fields(Action))


def plain_action(action: Action) -> dict[str, Any]:
    """An action as JSON holds it: only what is not as usual."""
    given = {key: value for key, usual in _USUAL if (value := getattr(action, key)) != usual}
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
