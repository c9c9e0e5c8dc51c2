"""What is said of a file that cannot be exchanged."""

from __future__ import annotations

from blikveld.errors import BlikveldError


class ExchangeError(BlikveldError):
    """A project or codebook that cannot be read or written; nothing was loaded."""
