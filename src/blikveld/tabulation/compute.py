"""Cubes become the numbers of tables: adding up, without another look at respondents.

Adding up is two products of matrices: lines by strata, times strata by levels, times levels by
heads. All tables of a question are made together, so that a plan takes as many products as it has
cubes, however many tables that are. Which cubes those are is settled in `planning`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from blikveld.tabulation.cubes import Counts, Cube, CubeKey, CubeOptions, Sums
from blikveld.tabulation.planning import CubeColumn, JobGroup, Layout, TableJob


@dataclass(frozen=True, slots=True)
class Batch:
    """One cube, and all lines and heads that any table reads from it.

    `lines` (lines by strata) @ the cube (strata by levels) @ `heads` (levels by heads).
    """

    key: CubeKey
    lines: Sums
    heads: Sums


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a column of people stands: in which product, in which lines, in which column."""

    batch: int
    lines: slice
    base: int


@dataclass(frozen=True, slots=True)
class Block:
    """Where a part of a table stands in a product, and which of its lines and heads it holds."""

    batch: int
    lines: slice
    base: int
    heads: slice
    at_lines: tuple[int, ...]
    at_heads: tuple[int, ...]
    people: Spot
    in_order: bool


@dataclass(slots=True)
class _Need:
    """What a cube is asked for: by which sets of lines, in which heads."""

    lines: dict[bytes, Sums] = field(default_factory=dict)
    heads: dict[bytes, Sums] = field(default_factory=dict)


def plan_products(
    jobs: Sequence[TableJob],
) -> tuple[tuple[Batch, ...], tuple[tuple[Block, ...], ...]]:
    """Return the products to make for these jobs, and for every job where its parts are found."""
    finder = _Finder()
    needs = _needs(jobs)
    made = (_batch(index, key, need, finder) for index, (key, need) in enumerate(needs.items()))
    return tuple(made), tuple(tuple(_blocks(job, finder)) for job in jobs)


def _needs(jobs: Iterable[TableJob]) -> dict[CubeKey, _Need]:
    needs: dict[CubeKey, _Need] = {}
    for job in jobs:
        for group in job.groups:
            for key, columns in group.parts:
                _ask(needs, key, group.truth, _heads(key, columns))
            _ask(needs, group.people, group.chosen, _heads(group.people, ()))
    return needs


def _ask(needs: dict[CubeKey, _Need], key: CubeKey, lines: Sums, heads: Sums) -> None:
    # Arrays cannot be looked up; their bytes can, and equal bytes are equal lines here.
    need = needs.setdefault(key, _Need())
    need.lines.setdefault(lines.tobytes(), lines)
    need.heads.setdefault(heads.tobytes(), heads)


def _heads(key: CubeKey, columns: Sequence[CubeColumn]) -> Sums:
    """Levels by heads; the first column is the base."""
    everybody = np.ones(key.shape[-1])
    if isinstance(key.answer, CubeOptions):
        everybody[: len(key.answer.codes)] = 0
    found = [everybody if c.levels is None else c.levels.astype(np.float64) for c in columns]
    return np.stack([everybody, *found], axis=1)


class _Finder:
    """Remembers in which product a cube is, and where lines and heads begin in it."""

    def __init__(self) -> None:
        self.batch: dict[CubeKey, int] = {}
        self.lines: dict[tuple[CubeKey, bytes], slice] = {}
        self.heads: dict[tuple[CubeKey, bytes], slice] = {}

    def find(self, key: CubeKey, lines: Sums, heads: Sums) -> tuple[int, slice, slice]:
        return (
            self.batch[key],
            self.lines[key, lines.tobytes()],
            self.heads[key, heads.tobytes()],
        )


def _batch(index: int, key: CubeKey, need: _Need, finder: _Finder) -> Batch:
    finder.batch[key] = index
    start = 0
    for name, lines in need.lines.items():
        finder.lines[key, name] = slice(start, start + len(lines))
        start += len(lines)
    start = 0
    for name, heads in need.heads.items():
        finder.heads[key, name] = slice(start, start + heads.shape[1])
        start += heads.shape[1]
    lines, heads = np.concatenate([*need.lines.values()]), np.hstack([*need.heads.values()])
    return Batch(key, lines, heads)


def _blocks(job: TableJob, finder: _Finder) -> Iterable[Block]:
    for group in job.groups:
        people = _people(group, finder)
        for key, columns in group.parts:
            batch, lines, heads = finder.find(key, group.truth, _heads(key, columns))
            at_heads = tuple(column.head for column in columns)
            yield Block(
                batch=batch,
                lines=lines,
                base=heads.start,
                heads=slice(heads.start + 1, heads.stop),
                at_lines=group.lines,
                at_heads=at_heads,
                people=people,
                in_order=group.lines == tuple(range(len(job.layout.lines)))
                and at_heads == tuple(range(len(job.layout.heads))),
            )


def _people(group: JobGroup, finder: _Finder) -> Spot:
    batch, lines, heads = finder.find(group.people, group.chosen, _heads(group.people, ()))
    return Spot(batch, lines, heads.start)


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
        """Return the tables in the order of the jobs. KeyError when a cube is not there."""
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
