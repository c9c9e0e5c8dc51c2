"""What publications say about groups of people: a count, a range, or that it is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Where:
    """Where a reader finds a number: file, table, row and column, as far as there are any."""

    file: str
    table: str = ""
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        inside = " / ".join(part for part in (self.table, self.row, self.column) if part)
        return f"{self.file}: {inside}" if inside else self.file


@dataclass(frozen=True, slots=True)
class Statement:
    """The number of people in a group lies between `low` and `high`; None is no upper end.

    `group` is a condition. `withheld` says that the publication keeps the number back.
    """

    group: str
    low: int
    high: int | None
    where: Where
    withheld: bool = False

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Total:
    """A printed number that is the sum of several groups, such as all mentions of a question."""

    groups: tuple[str, ...]
    value: int
    where: Where


@dataclass(frozen=True, slots=True)
class IndependenceTest:
    """The printed outcome of a test whether two variables hang together, among `base`.

    It is made of how many gave each pair of answers; `value` is how many these are together.
    """

    base: str
    first: str
    second: str
    value: int
    where: Where


@dataclass(slots=True)
class Publication:
    """Everything that several files say together.

    `passed_over` are the places whose condition the auditor does not follow, such as averages.
    """

    statements: list[Statement] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    tests: list[IndependenceTest] = field(default_factory=list)
    passed_over: list[Where] = field(default_factory=list)

    def extend(self, other: Publication) -> None:
        """Add what another file says."""
        self.statements += other.statements
        self.totals += other.totals
        self.tests += other.tests
        self.passed_over += other.passed_over


def count_range(percent: str, base: int) -> tuple[int, int]:
    """The counts of `base` that are printed as this percentage, rounded to its last digit.

    Both ways of rounding a half are allowed for.
    """
    digits = percent.replace(",", ".").rstrip("% ")
    places = len(digits.partition(".")[2])
    half = 0.5 * 10.0**-places + 1e-9
    value = float(digits)
    low = max(0, ceil((value - half) * base / 100))
    return low, min(base, floor((value + half) * base / 100))


def list_conditions(publication: Publication) -> Sequence[str]:
    """Each condition that is said anything about, once."""
    found = dict.fromkeys(statement.group for statement in publication.statements)
    found |= dict.fromkeys(group for total in publication.totals for group in total.groups)
    return tuple(found)
