"""Telephone interviewing: the call list, its calls and outcomes, hours, and the day pass."""

from __future__ import annotations

from blikveld.phone.cases import (
    Appointment,
    Attempt,
    Case,
    Disposition,
    Organisation,
    OutcomeGroup,
    OutcomeHeading,
)
from blikveld.phone.outcomes import CallOutcome, CallRefused, OutcomeCounts
from blikveld.phone.queue import CallReason, Hours, NoCallReason, next_call, why

__all__ = [
    "Appointment",
    "Attempt",
    "CallOutcome",
    "CallReason",
    "CallRefused",
    "Case",
    "Disposition",
    "Hours",
    "NoCallReason",
    "Organisation",
    "OutcomeCounts",
    "OutcomeGroup",
    "OutcomeHeading",
    "next_call",
    "why",
]
