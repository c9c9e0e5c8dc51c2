"""Two waves of one study side by side, from what was released of each.

Everything here is made of cleared numbers, so it tells nothing that they do not. The two samples
are taken to share nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from math import nan

import numpy as np

from blikveld.disclosure.safe_values import SafeCell, SafeTable
from blikveld.errors import UnusableData
from blikveld.stats.hypothesis_tests import Correction, Family, adjust_p, association
from blikveld.stats.proportions import newcombe, wilson


class Comparability(Enum):
    """Whether two shares could be compared, and if not, why."""

    COMPARED = "compared"
    ONLY_EARLIER = "only in the earlier wave"
    ONLY_LATER = "only in the later wave"
    SUPPRESSED = "suppressed"
    NOBODY = "nobody in a base"
    OTHER_BASE = "another base"


@dataclass(frozen=True, slots=True)
class Change:
    """One share in two waves. A wave in which the category does not exist has no cell, not 0.

    `difference` is later less earlier in parts of one, `low` and `high` its 95% interval
    (Newcombe 1998, method 10, from two of Wilson), `p` of a test of two independent shares, after
    the correction of its family. All are not-a-number where nothing was compared.
    """

    table: str
    row: str
    column: str
    comparability: Comparability
    earlier: SafeCell | None
    later: SafeCell | None
    difference: float = nan
    low: float = nan
    high: float = nan
    p: float = nan


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes of one call, which are one family: `size` comparisons under `correction`."""

    changes: tuple[Change, ...]
    correction: Correction
    size: int


VariableRename = Callable[[str, str, str], tuple[str, str]]
"""From a table, a row and a column of the earlier wave to the row and column of the later."""


def compare(
    earlier: Mapping[str, SafeTable],
    later: Mapping[str, SafeTable],
    rename: VariableRename,
    correction: Correction = Correction.HOLM,
) -> Changes:
    """Every share of the tables that both waves have, as one corrected family."""
    names = [name for name in later if name in earlier]
    found = [c for name in names for c in _table(earlier[name], later[name], rename)]
    family: Family = adjust_p(np.array([change.p for change in found]), correction)
    corrected = (replace(c, p=float(p)) for c, p in zip(found, family.p, strict=True))
    return Changes(tuple(corrected), family.correction, family.size)


def _table(earlier: SafeTable, later: SafeTable, rename: VariableRename) -> Iterator[Change]:
    same = earlier.base_rule == later.base_rule
    before = {rename(later.name, *place): cell for place, cell in _cells(earlier)}
    after = dict(_cells(later))
    for row, column in _in_order((*after, *before)):
        cells = before.get((row, column)), after.get((row, column))
        yield _change(later.name, row, column, *cells, same=same)


def _in_order(places: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(places))


def _cells(table: SafeTable) -> Iterator[tuple[tuple[str, str], SafeCell]]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if not column.total:
                yield (row.name, column.key), cell


def _change(
    table: str,
    row: str,
    column: str,
    earlier: SafeCell | None,
    later: SafeCell | None,
    *,
    same: bool,
) -> Change:
    standing = _comparability(earlier, later, same=same)
    change = Change(table, row, column, standing, earlier, later)
    if standing is not Comparability.COMPARED:
        return change
    (x, n), (y, m) = _numbers(earlier), _numbers(later)
    first, second = np.array(x / n), np.array(y / m)
    intervals = (wilson(np.array(float(a)), np.array(float(b))) for a, b in ((x, n), (y, m)))
    low, high = newcombe(first, next(intervals), second, next(intervals))
    return replace(
        change, difference=y / m - x / n, low=float(low), high=float(high), p=_p(x, n, y, m)
    )


def _comparability(
    earlier: SafeCell | None, later: SafeCell | None, *, same: bool
) -> Comparability:
    if later is None:
        return Comparability.ONLY_EARLIER
    if earlier is None:
        return Comparability.ONLY_LATER
    if not same:
        return Comparability.OTHER_BASE
    if None in (earlier.count, earlier.base, later.count, later.base):
        return Comparability.SUPPRESSED
    return Comparability.COMPARED if earlier.base and later.base else Comparability.NOBODY


def _numbers(cell: SafeCell | None) -> tuple[int, int]:
    if cell is None or cell.count is None or cell.base is None:
        raise ValueError("only cells that are shown can be compared")
    return cell.count, cell.base


def _p(x: int, n: int, y: int, m: int) -> float:
    """Chi-square without continuity correction, Fisher's test where counts are small."""
    try:
        return float(association(np.array([[x, n - x], [y, m - y]])).result.p)
    except UnusableData:
        return 1.0  # Everybody, or nobody, in both waves.
