"""Collecting answers: sessions, what may be done with them, and what is counted. No web framework.

`visits` ties the pure rules of `sessions` to a `store`; whoever serves pages brings the store.
"""

from __future__ import annotations

from blikveld.fieldwork.counters import Counts
from blikveld.fieldwork.sessions import PageResult, Session, SessionState, SurveyLink
from blikveld.fieldwork.store import Phase, SessionStore
from blikveld.fieldwork.visits import NotPermitted

__all__ = [
    "Counts",
    "NotPermitted",
    "PageResult",
    "Phase",
    "Session",
    "SessionState",
    "SessionStore",
    "SurveyLink",
]
