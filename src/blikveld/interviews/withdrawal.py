"""Withdrawing an interview: everything made of it goes, and a certificate with counts stays.

What somebody typed from it into the codebook cannot be told for sure, so the codes to look at are
named: those that share four words in a row with the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from blikveld.interviews.coding import Action, ActionKind, CodebookCode, CodingState, Log, store
from blikveld.interviews.deidentification.pseudonymised import PseudonymisedText
from blikveld.interviews.workspace import Workspace, WorkspaceError, alone, written

FOLDER = "certificates"
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


def withdraw(work: Workspace, key: str, by: str) -> WithdrawalCertificate:
    """Remove an interview with all that was made of it.

    Raises WorkspaceError and InvalidPseudonymKey.
    """
    with alone(work.folder):
        texts, path = work.texts(), work.folder / "log.jsonl"
        if key not in texts:
            problem = f"There is no text {key!r}."
            raise WorkspaceError("no-text", key, problem, "Look whether it was withdrawn already.")
        log = Log.read(path) if path.exists() else Log()
        made = certificate(log.state, texts[key], by)
        lengths = {name: len(text.text) for name, text in texts.items()}
        action = Action(ActionKind.WITHDRAW_TEXT, text=key)
        log.done(by, action, lengths, lead=True).append_to(path)
        _keep(work.folder, made)
        store.destroy(path, key)
        for end in ("txt", "json"):
            (work.folder / "texts" / f"{key}.{end}").unlink()
        _forget(work.folder, key)
        work.forget_names((text for name, text in texts.items() if name != key), texts[key])
    return made


def certificates(folder: Path) -> tuple[WithdrawalCertificate, ...]:
    """The certificates of what was withdrawn, the latest first."""
    found = [json.loads(path.read_bytes()) for path in (folder / FOLDER).glob("*.json")]
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
    fields = (code.name, code.definition, code.include, code.exclude, code.example)
    return any(row in said for words in fields for row in _rows(words))


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return (tuple(words[n : n + _IN_A_ROW]) for n in range(len(words) - _IN_A_ROW + 1))


def _keep(folder: Path, made: WithdrawalCertificate) -> None:
    (folder / FOLDER).mkdir(exist_ok=True)
    raw = json.dumps(asdict(made), ensure_ascii=False, indent=1)
    written(folder / FOLDER / f"{made.text}.json", raw.encode())


def _forget(folder: Path, key: str) -> None:
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
