"""What is counted of a fieldwork: at night, from the questionnaires themselves, and in steps.

No event is counted when it happens: a number that rises with every page tells, by difference, what
the last respondent answered. So a link's numbers change only once enough more people finished, all
of them together, and are shown rounded down to a multiple of the smallest group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from blikveld.study.model import Mode


@dataclass(frozen=True, slots=True)
class SurveyLink:
    """One open link: a municipality and the mode in which it asks."""

    municipality: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one link: opened by people (an upper bound), begun, and finished.

    How many people were approached is not known, so there is no response rate in here. Nothing
    here hangs on what anybody answered: pages are left out, for answers decide which are asked.
    """

    opened: int = 0
    started: int = 0
    finished: int = 0


def renewed(before: Counts, now: Counts, smallest: int) -> Counts:
    """Return the numbers after a night: as they were, until `smallest` more have finished.

    A number that itself rose by fewer stays too. So between two nights each differs by nobody or
    by at least the smallest group. `opened` has its own way in: see Openings.
    """
    if now.finished - before.finished < smallest:
        return before
    started = now.started if now.started - before.started >= smallest else before.started
    return Counts(before.opened, started, now.finished)


def stepped(number: int, smallest: int) -> int:
    """Return a number as it may be shown: rounded down to a multiple of the smallest group."""
    return number - number % smallest


class Openings:
    """How often people opened each link, in memory until a night lies between.

    What a process had counted is handed over by the first opening of a new day, and when it stops;
    of a link that has fewer than `smallest` it is kept on. A process that is killed loses it.
    """

    def __init__(self, smallest: int, today: Callable[[], str]) -> None:
        self._smallest, self._today, self._lock = smallest, today, Lock()
        self._day = today()
        self.pending: Counter[SurveyLink] = Counter()

    def count(self, link: SurveyLink, keep: Callable[[Mapping[SurveyLink, int]], None]) -> None:
        """Count one more, after what a night lies behind was given to `keep`."""
        if self._today() != self._day:
            self.hand_over(keep)
        with self._lock:
            self.pending[link] += 1

    def hand_over(self, keep: Callable[[Mapping[SurveyLink, int]], None]) -> None:
        """Give what may be kept to `keep`. What raises leaves all as it was."""
        with self._lock:
            due = {link: n for link, n in self.pending.items() if n >= self._smallest}
            if due:
                keep(due)
            self.pending -= Counter(due)
            self._day = self._today()
