"""Copies of a database row by row, so that a backup of PostgreSQL is the same file as of SQLite.

A dump of PostgreSQL keeps the order of writing. Here all rows are read, put in random order and
written in one transaction, on the way out and on the way back.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, router, transaction
from django.db.models import Model
from django.db.utils import load_backend

from blikveld.web.databases import databases
from blikveld.web.environment import Environment
from blikveld.web.setup import migrate

Rows: TypeAlias = Mapping[type[Model], Sequence[tuple[Any, ...]]]


def copy_out(alias: str, target: Path) -> None:
    """Write all rows of a database to a new SQLite file with the same tables."""
    rows = _rows(alias)
    with _instead(alias, target):
        migrate(alias)
        _delete_all(alias)
        _insert(alias, rows)
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM")


def copy_in(source: Path, alias: str, beside: Path) -> None:
    """Write all rows of such a file to a database whose tables are empty.

    `beside` is a place for a copy for a moment, which gets the tables of today: the file itself
    stays as it is.
    """
    shutil.copyfile(source, beside)
    try:
        with _instead(alias, beside):
            migrate(alias)
            rows = _rows(alias)
    finally:
        beside.unlink()
    with transaction.atomic(using=alias):
        _delete_all(alias)
        _insert(alias, rows)
        _set_counters(alias)


def holds_anything(alias: str) -> bool:
    """Whether a row of ours stands in this database."""
    ours = [model for model in _models(alias) if model.__module__.startswith("blikveld.")]
    return any(model._base_manager.using(alias).exists() for model in ours)


def _models(alias: str) -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if router.allow_migrate_model(alias, model)]


def _rows(alias: str) -> Rows:
    shuffle = random.SystemRandom().shuffle
    found = {}
    for model in _models(alias):
        rows = list(model._base_manager.using(alias).values_list(*_columns(model)))
        shuffle(rows)
        found[model] = rows
    return found


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _delete_all(alias: str) -> None:
    # What making the tables put there itself comes with the rows too.
    for model in _models(alias):
        model._base_manager.using(alias)._raw_delete(alias)


def _insert(alias: str, rows: Rows) -> None:
    with transaction.atomic(using=alias):
        for model, values in rows.items():
            names = _columns(model)
            made = [model(**dict(zip(names, one, strict=True))) for one in values]
            model._base_manager.using(alias).bulk_create(made, batch_size=500)


def _set_counters(alias: str) -> None:
    # PostgreSQL numbers rows of its own from a counter that knows nothing of what was put in.
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models(alias)):
            cursor.execute(statement)


@contextmanager
def _instead(alias: str, file: Path) -> Iterator[None]:
    """For a while this database is an SQLite file without a log of its own."""
    wanted = databases(Environment(data=file.parent))
    wanted[alias]["NAME"] = str(file)
    wanted[alias]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=OFF"
    settings = connections.configure_settings(wanted)[alias]
    before = connections[alias]
    connections[alias] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
    try:
        yield
    finally:
        connections[alias].close()
        connections[alias] = before
