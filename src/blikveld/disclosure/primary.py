"""Which counts are small themselves."""

from __future__ import annotations

from blikveld.disclosure.policy import Policy
from blikveld.disclosure.system import System
from blikveld.figures.cell import Cell


def primary(system: System, policy: Policy) -> frozenset[int]:
    """The indices of all numbers that are too small to print, bases and totals included."""
    return frozenset(i for i, value in enumerate(system.values) if policy.small(value))


def tells_too_much(cell: Cell, policy: Policy) -> bool:
    """Whether a count in a sentence is too small, or so large that it gives away the others.

    '16 of 17' says of one person that he answered something else. In a table the other answers
    stand beside it and are protected themselves; a sentence stands alone.
    """
    others = cell.base - cell.count
    return policy.small(cell.count) or (0 < others < policy.threshold and not cell.mentions)
