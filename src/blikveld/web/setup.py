"""Django within a command or a test, tied to one data folder at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from blikveld.study.model import Study
from blikveld.web.databases import databases
from blikveld.web.environment import read

_SETTINGS = "blikveld.web.settings"


def attach(data: Path, study: Study) -> None:
    """Tie Django's databases to this data folder, and make or update the tables.

    A later call ties them to another folder. The settings are those of the process's environment,
    so a command works on the same PostgreSQL databases as the server.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {**os.environ, "BLIKVELD_DATA": str(data), "BLIKVELD_STUDY": str(study.folder)}
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
        django.setup()
    _tie(databases(read(environment)))
    for alias in connections:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    for file in data.glob("*.sqlite3*"):
        file.chmod(0o600)


def detach() -> None:
    """Close the databases, so that their files may be moved or read by others."""
    connections.close_all()


def _tie(wanted: dict[str, dict[str, Any]]) -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        del connections[connection.alias]
    connections.settings.update(connections.configure_settings(wanted))
