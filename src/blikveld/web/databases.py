"""Two databases: answers in one, sealed addresses in another, and nothing that joins them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.models import Model

from blikveld.web.environment import Environment, SettingRefused

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
