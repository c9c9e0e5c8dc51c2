"""The block `disclosure` of study.yaml: how small counts are suppressed."""

from __future__ import annotations

import re

from blikveld.study.disclosure import LEAST, Disclosure, Zeros
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
    fields = node.fields(optional=("threshold", "zeros"))
    return Disclosure(
        fields["threshold"].optional(_threshold) or usual.threshold,
        fields["zeros"].optional(lambda at: at.one_of(Zeros)) or usual.zeros,
    )


def _threshold(node: YamlNode) -> int:
    written = node.written
    if _WHOLE.fullmatch(written) and int(written) >= LEAST:
        return int(written)
    problem = f"A threshold of {written or 'nothing'} does not say which counts are small."
    node.fault("threshold", problem, _MEND)
    return LEAST
