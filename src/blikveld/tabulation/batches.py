"""Which tables are multiplied together, and where in the product each one is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from blikveld.tabulation.axes import Axis
from blikveld.tabulation.cubes import CubeKey, Options, Sums
from blikveld.tabulation.planning import Column, Group, Job


@dataclass(frozen=True, slots=True)
class Batch:
    """Cubes with the same strata that are split by the same lines.

    The cubes stand side by side: `truth` (lines by strata) @ cubes (strata by levels) @ `heads`
    (levels by heads).
    """

    keys: tuple[CubeKey, ...]
    strata: int
    truth: Sums
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


def batches(jobs: Sequence[Job]) -> tuple[tuple[Batch, ...], tuple[tuple[Block, ...], ...]]:
    """The products to make for these jobs, and for every job where its parts are found."""
    needs = _needs(jobs)
    clusters: dict[tuple[tuple[Axis, ...], tuple[bytes, ...]], list[CubeKey]] = {}
    for key, need in needs.items():
        clusters.setdefault((key.strata, tuple(need.lines)), []).append(key)
    made, finder = [], _Finder()
    for place, ((strata, _), keys) in enumerate(clusters.items()):
        made.append(_batch(place, strata, keys, needs, finder))
    return tuple(made), tuple(tuple(_blocks(job, finder)) for job in jobs)


def _needs(jobs: Iterable[Job]) -> dict[CubeKey, _Need]:
    needs: dict[CubeKey, _Need] = {}
    for job in jobs:
        for group in job.groups:
            for key, columns in group.parts:
                _ask(needs, key, group.truth, _heads(key, columns))
            _ask(needs, group.people, group.chosen, _heads(group.people, ()))
    return needs


def _ask(needs: dict[CubeKey, _Need], key: CubeKey, lines: Sums, heads: Sums) -> None:
    need = needs.setdefault(key, _Need())
    need.lines.setdefault(lines.tobytes(), lines)
    need.heads.setdefault(heads.tobytes(), heads)


def _heads(key: CubeKey, columns: Sequence[Column]) -> Sums:
    """Levels by heads; the first column is the base."""
    everybody = np.ones(key.shape[-1])
    if isinstance(key.answer, Options):
        everybody[: len(key.answer.codes)] = 0
    found = [everybody if c.levels is None else c.levels.astype(np.float64) for c in columns]
    return np.stack([everybody, *found], axis=1)


class _Finder:
    """Remembers where lines begin in a batch, and where the heads of a cube do."""

    def __init__(self) -> None:
        self.batch: dict[CubeKey, int] = {}
        self.lines: dict[tuple[int, bytes], slice] = {}
        self.heads: dict[tuple[CubeKey, bytes], slice] = {}

    def find(self, key: CubeKey, lines: Sums, heads: Sums) -> tuple[int, slice, slice]:
        batch = self.batch[key]
        return batch, self.lines[batch, lines.tobytes()], self.heads[key, heads.tobytes()]


def _batch(
    place: int,
    strata: tuple[Axis, ...],
    keys: Sequence[CubeKey],
    needs: dict[CubeKey, _Need],
    finder: _Finder,
) -> Batch:
    lines = needs[keys[0]].lines
    start = 0
    for name, these in lines.items():
        finder.lines[place, name] = slice(start, start + len(these))
        start += len(these)
    levels = sum(key.shape[-1] for key in keys)
    width = sum(these.shape[1] for key in keys for these in needs[key].heads.values())
    heads, level, column = np.zeros((levels, width)), 0, 0
    for key in keys:
        finder.batch[key] = place
        for name, these in needs[key].heads.items():
            heads[level : level + these.shape[0], column : column + these.shape[1]] = these
            finder.heads[key, name] = slice(column, column + these.shape[1])
            column += these.shape[1]
        level += key.shape[-1]
    size = prod(axis.size for axis in strata)
    return Batch(tuple(keys), size, np.concatenate(list(lines.values())), heads)


def _blocks(job: Job, finder: _Finder) -> Iterable[Block]:
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


def _people(group: Group, finder: _Finder) -> Spot:
    batch, lines, heads = finder.find(group.people, group.chosen, _heads(group.people, ()))
    return Spot(batch, lines, heads.start)
