"""Results: cells, rows, columns and tables, and where their data come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256

from blikveld.rules import Rule, format_rule


class DataOrigin(Enum):
    """Where answers come from. A report says so when they are nobody's."""

    FIELDWORK = "fieldwork"
    """People answered."""
    REFERENCE = "reference"
    """Reconstructed from published counts; what those do not fix is invented."""
    MADE_UP = "made_up"
    """Drawn at random to try a study; everything is invented."""


@dataclass(frozen=True, slots=True)
class CellSource:
    """Which study and which snapshot a number was counted in."""

    study: str
    version: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class CellRequest:
    """A question about a snapshot: how many of the base are like this?"""

    base_rule: Rule
    rule: Rule


@dataclass(frozen=True, slots=True)
class Fixed:
    """What published figures fix of a Cell: its count and so its share, its share alone, or none.

    A share is fixed as it is printed in whole percents; many counts may agree with it.
    """

    count: bool
    share: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A count and the base it is a part of.

    The base holds those for whom `base_rule` is true, the count those among them for whom `rule`
    is true. `mentions` is True where the base
    counts answers instead of respondents. `fixed` is False where a value is not fixed by any
    surviving published count and must be marked as invented wherever it is printed; with
    `share_fixed` its percentage was published and is not marked.
    """

    count: int
    base: int
    base_rule: Rule
    rule: Rule
    source: CellSource
    variable: str = ""
    category: str = ""
    mentions: bool = False
    fixed: bool = True
    share_fixed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.base:
            raise ValueError(
                f"a count of {self.count} in a base of {self.base}: {format_rule(self.rule)}"
            )

    @property
    def id(self) -> str:
        """Short and stable: the same question asked of the same snapshot has the same id."""
        parts = (self.source.study, self.source.version, self.source.snapshot)
        rules = (format_rule(self.base_rule), format_rule(self.rule))
        text = "\n".join((*parts, *rules, str(self.mentions)))
        return sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Band:
    """A number that is not printed lies from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `level` 0 is the grand total, 1 a subtotal, 2 a row under it."""

    key: str
    label: Mapping[str, str]
    level: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    A `total` column holds the row's whole base, a `rest` column those whom no answer can hold.
    """

    key: str
    label: Mapping[str, str]
    total: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of Cells under columns, as computed and not yet cleared for print.

    Every row has one Cell a column, in the order of `columns`. With `multiple` people may stand
    in several columns of a row, so that a row adds up to more than its base.
    """

    key: str
    number: Mapping[str, str]
    title: Mapping[str, str]
    base_rule: Rule
    row_labels: tuple[Mapping[str, str], ...]
    column_label: Mapping[str, str]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    multiple: bool = False
    notes: tuple[Mapping[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.key}: row {row.key} does not fit the columns")
