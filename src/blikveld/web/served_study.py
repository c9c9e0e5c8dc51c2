"""The study a server serves: its keys, its limit on starts, and the way to its sealed addresses.

Here alone an address on a page and a sealed contact are near each other.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.conf import settings

from blikveld.contacts import SealedContact, key_from, public_key, seal
from blikveld.errors import BlikveldError
from blikveld.fieldwork import counters, sessions
from blikveld.fieldwork.counters import Openings
from blikveld.fieldwork.sessions import Session, SurveyLink
from blikveld.fieldwork.visits import KeepContacts
from blikveld.questionnaire import Routing
from blikveld.responses.derive import code_and_derive
from blikveld.rules import Person
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web.answers.models import DjangoStore
from blikveld.web.environment import Environment, phone_key


class RateLimit:
    """At most so many times in so many seconds, within this process and in memory only."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.seconds, self._clock = most, seconds, clock
        self._times, self._lock = deque[float](), threading.Lock()

    def admits(self) -> bool:
        """Whether it may happen once more now; then it is counted."""
        with self._lock:
            now = self._clock()
            while self._times and self._times[0] <= now - self.seconds:
                self._times.popleft()
            if len(self._times) >= self.most:
                return False
            self._times.append(now)
            return True


class StartLimit:
    """How many questionnaires may begin a minute at each link, in this process; 0 is no limit."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._limits: dict[SurveyLink, RateLimit] = {}

    def admit(self, link: SurveyLink) -> bool:
        """Whether one more may begin at this link now; then it is counted."""
        if not self._most:
            return True
        limit = self._limits.setdefault(link, RateLimit(self._most, 60.0, self._clock))
        return limit.admits()


CODES = RateLimit(30, 60.0)
"""Codes that are tried a minute in this process. Guessing 80 bits would take for ever anyway; this
keeps the slow hash from being used to keep the server busy.
"""


class CannotServe(BlikveldError):
    """A study that cannot be served with these settings."""


@dataclass(frozen=True)
class ServedStudy:
    """A study and the keys with which it is served."""

    study: Study
    public_key: str | None = None
    phone_key: str | None = field(default=None, repr=False)
    starts: StartLimit = field(default_factory=lambda: StartLimit(0), compare=False)

    @cached_property
    def routing(self) -> Routing:
        """The paths through the study."""
        return Routing(self.study)

    @cached_property
    def store(self) -> DjangoStore:
        """Where answers are kept."""
        return DjangoStore(self.study.key)

    @cached_property
    def openings(self) -> Openings:
        """How often links were opened since the last night."""
        return Openings(self.study.disclosure.threshold, _today)


def _today() -> str:
    return counters.day_of(datetime.now().astimezone())


# A list, so that tests and commands can put another study in its place (see use).
_sites: list[ServedStudy] = []


def current() -> ServedStudy:
    """The site of this process. Reads the study of the environment when nobody set another.

    Raises Faults for a faulty study and CannotServe where a key is lacking.
    """
    if not _sites:
        use(from_environment(settings.ENVIRONMENT))
    return _sites[0]


def use(site: ServedStudy) -> None:
    """Serve this site from now on."""
    _sites[:] = [site]


def from_environment(environment: Environment) -> ServedStudy:
    """The site that the environment describes, checked."""
    study = load(environment.study)
    key = phone_key(environment.data) if Mode.PHONE in study.modes else None
    site = ServedStudy(
        study, environment.public_key, key, StartLimit(environment.max_starts_per_minute)
    )
    check_serve(site)
    return site


def check_serve(site: ServedStudy) -> None:
    """Raise CannotServe where an address could come in that cannot be sealed."""
    if site.public_key:
        public_key(site.public_key)
    elif any(page.contacts for page in site.routing.pages):
        problem = "The questionnaire collects e-mail addresses; BLIKVELD_PUBLIC_KEY is not set."
        mend = "Run `blikveld contacts keys FILE` and set it to the public half."
        raise CannotServe("no-public-key", site.study.key, problem, mend)


def keeper(served: ServedStudy) -> KeepContacts:
    """What seals and keeps the addresses of a page, before the page itself is acknowledged."""
    from blikveld.web.addresses.models import DjangoContacts

    def keep(session: Session, token: str, filled: Mapping[str, str]) -> None:
        if served.public_key is None:
            problem = "An address came in that cannot be sealed."
            mend = "Set BLIKVELD_PUBLIC_KEY."
            raise CannotServe("no-public-key", served.study.key, problem, mend)
        facts = offer_facts(served.routing, session)
        for item, address in filled.items():
            sealed = seal(address, served.public_key)
            DjangoContacts().keep(SealedContact(key_from(token, item), sealed, facts))

    return keep


def kept(token: str, item: str) -> bool:
    """Whether an address was kept for this item of the questionnaire with this token."""
    # The desk's server shares these pages, and knows no addresses.
    from blikveld.web.addresses.models import DjangoContacts

    return DjangoContacts().holds(key_from(token, item))


def offer_facts(routing: Routing, session: Session) -> dict[str, str]:
    """Return all that is kept with an offer: the codes of what the study declares, where known."""
    person = code_and_derive(routing.study, sessions.record(routing, session))
    return facts_of(routing.study, person)


def facts_of(study: Study, person: Person) -> dict[str, str]:
    """Return what would be kept with an offer of this person."""
    known = ((name, person.get(name)) for name in study.collecting.offer_facts)
    return {name: value for name, value in known if isinstance(value, str)}
