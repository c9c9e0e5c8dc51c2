"""What is kept of a respondent: answers under a random key. No address, browser or time."""

from __future__ import annotations

from django.db import models

from blikveld.web.keys import RandomKey


class Fieldwork(models.Model):
    """The study this database holds, and where its fieldwork stands. One row."""

    study = models.CharField(primary_key=True, max_length=100)
    version = models.CharField(max_length=100)
    phase = models.CharField(max_length=10)


class Response(models.Model):
    """One questionnaire. `pages` are the numbers of the pages sent in, with spaces between.

    `incomplete` is what was begun and is no answer yet; `submission` and `draft_number` tell old
    drafts from new. `waiting` is what the next request shows: text, for it can hold signs that no
    JSON column takes.
    """

    key = RandomKey()
    token_hash = models.CharField(max_length=64, unique=True)
    study = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    municipality = models.CharField(max_length=100)
    mode = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)
    incomplete = models.JSONField(default=dict, db_column="half")
    pages = models.CharField(max_length=400)
    state = models.CharField(max_length=10)
    revision = models.IntegerField()
    submission = models.IntegerField(default=0, db_column="turn")
    draft_number = models.IntegerField(default=0, db_column="drafts")
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    locked_token = models.CharField(max_length=64, default="")
    waiting = models.TextField(default="")


class LinkCount(models.Model):
    """A number of one link as of a night: fieldwork.counters says when it changes.

    The key is what is counted. A number of its own for each row would tell the order of events.
    """

    pk = models.CompositePrimaryKey("municipality", "mode", "step")
    municipality = models.CharField(max_length=100)
    mode = models.CharField(max_length=10)
    step = models.CharField(max_length=10)
    number = models.BigIntegerField()


class DayTotal(models.Model):
    """How many had finished in a municipality by a day: `fieldwork.completions` says when a line is
    made.

    It is of a municipality and never of fewer than the smallest group; no response has a day.
    """

    pk = models.CompositePrimaryKey("municipality", "day")
    municipality = models.CharField(max_length=100)
    day = models.CharField(max_length=10)
    number = models.BigIntegerField()
