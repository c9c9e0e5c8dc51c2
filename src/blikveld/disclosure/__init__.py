"""Which numbers may be printed. Nothing leaves here but what `release` has cleared."""

from blikveld.disclosure.policy import Policy, Zeros
from blikveld.disclosure.release import release
from blikveld.disclosure.safe import (
    NotReleased,
    Release,
    SafeCell,
    SafeRow,
    SafeStatistic,
    SafeTable,
)

__all__ = [
    "NotReleased",
    "Policy",
    "Release",
    "SafeCell",
    "SafeRow",
    "SafeStatistic",
    "SafeTable",
    "Zeros",
    "release",
]
