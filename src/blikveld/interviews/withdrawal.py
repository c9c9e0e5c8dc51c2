"""Withdraw an interview: remove everything made of it, and keep a certificate with counts.

A draft that waits to be protected is withdrawn as a protected text is. What somebody typed from an
interview into the codebook cannot be told for sure, so the codes to look at are named: those that
share four words in a row with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from blikveld.interviews.coding import Action, ActionKind, CodebookCode, CodingState, Log, store
from blikveld.interviews.deidentification import PseudonymisedText
from blikveld.interviews.exchange import export_project, known_guid
from blikveld.interviews.refi.elements import kept_within
from blikveld.interviews.workspace import (
    CERTIFICATES,
    OTHERS,
    Workspace,
    WorkspaceError,
    alone,
    written,
)

_IN_A_ROW = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WithdrawalCertificate:
    """What was removed with an interview, by whom and when, and the codes a person has to read."""

    text: str
    by: str
    when: str
    codings: int
    memos: int
    quotes: int
    codes_to_read: tuple[str, ...]


def withdraw_interview(work: Workspace, key: str, by: str) -> WithdrawalCertificate:
    """Remove an interview with all that was made of it.

    One that was broken off half way can be done again. Raises WorkspaceError and
    InvalidPseudonymKey.
    """
    with alone(work.folder):
        there, path = work.interviews(), work.folder / "log.jsonl"
        if key not in there:
            problem = f"There is no interview {key!r}."
            raise WorkspaceError("no-text", key, problem, "Look whether it was withdrawn already.")
        log = Log.read(path) if path.exists() else Log()
        made = certificate(log.state, there[key], by)
        lengths = {name: len(text.text) for name, text in there.items()}
        log = log.done(by, Action(ActionKind.WITHDRAW_TEXT, text=key), lengths, lead=True)
        _keep(work.folder, made)
        log.append_to(path)
        store.destroy(path, key)
        others = [text for name, text in there.items() if name != key]
        _forget_speaker(work.folder, key)
        _forget_references(work.folder, others, log)
        work.forget_names(others, there[key], _words_elsewhere(work.folder, log.state))
        for file in (f"drafts/{key}.json", f"texts/{key}.json", f"texts/{key}.txt"):
            (work.folder / file).unlink(missing_ok=True)
    return made


def certificates(folder: Path) -> tuple[WithdrawalCertificate, ...]:
    """The certificates of what was withdrawn, the latest first."""
    found = [json.loads(path.read_bytes()) for path in (folder / CERTIFICATES).glob("*.json")]
    rows = (
        WithdrawalCertificate(**{**row, "codes_to_read": tuple(row["codes_to_read"])})
        for row in found
    )
    return tuple(sorted(rows, key=lambda one: one.when, reverse=True))


def certificate(state: CodingState, text: PseudonymisedText, by: str) -> WithdrawalCertificate:
    """What would be removed with a text now."""
    return WithdrawalCertificate(
        text=text.key,
        by=by,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        codings=sum(passage.text == text.key for passage in state.given),
        memos=sum(memo.about == text.key for memo in state.memos.values()),
        quotes=sum(quote.text == text.key for quote in state.quotes),
        codes_to_read=tuple(code.name for code in state.codes.values() if _shares(code, text.text)),
    )


def _shares(code: CodebookCode, text: str) -> bool:
    said = set(_rows(text))
    return any(row in said for words in _fields(code) for row in _rows(words))


def _fields(code: CodebookCode) -> tuple[str, ...]:
    return (code.name, code.definition, code.include, code.exclude, code.example)


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return (tuple(words[n : n + _IN_A_ROW]) for n in range(len(words) - _IN_A_ROW + 1))


def _keep(folder: Path, made: WithdrawalCertificate) -> None:
    (folder / CERTIFICATES).mkdir(exist_ok=True)
    if (folder / CERTIFICATES / f"{made.text}.json").exists():
        return  # Of a withdrawal that was broken off; what is counted now is less.
    raw = json.dumps(asdict(made), ensure_ascii=False, indent=1)
    written(folder / CERTIFICATES / f"{made.text}.json", raw.encode())


def _forget_references(folder: Path, others: Iterable[PseudonymisedText], log: Log) -> None:
    """Remove what other programs said of an interview: sets, links and graphs that point at it."""
    path = folder / OTHERS
    if path.exists():
        known = (e.action.code for e in log.entries if e.action.kind is ActionKind.SET_CODE)
        codes = {known_guid("code", code) for code in known}
        project = export_project("", others, log.state)
        written(path, kept_within(path.read_bytes(), project, codes))


def _words_elsewhere(folder: Path, state: CodingState) -> str:
    """What stands in codes and memos, and in what other programs said of them."""
    path = folder / OTHERS
    foreign = path.read_text(encoding="utf-8") if path.exists() else ""
    codes = (words for code in state.codes.values() for words in _fields(code))
    return "\n".join((foreign, *codes, *(memo.words for memo in state.memos.values())))


def _forget_speaker(folder: Path, key: str) -> None:
    """What was known of who spoke goes; the letter stays given, so that nobody gets it again."""
    path = folder / "about.json"
    if not path.exists():
        return
    found = json.loads(path.read_bytes())
    found.get("interviews", {}).pop(key, None)
    labels: Mapping[str, object] = found.get("labels", {})
    found["labels"] = {
        (f"withdrawn-{number}" if name == key else name): label
        for number, (name, label) in enumerate(labels.items())
    }
    raw = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    written(path, raw.encode())
