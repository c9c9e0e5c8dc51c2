"""A sealed address and what helps to choose whom to invite. Joins to nothing."""

from __future__ import annotations

from django.db import models

from blikveld.web.keys import RandomKey


class Contact(models.Model):
    """Somebody who offered to be interviewed."""

    key = RandomKey()
    sealed = models.BinaryField()
    municipality = models.CharField(max_length=100)
    domain = models.CharField(max_length=100, null=True)
    suspicion = models.BooleanField(null=True)
