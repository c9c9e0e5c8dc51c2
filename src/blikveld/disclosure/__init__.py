"""Which numbers may be printed. Nothing leaves here but what `release` has cleared."""

from blikveld.disclosure.policy import Policy, Zeros
from blikveld.disclosure.release import release
from blikveld.disclosure.safe import (
    NotReleased,
    Release,
    SafeCell,
    SafeInfluence,
    SafeRow,
    SafeStatistic,
    SafeTable,
)

__all__ = [
    "NotReleased",
    "Policy",
    "Release",
    "SafeCell",
    "SafeInfluence",
    "SafeRow",
    "SafeStatistic",
    "SafeTable",
    "Zeros",
    "release",
]
