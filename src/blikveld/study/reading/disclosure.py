"""The block `disclosure` of study.yaml: how small counts are kept back."""

from __future__ import annotations

import re

from blikveld.study.disclosure import LEAST, Disclosure, Zeros
from blikveld.study.reading.place import Place

_WHOLE = re.compile(r"[0-9]{1,6}")
_MEND = (
    f"Write a whole number of {LEAST} or more, such as 3, 5 or 10. Official statistics often use 5."
)


def disclosure(place: Place) -> Disclosure:
    """What the study decided; the usual rule where it says nothing.

    A threshold of 0 or 1 would keep nothing back, so it is refused and not understood as 'off'.
    """
    if not place.given:
        return Disclosure()
    usual = Disclosure()
    fields = place.fields(optional=("threshold", "zeros"))
    return Disclosure(
        fields["threshold"].optional(_threshold) or usual.threshold,
        fields["zeros"].optional(lambda at: at.one_of(Zeros)) or usual.zeros,
    )


def _threshold(place: Place) -> int:
    written = place.written
    if _WHOLE.fullmatch(written) and int(written) >= LEAST:
        return int(written)
    problem = f"A threshold of {written or 'nothing'} does not say which counts are small."
    place.fault("threshold", problem, _MEND)
    return LEAST
