"""Where the desk keeps its interviews: beside its own database, with the key apart from them."""

from __future__ import annotations

import os
from pathlib import Path

from blikveld.desk.databases import own_folder
from blikveld.interviews.room import Room
from blikveld.interviews.workplace import Workplace

KEY = "BLIKVELD_DESK_TALKS_KEY"
"""Where the key to the placeholders lies, for who keeps it on another disk."""


def room() -> Room:
    """The interviews as coders see them."""
    return Room(_folder())


def workplace() -> Workplace:
    """The interviews with their drafts and their key. Raises KeyRefused."""
    return Workplace.at(_folder(), Path(os.environ.get(KEY, own_folder() / "talks.key")))


def _folder() -> Path:
    made = own_folder() / "talks"
    for part in (made, made / "drafts", made / "texts"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made
