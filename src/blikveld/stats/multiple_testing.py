"""Several comparisons at once: the more are made, the more are 'significant' by chance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from blikveld.errors import UnusableData
from blikveld.stats.design import Floats


class Correction(Enum):
    """What is held at the level that was chosen."""

    NONE = "none"
    """Each comparison on its own, as published reports often do. A text has to say so."""
    HOLM = "holm"
    """The chance of any false finding in the family."""
    BENJAMINI_HOCHBERG = "benjamini_hochberg"
    """The expected part of the findings that are false."""


@dataclass(frozen=True, slots=True)
class Family:
    """p-values after correction, with what a text must say beside them.

    `size` is the number of comparisons made; those that could not be made (not-a-number) are not
    among them and stay not-a-number.
    """

    p: Floats
    correction: Correction
    size: int


def adjust_p(p: Floats, correction: Correction) -> Family:
    """Correct a family of p-values, shape (comparisons,).

    Equal to R's p.adjust with method "holm" or "BH". Raises Refused for a value outside [0, 1].
    Sources: Holm (1979); Benjamini and Hochberg (1995).

    >>> adjust_p(np.array([0.01, 0.04, 0.03]), Correction.HOLM).p.tolist()
    [0.03, 0.06, 0.06]
    """
    made = ~np.isnan(p)
    if ((p[made] < 0) | (p[made] > 1)).any():
        raise UnusableData(
            "not-a-p-value",
            "a family of comparisons",
            "A value lies outside 0 to 1.",
            "Give the p-values of the comparisons.",
        )
    corrected = np.full(p.shape, np.nan)
    corrected[made] = _METHODS[correction](p[made])
    return Family(corrected, correction, int(made.sum()))


def _none(p: Floats) -> Floats:
    return p


def _holm(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")
    remaining = len(p) - np.arange(len(p))
    return _back(np.maximum.accumulate(p[order] * remaining), order)


def _benjamini_hochberg(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")[::-1]
    rank = len(p) - np.arange(len(p))
    return _back(np.minimum.accumulate(p[order] * (len(p) / rank)), order)


def _back(ordered: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    corrected = np.empty_like(ordered)
    corrected[order] = np.minimum(ordered, 1.0)
    return corrected


_METHODS = {
    Correction.NONE: _none,
    Correction.HOLM: _holm,
    Correction.BENJAMINI_HOCHBERG: _benjamini_hochberg,
}
