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


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The setting `disclosure` of study.yaml: counts from 1 to `threshold` - 1 are not printed."""

    threshold: int = 5
    zeros: Zeros = Zeros.SHOWN
