"""Results: cells, rows, columns and tables, tests of difference, and what one stratum does.

Nothing here is cleared for print and nothing is printed: `disclosure` clears, `formatting` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from hashlib import sha256

from blikveld.rules import EVERYBODY, Rule, format_rule


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

    def as_text(self) -> tuple[str, str]:
        """Both rules as text: an order that does not depend on who asks."""
        return format_rule(self.base_rule), format_rule(self.rule)


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
class EmptyRow:
    """A row in which nobody included stands, so that a table leaves it out: all its counts are 0.

    `place` is before which of the table's rows it belongs. `everybody` counts those in the row who
    are in the table's base; its own base is all in the row whom the table is about. Not cleared
    for print: a row that is missing tells a reader that nobody is in it, and that may be what has
    to be suppressed.
    """

    place: int
    row: Row
    everybody: Cell


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
    empty: tuple[EmptyRow, ...] = field(default=())

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.key}: row {row.key} does not fit the columns")

    def with_empty(self, keep: Callable[[EmptyRow], bool]) -> Table:
        """The same with those of its empty rows that are to be kept, in their places."""
        kept = [(empty.place, 0, empty.row) for empty in self.empty if keep(empty)]
        every = [*kept, *((place, 1, row) for place, row in enumerate(self.rows))]
        rows = tuple(row for *_, row in sorted(every, key=lambda placed: placed[:2]))
        return replace(self, rows=rows, empty=())


class Hypothesis(Enum):
    """How two variables are held against each other."""

    INDEPENDENCE = "independence"
    PAIRED_MEANS = "paired_means"


class PrintedMethod(Enum):
    """By which test the numbers were made."""

    CHI_SQUARE = "chi_square"
    FISHER = "fisher"
    SIMULATED = "simulated"
    T_PAIRED = "t_paired"


@dataclass(frozen=True, slots=True)
class StatisticRequest:
    """A question about a snapshot: do these two hang together, or differ, among the base?

    For independence `first` and `second` are variables with answers, for paired means two scores
    of the same people. `cells` are the counts that the answer is made of; it may be printed only
    where each of them may. For paired means there is one: how many have both scores.
    """

    comparison: Hypothesis
    first: str
    second: str
    base_rule: Rule
    cells: tuple[tuple[CellRequest, ...], ...] = ()

    @property
    def everybody(self) -> CellRequest:
        """How many there are in the base."""
        return CellRequest(self.base_rule, EVERYBODY)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A test statistic with its degrees of freedom and two-sided p-value, of `base` respondents.

    `df` is not-a-number for a method that has none. `fixed` is False where no published figure
    fixes it.
    """

    ask: StatisticRequest
    method: PrintedMethod
    value: float
    df: float
    p: float
    base: int
    source: CellSource
    fixed: bool = True

    @property
    def id(self) -> str:
        """Short and stable: the same question asked of the same snapshot has the same id."""
        ask, source = self.ask, self.source
        where = (source.study, source.version, source.snapshot)
        what = (ask.comparison.value, format_rule(ask.base_rule), ask.first, ask.second)
        return sha256("\n".join((*where, *what)).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Influence:
    """A share that is another one when a stratum is left out.

    `whole` answers the request as it stands, `without` the same without the stratum, `own`
    that of its respondents alone: the first is the sum of the other two, count and base alike.
    Not yet cleared for print. Raises ValueError when they do not add up.
    """

    ask: CellRequest
    stratum: str
    label: Mapping[str, str]
    whole: Cell
    without: Cell
    own: Cell

    def __post_init__(self) -> None:
        counts = self.whole.count - self.without.count - self.own.count
        bases = self.whole.base - self.without.base - self.own.base
        if counts or bases:
            raise ValueError(f"{self.stratum} and the others are not everybody: {self.ask}")

    @property
    def shift(self) -> float:
        """How much the share changes, in parts of one; nought where a base is empty."""
        if not self.whole.base or not self.without.base:
            return 0.0
        return self.without.count / self.without.base - self.whole.count / self.whole.base
