"""Offers: what may be known of somebody before an invitation, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from blikveld.contacts import SealedContact


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """Somebody who offered to be interviewed.

    `key` leads nowhere but to a sealed address, and was drawn at random, so that its order is a
    fair draw. `domain` and `suspicion` are None where they are not known.
    """

    key: int
    municipality: str
    domain: str | None = None
    suspicion: bool | None = None


def from_contacts(contacts: Iterable[SealedContact]) -> tuple[Offer, ...]:
    """The offers of sealed contacts, in the order of their keys; addresses stay sealed."""
    return tuple(sorted(Offer(c.key, c.municipality, c.domain, c.suspicion) for c in contacts))


def eligible(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Those of whom it is known that they had a suspicion, in the order of their keys."""
    return tuple(sorted((o for o in offers if o.suspicion is True), key=lambda o: o.key))
