"""The fieldwork of a study in a data folder: open it, serve it, close it, read what came in.

It is served in the foreground; both databases are rewritten at night and at closing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from django.db import Error

from blikveld.contacts import SealedContact
from blikveld.errors import BlikveldError
from blikveld.fieldwork import fitting, sessions
from blikveld.fieldwork.sessions import Session
from blikveld.fieldwork.store import Phase
from blikveld.questionnaire import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.study.changes import (
    ChangeRule,
    Changes,
    StudyChange,
    compare_descriptions,
    rule_of_change,
    tell_change,
)
from blikveld.study.identity import describe_study
from blikveld.study.model import Study
from blikveld.web import process, stored_data
from blikveld.web.databases import attach, begin, detach
from blikveld.web.environment import Environment

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


class ChangeNotLogged(BlikveldError):
    """The questionnaire asks something else than its newest edition, and the field is open."""


def open_(data: Path, study: Study) -> None:
    """Take answers from now on. Makes the databases where there are none; may be called again.

    Raises OtherStudy when the folder holds another study or version: answers to two
    questionnaires are never mixed. Raises AnswersChanged when the questionnaire lost what people
    answered.
    """
    phase(data, study)
    store = _store(study)
    if store.edition() is None:
        store.add_edition(describe_study(study))
    store.set_phase(study.version, Phase.OPEN)


def close(data: Path, study: Study) -> None:
    """Take no answers from now on. What came in stays, written anew in random order.

    Beside the addresses stays what enough people share: the rest is gone for good.
    """
    attach(data, study)
    check_study(study)
    _store(study).set_phase(study.version, Phase.CLOSED)
    stored_data.rewrite(data, study)


def phase(data: Path, study: Study) -> Phase:
    """Where the fieldwork stands, once it is sure that the study fits what came in.

    Makes the databases where there are none. Raises OtherStudy, AnswersChanged and
    ChangeNotLogged.
    """
    attach(data, study)
    check_fits(study)
    store = _store(study)
    if store.phase() is not Phase.PREPARED and store.edition() is None:
        # It was opened by a version that kept no editions.
        store.add_edition(describe_study(study))
    return store.phase()


def responses(data: Path, study: Study) -> Iterator[ResponseRecord]:
    """Everything that came in, also of who left half way; in random order, without times.

    Every variable of the questionnaire has a value or the reason why there is none. Raises
    OtherStudy and AnswersChanged.
    """
    attach(data, study)
    return collected(study)


def collected(study: Study) -> Iterator[ResponseRecord]:
    """The same, of the database that Django is tied to already."""
    check_fits(study)
    routing, added = Routing(study), _added(study)
    return (_response(routing, session, added) for session in _store(study).sessions())


def _added(study: Study) -> frozenset[str]:
    """The questions that were not there when the field was opened."""
    first = _store(study).edition(first=True)
    return frozenset(study.questions) - frozenset(first[1].variables if first else study.questions)


def contacts(data: Path, study: Study) -> Iterator[SealedContact]:
    """The sealed addresses, in random order, with the facts that enough people share.

    Only the private key opens them.
    """
    attach(data, study)
    return iter(stored_data.shared_contacts(study))


def _store(study: Study) -> DjangoStore:
    # Models can be imported only once Django knows its settings.
    from blikveld.web.answers.models import DjangoStore

    return DjangoStore(study.key)


def _response(routing: Routing, session: Session, added: frozenset[str]) -> ResponseRecord:
    return ResponseRecord(f"{session.key:016x}", sessions.record(routing, session, added))


def check_study(study: Study) -> None:
    """Raise OtherStudy when the database Django is tied to holds another study or version."""
    for key, version in _store(study).studies():
        if (key, version) != (study.key, study.version):
            problem = (
                f"It holds answers to {key} {version}, and this is {study.key} {study.version}."
            )
            raise OtherStudy("other-study", "the data folder", problem, "Choose another folder.")


def check_fits(study: Study) -> None:
    """Raise where the study does not fit what came in.

    OtherStudy as `check_study`, AnswersChanged when people answered what it does not know any more,
    ChangeNotLogged where others are asked something else than the newest edition says.
    """
    check_study(study)
    _, changes = _checked(study)
    if unlogged := [c for c in changes if rule_of_change(c) is not ChangeRule.FREE]:
        told = _joined(unlogged)
        problem = f"The questionnaire was changed while it is held, and nothing says so: {told}."
        mend = "Write it down with `blikveld study change`, or put back what was there."
        raise ChangeNotLogged("change-not-logged", f"study {study.key!r}", problem, mend)


def check_change(study: Study) -> tuple[int, Changes]:
    """The number of the edition that the study as it is now will be, and what was changed.

    The number is 0 where nothing has to be noted: nobody is asked anything else, or the field was
    never opened. Raises OtherStudy, and AnswersChanged where answers would be lost.
    """
    check_study(study)
    newest, changes = _checked(study)
    free = all(rule_of_change(change) is ChangeRule.FREE for change in changes)
    return 0 if free else newest + 1, changes


def _checked(study: Study) -> tuple[int, Changes]:
    """The number of the newest edition and what was changed since; nothing before the field was
    opened. Raises AnswersChanged."""
    store = _store(study)
    newest = store.edition()
    changes = compare_descriptions(newest[1], describe_study(study)) if newest else ()
    found = fitting.count_unknown(study, store.sessions())
    if not found and newest is not None:
        found = fitting.count_lost(study, newest[1], changes, store.sessions())
    if found:
        gone = fitting.describe_unknown(found, study.disclosure.threshold)
        problem = f"Answers came in that the questionnaire does not know any more: {gone}."
        raise AnswersChanged("answers-changed", f"study {study.key!r}", problem, _ROADS)
    return newest[0] if newest else 0, changes


def note_edition(study: Study) -> None:
    """Keep the study as it is now: from here on this is what is asked."""
    _store(study).add_edition(describe_study(study))


_MOST_CHANGES = 5


def _joined(changes: Sequence[StudyChange]) -> str:
    told = ", ".join(tell_change(change) for change in changes[:_MOST_CHANGES])
    more = len(changes) - _MOST_CHANGES
    return f"{told} and {more} more" if more > 0 else told


APPLICATION = "blikveld.web.wsgi"

_LOOK = 5.0
"""Seconds between two looks whether the fieldwork was closed, or a night has come."""

_AGAIN = 10 * 60.0
"""Seconds until a rewrite that could not be done at night is tried once more."""


def check(environment: Environment, study: Study) -> None:
    """Raise CannotServe or BlikveldError where the study cannot be served with these settings.

    Nothing is made or opened by looking.
    """
    begin(environment.data, study)
    # Models can be imported only once Django knows its settings.
    from blikveld.web import served_study

    served_study.check_serve(served_study.ServedStudy(study, environment.public_key))


def serve(environment: Environment, study: Study, listening: socket, workers: int) -> int:
    """Serve on a port that was taken, until the server is stopped; gives its exit code.

    A night that was missed is made up for first: who comes meanwhile waits at the port.
    """
    closing, night = Closing(environment.data, study), Night(environment.data)
    if night.due() and not at_night(environment.data, study):
        night.later()
    variables = {**os.environ, **environment.variables()}
    server = process.run(APPLICATION, listening, variables, workers)
    while True:
        try:
            return server.wait(_LOOK)
        except subprocess.TimeoutExpired:
            _look(environment.data, study, closing, night)


def _look(data: Path, study: Study, closing: Closing, night: Night) -> None:
    closed = closing.seen()
    if (closed or night.due()) and not at_night(data, study):
        night.later()
        if closed:
            closing.again()


class Night:
    """Says when the databases are to be rewritten: once after every night, late rather than never.

    What was rewritten last is kept in the data folder, so a night in which no server ran, the
    machine slept, or somebody kept reading is made up for.
    """

    def __init__(self, data: Path) -> None:
        self._data, self._not_before = data, 0.0

    def due(self) -> bool:
        """Whether the last night is still to be done."""
        now = datetime.now().astimezone()
        return time.monotonic() >= self._not_before and stored_data.is_due(self._data, now)

    def later(self) -> None:
        """It could not be done now."""
        self._not_before = time.monotonic() + _AGAIN


class Closing:
    """Notices that the fieldwork was closed elsewhere, such as at the desk, which cannot rewrite.

    A fieldwork that was closed before the server began counts as just closed.
    """

    def __init__(self, data: Path, study: Study) -> None:
        self._data, self._study = data, study
        self._collecting, self._attached = True, False

    def seen(self) -> bool:
        """Whether it was closed since this was last asked. When nobody can tell: not yet."""
        try:
            phase = self._phase()
        except (BlikveldError, Error) as refused:
            sys.stderr.write(f"{refused}\n")
            return False
        finally:
            detach()
        before, self._collecting = self._collecting, phase is not Phase.CLOSED
        return before and not self._collecting

    def again(self) -> None:
        """The rewrite could not be done: the next look sees the closing once more."""
        self._collecting = True

    def _phase(self) -> Phase:
        if not self._attached:
            attach(self._data, self._study)
            self._attached = True
        # Models can be imported only once Django knows its settings.
        from blikveld.web.answers.models import DjangoStore

        return DjangoStore(self._study.key).phase()


def at_night(data: Path, study: Study) -> bool:
    """Rewrite both databases. When that cannot be done the server goes on, and the log says so."""
    try:
        stored_data.rewrite(data, study)
    except (BlikveldError, Error) as refused:
        sys.stderr.write(f"{refused}\n")
        return False
    finally:
        detach()
    return True
