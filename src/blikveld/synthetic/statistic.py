"""Tables of whole numbers that give a printed chi-square.

A chi-square is not linear, so a pass cannot simply ask for it. Instead the cross table itself is
found first: starting from the table that the pass would prefer, small exchanges of persons are
made that keep every linear row, until the statistic is as printed. The cells of the table found
are then ordinary rows of the pass.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

import numpy as np

from blikveld.rules import names
from blikveld.synthetic.cells import Cells
from blikveld.synthetic.claims import Target
from blikveld.synthetic.solve import (
    Constraint,
    Floats,
    Infeasible,
    IntegerProgram,
    Ints,
    rake,
    solve,
)

_STEPS = 40_000
"""A bound, so that the search for a statistic that cannot be met comes to an end."""
_CHOICE = 40
"""Among so many best exchanges one is sought that was not tried yet, before any other is."""
_FEW = 100
_SHAPE = 0.02
"""How much a table is pulled to the preferred one while it is being searched."""


@dataclass(frozen=True, eq=False, slots=True)
class Cross:
    """The cross table of a claim: `cell_of` gives per column its table cell, -1 outside it."""

    claim: Target
    shape: tuple[int, int]
    cell_of: Ints

    @property
    def size(self) -> int:
        """How many cells."""
        return self.shape[0] * self.shape[1]

    def columns(self, cell: int) -> Ints:
        """Return the columns of the pass that make up a cell of the table."""
        return np.flatnonzero(self.cell_of == cell)


def cross(cells: Cells, claim: Target) -> Cross:
    """Return the table of a chi-square claim over the cells of a pass."""
    inside = np.zeros(cells.size, dtype=bool)
    inside[cells.where(claim.rule)] = True
    sides = []
    for name in claim.variables:
        codes = [code.code for code in cells.lookup.study.variables[name].codes]
        sides.append((len(codes), np.array([_place(codes, v) for v in cells.values(name)])))
    (rows, down), (columns, across) = sides
    inside &= (down >= 0) & (across >= 0)
    cell_of = np.where(inside, down * columns + across, -1)
    return Cross(claim, (rows, columns), cell_of.astype(np.int64))


def _place(codes: Sequence[str], value: object) -> int:
    return codes.index(value) if isinstance(value, str) and value in codes else -1


def fix(
    cells: Cells, problem: IntegerProgram, claim: Target, draw: random.Random
) -> list[Constraint]:
    """Return rows that fix a cross table with the printed chi-square, and its margins.

    Raises Infeasible when no table is found.
    """
    table = cross(cells, claim)
    rows = [*_reduced(problem.rows, table), *_margins(cells, claim, table)]
    inside = table.cell_of >= 0
    preferred: Floats = np.bincount(
        table.cell_of[inside], weights=rake(problem)[inside], minlength=table.size
    ).astype(np.float64)
    small = IntegerProgram(
        f"{problem.name}, table of {claim.key}",
        np.maximum(preferred, 1e-9),
        np.where(preferred > 0, np.inf, 0.0),
        rows,
    )
    start = solve(small, np.array([draw.random() for _ in range(table.size)]))
    found = _search(start, preferred, rows, table, draw)
    return [*_cell_rows(table, found), *_side_rows(table, found)]


def _cell_rows(table: Cross, found: Ints) -> list[Constraint]:
    return [
        _exactly(f"{table.claim.key} (cell {cell})", table.columns(cell), int(count))
        for cell, count in enumerate(found)
    ]


def _side_rows(table: Cross, found: Ints) -> list[Constraint]:
    # They follow from the cells, but only in this form a second table with one side in common
    # can see them.
    numbers = np.arange(table.size).reshape(table.shape)
    return [
        _exactly(
            f"{table.claim.key} (side)",
            np.flatnonzero(np.isin(table.cell_of, line)),
            int(found[line].sum()),
        )
        for line in (*numbers, *numbers.T)
    ]


def _reduced(rows: Sequence[Constraint], table: Cross) -> list[Constraint]:
    """The rows of the pass that say something about the table as a whole."""
    found = []
    for row in rows:
        dense = np.zeros(len(table.cell_of))
        dense[row.columns] = row.factors
        if dense[table.cell_of < 0].any():
            continue
        least, most = np.full(table.size, np.inf), np.full(table.size, -np.inf)
        inside = table.cell_of >= 0
        np.minimum.at(least, table.cell_of[inside], dense[inside])
        np.maximum.at(most, table.cell_of[inside], dense[inside])
        seen = np.isfinite(least)
        if (least[seen] == most[seen]).all():
            factors = np.where(seen, least, 0.0)
            columns = np.flatnonzero(factors)
            found.append(Constraint(row.label, columns, factors[columns], row.low, row.high))
    return found


def _margins(cells: Cells, claim: Target, table: Cross) -> list[Constraint]:
    """Totals of a side of the table that was decided before, from the sizes of the groups."""
    found = []
    numbers = np.arange(table.size).reshape(table.shape)
    for name, lines in zip(claim.variables, (numbers, numbers.T), strict=True):
        fixed = cells.lookup.rule_needs(claim.rule) or frozenset()
        needs = (cells.lookup.needs(name) or frozenset()) | fixed | names(claim.rule)
        if needs.isdisjoint(cells.new):
            for line in lines:
                groups = np.unique(cells.group_of[np.isin(table.cell_of, line)])
                total = float(cells.sizes[groups].sum())
                found.append(
                    Constraint(f"{claim.key} ({name})", line, np.ones(len(line)), total, total)
                )
    return found


def _search(
    start: Ints, preferred: Floats, rows: Sequence[Constraint], table: Cross, draw: random.Random
) -> Ints:
    printed = Decimal(table.claim.value)
    # Under half of the last digit, so that no way of rounding prints another number.
    close = 0.49 * 10.0 ** int(printed.as_tuple().exponent)
    wanted = float(printed)
    moves = _moves(rows, table)
    now, seen = start, {start.tobytes()}
    for _ in range(_STEPS):
        near = _allowed(np.vstack([now, now + moves]), rows)
        misses = np.abs(chi_squares(near, table.shape) - wanted)
        shapes = ((near - preferred) ** 2 / (preferred + 1.0)).sum(axis=1)
        hits = np.flatnonzero(misses < close)
        if len(hits):
            hit: Ints = near[hits[np.argmin(shapes[hits])]]
            return hit
        # Mostly to a better table, now and then to a worse one, and never twice to the same.
        order = np.argsort(np.round(misses + _SHAPE * shapes, 9), kind="stable")
        fresh = [i for i in order[:_CHOICE] if near[i].tobytes() not in seen] or order
        now = near[fresh[min(int(draw.expovariate(0.6)), len(fresh) - 1)]]
        seen.add(now.tobytes())
    raise Infeasible(table.claim.key, [f"{table.claim.key} (no table found)"])


def _allowed(tables: Ints, rows: Sequence[Constraint]) -> Ints:
    fine = (tables >= 0).all(axis=1)
    for row in rows:
        totals = tables[:, row.columns] @ row.factors
        fine &= (totals >= row.low - 1e-6) & (totals <= row.high + 1e-6)
    return tables[fine]


def chi_squares(tables: Ints, shape: tuple[int, int]) -> Floats:
    """Pearson's chi-square of each table (one a line, row by row); empty rows count for nothing."""
    counts = tables.reshape(-1, *shape).astype(np.float64)
    down, across = counts.sum(axis=2, keepdims=True), counts.sum(axis=1, keepdims=True)
    total = counts.sum(axis=(1, 2), keepdims=True)
    expected = down * across / np.maximum(total, 1.0)
    parts = np.divide((counts - expected) ** 2, expected, where=expected > 0, out=0 * counts)
    result: Floats = parts.sum(axis=(1, 2))
    return result


def _moves(rows: Sequence[Constraint], table: Cross) -> Ints:
    """Exchanges that leave every fixed total as it is: one person moves, or two at once."""
    fixed = [row for row in rows if row.low == row.high]
    lines = np.arange(table.size).reshape(table.shape)
    singles = [pair for line in lines for pair in permutations(line, 2)]
    found = [_move(table.size, [single]) for single in singles]
    found += [_move(table.size, pair) for pair in combinations(singles, 2)]
    moves = np.unique(np.array(found, dtype=np.int64), axis=0)
    keep = moves.any(axis=1)
    for row in fixed:
        keep &= np.abs(moves[:, row.columns] @ row.factors) < 1e-9
    return _doubled(moves[keep]) if keep.sum() < _FEW else moves[keep]


def _doubled(moves: Ints) -> Ints:
    """The moves, and every two of them after one another: more to choose from at each step."""
    size = moves.shape[1]
    twice = (moves[:, None, :] + moves[None, :, :]).reshape(-1, size)
    every = np.unique(np.vstack([moves, twice]), axis=0)
    return every[every.any(axis=1)]


def _move(size: int, steps: Sequence[tuple[int, int]]) -> Ints:
    move = np.zeros(size, dtype=np.int64)
    for source, target in steps:
        move[source] -= 1
        move[target] += 1
    return move


def _exactly(label: str, columns: Ints, total: int) -> Constraint:
    return Constraint(
        label, columns.astype(np.int64), np.ones(len(columns)), float(total), float(total)
    )
