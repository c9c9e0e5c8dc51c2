"""Files of a log: headers in a chain, and the words they refer to in one file a text.

log.jsonl            a header a line: its number, the text it belongs to, the hash of what it says,
                     and the hash of the header before it
bodies/TEXT.jsonl    what the headers of a text say, each with a salt; 'project' for all others

A header holds no word, so the words of one text can be destroyed and the chain stays whole. Logs of
before held the words in the chain itself; they are read, and written in this form when they grow.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

_START = "0" * 64
_PROJECT = "project"
_FOLDER = "bodies"


class BrokenChain(ValueError):
    """A line of a log is not what was written. `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a log: its number, the text it belongs to ('' for none), and what it says.

    `body` is None when what it said was destroyed.
    """

    number: int
    text: str
    body: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class End:
    """How many headers a log has, and the hash of the last: what tells it from a longer one."""

    count: int
    last: str


def end(path: Path) -> End:
    """The end of a log; one that is not there has none. A log of before tells its own too."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    return End(len(lines), sha256(lines[-1]).hexdigest() if lines else _START)


def read(path: Path) -> tuple[Record, ...]:
    """Every record of a log, its chain and its words checked. Raises BrokenChain."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if is_old(path):
        return tuple(_old(lines))
    return tuple(_chained(lines, _bodies(path.parent / _FOLDER)))


def is_old(path: Path) -> bool:
    """Whether a log holds its words in the chain, as logs of before do."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as file:
        return '"action"' in file.readline()


def append(path: Path, records: Iterable[Record]) -> None:
    """Add records to a log, for good before returning. A log of before is written anew first."""
    if is_old(path):
        _rewritten(path)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    before = _hash(lines[-1]) if lines else _START
    headers, bodies = _written(records, before)
    folder = path.parent / _FOLDER
    folder.mkdir(exist_ok=True)
    # Words first: a header without them would look as if they had been destroyed.
    for text, rows in bodies.items():
        _added(folder / f"{text or _PROJECT}.jsonl", rows)
    _added(path, headers)


def destroy(path: Path, text: str) -> None:
    """Remove what the headers of one text say."""
    (path.parent / _FOLDER / f"{text}.jsonl").unlink(missing_ok=True)


def _written(records: Iterable[Record], before: str) -> tuple[list[str], Mapping[str, list[str]]]:
    headers: list[str] = []
    bodies: dict[str, list[str]] = {}
    for record in records:
        salt, body = secrets.token_hex(16), json.dumps(record.body, ensure_ascii=False)
        header = {"number": record.number, "text": record.text, "body": _hash(salt + body)}
        headers.append(json.dumps({**header, "before": before}, ensure_ascii=False))
        before = _hash(headers[-1])
        row = json.dumps([record.number, salt, body], ensure_ascii=False)
        bodies.setdefault(record.text, []).append(row)
    return headers, bodies


def _rewritten(path: Path) -> None:
    records = read(path)
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    for file in (path.parent / _FOLDER).glob("*.jsonl"):
        file.unlink()
    append(beside, records)
    beside.replace(path)


def _added(path: Path, rows: Sequence[str]) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{row}\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())


def _bodies(folder: Path) -> Mapping[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for path in folder.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            number, salt, body = json.loads(line)
            found[number] = (salt, body)
    return found


def _chained(lines: Sequence[str], bodies: Mapping[int, tuple[str, str]]) -> Iterator[Record]:
    before = _START
    for number, line in enumerate(lines, start=1):
        try:
            header = json.loads(line)
            sound = header["before"] == before and header["number"] == number
            salt, body = bodies.get(number, ("", None))
            sound = sound and (body is None or header["body"] == _hash(salt + body))
            record = Record(number, header["text"], None if body is None else json.loads(body))
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise BrokenChain(number)
        before = _hash(line)
        yield record


def _old(lines: Sequence[str]) -> Iterator[Record]:
    before = _START
    homes: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        try:
            found = json.loads(line)
            sound = found["before"] == before and found["number"] == number
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise BrokenChain(number)
        before = _hash(line)
        body = {key: found[key] for key in ("author", "when", "action")}
        homes[number] = home(body["action"], homes)
        yield Record(number, homes[number], body)


def home(action: Mapping[str, Any], homes: Mapping[int, str]) -> str:
    """The text that an action belongs to and goes with; '' for none.

    `homes` tells that of the entries before, for an action that takes one of them back.
    """
    kind = action["kind"]
    if kind == "undo":
        return homes.get(int(action.get("target", 0)), "")
    if kind == "memo":
        of_code = action.get("memo_kind") in ("code", "theme")
        return "" if of_code else str(action.get("about", ""))
    return "" if kind == "withdraw_text" else str(action.get("text", ""))


def _hash(line: str) -> str:
    return sha256(line.encode("utf-8")).hexdigest()
