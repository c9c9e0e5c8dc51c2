"""The disclosure policy, and primary suppression: which counts are disclosive themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from blikveld.disclosure.linear_system import LinearSystem, SumConstraint, add_near, settle
from blikveld.results.cell import Cell
from blikveld.study.disclosure import (
    LEAST,
    ROUNDING_BASES,
    ProtectionMethod,
    SameAnswer,
    Zeros,
)
from blikveld.study.model import Study


@dataclass(frozen=True, slots=True)
class Policy:
    """Counts under `threshold` are suppressed, and as many others as it takes to protect them.

    A suppressed count must stay as uncertain as the rule itself leaves it: whoever adds up
    everything that is printed may not exclude any value from 1 (0 with hidden zeros) up to
    threshold - 1. Raises ValueError for a threshold that keeps nothing back, and for a rounding
    base under it.
    """

    threshold: int = 5
    zeros: Zeros = Zeros.SHOWN
    method: ProtectionMethod = ProtectionMethod.BANDS
    rounding_base: int | None = None
    same_answer: SameAnswer = SameAnswer.SMALL_GROUPS

    def __post_init__(self) -> None:
        if self.threshold < LEAST:
            raise ValueError(f"a threshold of {self.threshold} protects nobody")
        is_rounded = self.method is ProtectionMethod.ROUNDED
        if is_rounded and (self.rounding_base or 0) < self.threshold:
            raise ValueError(f"a rounding base of {self.rounding_base} is under the threshold")

    @classmethod
    def of(cls, study: Study) -> Policy:
        """What the study decided."""
        said = study.disclosure
        return cls(said.threshold, said.zeros, said.method, said.rounding_base, said.same_answer)

    def rounded(self) -> Policy:
        """The same with every number rounded: for snapshots that another one will follow."""
        if self.method is ProtectionMethod.ROUNDED:
            return self
        # Under 5 the least that keeps two snapshots apart; a printed 0 has to cover all small ones.
        wide = (base for base in ROUNDING_BASES if base >= max(self.threshold, 5))
        base = next(wide, self.threshold)
        return replace(self, method=ProtectionMethod.ROUNDED, rounding_base=base)

    @property
    def lowest(self) -> int:
        """The smallest value that a reader must think possible behind a suppressed count."""
        return 0 if self.zeros is Zeros.HIDDEN else 1

    @property
    def highest(self) -> int:
        """The largest value that a reader must think possible behind a suppressed count."""
        return self.threshold - 1

    def small(self, count: int) -> bool:
        """Whether a count is too small to print."""
        return self.lowest <= count < self.threshold


_FEW = 3
"""Under so many times the threshold of people, nobody may see that all gave one answer."""
_ANY = 1 << 62


@dataclass(frozen=True, slots=True)
class Need:
    """A number that could as well be `lowest` as `highest`, for all that anybody can work out."""

    index: int
    lowest: int
    highest: int


def needs(system: LinearSystem, cells: Iterable[Cell], policy: Policy) -> tuple[Need, ...]:
    """What must stay uncertain: small counts, also of people whom nobody prints; all the same.

    The system knows more afterwards: whom two numbers leave between them when one holds all but a
    few of the other, and who did not give the answer that all others gave.
    """
    few = _FEW * policy.threshold
    watched = _watched(policy)
    # A whole that is itself small is suppressed, and with it what it leaves.
    for _ in add_near(system, range(1, policy.threshold), range(policy.threshold, _ANY)):
        pass
    same = {
        *add_near(system, range(1), watched, system.answers),
        *(_all_the_same(system, cells, policy) if watched else ()),
    }
    small = (
        i
        for i, value in enumerate(system.values)
        if policy.small(value) and i not in system.kinds and (value or i in system.printed)
    )
    found = dict.fromkeys(small, policy.lowest) | dict.fromkeys(sorted(same), 0)
    settle(system, few)
    return tuple(
        Need(index, lowest, policy.highest)
        for index, lowest in found.items()
        if index not in system.certain
    )


def _watched(policy: Policy) -> range:
    """The sizes of groups of which nobody may see that all gave one answer."""
    match policy.same_answer:
        case SameAnswer.SMALL_GROUPS:
            return range(policy.threshold, _FEW * policy.threshold)
        case SameAnswer.EVERY_GROUP:
            return range(policy.threshold, _ANY)
        case SameAnswer.SHOWN:
            return range(0)
        case _:
            assert_never(policy.same_answer)


def _all_the_same(system: LinearSystem, cells: Iterable[Cell], policy: Policy) -> Iterator[int]:
    """Of small groups, who did not give the answer of all others: nobody, which is not told."""
    for cell in cells:
        if cell.count == cell.base and 0 < cell.base < policy.threshold:
            whole, part = system.base(cell), system.count(cell)
            others = system.members[whole] & ~system.members[part]
            if others:
                left = system.rest(others, 0)
                system.add(SumConstraint(whole, (part, left)))
                yield left
