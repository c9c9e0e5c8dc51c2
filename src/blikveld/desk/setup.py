"""Django within a command of the desk, tied to the answers and the desk's own database."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.apps import apps

from blikveld.desk.environment import folder, without_addresses
from blikveld.study.model import Study
from blikveld.web.environment import read
from blikveld.web.setup import make_private, migrate, tie

ALL_APPS = "blikveld.desk.all_apps"
"""The settings of commands."""


def attach(data: Path, study: Study) -> None:
    """Tie Django to this data folder as the desk sees it, and make or update the tables."""
    own = folder(data)
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = {**os.environ, "BLIKVELD_DATA": str(data), "BLIKVELD_STUDY": str(study.folder)}
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", ALL_APPS)
        django.setup()
    from blikveld.desk.databases import DESK, databases
    from blikveld.web.databases import ANSWERS, ANSWERS_APP

    tie(databases(without_addresses(read(given))))
    migrate(ANSWERS, ANSWERS_APP)
    migrate(DESK)
    make_private(data)
    make_private(own)
