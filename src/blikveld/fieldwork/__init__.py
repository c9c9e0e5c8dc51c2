"""Collecting answers: sessions, what may be done with them, and what is counted. No web framework.

`visits` ties the pure rules of `sessions` to a `store`; whoever serves pages brings the store.
"""

from blikveld.fieldwork.counters import Counts, Link
from blikveld.fieldwork.permissions import Refused
from blikveld.fieldwork.sessions import Session, State, Turn
from blikveld.fieldwork.store import Phase, Store

__all__ = [
    "Counts",
    "Link",
    "Phase",
    "Refused",
    "Session",
    "State",
    "Store",
    "Turn",
]
