"""Which numbers must stay uncertain, and between which values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blikveld.disclosure.policy import Policy
from blikveld.disclosure.system import Sum, System, add_near, settle
from blikveld.figures.cell import Cell

_FEW = 3
"""Under so many times the threshold of people, nobody may see that all gave one answer."""


@dataclass(frozen=True, slots=True)
class Need:
    """A number that could as well be `lowest` as `highest`, for all that anybody can work out."""

    index: int
    lowest: int
    highest: int


def needs(system: System, cells: Iterable[Cell], policy: Policy) -> tuple[Need, ...]:
    """What must stay uncertain: small counts, also of people whom nobody prints; all the same.

    The system knows more afterwards: whom two numbers leave between them when one holds all but a
    few of the other, and who did not give the answer that all others gave.
    """
    add_near(system, policy.lowest or 1, policy.highest)
    same = frozenset(_all_the_same(system, cells, policy))
    small = (
        i
        for i, value in enumerate(system.values)
        if policy.small(value) and (value or i in system.printed)
    )
    found = dict.fromkeys(small, policy.lowest) | dict.fromkeys(same, 0)
    settle(system, _FEW * policy.threshold)
    return tuple(
        Need(index, lowest, policy.highest)
        for index, lowest in found.items()
        if index not in system.certain
    )


def _all_the_same(system: System, cells: Iterable[Cell], policy: Policy) -> Iterator[int]:
    """Who did not give the answer of all others: nobody, which a reader may not know."""
    for cell in cells:
        if cell.count == cell.base and 0 < cell.base < _FEW * policy.threshold:
            whole, part = system.base(cell), system.count(cell)
            others = system.members[whole] & ~system.members[part]
            if others:
                left = system.rest(others, 0)
                system.add(Sum(whole, (part, left)))
                yield left
