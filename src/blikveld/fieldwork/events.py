"""What is counted of the fieldwork: numbers per link, never something about one person.

No event is kept. An event raises a counter in the same transaction as the answers it goes with,
so counters and answers cannot disagree, and no moment of anybody is on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from blikveld.study.model import Mode


class Happening(Enum):
    """What can be counted."""

    OPENED = "opened"
    """The first page was shown to somebody who is not half way: people, robots left out."""
    STARTED = "started"
    """A questionnaire was begun."""
    PAGE = "page"
    """A page was sent in without faults, for the first time by this respondent."""
    COMPLETED = "completed"
    """The last page was sent in and nothing is left to ask."""


@dataclass(frozen=True, slots=True)
class Event:
    """One count more. `page` is the number of the page, 0 where no page is meant."""

    happening: Happening
    page: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """One open link: a municipality and the mode in which it asks."""

    municipality: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Counts:
    """The counters of one link. `pages` is from page number to how many sent it in.

    How many people were approached is not known, so there is no response rate in here.
    """

    opened: int = 0
    started: int = 0
    completed: int = 0
    pages: Mapping[int, int] = field(default_factory=dict)
