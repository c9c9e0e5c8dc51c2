"""A sealed address and what helps to choose whom to invite: its table, which joins to nothing, and
the store over it, in the database `contacts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import models, transaction

from blikveld.contacts import SealedContact
from blikveld.web.databases import CONTACTS
from blikveld.web.keys import RandomKey


class Contact(models.Model):
    """Somebody who offered to be interviewed, with the facts that the study keeps of an offer."""

    key = RandomKey()
    sealed = models.BinaryField()
    facts = models.JSONField(default=dict)


class DjangoContacts:
    """Implements contacts.ContactStore."""

    def keep(self, contact: SealedContact) -> None:
        """Keep a contact for good before returning. The same key again takes its place."""
        values = {"sealed": contact.sealed, "facts": dict(contact.facts)}
        with transaction.atomic(using=CONTACTS):
            Contact.objects.update_or_create(key=contact.key, defaults=values)

    def holds(self, key: int) -> bool:
        """Whether there is a contact with this key."""
        return Contact.objects.filter(key=key).exists()

    def contacts(self) -> Iterator[SealedContact]:
        """Every contact, in the order of the keys."""
        for row in Contact.objects.order_by("key").iterator(chunk_size=500):
            yield SealedContact(row.key, bytes(row.sealed), row.facts)

    def change_facts(self, contacts: Iterable[SealedContact]) -> None:
        """Keep these facts beside the addresses with these keys, all of them or none."""
        with transaction.atomic(using=CONTACTS):
            for one in contacts:
                Contact.objects.filter(key=one.key).update(facts=dict(one.facts))
