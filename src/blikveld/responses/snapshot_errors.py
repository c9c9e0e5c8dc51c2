"""What can be wrong with a snapshot, each with its own sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from blikveld.errors import BlikveldError


class SnapshotError(BlikveldError):
    """Base of every refusal of a snapshot. `folder` is the snapshot's."""

    code_: str
    mend_: str

    def __init__(self, folder: Path, problem: str) -> None:
        self.folder = folder
        super().__init__(self.code_, f"snapshot {folder}", problem, self.mend_)


class SnapshotIncomplete(SnapshotError):
    """A file of the snapshot is not there."""

    code_ = "snapshot-incomplete"
    mend_ = "Check the folder, or make the snapshot again from the fieldwork."


class SnapshotDamaged(SnapshotError):
    """A file of the snapshot cannot be read, or was changed after it was written."""

    code_ = "snapshot-damaged"
    mend_ = "Take a copy that nobody changed, or make the snapshot again from the fieldwork."


class SnapshotOfOtherStudy(SnapshotError):
    """The snapshot was made with another study, version or set of study files."""

    code_ = "snapshot-of-other-study"
    mend_ = "Use the study's files it was made with, or make the snapshot again with these."


class SnapshotColumns(SnapshotError):
    """The columns are not those of the study. The message names the first that differ."""

    code_ = "snapshot-columns"
    mend_ = "Make the snapshot again from the fieldwork."


class SnapshotNotWritten(SnapshotError):
    """There is no room for the snapshot at this place; nothing was written or replaced."""

    code_ = "snapshot-not-written"
    mend_ = "Choose a new folder, or ask to replace the snapshot that stands there."


class TwiceTheSame(BlikveldError):
    """Two responses have one key: somebody would be counted twice."""

    def __init__(self) -> None:
        super().__init__(
            "same-respondent",
            "responses",
            "Two responses have the same respondent key.",
            "Give every respondent one response.",
        )


class UnknownAnswers(BlikveldError):
    """A response holds variables that the study does not ask for."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            "unknown-answers",
            "responses",
            f"The study does not ask for {shown(names)}.",
            "Give raw answers only: coded and derived variables are made here.",
        )


def shown(names: Iterable[str], most: int = 5) -> str:
    """Return the first few names in quotes, and how many more there are."""
    listed = sorted(names)
    more = len(listed) - most
    words = ", ".join(repr(name) for name in listed[:most])
    return f"{words} and {more} more" if more > 0 else words
