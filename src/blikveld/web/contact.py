"""From an address on a page to a sealed contact: the only place where both are near each other."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.contacts import SealedContact, key_from, seal
from blikveld.fieldwork import sessions
from blikveld.fieldwork.sessions import Session
from blikveld.fieldwork.visits import KeepContacts
from blikveld.responses.derive import code_and_derive
from blikveld.web.served_study import CannotServe, ServedStudy

DOMAIN, SUSPECTED = "domain", "suspected"
_YES_NO = {"yes": True, "no": False}


def keeper(site: ServedStudy) -> KeepContacts:
    """What seals and keeps the addresses of a page, before the page itself is acknowledged."""
    from blikveld.web.addresses.models import DjangoContacts

    def keep(session: Session, token: str, filled: Mapping[str, str]) -> None:
        if site.public_key is None:
            problem = "An address came in that cannot be sealed."
            raise CannotServe("no-public-key", site.study.key, problem, "Set BLIKVELD_PUBLIC_KEY.")
        domain, suspicion = _coarse(site, session)
        for item, address in filled.items():
            sealed = seal(address, site.public_key)
            key, municipality = key_from(token, item), session.link.municipality
            DjangoContacts().keep(SealedContact(key, sealed, municipality, domain, suspicion))

    return keep


def kept(token: str, item: str) -> bool:
    """Whether an address was kept for this item of the questionnaire with this token."""
    # The desk's server shares these pages, and knows no addresses.
    from blikveld.web.addresses.models import DjangoContacts

    return DjangoContacts().holds(key_from(token, item))


def _coarse(site: ServedStudy, session: Session) -> tuple[str | None, bool | None]:
    """All that an interviewer may know beforehand: the domain, and whether there was a suspicion.

    A study offers it with a coded variable `domain` and a derived one `suspected` (yes or no).
    """
    record = sessions.record(site.routing, session)
    person = code_and_derive(site.study, record)
    domain, suspected = person.get(DOMAIN), person.get(SUSPECTED)
    known = domain if isinstance(domain, str) else None
    return known, _YES_NO.get(suspected) if isinstance(suspected, str) else None
