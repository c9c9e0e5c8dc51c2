"""The interface to a store of sessions, which the web room implements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from typing import Protocol

from blikveld.fieldwork.counters import Counts
from blikveld.fieldwork.sessions import Session, SurveyLink


class Phase(Enum):
    """Where the fieldwork stands."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"


class SessionStore(Protocol):
    """Keeps sessions, and the numbers of a night. Every write is within a `transaction`."""

    def transaction(self) -> AbstractContextManager[None]:
        """Return one transaction. A session found in it is not changed by others until its end."""

    def phase(self) -> Phase:
        """Return where the fieldwork stands now."""

    def find(self, token_hash: str) -> Session | None:
        """Return the session with this token, or None."""

    def find_by_code(self, code_hash: str) -> Session | None:
        """Return the session with this code to go on, or None."""

    def add(self, session: Session) -> None:
        """Keep a new session, in the transaction that is going on."""

    def save(self, session: Session) -> None:
        """Keep a changed session, in the transaction that is going on.

        `session.revision` is one more than that of the kept one. Raises ConcurrentUpdate, and keeps
        nothing, when somebody else changed it or when it was completed before.
        """

    def sessions(self) -> Iterator[Session]:
        """Yield every session, in the order of the random keys."""

    def counts(self) -> Mapping[SurveyLink, Counts]:
        """Return the numbers of every link that has any, as of a night."""


class ConcurrentUpdate(Exception):
    """The session was changed or completed by another request; nothing was kept."""
