"""What a study says about small counts, and how study.yaml says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from blikveld.yaml_reading.yaml_node import YamlNode

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


_WHOLE = re.compile(r"[0-9]{1,6}")
_MEND = (
    f"Write a whole number of {LEAST} or more, such as 3, 5 or 10. Official statistics often use 5."
)


def disclosure(node: YamlNode) -> Disclosure:
    """What the study decided; the usual rule where it says nothing.

    A threshold of 0 or 1 would keep nothing back, so it is refused and not understood as 'off'.
    """
    if not node.given:
        return Disclosure()
    usual = Disclosure()
    fields = node.fields(optional=("threshold", "zeros", "method", "rounding_base", "same_answer"))
    threshold = fields["threshold"].optional(_threshold) or usual.threshold
    method = fields["method"].optional(lambda at: at.one_of(ProtectionMethod)) or usual.method
    return Disclosure(
        threshold,
        fields["zeros"].optional(lambda at: at.one_of(Zeros)) or usual.zeros,
        method,
        _rounding_base(node, fields["rounding_base"], method, threshold),
        fields["same_answer"].optional(lambda at: at.one_of(SameAnswer)) or usual.same_answer,
    )


def _threshold(node: YamlNode) -> int:
    written = node.written
    if _WHOLE.fullmatch(written) and int(written) >= LEAST:
        return int(written)
    problem = f"A threshold of {written or 'nothing'} does not say which counts are small."
    node.fault("threshold", problem, _MEND)
    return LEAST


def _rounding_base(
    node: YamlNode, base: YamlNode, method: ProtectionMethod, threshold: int
) -> int | None:
    """The base to round to; the smallest that protects the threshold where none is given."""
    fitting = [each for each in ROUNDING_BASES if each >= threshold]
    if method is not ProtectionMethod.ROUNDED:
        if base.given:
            problem = "A rounding base does nothing unless numbers are rounded."
            base.fault("rounding-base", problem, "Add method: rounded, or leave this out.")
        return None
    if not fitting:
        problem = f"No rounding base protects counts under {threshold}."
        node.fault("rounding-base", problem, "Choose a threshold of 10 or less, or method: bands.")
        return None
    written = base.written if base.given else str(fitting[0])
    if written in map(str, fitting):
        return int(written)
    problem = f"Numbers rounded to {written} do not protect counts under {threshold}."
    base.fault("rounding-base", problem, f"Choose {' or '.join(map(str, fitting))}.")
    return None
