"""Django within a command of the desk, tied to the answers and the desk's own database."""

from __future__ import annotations

from pathlib import Path

from blikveld.desk import ALL_APPS
from blikveld.desk.environment import folder, rename_old_files, without_addresses
from blikveld.study.model import Study
from blikveld.web.databases import ANSWERS, begin, make_private, migrate, tie


def attach(data: Path, study: Study) -> None:
    """Tie Django to this data folder as the desk sees it, and make or update the tables."""
    own = folder(data)
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    rename_old_files(own)
    given = begin(data, study, ALL_APPS)
    from blikveld.desk.databases import DESK, databases

    tie(databases(without_addresses(given)))
    migrate(ANSWERS)
    migrate(DESK)
    make_private(data)
    make_private(own)
