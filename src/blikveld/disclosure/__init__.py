"""Which numbers may be printed. Nothing leaves here but what `release` has cleared."""

from __future__ import annotations

from blikveld.disclosure.people import People
from blikveld.disclosure.policy import Policy
from blikveld.disclosure.release import release_tables
from blikveld.disclosure.safe_values import (
    NotReleased,
    Release,
    SafeCell,
    SafeInfluence,
    SafeRow,
    SafeStatistic,
    SafeTable,
)
from blikveld.results.cell import Band
from blikveld.study.disclosure import Zeros

__all__ = [
    "Band",
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
    "release_tables",
]
