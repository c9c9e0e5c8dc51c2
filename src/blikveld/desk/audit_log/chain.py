"""The chain that holds the journal together: each line's seal covers its own words and the last.

Who changes a line, leaves one out or puts one in breaks every seal after it. Who cuts lines off
the end breaks none: so the last number and seal are noted down elsewhere, and held against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

FIRST = "0" * 64
"""What stands before the first line."""


class ChainedEntry(Protocol):
    """A line as it was read."""

    number: int
    at: str
    who: str
    act: str
    on: str
    more: Any
    hash: str


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the chain holds: `lines` that were read, the last `seal`, and where it broke."""

    lines: int
    hash: str
    broken_at: int | None = None


def entry_hash(
    before: str, number: int, at: str, who: str, act: str, on: str, more: Mapping[str, Any]
) -> str:
    """The seal of a line: SHA-256 over the seal before it and its own words."""
    words = [before, number, at, who, act, on, more]
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def verify(lines: Iterable[ChainedEntry]) -> ChainVerdict:
    """Go through the lines from the first; stop at the first that is not what was written."""
    before, last = FIRST, 0
    for line in lines:
        should = entry_hash(before, line.number, line.at, line.who, line.act, line.on, line.more)
        if line.number != last + 1 or line.hash != should:
            return ChainVerdict(last, before, last + 1)
        before, last = line.hash, line.number
    return ChainVerdict(last, before)
