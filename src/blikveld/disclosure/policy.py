"""How small is too small: the rule that decides which counts are kept back."""

from __future__ import annotations

from dataclasses import dataclass

from blikveld.study.disclosure import LEAST, Zeros
from blikveld.study.model import Study


@dataclass(frozen=True, slots=True)
class Policy:
    """Counts under `threshold` are kept back, and as many others as it takes to protect them.

    A kept-back count must stay as uncertain as the rule itself leaves it: whoever adds up
    everything that is printed may not exclude any value from 1 (0 with hidden zeros) up to
    threshold - 1. Raises ValueError for a threshold that keeps nothing back.
    """

    threshold: int = 5
    zeros: Zeros = Zeros.SHOWN

    def __post_init__(self) -> None:
        if self.threshold < LEAST:
            raise ValueError(f"a threshold of {self.threshold} protects nobody")

    @classmethod
    def of(cls, study: Study) -> Policy:
        """What the study decided."""
        return cls(study.disclosure.threshold, study.disclosure.zeros)

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
        return self.lowest <= count < self.threshold
