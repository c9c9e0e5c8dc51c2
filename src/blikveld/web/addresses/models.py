"""A sealed address and what helps to choose whom to invite: its table, which joins to nothing, and
the store over it, in the database `contacts`.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models, transaction

from blikveld.contacts import SealedContact
from blikveld.web.databases import CONTACTS
from blikveld.web.keys import RandomKey


class Contact(models.Model):
    """Somebody who offered to be interviewed."""

    key = RandomKey()
    sealed = models.BinaryField()
    municipality = models.CharField(max_length=100)
    domain = models.CharField(max_length=100, null=True)
    suspicion = models.BooleanField(null=True)


class DjangoContacts:
    """Implements contacts.ContactStore."""

    def keep(self, contact: SealedContact) -> None:
        """Keep a contact for good before returning. The same key again takes its place."""
        values = {
            "sealed": contact.sealed,
            "municipality": contact.municipality,
            "domain": contact.domain,
            "suspicion": contact.suspicion,
        }
        with transaction.atomic(using=CONTACTS):
            Contact.objects.update_or_create(key=contact.key, defaults=values)

    def holds(self, key: int) -> bool:
        """Whether there is a contact with this key."""
        return Contact.objects.filter(key=key).exists()

    def contacts(self) -> Iterator[SealedContact]:
        """Every contact, in the order of the keys."""
        for row in Contact.objects.order_by("key").iterator(chunk_size=500):
            sealed = bytes(row.sealed)
            yield SealedContact(row.key, sealed, row.municipality, row.domain, row.suspicion)
