"""From an address on a page to a sealed contact: the only place where both are near each other."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.contacts import SealedContact, key_from, seal
from blikveld.fieldwork.sessions import Session
from blikveld.fieldwork.visits import KeepContacts
from blikveld.web.addresses.store import DjangoContacts
from blikveld.web.site import Site, SiteRefused


def keeper(site: Site) -> KeepContacts:
    """What seals and keeps the addresses of a page, before the page itself is acknowledged."""

    def keep(session: Session, token: str, filled: Mapping[str, str]) -> None:
        if site.public_key is None:
            problem = "An address came in that cannot be sealed."
            raise SiteRefused("no-public-key", site.study.key, problem, "Set BLIKVELD_PUBLIC_KEY.")
        for item, address in filled.items():
            sealed = seal(address, site.public_key)
            municipality = session.link.municipality
            DjangoContacts().keep(SealedContact(key_from(token, item), sealed, municipality))

    return keep


def kept(token: str, item: str) -> bool:
    """Whether an address was kept for this item of the questionnaire with this token."""
    return DjangoContacts().holds(key_from(token, item))
