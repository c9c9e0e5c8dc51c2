"""Two databases: answers in one, sealed addresses in another, and nothing that joins them.

A command or a test ties Django to one data folder at a time.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.models import Model

from blikveld.study.model import Study
from blikveld.web.environment import Environment, SettingRefused, read

ANSWERS, CONTACTS = "default", "contacts"
ANSWERS_APP, ADDRESSES_APP = "answers", "addresses"

_SECONDS_TO_WAIT = 30


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for this environment."""
    folder = environment.data
    return {
        ANSWERS: _database(environment.database_url, folder / "answers.sqlite3", environment),
        CONTACTS: _database(environment.contacts_url, folder / "contacts.sqlite3", environment),
    }


def _database(url: str | None, path: Path, environment: Environment) -> dict[str, Any]:
    return _postgresql(url) if url else sqlite(path, environment)


def sqlite(path: Path, environment: Environment) -> dict[str, Any]:
    """One SQLite database, with the care that answers need."""
    # FULL: a page that was acknowledged survives a power cut. secure_delete: what is erased is
    # overwritten. Every write takes the lock at its beginning, so a turn never has to give up.
    synchronous = "FULL" if environment.fsync else "OFF"
    pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA secure_delete=ON"
    options = {
        "timeout": _SECONDS_TO_WAIT,
        "transaction_mode": "IMMEDIATE",
        "init_command": pragmas,
    }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        problem = f"{parts.scheme!r} is not a database we know."
        mend = "Write postgresql://user:password@host:port/name, or leave it out for SQLite."
        raise SettingRefused("bad-setting", "BLIKVELD_DATABASE_URL", problem, mend)
    _check_driver()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def _check_driver() -> None:
    try:
        importlib.import_module("psycopg")
    except ImportError:
        problem = "PostgreSQL takes the Python package psycopg, which is not installed."
        mend = "Install blikveld[postgresql], or leave it out for SQLite."
        raise SettingRefused("no-driver", "BLIKVELD_DATABASE_URL", problem, mend) from None


class ContactsRouter:
    """Sends sealed addresses to their own database, and forbids every relation across."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        """The database of a model."""
        return CONTACTS if model._meta.app_label == ADDRESSES_APP else ANSWERS

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        """The database of a model."""
        return self.db_for_read(model)

    def allow_relation(self, first: Model, second: Model, **hints: object) -> bool:
        """Only within one database."""
        return self.db_for_read(type(first)) == self.db_for_read(type(second))

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Each table stands in one database only."""
        return (db == CONTACTS) == (app_label == ADDRESSES_APP)


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
    # Django documents neither `settings` nor `configure_settings`; both were tried on 5.2, the one
    # version that pyproject.toml allows.
    connections.settings.clear()
    connections.settings.update(connections.configure_settings(wanted))
    # A name that the settings before did not have can still hold a connection made before them,
    # to another folder.
    _forget()


def _forget() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        del connections[connection.alias]
