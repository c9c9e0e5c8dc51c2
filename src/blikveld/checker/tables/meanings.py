"""What the percentages of a table may mean: where their counts stand, and what they are of.

A meaning is a pairing (which count belongs to a percentage) with a base (of what). Which one holds
is decided elsewhere, by the cells themselves.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise

from blikveld.checker.tables.cells import CellKind, TypedTable

_FARTHEST = 5
"""Columns between a percentage and its count at most."""
_TELLING_COUNT, _TELLING_UNITS = 3, 4

Place = tuple[int, int]


class BaseKind(Enum):
    """Where the base of a percentage is found."""

    ROW_NAME = "the n in the row's name"
    COLUMN_HEAD = "the n in the column's head"
    LABEL_HEAD = "the n above the names"
    TITLE = "the n in the title"
    BASE_ROW = "the row of bases"
    BASE_COLUMN = "the column of bases"
    TOTAL_ROW = "the total row"
    TOTAL_COLUMN = "the total column"
    ROW_SUM = "the sum of the row"
    COLUMN_SUM = "the sum of the column"
    WHOLE = "the sum of all"
    UNPRINTED = "one base that is not printed"
    ELSEWHERE = "the base of other tables"

    @property
    def printed(self) -> bool:
        """Whether the table prints this base as an n or a total."""
        sums = (BaseKind.ROW_SUM, BaseKind.COLUMN_SUM, BaseKind.WHOLE)
        return self not in (*sums, BaseKind.UNPRINTED, BaseKind.ELSEWHERE)

    @property
    def down(self) -> bool:
        """Whether it divides a column; rows of totals then say nothing."""
        columns = (BaseKind.BASE_ROW, BaseKind.TOTAL_ROW, BaseKind.COLUMN_SUM, BaseKind.WHOLE)
        return self in columns or self is BaseKind.UNPRINTED


@dataclass(frozen=True, slots=True)
class Pairing:
    """Where the count of a percentage stands, from the percentage: rows down and columns right."""

    down: int
    right: int


@dataclass(frozen=True, slots=True)
class CellShare:
    """One percentage under a meaning. `base` is None where the meaning gives none."""

    place: Place
    percent: str
    count: int
    base: int | None

    @property
    def unit(self) -> float:
        """One unit of the last printed digit, in percent."""
        decimals = len(self.percent.partition(".")[2])
        return 10.0**-decimals

    @property
    def fits(self) -> bool:
        """Whether count and base print as this percentage, however a half is rounded."""
        if not self.base:
            return False
        return abs(100 * self.count / self.base - float(self.percent)) <= self.unit / 2 + 1e-9

    @property
    def is_far(self) -> bool:
        """Whether count and base give quite another percentage, by more than two units."""
        if not self.base:
            return False
        return abs(100 * self.count / self.base - float(self.percent)) > 2 * self.unit

    @property
    def telling(self) -> bool:
        """Whether fitting says anything: 0%, 100% and small counts fit many meanings."""
        value = float(self.percent)
        whole = self.count == self.base or value >= 100
        return self.count >= _TELLING_COUNT and value >= _TELLING_UNITS * self.unit and not whole


@dataclass(frozen=True)
class Meaning:
    """A pairing with a base, and every percentage of the table under it."""

    pairing: Pairing
    kind: BaseKind
    shares: tuple[CellShare, ...]

    @cached_property
    def at(self) -> dict[Place, CellShare]:
        """The percentages by their place."""
        return {share.place: share for share in self.shares}


BaseOf = Callable[[int, int, int, int], int | None]
"""The base for the row and column of a percentage and those of its count."""


def meanings(table: TypedTable) -> Iterator[Meaning]:
    """Every meaning that gives at least one percentage a count and a base."""
    for pairing in _pairings(table):
        counted = _counted(table, pairing)
        if not counted:
            continue
        for kind, base_of in _bases(table, counted):
            shares = tuple(
                CellShare((r, c), table.cells[r][c].percent or "", count, base_of(r, c, *at))
                for (r, c), (at, count) in counted.items()
                if not (kind.down and r in table.total_rows)
            )
            if any(share.base for share in shares):
                yield Meaning(pairing, kind, shares)
        yield from _unprinted(table, pairing, counted)


def with_base(table: TypedTable, pairing: Pairing, base: int) -> Meaning:
    """A pairing with a base that stands in no cell of the table."""
    counted = _counted(table, pairing)
    shares = (
        CellShare((r, c), table.cells[r][c].percent or "", count, base)
        for (r, c), (_, count) in counted.items()
        if r not in table.total_rows
    )
    return Meaning(pairing, BaseKind.ELSEWHERE, tuple(shares))


def _pairings(table: TypedTable) -> Iterator[Pairing]:
    """Only offsets under which most percentages have a count."""
    offsets = [(0, 0), (-1, 0), (1, 0)]
    offsets += [(0, d) for n in range(1, _FARTHEST + 1) for d in (-n, n)]
    width = len(table.heads)
    offsets += [(0, d) for d in range(_FARTHEST + 1 - width, -_FARTHEST) if 2 * -d == width]
    for down, right in offsets:
        yield Pairing(down, right)


_Counted = dict[Place, tuple[Place, int]]


def _counted(table: TypedTable, pairing: Pairing) -> _Counted:
    """The count of each percentage under a pairing. Rows of bases and totals are no counts."""
    found: _Counted = {}
    for row, column in table.percents:
        at = (row + pairing.down, column + pairing.right)
        cell = table.count(*at)
        beyond = pairing.down and (at[0] in table.base_rows or at[0] in table.total_rows)
        if cell is None or beyond or row in table.base_rows:
            continue
        alone = table.cells[row][column].kind is CellKind.BOTH
        if alone == (pairing == Pairing(0, 0)):
            found[row, column] = (at, cell)
    return found


def _bases(table: TypedTable, counted: _Counted) -> Iterator[tuple[BaseKind, BaseOf]]:
    yield from _stated(table)
    yield from _printed(table)
    yield from _summed(table, counted)


def _stated(table: TypedTable) -> Iterator[tuple[BaseKind, BaseOf]]:
    """Bases told as 'n = 400' in a name, a head or the title."""
    names = [table.stated(name) for name in table.labels]
    heads = [table.stated(head) for head in table.heads]
    if any(names):
        yield BaseKind.ROW_NAME, lambda r, *_: names[r]
    if any(heads):
        yield BaseKind.COLUMN_HEAD, lambda _r, c, _cr, cc: heads[c] or heads[cc]
    for kind, text in ((BaseKind.LABEL_HEAD, table.label_head), (BaseKind.TITLE, table.title)):
        stated = table.stated(text)
        if stated:
            yield kind, lambda *_, base=stated: base


def _printed(table: TypedTable) -> Iterator[tuple[BaseKind, BaseOf]]:
    """Rows and columns of bases and of totals."""
    cells = table.count
    for row in sorted(table.base_rows):
        yield BaseKind.BASE_ROW, lambda _r, c, _cr, cc, b=row: cells(b, cc) or cells(b, c)  # type: ignore[misc]
    for column in sorted(table.base_columns):
        yield BaseKind.BASE_COLUMN, lambda r, _c, cr, _cc, b=column: cells(cr, b) or cells(r, b)  # type: ignore[misc]
    totals = sorted(table.total_rows)
    if totals:
        last = totals[-1]
        yield BaseKind.TOTAL_ROW, lambda _r, _c, _cr, cc: cells(last, cc)
        yield BaseKind.TOTAL_ROW, lambda r, _c, _cr, cc: cells(_next(totals, r), cc)
        yield BaseKind.TOTAL_ROW, lambda r, _c, _cr, cc: cells(_before(totals, r), cc)
    for column in sorted(table.total_columns):
        yield BaseKind.TOTAL_COLUMN, lambda _r, _c, cr, _cc, b=column: cells(cr, b)  # type: ignore[misc]


def _next(rows: list[int], row: int) -> int:
    index = bisect_left(rows, row)
    return rows[index] if index < len(rows) else -1


def _before(rows: list[int], row: int) -> int:
    index = bisect_right(rows, row) - 1
    return rows[index] if index >= 0 else -1


def _summed(table: TypedTable, counted: _Counted) -> Iterator[tuple[BaseKind, BaseOf]]:
    """Sums of the counts that have a percentage, without totals and bases."""
    by_row: dict[int, int] = {}
    by_column: dict[int, int] = {}
    for (row, column), ((count_row, count_column), count) in counted.items():
        if column not in table.total_columns and count_column not in table.total_columns:
            by_row[count_row] = by_row.get(count_row, 0) + count
        if row not in table.total_rows:
            by_column[count_column] = by_column.get(count_column, 0) + count
    rows, columns = _with_gaps(table, set(by_row), set(by_column))
    yield BaseKind.ROW_SUM, lambda _r, _c, cr, _cc: None if cr in rows else by_row.get(cr)
    yield BaseKind.COLUMN_SUM, lambda _r, _c, _cr, cc: None if cc in columns else by_column.get(cc)
    whole = sum(by_column[c] for c in by_column if c not in table.total_columns)
    yield BaseKind.WHOLE, lambda *_: whole or None


def _with_gaps(
    table: TypedTable, rows: set[int], columns: set[int]
) -> tuple[frozenset[int], frozenset[int]]:
    """Rows and columns of counts in which a number is suppressed: they have no sum."""
    hidden = [
        (r, c)
        for r in rows
        for c in columns
        if table.cells[r][c].kind in (CellKind.HIDDEN, CellKind.EMPTY)
    ]
    return frozenset(r for r, _ in hidden), frozenset(c for _, c in hidden)


def _unprinted(table: TypedTable, pairing: Pairing, counted: _Counted) -> Iterator[Meaning]:
    """For each column, the base that most of its cells allow."""
    columns: dict[int, list[tuple[Place, int]]] = {}
    for (row, column), (_, count) in counted.items():
        if row not in table.total_rows:
            columns.setdefault(column, []).append(((row, column), count))
    shares: list[CellShare] = []
    for cells in columns.values():
        base = _common_base(table, cells)
        shares += [CellShare(p, table.cells[p[0]][p[1]].percent or "", n, base) for p, n in cells]
    if any(share.base for share in shares):
        yield Meaning(pairing, BaseKind.UNPRINTED, tuple(shares))


def _common_base(table: TypedTable, cells: list[tuple[Place, int]]) -> int | None:
    """A whole number inside as many of the cells' intervals as can be."""
    ends: list[tuple[int, int]] = []
    for (row, column), count in cells:
        share = CellShare((row, column), table.cells[row][column].percent or "", count, None)
        if share.telling:
            value, half = float(share.percent), share.unit / 2
            low = math.ceil(100 * count / (value + half) - 1e-9)
            high = math.floor(100 * count / (value - half) + 1e-9)
            ends += [(low, 1), (high + 1, -1)]
    deepest = depth = 0
    best: tuple[int, int] | None = None
    for (at, step), (after, _) in pairwise([*sorted(ends), (0, 0)]):
        depth += step
        if depth > deepest:
            deepest, best = depth, (at, after)
    if best is None or best[1] <= max(count for _, count in cells):
        return None
    return max(best[0], (best[0] + best[1] - 1) // 2)
