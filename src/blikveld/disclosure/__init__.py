"""Which numbers may be printed. Nothing leaves here but what `release` has cleared."""

from blikveld.disclosure.people import People
from blikveld.disclosure.policy import Policy
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
from blikveld.study.disclosure import Zeros

__all__ = [
    "NotReleased",
    "People",
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
