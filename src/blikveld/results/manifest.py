"""The list of every number that was printed, and what it was made from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from blikveld.atomic_files import whole


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One number in one place.

    `count` and `base` are None where they are suppressed; then `low` and `high` are the ends
    between
    which the count lies. `printed` is what the reader sees.
    `cell` is the id of the Cell: the same number in two places has the same id.
    """

    cell: str
    location: str
    printed: str
    count: int | None
    base: int | None
    base_rule: str
    rule: str
    snapshot: str
    fixed: bool = True
    mentions: bool = False
    low: int | None = None
    high: int | None = None


def write(path: Path, entries: Iterable[ManifestEntry]) -> None:
    """Write one JSON object a line, in the order given; either the whole file or nothing."""
    lines = (json.dumps(asdict(entry), ensure_ascii=False) for entry in entries)
    with whole(path) as half:
        half.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read(path: Path) -> tuple[ManifestEntry, ...]:
    """Read what `write` wrote."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(ManifestEntry(**json.loads(line)) for line in lines)
