"""What may be done with a questionnaire. `check_x` raises a sentence, `can_x` says yes or no."""

from __future__ import annotations

from blikveld.errors import BlikveldError
from blikveld.fieldwork.sessions import Session, SessionState
from blikveld.fieldwork.store import Phase


class NotPermitted(BlikveldError):
    """Something that may not be done. Pages say it in their own words, by `code`."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(code, "fieldwork", problem, "Nothing was changed.")


_COLLECTS_NOT: dict[Phase, str] = {
    Phase.PREPARED: "The questionnaire is not open yet.",
    Phase.CLOSED: "The questionnaire is closed. You can no longer send in answers.",
}
BUSY = "busy"


def check_admitted(admitted: bool) -> None:
    """Raise NotPermitted when too many questionnaires were begun in a short while."""
    if not admitted:
        raise NotPermitted(BUSY, "Too many people are starting at once.")


def can_edit(session: Session) -> bool:
    """Whether the answers of this session may still change."""
    return session.state is SessionState.OPEN


def check_edit(session: Session) -> None:
    """Raise NotPermitted when the answers of this session are final: closed is closed."""
    if not can_edit(session):
        problem = "You have finished the questionnaire. The answers can no longer be changed."
        raise NotPermitted("completed", problem)


def can_collect(phase: Phase) -> bool:
    """Whether the fieldwork takes answers now."""
    return phase is Phase.OPEN


def check_collect(phase: Phase) -> None:
    """Raise NotPermitted when the fieldwork takes no answers now."""
    if not can_collect(phase):
        raise NotPermitted(f"fieldwork-{phase.value}", _COLLECTS_NOT[phase])
