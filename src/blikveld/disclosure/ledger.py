"""What was printed before: one private file that grows by a line a release and never changes.

A number that was printed stays printed, and a range stays a range: who has two drafts of a report
has one report. The file holds what readers could see, each number with who is counted in it, and
no number that was suppressed. Only its owner may read it: it tells what a study plans to print.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from blikveld.disclosure.policy import Policy
from blikveld.errors import BlikveldError
from blikveld.results.cell import Band, Cell, CellRequest, CellSource
from blikveld.rules import EVERYBODY, format_rule, parse

NumberKey: TypeAlias = tuple[str, str, bool]
"""The rule of a base, the rule that is true of who is counted in it, and whether answers count."""

Numbers: TypeAlias = Mapping[NumberKey, Band]
"""What may be printed; a number that is printed exactly has two equal ends."""

_FORMAT = 1
_READABLE_BY_OWNER = 0o600


class LedgerRefused(BlikveldError):
    """What is asked for does not go together with what was released before."""


def count_key(cell: Cell) -> NumberKey:
    """Under which name the count of a cell stands in a ledger."""
    return format_rule(cell.base_rule), format_rule(cell.rule), cell.mentions


def base_key(cell: Cell) -> NumberKey:
    """Under which name the base of a cell stands in a ledger."""
    return format_rule(cell.base_rule), format_rule(EVERYBODY), cell.mentions


def asks_of(numbers: Numbers) -> tuple[CellRequest, ...]:
    """What has to be counted again so that new numbers can be held against old ones."""
    return tuple(
        CellRequest(parse(base), parse(rule)) for base, rule, mentions in numbers if not mentions
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """The releases of one fieldwork, in a file that only its owner can read."""

    path: Path

    def numbers(self, source: CellSource, policy: Policy) -> Numbers:
        """Everything that was released of this snapshot; nothing where the file is not there.

        Raises LedgerRefused where another snapshot was released before, or by another policy, and
        where a line cannot be read.
        """
        found: dict[NumberKey, Band] = {}
        for number, line in enumerate(self._lines(), start=1):
            head, numbers = self._read(number, line)
            self._check(head, source, policy)
            found.update(numbers)
        return found

    def add(self, source: CellSource, policy: Policy, numbers: Numbers) -> None:
        """Write down what is going to be printed, before it is. Raises OSError."""
        line = json.dumps(
            {
                "format": _FORMAT,
                **_head(source, policy),
                "numbers": [[*key, band.low, band.high] for key, band in numbers.items()],
            },
            ensure_ascii=False,
        )
        # Nobody else may read it from its first byte on.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        file = os.open(self.path, flags, _READABLE_BY_OWNER)
        try:
            os.write(file, f"{line}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)

    def _lines(self) -> Iterable[str]:
        try:
            return self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise self._damaged(None, str(error)) from None

    def _read(self, number: int, line: str) -> tuple[Mapping[str, object], Numbers]:
        try:
            content = json.loads(line)
            numbers = {
                (str(base), str(rule), bool(mentions)): Band(int(low), int(high))
                for base, rule, mentions, low, high in content["numbers"]
            }
            if content["format"] != _FORMAT:
                raise self._damaged(number, "it is of another format")
        except (ValueError, TypeError, KeyError):
            raise self._damaged(number, "the line is not whole") from None
        return content, numbers

    def _check(self, head: Mapping[str, object], source: CellSource, policy: Policy) -> None:
        wanted = _head(source, policy)
        if head.get("snapshot") != wanted["snapshot"] or head.get("study") != wanted["study"]:
            raise LedgerRefused(
                "other-snapshot",
                str(self.path),
                "Exact numbers of another snapshot were released before; from two of them readers "
                "can work out who came in between.",
                "Publish the final snapshot once. For another fieldwork, name a ledger of its own.",
            )
        if any(head.get(name) != wanted[name] for name in wanted):
            raise LedgerRefused(
                "other-policy",
                str(self.path),
                "Numbers of this snapshot were released by another rule for small counts.",
                "Put the earlier threshold back: what was printed cannot be taken back.",
            )

    def _damaged(self, line: int | None, why: str) -> LedgerRefused:
        location = str(self.path) if line is None else f"{self.path}:{line}"
        return LedgerRefused(
            "ledger-damaged",
            location,
            f"The list of earlier releases cannot be read: {why}.",
            "Take it back from a backup. Without it nobody knows what was printed before.",
        )


def _head(source: CellSource, policy: Policy) -> dict[str, object]:
    return {
        "study": source.study,
        "version": source.version,
        "snapshot": source.snapshot,
        "threshold": policy.threshold,
        "zeros": policy.zeros.value,
    }
