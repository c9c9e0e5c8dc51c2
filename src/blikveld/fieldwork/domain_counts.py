"""Numbers per domain: counted from the answers when a researcher looks, and kept nowhere.

They hang on what people answered. So they are for who may take the answers out anyway, and come in
steps all the same: docs/decisions/numbers-per-domain.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from blikveld.fieldwork import sessions
from blikveld.fieldwork.counters import stepped
from blikveld.fieldwork.sessions import Session, SessionState
from blikveld.questionnaire import Routing
from blikveld.responses.derive import as_far_as_known
from blikveld.study.model import Code, Study

DOMAIN = "domain"
"""The coded variable by which a study offers this."""


def groups(study: Study) -> tuple[Code, ...]:
    """The domains of a study that codes them; none for another."""
    variable = study.variables.get(DOMAIN)
    return variable.codes if variable else ()


def finished_by_domain(routing: Routing, found: Iterable[Session]) -> list[tuple[Code, int]]:
    """How many of each domain finished, rounded down to a multiple of the smallest group."""
    domains = groups(routing.study)
    done = (session for session in found if domains and session.state is SessionState.COMPLETED)
    counts = Counter(_domain(routing, session) for session in done)
    smallest = routing.study.disclosure.threshold
    return [(code, stepped(counts[code.code], smallest)) for code in domains]


def _domain(routing: Routing, session: Session) -> object:
    return as_far_as_known(routing.study, sessions.record(routing, session))[DOMAIN]
