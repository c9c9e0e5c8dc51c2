"""What a statistic says when the numbers it was given cannot carry it."""

from __future__ import annotations

from blikveld.errors import BlikveldError


class Refused(BlikveldError, ValueError):
    """An estimate or test that would be a guess. Says which numbers, why, and what to do."""
