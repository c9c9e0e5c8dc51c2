"""What a test of difference is once it is computed: a number that no single Cell holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from blikveld.results.cell import CellRequest, CellSource
from blikveld.rules import EVERYBODY, Rule, format_rule


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
    where each of them may. It is empty for paired means.
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
