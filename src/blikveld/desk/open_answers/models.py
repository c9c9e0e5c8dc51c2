"""Tables of decisions about texts. The texts stay with the answers: here is a hash of each.

It is a SHA-256 of the variable and the text, so that a decision is found again by whoever
has the text. It goes when the answers are erased.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CodedText(models.Model):
    """The code that a text was given for a coded variable; `text_hash` is of the folded text."""

    variable = models.CharField(max_length=100)
    text_hash = models.CharField(max_length=64, db_column="mark")
    code = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["variable", "text_hash"], name="one_code_a_text")
        ]


class ReleasedText(models.Model):
    """A text that may be read. `out` are the stretches taken out: start, end and kind of each."""

    text_hash = models.CharField(max_length=64, unique=True, db_column="mark")
    out = models.JSONField(default=list)
