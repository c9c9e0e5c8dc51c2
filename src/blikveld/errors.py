"""Errors that a user can mend: each with a code, a location, a problem and a step that works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns to the shell."""

    DONE = 0
    DIFFERENT = 1
    """The command worked and its answer is no: a number did not come out again."""
    REFUSED = 2
    """The input cannot be used; nothing was written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of an input.

    `line` counts from 1; None where a fault belongs to a whole file.
    """

    code: str
    file: str
    line: int | None
    problem: str
    mend: str

    def __str__(self) -> str:
        location = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{location}: {self.problem} {self.mend} [{self.code}]"


class BlikveldError(Exception):
    """Base of every error a user can meet. `exit_code` is what the command line returns."""

    exit_code = ExitCode.REFUSED

    def __init__(self, code: str, location: str, problem: str, mend: str) -> None:
        self.code, self.location, self.problem, self.mend = code, location, problem, mend
        super().__init__(f"{location}: {problem} {mend} [{code}]")


class Faults(BlikveldError):
    """Everything wrong with an input at once, so that an author mends it in one go."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda f: (f.file, f.line or 0, f.code)))
        count = len(self.faults)
        super().__init__(
            "faults", self.faults[0].file, f"{count} fault{'s' * (count != 1)}.", "See the list."
        )

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UnusableData(BlikveldError, ValueError):
    """An estimate or test that would be a guess. Says which numbers, why, and what to do."""
