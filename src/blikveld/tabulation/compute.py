"""Cubes become the numbers of tables: adding up, without another look at respondents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blikveld.tabulation.cubes import Counts, Cube, CubeKey, Options, Sums
from blikveld.tabulation.layout import Layout
from blikveld.tabulation.planning import Group, Job


@dataclass(frozen=True, slots=True)
class Tally:
    """Respondents, the sum of their weights and of their squared weights; three like arrays."""

    n: Counts
    w: Sums
    w2: Sums


@dataclass(frozen=True, slots=True)
class CrossTable:
    """The numbers of one table, for all lines that its layout has.

    `cells` are lines by heads, `bases` one a line. `exists` is False for a line that is not
    shown; see Layout.
    """

    layout: Layout
    cells: Tally
    bases: Tally
    exists: NDArray[np.bool_]


def cross_table(job: Job, cubes: Mapping[CubeKey, Cube]) -> CrossTable:
    """Add up one table. KeyError when a cube is not there."""
    exists = np.zeros(len(job.layout.lines), dtype=bool)
    for group in job.groups:
        people = _flat(cubes[group.people].n, group)
        exists[list(group.lines)] = (group.chosen @ people).ravel() > 0
    weighted = any(key.weight is not None for key in job.keys)
    n, base_n = _added(job, cubes, lambda cube: cube.n)
    counts, bases = np.rint(n).astype(np.int64), np.rint(base_n).astype(np.int64)
    if not weighted:
        return CrossTable(job.layout, Tally(counts, n, n), Tally(bases, base_n, base_n), exists)
    w, base_w = _added(job, cubes, lambda cube: cube.w)
    w2, base_w2 = _added(job, cubes, lambda cube: cube.w2)
    return CrossTable(job.layout, Tally(counts, w, w2), Tally(bases, base_w, base_w2), exists)


def _added(
    job: Job, cubes: Mapping[CubeKey, Cube], of: Callable[[Cube], NDArray[np.generic]]
) -> tuple[Sums, Sums]:
    """Cells and bases of one table, of one of a cube's three sums."""
    cells = np.zeros((len(job.layout.lines), len(job.layout.heads)))
    bases = np.zeros(len(job.layout.lines))
    for group in job.groups:
        lines = list(group.lines)
        for place, (key, columns) in enumerate(group.parts):
            # Whole numbers up to 2^53 add up exactly as floating point, and much faster.
            sums = group.truth @ _flat(of(cubes[key]), group)
            people = sums[:, len(key.answer.codes) :] if isinstance(key.answer, Options) else sums
            if place == 0:
                bases[lines] = people.sum(axis=1)
            for column in columns:
                levels = column.levels
                part = people.sum(axis=1) if levels is None else sums[:, levels].sum(axis=1)
                cells[lines, column.head] = part
    return cells, bases


def _flat(values: NDArray[np.generic], group: Group) -> Sums:
    return values.reshape(group.truth.shape[1], -1).astype(np.float64, copy=False)
