"""Between which values a number that is not printed exactly may be said to lie.

The ends of a band come from whole worlds in which every sum holds and every printed number is what
it is: a band that holds a number's value in each of these worlds excludes none of them. Ends are
moved outward to fixed marks, 0 to 4, 5 to 14, so that they leave no finer trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from types import MappingProxyType

import numpy as np

from blikveld.disclosure.linear_system import LinearSystem
from blikveld.disclosure.secondary import TOLERANCE, Suppression
from blikveld.results.cell import Band

STEP = 5
"""Bands begin at a multiple of this and end right before one."""


def bands(
    system: LinearSystem,
    found: Suppression,
    settled: Mapping[int, Band] = MappingProxyType({}),
    largest_small: int = 0,
) -> Mapping[int, Band]:
    """For each hidden number its band; one that is the same in every world needs none.

    What is not in the result may be printed exactly. A band that is `settled` stays what it was,
    and no world left it. A band that holds 0 goes up to `largest_small` at least: a shorter one
    would tell that it stands for nobody, or for fewer people than small counts may be told to be.
    """
    kept = {*settled, *(need.index for need in found.met)}
    moved = np.maximum(found.rise, found.fall) > TOLERANCE
    return {
        index: settled.get(index)
        or _snapped(system.values[index], found.rise[index], found.fall[index], largest_small)
        for index in sorted(found.hidden)
        if index in kept or moved[index]
    }


def _snapped(value: int, rise: float, fall: float, largest_small: int) -> Band:
    low = floor((value - fall + TOLERANCE) / STEP) * STEP
    top = value + rise - TOLERANCE if low else max(value + rise - TOLERANCE, largest_small)
    high = ceil((top + 1) / STEP) * STEP - 1
    return Band(low, high)
