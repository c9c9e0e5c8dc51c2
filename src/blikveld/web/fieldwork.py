"""The fieldwork of a study in a data folder: open it, close it, read what came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from blikveld.contacts import SealedContact
from blikveld.errors import BlikveldError
from blikveld.fieldwork import sessions
from blikveld.fieldwork.domains import by_domain, groups
from blikveld.fieldwork.events import Counts, Link
from blikveld.fieldwork.sessions import Session
from blikveld.fieldwork.store import Phase
from blikveld.questionnaire import Routing
from blikveld.responses.record import Response
from blikveld.study.model import Study
from blikveld.web import keeping
from blikveld.web.setup import attach

if TYPE_CHECKING:
    from blikveld.web.answers.store import DjangoStore


class OtherStudy(BlikveldError):
    """A data folder that holds the answers to another study, or to another version of it."""


def open_(data: Path, study: Study) -> None:
    """Take answers from now on. Makes the databases where there are none; may be called again.

    Raises OtherStudy when the folder holds another study or version: answers to two
    questionnaires are never mixed.
    """
    _set(data, study, Phase.OPEN)


def close(data: Path, study: Study) -> None:
    """Take no answers from now on. What came in stays, written anew in random order."""
    _set(data, study, Phase.CLOSED)
    keeping.rewrite(data, study)


def phase(data: Path, study: Study) -> Phase:
    """Where the fieldwork stands; makes the databases where there are none."""
    attach(data, study)
    check_study(study)
    return _store(study).phase()


def responses(data: Path, study: Study) -> Iterator[Response]:
    """Everything that came in, also of who left half way; in random order, without times.

    Every variable of the questionnaire has a value or the reason why there is none.
    """
    attach(data, study)
    return collected(study)


def collected(study: Study) -> Iterator[Response]:
    """The same, of the database that Django is tied to already."""
    check_study(study)
    routing = Routing(study)
    return (_response(routing, session) for session in _store(study).sessions())


def counts(data: Path, study: Study) -> Mapping[Link, Counts]:
    """How often each link was opened, begun, sent in page by page, and completed."""
    attach(data, study)
    check_study(study)
    return _store(study).counts()


def counts_by_domain(data: Path, study: Study, link: Link) -> Mapping[str, Counts]:
    """How many began, sent in each page and finished at a link, of whom the domain is known.

    Counted from the answers now, and kept nowhere. For the researcher: small numbers are exact.
    """
    attach(data, study)
    check_study(study)
    return by_domain(Routing(study), _store(study).at(link)) if groups(study) else {}


def contacts(data: Path, study: Study) -> Iterator[SealedContact]:
    """The sealed addresses, in random order. Only the private key opens them."""
    attach(data, study)
    from blikveld.web.addresses.store import DjangoContacts

    return DjangoContacts().contacts()


def _set(data: Path, study: Study, phase: Phase) -> None:
    attach(data, study)
    check_study(study)
    _store(study).set_phase(study.version, phase)


def _store(study: Study) -> DjangoStore:
    # Models can be imported only once Django knows its settings.
    from blikveld.web.answers.store import DjangoStore

    return DjangoStore(study.key)


def _response(routing: Routing, session: Session) -> Response:
    return Response(f"{session.key:016x}", sessions.record(routing, session))


def check_study(study: Study) -> None:
    """Raise OtherStudy when the database Django is tied to holds another study or version."""
    for key, version in _store(study).studies():
        if (key, version) != (study.key, study.version):
            problem = (
                f"It holds answers to {key} {version}, and this is {study.key} {study.version}."
            )
            raise OtherStudy("other-study", "the data folder", problem, "Choose another folder.")
