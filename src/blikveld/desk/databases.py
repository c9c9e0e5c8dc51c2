"""The desk's own database beside that of the answers. The addresses are not reached from here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connections
from django.db.models import Model

from blikveld.desk import ALL_APPS
from blikveld.desk.environment import folder, rename_old_files, without_addresses
from blikveld.study.model import Study
from blikveld.web.databases import (
    ADDRESSES_APP,
    ANSWERS,
    ANSWERS_APP,
    ContactsRouter,
    begin,
    make_private,
    migrate,
    sqlite,
    tie,
)
from blikveld.web.databases import databases as of_fieldwork
from blikveld.web.environment import Environment

DESK = "desk"
FILE = "desk.sqlite3"
_FIELDWORK_APPS = (ANSWERS_APP, ADDRESSES_APP)


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for the desk: the answers, and the desk's own."""
    own = sqlite(folder(environment.data) / FILE, environment)
    answers = of_fieldwork(environment)[ANSWERS]
    # A rewrite of the answers must find nobody reading: no connection is kept between requests.
    return {ANSWERS: {**answers, "CONN_MAX_AGE": 0}, DESK: {**own, "CONN_MAX_AGE": 0}}


def own_folder() -> Path:
    """Where the desk keeps what it has, as this process is tied now.

    A command or test ties the desk to other data than its process began with.
    """
    return Path(connections[DESK].settings_dict["NAME"]).parent


class DeskRouter(ContactsRouter):
    """Sends what belongs to the desk to its own database, and the rest where it always was."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        """The database of a model."""
        return super().db_for_read(model) if _of_fieldwork(model._meta.app_label) else DESK

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Each table stands in one database only."""
        if db == DESK or not _of_fieldwork(app_label):
            return db == DESK and not _of_fieldwork(app_label)
        return super().allow_migrate(db, app_label)


def _of_fieldwork(app_label: str) -> bool:
    return app_label in _FIELDWORK_APPS


def attach(data: Path, study: Study) -> None:
    """Tie Django to this data folder as the desk sees it, and make or update the tables."""
    own = folder(data)
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    rename_old_files(own)
    given = begin(data, study, ALL_APPS)
    tie(databases(without_addresses(given)))
    migrate(ANSWERS)
    migrate(DESK)
    make_private(data)
    make_private(own)
