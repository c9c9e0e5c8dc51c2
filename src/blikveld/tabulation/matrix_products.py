"""Which products are made of a cube, and where in them each table is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from blikveld.tabulation.cubes import CubeKey, CubeOptions, Sums
from blikveld.tabulation.planning import CubeColumn, JobGroup, TableJob


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
    """The products to make for these jobs, and for every job where its parts are found."""
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
