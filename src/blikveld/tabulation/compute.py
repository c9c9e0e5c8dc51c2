"""Cubes become the numbers of tables: adding up, without another look at respondents.

Adding up is two products of matrices: lines by strata, times strata by levels, times levels by
heads. All tables of a question are made together, so that a plan takes as many products as it has
cubes, however many tables that are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from blikveld.tabulation.cubes import Counts, Cube, CubeKey, Sums
from blikveld.tabulation.layout import Layout
from blikveld.tabulation.matrix_products import Batch, Block, plan_products
from blikveld.tabulation.planning import TableJob

_T = TypeVar("_T", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class TableCounts:
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
    cells: TableCounts
    bases: TableCounts
    exists: NDArray[np.bool_]


class TableBatch:
    """Tables that are computed together, made ready once and filled from cubes as often as needed.

    `keys` are the cubes it wants.
    """

    def __init__(self, jobs: Iterable[TableJob]) -> None:
        self.jobs = tuple(jobs)
        self.keys = tuple(dict.fromkeys(key for job in self.jobs for key in job.keys))
        self._batches, self._blocks = plan_products(self.jobs)
        self._weighted = any(key.weight is not None for key in self.keys)

    def tables(self, cubes: Mapping[CubeKey, Cube]) -> tuple[CrossTable, ...]:
        """The tables in the order of the jobs. KeyError when a cube is not there."""
        w = self._added(cubes, lambda cube: cube.w)
        if not self._weighted:
            n = [np.rint(sums).astype(np.int64) for sums in w]
            return tuple(self._table(index, n, w, w) for index in range(len(self.jobs)))
        # Whole numbers up to 2^53 add up exactly as floating point, and much faster.
        exact = self._added(cubes, lambda cube: cube.n)
        n = [np.rint(sums).astype(np.int64) for sums in exact]
        w2 = self._added(cubes, lambda cube: cube.w2)
        return tuple(self._table(index, n, w, w2) for index in range(len(self.jobs)))

    def _added(
        self, cubes: Mapping[CubeKey, Cube], of: Callable[[Cube], Counts | Sums]
    ) -> list[Sums]:
        return [_product(batch, cubes, of) for batch in self._batches]

    def _table(
        self, index: int, n: Sequence[Counts], w: Sequence[Sums], w2: Sequence[Sums]
    ) -> CrossTable:
        job, blocks = self.jobs[index], self._blocks[index]
        counts, bases_n, exists = _filled(job, blocks, n)
        if w is w2:
            sums, bases, _ = _filled(job, blocks, w)
            tallies = TableCounts(counts, sums, sums), TableCounts(bases_n, bases, bases)
        else:
            (sums, bases, _), (squares, bases2, _) = (_filled(job, blocks, x) for x in (w, w2))
            tallies = TableCounts(counts, sums, squares), TableCounts(bases_n, bases, bases2)
        return CrossTable(job.layout, *tallies, exists > 0)


def _product(
    batch: Batch, cubes: Mapping[CubeKey, Cube], of: Callable[[Cube], Counts | Sums]
) -> Sums:
    # Heads first: a product that stays small is made by one processor, without waiting for others.
    strata = of(cubes[batch.key]).reshape(batch.lines.shape[1], -1)
    return np.asarray(batch.lines @ (strata @ batch.heads), dtype=np.float64)


def _filled(
    job: TableJob, blocks: Sequence[Block], found: Sequence[NDArray[_T]]
) -> tuple[NDArray[_T], NDArray[_T], NDArray[_T]]:
    """Cells, bases, and how many people stand in each line."""
    whole = blocks[0]
    if len(blocks) == 1 and whole.in_order:
        people = found[whole.people.batch][whole.people.lines, whole.people.base]
        part = found[whole.batch]
        return part[whole.lines, whole.heads], part[whole.lines, whole.base], people
    lines, heads = len(job.layout.lines), len(job.layout.heads)
    kind = found[whole.batch].dtype
    cells, bases, people = (np.zeros(s, kind) for s in ((lines, heads), (lines,), (lines,)))
    for block in blocks:
        part = found[block.batch]
        cells[np.ix_(block.at_lines, block.at_heads)] = part[block.lines, block.heads]
        bases[list(block.at_lines)] = part[block.lines, block.base]
        spot = block.people
        people[list(block.at_lines)] = found[spot.batch][spot.lines, spot.base]
    return cells, bases, people
