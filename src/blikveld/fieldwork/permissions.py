"""What may be done with a questionnaire. `check_x` raises a sentence, `can_x` says yes or no."""

from __future__ import annotations

from blikveld.errors import BlikveldError
from blikveld.fieldwork.sessions import Session, SessionState
from blikveld.fieldwork.store import Phase
from blikveld.study.model import Text


class NotPermitted(BlikveldError):
    """Something that may not be done. `reason` is the sentence for the page, in each language."""

    def __init__(self, code: str, reason: Text) -> None:
        self.reason = reason
        super().__init__(code, "fieldwork", reason["en"], "Nothing was changed.")


_COMPLETED: Text = {
    "nl": "U heeft de vragenlijst afgerond. De antwoorden staan vast.",
    "en": "You have finished the questionnaire. The answers can no longer be changed.",
}
_COLLECTS_NOT: dict[Phase, Text] = {
    Phase.PREPARED: {
        "nl": "De vragenlijst is nog niet open.",
        "en": "The questionnaire is not open yet.",
    },
    Phase.CLOSED: {
        "nl": "De vragenlijst is gesloten. U kunt geen antwoorden meer insturen.",
        "en": "The questionnaire is closed. You can no longer send in answers.",
    },
}


_BUSY: Text = {
    "nl": "Er beginnen nu te veel mensen tegelijk.",
    "en": "Too many people are starting at once.",
}
BUSY = "busy"


def check_admitted(admitted: bool) -> None:
    """Raise NotPermitted when too many questionnaires were begun in a short while."""
    if not admitted:
        raise NotPermitted(BUSY, _BUSY)


def can_edit(session: Session) -> bool:
    """Whether the answers of this session may still change."""
    return session.state is SessionState.OPEN


def check_edit(session: Session) -> None:
    """Raise NotPermitted when the answers of this session are final: closed is closed."""
    if not can_edit(session):
        raise NotPermitted("completed", _COMPLETED)


def can_collect(phase: Phase) -> bool:
    """Whether the fieldwork takes answers now."""
    return phase is Phase.OPEN


def check_collect(phase: Phase) -> None:
    """Raise NotPermitted when the fieldwork takes no answers now."""
    if not can_collect(phase):
        raise NotPermitted(f"fieldwork-{phase.value}", _COLLECTS_NOT[phase])
