"""What was printed before: one private file that grows by a line a release and never changes.

A number that was printed stays printed, and a range stays a range: who has two drafts of a report
has one report. The file holds what readers could see, each number with who is counted in it, and
no number that was suppressed. Only its owner may read it: it tells what a study plans to print.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from blikveld.disclosure.policy import Policy
from blikveld.errors import BlikveldError
from blikveld.results.cell import Band, Cell, CellRequest, CellSource, EmptyRow
from blikveld.rules import EVERYBODY, format_rule, parse
from blikveld.study.disclosure import ProtectionMethod, SameAnswer

NumberKey: TypeAlias = tuple[str, str, bool]
"""The rule of a base, the rule that is true of who is counted in it, and whether answers count."""

Numbers: TypeAlias = Mapping[NumberKey, Band]
"""What may be printed; a number that is printed exactly has two equal ends."""

SUFFIX = ".releases.jsonl"
"""How the list of a snapshot is called, after the snapshot's folder."""
_FORMAT = 1
_READABLE_BY_OWNER = 0o600


NEW_RESPONDENTS = 50
"""So many have to be new before numbers of a running fieldwork are published again."""


class ReleaseKind(Enum):
    """What a release is in the life of a fieldwork."""

    FINAL = "final"
    """The snapshot that counts, once: exact numbers and ranges, or what the study chose."""
    INTERIM = "interim"
    """Of a fieldwork that goes on: every number rounded."""
    CORRECTION = "correction"
    """After the final one, because it was wrong: every number rounded."""


@dataclass(frozen=True, slots=True)
class EarlierReleases:
    """What readers have: `numbers` of this snapshot, and `interim` multiples of the one before.

    `width` is how far a number may lie from its interim multiple, not included; 0 without any.
    `respondents` counted then: how many come in is no secret while a fieldwork goes on.
    """

    numbers: Numbers
    interim: Mapping[NumberKey, int] = field(default_factory=dict)
    width: int = 0
    respondents: int = 0


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One release: what it was, of which snapshot, and every number that it printed."""

    kind: ReleaseKind
    snapshot: str
    method: ProtectionMethod
    numbers: Numbers


class LedgerRefused(BlikveldError):
    """What is asked for does not go together with what was released before."""


def count_key(cell: Cell) -> NumberKey:
    """Under which name the count of a cell stands in a ledger."""
    return format_rule(cell.base_rule), format_rule(cell.rule), cell.mentions


def base_key(cell: Cell) -> NumberKey:
    """Under which name the base of a cell stands in a ledger."""
    return format_rule(cell.base_rule), format_rule(EVERYBODY), cell.mentions


def is_shown(numbers: Numbers, policy: Policy, empty: EmptyRow) -> bool:
    """Whether a row of nobody is printed: where it tells no more than the numbers in it.

    It is left out where readers may know that nobody is in it. A 0 that is rounded does not say
    so; there a row is left out if nobody can be in it, so that none of it was ever decided.
    """
    if policy.method is ProtectionMethod.ROUNDED:
        return all(count_key(cell) in numbers for cell in empty.row.cells)
    return numbers.get(base_key(empty.everybody), Band(0, 0)) != Band(0, 0)


def asks_of(numbers: Numbers) -> tuple[CellRequest, ...]:
    """What has to be counted again so that new numbers can be held against old ones."""
    return tuple(
        CellRequest(parse(base), parse(rule)) for base, rule, mentions in numbers if not mentions
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """The releases of one fieldwork, in a file that only its owner can read."""

    path: Path

    def earlier(
        self,
        source: CellSource,
        policy: Policy,
        kind: ReleaseKind = ReleaseKind.FINAL,
        respondents: int = 0,
    ) -> EarlierReleases:
        """Everything that was released before; nothing where the file is not there.

        `respondents` is how many count in this snapshot. Raises LedgerRefused where this release
        does not go together with an earlier one, and where a line cannot be read.
        """
        found: dict[NumberKey, Band] = {}
        interim: dict[NumberKey, int] = {}
        width = then = 0
        lines = list(self._read_lines())
        kinds = {_kind(head) for head, _ in lines}
        if kind is ReleaseKind.CORRECTION and ReleaseKind.FINAL not in kinds:
            raise self._refuse("nothing-to-correct")
        for head, numbers in lines:
            if _kind(head) is kind and _is_of(head, source):
                self._check_policy(head, source, policy)
                found.update(numbers)
                continue
            self._check_other(head, kind, respondents, same=_is_of(head, source))
            if _kind(head) is ReleaseKind.INTERIM:
                interim |= {key: band.low for key, band in numbers.items()}
                width, then = _whole(head, "rounding_base"), _whole(head, "respondents")
        return EarlierReleases(found, interim, width, then)

    def check_beside(self, source: CellSource) -> None:
        """Refuse a final release where a list beside this one has one of another snapshot.

        Two snapshots of one fieldwork lie in one folder as a rule; with a list each, nobody would
        see that exact numbers are published twice. Raises LedgerRefused.
        """
        paths = sorted(self.path.parent.glob(f"*{SUFFIX}"))
        for beside in (Ledger(path) for path in paths if path != self.path):
            for head, _ in beside._read_lines():
                is_other = head.get("study") == source.study and not _is_of(head, source)
                if is_other and _kind(head) is ReleaseKind.FINAL:
                    raise beside._refuse("other-snapshot")

    def releases(self) -> tuple[ReleaseRecord, ...]:
        """Every release so far, the first one first. Raises LedgerRefused."""
        return tuple(
            ReleaseRecord(_kind(head), str(head["snapshot"]), _method(head), numbers)
            for head, numbers in self._read_lines()
        )

    def add(
        self,
        source: CellSource,
        policy: Policy,
        numbers: Numbers,
        kind: ReleaseKind = ReleaseKind.FINAL,
        respondents: int = 0,
    ) -> None:
        """Write down what is going to be printed, before it is. Raises OSError."""
        line = json.dumps(
            {
                "format": _FORMAT,
                "release": kind.value,
                "respondents": respondents,
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

    def _read_lines(self) -> Iterator[tuple[Mapping[str, object], Numbers]]:
        return (self._read(n, line) for n, line in enumerate(self._lines(), start=1))

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
            _kind(content), _method(content)
            if content["format"] != _FORMAT:
                raise self._damaged(number, "it is of another format")
        except (ValueError, TypeError, KeyError):
            raise self._damaged(number, "the line is not whole") from None
        return content, numbers

    def _check_policy(self, head: Mapping[str, object], source: CellSource, policy: Policy) -> None:
        """Numbers of one snapshot are printed by one rule, or the two rules tell more than one."""
        if head.get("version") != source.version:
            raise self._refuse("other-version")
        wanted = _policy(policy)
        if any(head.get(name, usual) != wanted[name] for name, usual in _USUAL.items()):
            raise self._refuse("other-policy")

    def _check_other(
        self, head: Mapping[str, object], kind: ReleaseKind, respondents: int, *, same: bool
    ) -> None:
        """What was printed in another release, beside what is to be printed in this one."""
        match _kind(head), kind:
            case ReleaseKind.INTERIM, ReleaseKind.FINAL | ReleaseKind.CORRECTION:
                return
            case ReleaseKind.INTERIM, ReleaseKind.INTERIM:
                if respondents < _whole(head, "respondents") + NEW_RESPONDENTS:
                    raise self._refuse("too-soon")
            case ReleaseKind.FINAL, ReleaseKind.CORRECTION if not same:
                return
            case ReleaseKind.CORRECTION, ReleaseKind.CORRECTION:
                raise self._refuse("second-correction")
            case _:
                raise self._refuse("other-snapshot")

    def _refuse(self, code: str) -> LedgerRefused:
        return LedgerRefused(code, str(self.path), *_REFUSALS[code])

    def _damaged(self, line: int | None, why: str) -> LedgerRefused:
        location = str(self.path) if line is None else f"{self.path}:{line}"
        return LedgerRefused(
            "ledger-damaged",
            location,
            f"The list of earlier releases cannot be read: {why}.",
            "Take it back from a backup. Without it nobody knows what was printed before.",
        )


_REFUSALS = {
    "other-snapshot": (
        "Exact numbers of another snapshot were released before; from two of them readers "
        "can work out who came in between.",
        "Publish the final snapshot once; if it was wrong, release the mended one with "
        "--release correction. For another fieldwork, name a ledger of its own.",
    ),
    "other-policy": (
        "Numbers of this snapshot were released by another rule for small counts.",
        "Put the earlier rule back: what was printed cannot be taken back.",
    ),
    "too-soon": (
        f"Under {NEW_RESPONDENTS} people answered since the last interim release, so that readers "
        "could see what they said.",
        f"Wait until at least {NEW_RESPONDENTS} more have answered.",
    ),
    "other-version": (
        "Numbers of this snapshot were released by another version of the study, in which the same "
        "words may have meant other people.",
        "Release with the version of before; what was wrong in it can be corrected once.",
    ),
    "nothing-to-correct": (
        "No final release stands here that could be corrected.",
        "Name the ledger of the release that was wrong.",
    ),
    "second-correction": (
        "The final release was corrected before.",
        "Publish in words what was wrong, without new numbers.",
    ),
}
"""Why a release does not go together with an earlier one, and what to do."""


def _is_of(head: Mapping[str, object], source: CellSource) -> bool:
    return head.get("snapshot") == source.snapshot and head.get("study") == source.study


def _kind(head: Mapping[str, object]) -> ReleaseKind:
    return ReleaseKind(str(head.get("release", ReleaseKind.FINAL.value)))


def _method(head: Mapping[str, object]) -> ProtectionMethod:
    return ProtectionMethod(str(head.get("method", ProtectionMethod.BANDS.value)))


def _whole(head: Mapping[str, object], name: str) -> int:
    value = head.get(name)
    return value if isinstance(value, int) else 0


def _head(source: CellSource, policy: Policy) -> dict[str, object]:
    return {
        "study": source.study,
        "version": source.version,
        "snapshot": source.snapshot,
        **_policy(policy),
    }


_USUAL: Mapping[str, object] = {
    "threshold": None,
    "zeros": None,
    "method": ProtectionMethod.BANDS.value,
    "rounding_base": None,
    "same_answer": SameAnswer.SMALL_GROUPS.value,
}
"""What a line says of the rule for small counts, and what it meant before lines said all of it."""


def _policy(policy: Policy) -> dict[str, object]:
    return {
        "threshold": policy.threshold,
        "zeros": policy.zeros.value,
        "method": policy.method.value,
        "rounding_base": policy.rounding_base,
        "same_answer": policy.same_answer.value,
    }
