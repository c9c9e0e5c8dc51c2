"""What this process serves: the study, its routing, and the keys it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.conf import settings

from blikveld.contacts.keys import public_key
from blikveld.errors import BlikveldError
from blikveld.fieldwork import days
from blikveld.fieldwork.counters import Openings
from blikveld.questionnaire import Routing
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web.answers.store import DjangoStore
from blikveld.web.environment import Environment, phone_key
from blikveld.web.limits import Starts


class SiteRefused(BlikveldError):
    """A study that cannot be served with these settings."""


@dataclass(frozen=True)
class Site:
    """A study and the keys with which it is served."""

    study: Study
    public_key: str | None = None
    phone_key: str | None = field(default=None, repr=False)
    starts: Starts = field(default_factory=lambda: Starts(0), compare=False)

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
    return days.day_of(datetime.now().astimezone())


_sites: list[Site] = []


def current() -> Site:
    """The site of this process. Reads the study of the environment when nobody set another.

    Raises Faults for a faulty study and SiteRefused where a key is lacking.
    """
    if not _sites:
        use(from_environment(settings.ENVIRONMENT))
    return _sites[0]


def use(site: Site) -> None:
    """Serve this site from now on."""
    _sites[:] = [site]


def from_environment(environment: Environment) -> Site:
    """The site that the environment describes, checked."""
    study = load(environment.study)
    key = phone_key(environment.data) if Mode.PHONE in study.modes else None
    site = Site(study, environment.public_key, key, Starts(environment.starts))
    check_serve(site)
    return site


def check_serve(site: Site) -> None:
    """Raise SiteRefused where an address could come in that cannot be sealed."""
    if site.public_key:
        public_key(site.public_key)
    elif any(page.contacts for page in site.routing.pages):
        problem = "The questionnaire asks for an address, and there is no key to seal it with."
        mend = "Make a pair of keys and give the public half in BLIKVELD_PUBLIC_KEY."
        raise SiteRefused("no-public-key", site.study.key, problem, mend)
