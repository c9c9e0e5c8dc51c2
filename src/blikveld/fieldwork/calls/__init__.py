"""The telephone fieldwork: a list of organisations, who is called when, and how it ended.

Nothing here knows an answer. The list stands in a file of its own, a day is the finest time that
is kept of a call, and once a night the list forgets how each call ended.
"""

from blikveld.fieldwork.calls.cases import Appointment, Attempt, Case, Organisation
from blikveld.fieldwork.calls.counts import Outcomes
from blikveld.fieldwork.calls.dispositions import Disposition, Group, Section
from blikveld.fieldwork.calls.hours import Hours
from blikveld.fieldwork.calls.outcomes import CallRefused, Outcome
from blikveld.fieldwork.calls.queue import Nothing, Why, next_call, why

__all__ = [
    "Appointment",
    "Attempt",
    "CallRefused",
    "Case",
    "Disposition",
    "Group",
    "Hours",
    "Nothing",
    "Organisation",
    "Outcome",
    "Outcomes",
    "Section",
    "Why",
    "next_call",
    "why",
]
