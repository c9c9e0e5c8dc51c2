"""What a report may print. These values can be read by anybody and made by nobody but release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field

from blikveld.disclosure.ledger import Numbers
from blikveld.disclosure.policy import Policy
from blikveld.errors import BlikveldError
from blikveld.results.cell import (
    Band,
    CellRequest,
    CellSource,
    Column,
    PrintedMethod,
    StatisticRequest,
)
from blikveld.rules import Rule

_KEY = object()
"""Held by this room alone. Without it no safe value can be made.

It guards against mistakes: code that forgot to clear cannot print. Against an attacker nothing in
Python would help. `release` uses it because releasing is what makes a value safe.
"""


class NotReleased(BlikveldError):
    """Somebody tried to make a safe value around release."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "not-released",
            what,
            "Only disclosure.release makes this.",
            "Give the computed tables and cells to disclosure.release.",
        )


def _check(key: object, what: str) -> None:
    if key is not _KEY:
        raise NotReleased(what)


@dataclass(frozen=True, slots=True)
class SafeCell:
    """A number that may be printed, or the fact that it may not.

    `count` is None where it is suppressed, `base` where the base is; then `count_band` and
    `base_band` say between which values they lie. What was suppressed is not in here, and not why:
    a small count and one that protects it look the same.
    """

    id: str
    count: int | None
    base: int | None
    base_rule: Rule
    rule: Rule
    source: CellSource
    variable: str
    category: str
    mentions: bool
    fixed: bool
    share_fixed: bool
    count_band: Band | None
    base_band: Band | None
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        _check(key, "a SafeCell")

    @property
    def suppressed(self) -> bool:
        """Whether the count is suppressed."""
        return self.count is None


@dataclass(frozen=True, slots=True)
class SafeRow:
    """One row of a cleared table; `level` 0 is the grand total, 1 a subtotal, 2 a row under it."""

    name: str
    label: Mapping[str, str]
    level: int
    cells: tuple[SafeCell, ...]
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        _check(key, "a SafeRow")


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table that may be printed. Laid out as results.cell.Table."""

    name: str
    number: Mapping[str, str]
    title: Mapping[str, str]
    base_rule: Rule
    row_labels: tuple[Mapping[str, str], ...]
    column_label: Mapping[str, str]
    columns: tuple[Column, ...]
    rows: tuple[SafeRow, ...]
    multiple: bool
    notes: tuple[Mapping[str, str], ...]
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        _check(key, "a SafeTable")

    @property
    def suppressed(self) -> int:
        """How many counts are suppressed."""
        return sum(cell.suppressed for row in self.rows for cell in row.cells)

    @property
    def invented(self) -> bool:
        """Whether a printed count is not fixed by any published figure."""
        return any(not c.fixed and not c.suppressed for row in self.rows for c in row.cells)


@dataclass(frozen=True, slots=True)
class SafeStatistic:
    """The outcome of a test that may be printed, or the fact that it may not.

    `value`, `df` and `p` are None where it is suppressed; `df` is not-a-number where the method
    has none.
    """

    id: str
    ask: StatisticRequest
    method: PrintedMethod
    value: float | None
    df: float | None
    p: float | None
    base: int | None
    source: CellSource
    fixed: bool
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        _check(key, "a SafeStatistic")


@dataclass(frozen=True, slots=True)
class SafeInfluence:
    """What a share becomes without one stratum, where that may be printed.

    `share` is the printed number, `without` the same without the respondents of the stratum;
    both have their count and base. How far apart they are is `results.formatting.points`.
    """

    stratum: str
    label: Mapping[str, str]
    share: SafeCell
    without: SafeCell
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        _check(key, "a SafeInfluence")


@dataclass(frozen=True, slots=True)
class Release:
    """Everything a report may print: tables by name, cells and statistics by what was asked.

    `influences` says which printed shares rest on one stratum: for a SafeCell look under
    `CellRequest(cell.base_rule, cell.rule)`. What may not be told is not in it, so that nobody can
    see a difference between 'no influence' and 'suppressed'. `fresh` is what no earlier release
    printed: it has to be written down before any of it is.
    """

    tables: Mapping[str, SafeTable]
    cells: Mapping[CellRequest, SafeCell]
    policy: Policy
    statistics: Mapping[StatisticRequest, SafeStatistic]
    influences: Mapping[CellRequest, tuple[SafeInfluence, ...]]
    fresh: Numbers = field(repr=False)
    key: InitVar[object] = field(repr=False)

    def __post_init__(self, key: object) -> None:
        _check(key, "a Release")

    def only(self, names: Iterable[str]) -> Release:
        """The same release with these of its tables, in this order."""
        return Release(
            {name: self.tables[name] for name in names},
            self.cells,
            self.policy,
            self.statistics,
            self.influences,
            self.fresh,
            _KEY,
        )
