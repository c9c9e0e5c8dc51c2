"""Count a fieldwork without a number that reveals one respondent.

Links are counted at night, from the questionnaires themselves, and in steps. No event is counted
when it happens: a number that rises with every page tells, by difference, what the last respondent
answered. So a link's numbers change only once enough more people finished, all of them together,
and are shown rounded down to a multiple of the smallest group.

How many finished is kept by day, a line a day at most. A line says of a site how many had finished
by a day. It is written only where enough finished since the last. So between two lines
lies at least the smallest group of people of one site, and no line tells the day of one of
them. Nothing is kept of the whole study: that is the sum. See docs/decisions/day-lines.md.

Numbers by a variable hang on what people answered. So they are counted from the answers for who may
take these out anyway, come in steps all the same, and are kept nowhere:
docs/decisions/numbers-by-group.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from blikveld.fieldwork import sessions
from blikveld.fieldwork.sessions import Session, SessionState, SurveyLink
from blikveld.questionnaire import Routing
from blikveld.responses.derive import as_far_as_known
from blikveld.study.model import Code


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


_NIGHT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class DailyTotal:
    """So many had finished at a site by the end of this day (YYYY-MM-DD)."""

    site: str
    day: str
    number: int


def day_of(now: datetime) -> str:
    """Return the day a line is of: what is written in the small hours is of the day before."""
    return (now - _NIGHT).date().isoformat()


def count_finished(counts: Mapping[SurveyLink, Counts]) -> Mapping[str, int]:
    """Return how many finished at each site, by any link."""
    found: Counter[str] = Counter()
    for link, seen in counts.items():
        found[link.site] += seen.finished
    return found


def add_day(
    lines: Sequence[DailyTotal], fresh: DailyTotal, smallest: int, *, closed: bool
) -> tuple[DailyTotal, ...]:
    """Return the lines of one site, the oldest first, now that `fresh` could be the last.

    As many as `smallest` have to finish between two lines. Once the fieldwork is closed, who came
    after the last line are with that line: what is left over would be a few people whose days lie
    between two that are known.
    """
    last = lines[-1] if lines else DailyTotal(fresh.site, "", 0)
    more = fresh.number - last.number
    if more >= smallest and fresh.day > last.day:
        return (*lines, fresh)
    if closed and lines and more > 0 and fresh.day >= last.day:
        return (*lines[:-1], fresh)
    return tuple(lines)


def sum_days(
    lines: Mapping[str, Sequence[DailyTotal]], smallest: int
) -> tuple[tuple[str, int], ...]:
    """Return the sum over sites at each day that has a line, the oldest first.

    Each is rounded down to a multiple of the smallest group, as the numbers beside it are.
    """
    days = sorted({line.day for own in lines.values() for line in own})
    return tuple(
        (day, sum(stepped(_by(own, day), smallest) for own in lines.values())) for day in days
    )


def _by(lines: Sequence[DailyTotal], day: str) -> int:
    index = bisect_right([line.day for line in lines], day)
    return lines[index - 1].number if index else 0


def finished_by(routing: Routing, found: Iterable[Session], name: str) -> list[tuple[Code, int]]:
    """Return how many finished of each code of a variable with a single answer.

    Each is rounded down to a multiple of the smallest group. What cannot be told yet of somebody,
    such as a text that nobody has coded, counts for no code.
    """
    study = routing.study
    done = (session for session in found if session.state is SessionState.COMPLETED)
    people = (as_far_as_known(study, sessions.record(routing, session)) for session in done)
    counts = Counter(person[name] for person in people)
    smallest = study.disclosure.threshold
    return [(code, stepped(counts[code.code], smallest)) for code in study.variables[name].codes]
