"""The store of sealed addresses on Django, in the database `contacts`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from blikveld.contacts.sealing import SealedContact
from blikveld.web.addresses.models import Contact
from blikveld.web.databases import CONTACTS


class DjangoContacts:
    """Implements contacts.sealing.ContactStore."""

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
