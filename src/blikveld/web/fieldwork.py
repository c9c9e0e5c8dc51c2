"""The fieldwork of a study in a data folder: open it, close it, read what came in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from blikveld.contacts import SealedContact
from blikveld.errors import BlikveldError
from blikveld.fieldwork import fitting, sessions
from blikveld.fieldwork.sessions import Session
from blikveld.fieldwork.store import Phase
from blikveld.questionnaire import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.study.model import Study
from blikveld.web import stored_data
from blikveld.web.databases import attach

if TYPE_CHECKING:
    from blikveld.web.answers.models import DjangoStore


_ROADS = (
    "Either put back what was taken out, as it was. Or close the fieldwork and take a snapshot "
    "with the files of before, then give this questionnaire a new version and a data folder of its "
    "own."
)


class OtherStudy(BlikveldError):
    """A data folder that holds the answers to another study, or to another version of it."""


class AnswersChanged(BlikveldError):
    """Answers came in that the study does not know any more."""


def open_(data: Path, study: Study) -> None:
    """Take answers from now on. Makes the databases where there are none; may be called again.

    Raises OtherStudy when the folder holds another study or version: answers to two
    questionnaires are never mixed. Raises AnswersChanged when the questionnaire lost what people
    answered.
    """
    phase(data, study)
    _store(study).set_phase(study.version, Phase.OPEN)


def close(data: Path, study: Study) -> None:
    """Take no answers from now on. What came in stays, written anew in random order."""
    attach(data, study)
    check_study(study)
    _store(study).set_phase(study.version, Phase.CLOSED)
    stored_data.rewrite(data, study)


def phase(data: Path, study: Study) -> Phase:
    """Where the fieldwork stands, once it is sure that the study fits what came in.

    Makes the databases where there are none. Raises OtherStudy and AnswersChanged.
    """
    attach(data, study)
    check_study(study)
    check_answers(study)
    return _store(study).phase()


def responses(data: Path, study: Study) -> Iterator[ResponseRecord]:
    """Everything that came in, also of who left half way; in random order, without times.

    Every variable of the questionnaire has a value or the reason why there is none. Raises
    OtherStudy and AnswersChanged.
    """
    attach(data, study)
    return collected(study)


def collected(study: Study) -> Iterator[ResponseRecord]:
    """The same, of the database that Django is tied to already."""
    check_study(study)
    check_answers(study)
    routing = Routing(study)
    return (_response(routing, session) for session in _store(study).sessions())


def contacts(data: Path, study: Study) -> Iterator[SealedContact]:
    """The sealed addresses, in random order. Only the private key opens them."""
    attach(data, study)
    from blikveld.web.addresses.models import DjangoContacts

    return DjangoContacts().contacts()


def _store(study: Study) -> DjangoStore:
    # Models can be imported only once Django knows its settings.
    from blikveld.web.answers.models import DjangoStore

    return DjangoStore(study.key)


def _response(routing: Routing, session: Session) -> ResponseRecord:
    return ResponseRecord(f"{session.key:016x}", sessions.record(routing, session))


def check_study(study: Study) -> None:
    """Raise OtherStudy when the database Django is tied to holds another study or version."""
    for key, version in _store(study).studies():
        if (key, version) != (study.key, study.version):
            problem = (
                f"It holds answers to {key} {version}, and this is {study.key} {study.version}."
            )
            raise OtherStudy("other-study", "the data folder", problem, "Choose another folder.")


def check_answers(study: Study) -> None:
    """Raise AnswersChanged when people answered what the study does not know any more."""
    found = fitting.strange(study, _store(study).sessions())
    if found:
        gone = fitting.told(found, study.disclosure.threshold)
        problem = f"Answers came in that the questionnaire does not know any more: {gone}."
        raise AnswersChanged("answers-changed", f"study {study.key!r}", problem, _ROADS)
