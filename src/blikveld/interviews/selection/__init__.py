"""Whom to invite: everybody who can be covered is, then the places are filled evenly."""

from __future__ import annotations

from blikveld.interviews.selection.choose import Sample, Selection, select, smallest_cover
from blikveld.interviews.selection.offers import Offer, eligible, from_contacts

__all__ = [
    "Offer",
    "Sample",
    "Selection",
    "eligible",
    "from_contacts",
    "select",
    "smallest_cover",
]
