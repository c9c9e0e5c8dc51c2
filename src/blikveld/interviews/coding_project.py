"""A coding project: protected texts, one log for all, and metadata of who spoke.

log.jsonl    every action of every coder; grows, and is never changed
about.json   of each text the role and site of who spoke, and its label once given
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blikveld.interviews.attribution import Label, Naming, Quote, labels
from blikveld.interviews.coding.actions import Action, ActionKind
from blikveld.interviews.coding.log import Log, LogRefused
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText, read_texts
from blikveld.interviews.refi import RefiArchive, RefiProject
from blikveld.interviews.refi.elements import within
from blikveld.interviews.workspace import OTHERS, WorkspaceError, alone, written

_FileState = tuple[tuple[str, int, int], ...]
_READ: dict[Path, tuple[_FileState, Log]] = {}
"""Logs as this process last read them, each with the state of its files then."""


def _state_of_files(path: Path) -> _FileState:
    files = [path, *sorted((path.parent / "bodies").glob("*.jsonl"))]
    stats = [(file.name, file.stat()) for file in files]
    return tuple((name, found.st_mtime_ns, found.st_size) for name, found in stats)


@dataclass(frozen=True, slots=True)
class InterviewMetadata:
    """What is known of who spoke in a text."""

    role: str
    site: str


@dataclass(frozen=True, slots=True)
class CodingProject:
    """A workplace's folder as coders see it: no drafts, and nothing behind placeholders."""

    folder: Path

    def texts(self) -> Mapping[str, PseudonymisedText]:
        """Every protected text, checked against its hash. Raises TextChanged."""
        return read_texts(self.folder / "texts")

    def log(self) -> Log:
        """Everything that was done. Raises LogRefused."""
        path = self.folder / "log.jsonl"
        if not path.exists():
            return Log()
        state = _state_of_files(path)
        if _READ.get(path, (None, None))[0] != state:
            _READ[path] = (state, Log.read(path))
        return _READ[path][1]

    def do(self, author: str, *actions: Action, lead: bool = False) -> Log:
        """Do something, all of it or nothing, and keep it for good. Raises LogRefused.

        A lead may take away what others made, with the number that was shown in the action.
        """
        lengths = self._lengths()
        with alone(self.folder):
            log = self.log()
            for action in actions:
                log = log.done(author, action, lengths, lead=lead)
            return self._grown(log)

    def do_each(
        self, author: str, actions: Iterable[Action], *, lead: bool = False
    ) -> tuple[Log, tuple[tuple[Action, LogRefused], ...]]:
        """Do what can be done of what a coder sent, in order, and tell what was refused.

        Undoing without a target takes back the coder's last action.
        """
        lengths, refused = self._lengths(), []
        with alone(self.folder):
            log = self.log()
            for action in actions:
                try:
                    if action.kind is ActionKind.UNDO:
                        target, event = action.target or None, action.event
                        log = log.undone(author, lengths, target=target, event=event)
                    else:
                        log = log.done(author, action, lengths, lead=lead)
                except LogRefused as problem:
                    refused.append((action, problem))
            return self._grown(log), tuple(refused)

    def undo(self, author: str, target: int | None = None) -> Log:
        """Take back an action of this author, the last without `target`. Raises LogRefused."""
        lengths = self._lengths()
        with alone(self.folder):
            return self._grown(self.log().undone(author, lengths, target=target))

    def _lengths(self) -> Mapping[str, int]:
        return {key: len(text.text) for key, text in self.texts().items()}

    def _grown(self, log: Log) -> Log:
        path = self.folder / "log.jsonl"
        kept = log.append_to(path)
        _READ[path] = (_state_of_files(path), kept)
        return kept

    def describe(self, text: str, about: InterviewMetadata, *, invented: bool = False) -> None:
        """Say who spoke in a text or draft, and whether all of this is invented.

        Raises WorkspaceError where there is no such text.
        """
        drafts = self.folder / "drafts"
        if text not in self.texts() and not (drafts / f"{text}.json").exists():
            problem = f"There is no text {text!r}."
            raise WorkspaceError("no-text", text, problem, "Take the transcript in first.")
        with alone(self.folder):
            found = self._about()
            found["invented"] = found.get("invented") is True or invented
            rows = found.setdefault("interviews", {})
            rows[text] = {"role": about.role, "site": about.site}
            self._keep(found)

    def mark_invented(self) -> None:
        """Say that nobody said any of this; it goes with every quote."""
        with alone(self.folder):
            self._keep({**self._about(), "invented": True})

    @property
    def invented(self) -> bool:
        """Whether somebody said that these interviews are invented."""
        return self._about().get("invented") is True

    def about(self) -> Mapping[str, InterviewMetadata]:
        """What is known of each text, by its name."""
        rows = self._about().get("interviews", {})
        return {key: InterviewMetadata(row["role"], row["site"]) for key, row in rows.items()}

    def labels(self, naming: Naming) -> Mapping[str, Label]:
        """What each interview is called, widened where it would point at one person.

        A letter that was given stays with its interview, also when others come or go.
        """
        with alone(self.folder):
            found = self._about()
            before = {key: Label(**row) for key, row in found.get("labels", {}).items()}
            roles = {key: naming.role(about.role) for key, about in self.about().items()}
            made = labels(roles, before)
            kept = {**before, **made}
            found["labels"] = {key: _plain(label) for key, label in kept.items()}
            self._keep(found)
        return made

    def quotes(self, naming: Naming) -> tuple[tuple[str, Quote], ...]:
        """The quotes that were chosen, each with its place in the report, in order of choice."""
        texts, named, invented = self.texts(), self.labels(naming), self.invented
        return tuple(
            (
                q.section,
                Quote(
                    theme=q.code,
                    interview=q.text,
                    start=q.start,
                    end=q.end,
                    words=_standing(texts, q.text).text[q.start : q.end],
                    label=_labelled(named, q.text),
                    invented=invented,
                ),
            )
            for q in self.log().state.quotes
        )

    def others(self, project: RefiProject) -> RefiArchive | None:
        """What other programs had and we do not use, as far as it points at things of a project."""
        path = self.folder / OTHERS
        return within(path.read_bytes(), project) if path.exists() else None

    def _about(self) -> dict[str, Any]:
        path = self.folder / "about.json"
        return dict(json.loads(path.read_bytes())) if path.exists() else {}

    def _keep(self, found: Mapping[str, object]) -> None:
        raw = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
        written(self.folder / "about.json", raw.encode())


def _standing(texts: Mapping[str, PseudonymisedText], text: str) -> PseudonymisedText:
    if text not in texts:
        problem = f"It is quoted, and the text {text!r} is not here any more."
        mend = "Put the text back, or no longer quote it: at the desk, under Quotes."
        raise WorkspaceError("no-text", text, problem, mend)
    return texts[text]


def _labelled(named: Mapping[str, Label], text: str) -> Label:
    if text not in named:
        problem = f"Nothing is known of who spoke in {text!r}, so a quote cannot say whose it is."
        raise WorkspaceError("no-role", text, problem, "Give its role first.")
    return named[text]


def _plain(label: Label) -> Mapping[str, object]:
    return {
        "key": label.key,
        "words": dict(label.words),
        "letter": label.letter,
        "level": label.level,
    }
