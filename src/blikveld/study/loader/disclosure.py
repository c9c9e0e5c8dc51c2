"""The block `disclosure` of study.yaml: how small counts are suppressed."""

from __future__ import annotations

import re

from blikveld.study.disclosure import (
    LEAST,
    ROUNDING_BASES,
    Disclosure,
    ProtectionMethod,
    SameAnswer,
    Zeros,
)
from blikveld.yaml_reading.yaml_node import YamlNode

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
