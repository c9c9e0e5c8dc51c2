"""Table of the audit log. Entries are added and never changed: the database itself refuses."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """What was done. `number` counts from 1 without gaps; `hash` covers this line and all before.

    `on` says on what, by a key and never by its content; `more` holds numbers and names of
    settings, never what a respondent wrote.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=40)
    who = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    on = models.CharField(max_length=200)
    more = models.JSONField(default=dict)
    hash = models.CharField(max_length=64, db_column="seal")

    class Meta:
        db_table = "journal_line"
