"""What is known while a study is read: the faults so far, and the study's languages."""

from __future__ import annotations

from dataclasses import dataclass, field

from blikveld.errors import Fault


@dataclass
class Ledger:
    """Everything that was found wrong so far, each thing once.

    `languages` is None until study.yaml told them; then every text is held against them.
    `broken` are the files that could not be read at all: what they define is unknown, so nobody
    is told that it does not exist.
    """

    languages: tuple[str, ...] | None = None
    broken: set[str] = field(default_factory=set)
    _found: dict[Fault, None] = field(default_factory=dict)
    _remarks: dict[Fault, None] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Remember a fault. One that shows itself twice, as behind a YAML alias, is one fault."""
        self._found.setdefault(fault)

    def remark(self, hint: Fault) -> None:
        """Remember what an author may want to look at, and what stops nothing."""
        self._remarks.setdefault(hint)

    def break_off(self, fault: Fault) -> None:
        """Remember a fault by which the whole file cannot be read."""
        self.add(fault)
        self.broken.add(fault.file)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, in the order they were found."""
        return tuple(self._found)

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """All hints, in the order they were found."""
        return tuple(self._remarks)
