"""What a study says about small counts: from how many people a count may be printed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

LEAST = 2
"""The smallest threshold there is: under it a count of one person would be printed."""


class Zeros(Enum):
    """What happens to a count of nobody.

    Shown by default. An answer here is what a professional saw at work, not a trait of the
    professional; that nobody in a group ticked a box says nothing about one of them that the
    group's other counts do not say already. Where an answer itself is sensitive, a zero tells
    that each of them is something else: there a study hides zeros as well.
    """

    SHOWN = "shown"
    HIDDEN = "hidden"


class ProtectionMethod(Enum):
    """What stands in the place of a count that may not be printed exactly."""

    BANDS = "bands"
    """A range, such as 0–4; all other counts are exact."""
    ROUNDED = "rounded"
    """Every count is a multiple of the rounding base, and all sums hold in what is printed."""
    HIDDEN = "hidden"
    """A sign and nothing more; all other counts are exact."""


class SameAnswer(Enum):
    """In which groups nobody may see that all gave one answer."""

    SMALL_GROUPS = "small_groups"
    """In groups of under three times the threshold."""
    EVERY_GROUP = "every_group"
    """In groups of any size: for answers that tell of the respondents themselves."""
    SHOWN = "shown"
    """In none."""


ROUNDING_BASES = (3, 5, 10)
"""To what numbers may be rounded: a base is at least the threshold, or a printed 0 tells too
much."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The setting `disclosure` of study.yaml: counts from 1 to `threshold` - 1 are not printed.

    `rounding_base` is None where numbers are not rounded.
    """

    threshold: int = 5
    zeros: Zeros = Zeros.SHOWN
    method: ProtectionMethod = ProtectionMethod.BANDS
    rounding_base: int | None = None
    same_answer: SameAnswer = SameAnswer.SMALL_GROUPS
