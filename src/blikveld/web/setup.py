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
from blikveld.web.databases import ADDRESSES_APP, ANSWERS, ANSWERS_APP, CONTACTS, databases
from blikveld.web.environment import Environment, read

_SETTINGS = "blikveld.web.settings"
_APPS = {ANSWERS: ANSWERS_APP, CONTACTS: ADDRESSES_APP}


def attach(data: Path, study: Study) -> None:
    """Tie Django's databases to this data folder, and make or update the tables.

    A later call ties them to another folder. The settings are those of the process's environment,
    so a command works on the same PostgreSQL databases as the server.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    tie(databases(begin(data, study)))
    for alias in _APPS:
        migrate(alias)
    make_private(data)


def begin(data: Path, study: Study, settings: str = _SETTINGS) -> Environment:
    """What the process's environment says of this data folder; Django is set up where it was not.

    `settings` are those of a process that has none yet.
    """
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
        django.setup()
    here = {"BLIKVELD_DATA": str(data), "BLIKVELD_STUDY": str(study.folder)}
    return read({**os.environ, **here})


def detach() -> None:
    """Close the databases, so that their files may be moved or read by others."""
    connections.close_all()


def migrate(alias: str) -> None:
    """Make or update the tables of a database: its own app's, or all where it is of many rooms."""
    own = [_APPS[alias]] if alias in _APPS else []
    call_command("migrate", *own, database=alias, verbosity=0, interactive=False)


def make_private(folder: Path) -> None:
    """Let nobody but the user of this process read the databases in a folder."""
    for file in folder.glob("*.sqlite3*"):
        file.chmod(0o600)


def tie(wanted: dict[str, dict[str, Any]]) -> None:
    """Tie Django to these databases and to no others."""
    _forget()
    connections.settings.clear()
    connections.settings.update(connections.configure_settings(wanted))
    # A name that the settings before did not have can still hold a connection made before them,
    # to another folder.
    _forget()


def _forget() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        del connections[connection.alias]
