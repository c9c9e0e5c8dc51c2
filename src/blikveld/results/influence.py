"""What one municipality does to a share: the same question asked without its respondents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blikveld.results.cell import Cell, CellRequest


@dataclass(frozen=True, slots=True)
class Influence:
    """A share that is another one when a municipality is left out.

    `whole` answers the Ask as it stands, `without` the same Ask without the municipality, `own`
    that of its respondents alone: the first is the sum of the other two, count and base alike.
    Not yet cleared for print. Raises ValueError when they do not add up.
    """

    ask: CellRequest
    municipality: str
    label: Mapping[str, str]
    whole: Cell
    without: Cell
    own: Cell

    def __post_init__(self) -> None:
        counts = self.whole.count - self.without.count - self.own.count
        bases = self.whole.base - self.without.base - self.own.base
        if counts or bases:
            raise ValueError(f"{self.municipality} and the others are not everybody: {self.ask}")

    @property
    def shift(self) -> float:
        """How much the share changes, in parts of one; nought where a base is empty."""
        if not self.whole.base or not self.without.base:
            return 0.0
        return self.without.count / self.without.base - self.whole.count / self.whole.base
