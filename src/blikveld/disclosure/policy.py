"""How small is too small: the rule that decides which counts are kept back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Zeros(Enum):
    """What happens to a count of nobody.

    Shown by default. An answer here is what a professional saw at work, not a trait of the
    professional; that nobody in a group ticked a box says nothing about one of them that the
    group's other counts do not say already. Where an answer itself is sensitive, a zero tells
    that each of them is something else: there a study hides zeros as well.
    """

    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Policy:
    """Counts under `threshold` are kept back, and as many others as it takes to protect them.

    A kept-back count must stay as uncertain as the rule itself leaves it: whoever adds up
    everything that is printed may not exclude any value from 1 (0 with hidden zeros) up to
    threshold - 1. A threshold of 0 or 1 keeps nothing back.
    """

    threshold: int = 5
    zeros: Zeros = Zeros.SHOWN

    def __post_init__(self) -> None:
        if self.threshold < 0:
            raise ValueError(f"a threshold of {self.threshold}: it is the smallest count to print")

    @classmethod
    def off(cls) -> Policy:
        """Nothing is kept back. For checking against what was published, never for a report."""
        return cls(threshold=0)

    @property
    def lowest(self) -> int:
        """The smallest value that a reader must think possible behind a kept-back count."""
        return 0 if self.zeros is Zeros.HIDDEN else 1

    @property
    def highest(self) -> int:
        """The largest value that a reader must think possible behind a kept-back count."""
        return max(self.threshold - 1, self.lowest)

    def small(self, count: int) -> bool:
        """Whether a count is too small to print."""
        return self.threshold > 1 and self.lowest <= count < self.threshold
