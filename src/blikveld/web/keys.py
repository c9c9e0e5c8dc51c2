"""Rows under random keys: their order in a file says nothing about the order of arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Whole = models.BigIntegerField[int, int]
else:
    _Whole = models.BigIntegerField


class RandomKey(_Whole):
    """A primary key of 63 random bits.

    On SQLite it is declared INTEGER, which makes it the row's own number: rows are then stored
    in the order of the random keys, and there is no hidden counter that tells who came first.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("primary_key", True)
        super().__init__(*args, **options)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type in this kind of database."""
        return "integer" if connection.vendor == "sqlite" else "bigint"
