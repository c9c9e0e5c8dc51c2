"""Numbers per domain: counted from the answers when somebody looks, and kept nowhere.

What a group too small to show holds must not follow by subtraction from the total beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from blikveld.fieldwork import sessions
from blikveld.fieldwork.events import Counts
from blikveld.fieldwork.sessions import Session, State
from blikveld.questionnaire import Routing
from blikveld.responses.coding import as_far_as_known
from blikveld.study.model import Code, Study

DOMAIN = "domain"
"""The coded variable by which a study offers this."""


def groups(study: Study) -> tuple[Code, ...]:
    """The domains of a study that codes them; none for another."""
    variable = study.variables.get(DOMAIN)
    return variable.codes if variable else ()


def by_domain(routing: Routing, found: Iterable[Session]) -> dict[str, Counts]:
    """How many began, sent in each page and finished, of whom the domain is known by now."""
    counts: defaultdict[str, Counts] = defaultdict(Counts)
    for session in found:
        domain = as_far_as_known(routing.study, sessions.record(routing, session))[DOMAIN]
        if isinstance(domain, str):
            counts[domain] = _with(counts[domain], session)
    return dict(counts)


def _with(before: Counts, session: Session) -> Counts:
    pages = {page: before.pages.get(page, 0) + 1 for page in session.pages}
    finished = session.state is State.COMPLETED
    return replace(
        before,
        started=before.started + 1,
        completed=before.completed + finished,
        pages={**before.pages, **pages},
    )


class Shown(Enum):
    """What may be shown of a group."""

    EXACTLY = "exactly"
    FEW = "few"
    """Fewer than the fewest that may be shown."""
    HIDDEN = "hidden"
    """Enough, and left out all the same: with it a small group would follow from the total."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How many of a domain finished, and what of that may be shown."""

    domain: Code
    number: int
    shown: Shown


def finished(routing: Routing, found: Iterable[Session], fewest: int) -> list[Finished]:
    """How many finished per domain, with what may be shown of it; none where nothing may be."""
    domains = groups(routing.study)
    counts = by_domain(routing, found) if domains else {}
    numbers = {code.code: counts.get(code.code, Counts()).completed for code in domains}
    shown = protected(numbers, fewest)
    if shown is None:
        return []
    return [Finished(code, numbers[code.code], shown[code.code]) for code in domains]


def protected(numbers: Mapping[str, int], fewest: int) -> dict[str, Shown] | None:
    """What to show of groups whose total is known: every small one could be any small number.

    Where there is a small one, the first of the others is hidden too, whatever its number: a choice
    by size would itself tell something. None when the two together are so few that the small one
    would follow; then nothing is shown per group.
    """
    few = [name for name, number in numbers.items() if number < fewest]
    hidden = [name for name, number in numbers.items() if number >= fewest][: 1 if few else 0]
    together = sum(numbers[name] for name in (*few, *hidden))
    if few and (not hidden or together < fewest + (fewest - 1)):
        return None
    shown = dict.fromkeys(numbers, Shown.EXACTLY)
    return shown | dict.fromkeys(hidden, Shown.HIDDEN) | dict.fromkeys(few, Shown.FEW)
