"""Who said what, as a file has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said at one stretch. `speaker` is a display name, None when none was given."""

    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The turns of a file, and what was done with the file, in words."""

    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = ()


def joined(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Turns of one speaker after another are one turn; empty ones are left out."""
    last: Turn | None = None
    for turn in turns:
        if not turn.text.strip():
            continue
        if last is not None and last.speaker == turn.speaker:
            last = Turn(last.speaker, f"{last.text} {turn.text.strip()}")
            continue
        if last is not None:
            yield last
        last = Turn(turn.speaker, turn.text.strip())
    if last is not None:
        yield last
