"""Which shares may also be printed without a municipality. Its own count is the difference.

What tables and sentences print is decided first and stays as it is: an influence is left out
before a number of a table is.
"""

from __future__ import annotations

from collections.abc import Iterable

from blikveld.disclosure.audit import Unprotected, audit
from blikveld.disclosure.policy import Policy
from blikveld.disclosure.primary import primary, tells_too_much
from blikveld.disclosure.secondary import CannotProtect, Protector
from blikveld.disclosure.system import System, extend
from blikveld.figures.influence import Influence


def tellable(
    system: System, kept_back: frozenset[int], policy: Policy, influences: Iterable[Influence]
) -> tuple[Influence, ...]:
    """Those that may be printed beside everything in the system that is not kept back.

    The system knows more afterwards: it is extended with what is told.
    """
    candidates = tuple(i for i in influences if _may_stand_alone(i, policy))
    before = frozenset(range(len(system.values)))
    extend(system, candidates)
    if not candidates or not kept_back:
        return candidates
    try:
        found = _hidden(system, kept_back, policy, told=before - kept_back)
    except (CannotProtect, Unprotected):
        return ()
    return tuple(i for i in candidates if found.isdisjoint(_numbers(system, i)))


def _hidden(
    system: System, kept_back: frozenset[int], policy: Policy, told: frozenset[int]
) -> frozenset[int]:
    """What is kept back once the influences are in the system. Raises CannotProtect, Unprotected.

    Where the audit already finds every kept-back number open, a cheapest change costs nothing and
    nothing would be added: there is no need to look for one for each number.
    """
    small = primary(system, policy)
    try:
        audit(system, small | kept_back, policy)
    except Unprotected:
        found = Protector(system, small, policy, told=told, hidden=kept_back).protect()
        audit(system, found, policy)
        return found
    return small | kept_back


def _may_stand_alone(found: Influence, policy: Policy) -> bool:
    """Whether neither the municipality's own numbers nor those of the others are too small."""
    own = found.own
    parts = (own.count, own.base - own.count, own.base, found.without.base)
    return not any(map(policy.small, parts)) and not tells_too_much(found.without, policy)


def _numbers(system: System, found: Influence) -> set[int]:
    cells = (found.whole, found.without)
    return {index(cell) for cell in cells for index in (system.count, system.base)}
