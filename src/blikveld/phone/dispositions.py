"""How a call can end, with the codes of the field.

Source of codes and groups: American Association for Public Opinion Research, Standard Definitions,
9th edition (2016), the final disposition codes for telephone surveys; the letters of its rates are
those of the 10th (2023) too. That table is of households. Ours is of organisations, so where it
says household or person, read organisation or professional, and 4.50 (no residence) is a number
that turned out to be somebody's home. Labels are our own, in the words an interviewer would use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from blikveld.study.model import Text


class OutcomeGroup(Enum):
    """What an outcome counts as in the rates; the letters of the source stand beside each."""

    COMPLETE = "complete"
    """I"""
    PARTIAL = "partial"
    """P"""
    REFUSED = "refused"
    """R"""
    NOT_REACHED = "not_reached"
    """NC"""
    OTHER = "other"
    """O"""
    UNKNOWN_HOUSEHOLD = "unknown_household"
    """UH: not known whether this number reaches an organisation at all."""
    UNKNOWN_OTHER = "unknown_other"
    """UO: an organisation, and not known whether anybody in it belongs to the study."""
    NOT_ELIGIBLE = "not_eligible"


class OutcomeHeading(Enum):
    """Under which heading an interviewer looks for an outcome."""

    TALKED = "talked"
    LATER = "later"
    NOBODY = "nobody"
    NO = "no"
    NUMBER = "number"


HEADINGS: dict[OutcomeHeading, Text] = {
    OutcomeHeading.TALKED: {"nl": "Er is een gesprek geweest", "en": "There was an interview"},
    OutcomeHeading.LATER: {"nl": "Later weer bellen", "en": "Call again later"},
    OutcomeHeading.NOBODY: {"nl": "Niemand gesproken", "en": "Spoke to nobody"},
    OutcomeHeading.NO: {"nl": "Doet niet mee", "en": "Does not take part"},
    OutcomeHeading.NUMBER: {"nl": "Hoort niet op de lijst", "en": "Does not belong on the list"},
}


@dataclass(frozen=True, slots=True)
class _Meaning:
    code: str
    group: OutcomeGroup
    final: bool
    heading: OutcomeHeading | None
    label: Text


class Disposition(Enum):
    """The outcome of a call. After a final one this organisation is not called again."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"
    APPOINTMENT = "appointment"
    NOT_IN = "not_in"
    UNCLEAR = "unclear"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    THEIR_MACHINE = "their_machine"
    A_MACHINE = "a_machine"
    TECHNICAL = "technical"
    REFUSED = "refused"
    UNABLE = "unable"
    LANGUAGE = "language"
    ANOTHER_REASON = "another_reason"
    OUTSIDE = "outside"
    FAX = "fax"
    NOT_WORKING = "not_working"
    NO_ORGANISATION = "no_organisation"
    NOBODY_ELIGIBLE = "nobody_eligible"
    NOT_ATTEMPTED = "not_attempted"
    """No call was made yet. Nobody chooses it."""

    @property
    def code(self) -> str:
        """The code of the source, such as 2.11. Two of ours can have one."""
        return _MEANINGS[self].code

    @property
    def group(self) -> OutcomeGroup:
        """What it counts as in the rates."""
        return _MEANINGS[self].group

    @property
    def final(self) -> bool:
        """Whether this organisation is called no more."""
        return _MEANINGS[self].final

    @property
    def heading(self) -> OutcomeHeading | None:
        """The heading it stands under; None for what nobody chooses."""
        return _MEANINGS[self].heading

    @property
    def label(self) -> Text:
        """What it is called on the page."""
        return _MEANINGS[self].label


_TALKED, _LATER, _NOBODY = OutcomeHeading.TALKED, OutcomeHeading.LATER, OutcomeHeading.NOBODY
_NO, _NUMBER = OutcomeHeading.NO, OutcomeHeading.NUMBER
_FINAL, _AGAIN = True, False


def _means(
    code: str, group: OutcomeGroup, final: bool, section: OutcomeHeading | None, nl: str, en: str
) -> _Meaning:
    return _Meaning(code, group, final, section, {"nl": nl, "en": en})


_MEANINGS: dict[Disposition, _Meaning] = {
    Disposition.COMPLETE: _means(
        "1.1", OutcomeGroup.COMPLETE, _FINAL, _TALKED, "Helemaal klaar", "Finished"
    ),
    Disposition.PARTIAL: _means(
        "1.2", OutcomeGroup.PARTIAL, _FINAL, _TALKED,
        "Gestopt na meer dan de helft", "Stopped after more than half",
    ),
    Disposition.BREAK_OFF: _means(
        "2.12", OutcomeGroup.REFUSED, _FINAL, _TALKED,
        "Gestopt vóór de helft", "Stopped before half",
    ),
    Disposition.APPOINTMENT: _means(
        "2.21", OutcomeGroup.NOT_REACHED, _AGAIN, _LATER,
        "Afspraak gemaakt", "Made an appointment",
    ),
    Disposition.NOT_IN: _means(
        "2.21", OutcomeGroup.NOT_REACHED, _AGAIN, _LATER,
        "De juiste persoon was er niet", "The right person was not there",
    ),
    Disposition.UNCLEAR: _means(
        "3.21", OutcomeGroup.UNKNOWN_OTHER, _AGAIN, _LATER,
        "Niet duidelijk wie de juiste persoon is", "Not clear who the right person is",
    ),
    Disposition.NO_ANSWER: _means(
        "3.13", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY, "Niet opgenomen", "No answer"
    ),
    Disposition.BUSY: _means(
        "3.12", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY, "In gesprek", "Busy"
    ),
    Disposition.THEIR_MACHINE: _means(
        "2.22", OutcomeGroup.NOT_REACHED, _AGAIN, _NOBODY,
        "Voicemail of menu van deze organisatie", "Voicemail or menu of this organisation",
    ),
    Disposition.A_MACHINE: _means(
        "3.14", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY,
        "Voicemail, onduidelijk van wie", "Voicemail, not clear whose",
    ),
    Disposition.TECHNICAL: _means(
        "3.16", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, _NOBODY,
        "Storing op de lijn", "Trouble on the line",
    ),
    Disposition.REFUSED: _means(
        "2.11", OutcomeGroup.REFUSED, _FINAL, _NO, "Wil niet meedoen", "Does not want to take part"
    ),
    Disposition.UNABLE: _means(
        "2.32", OutcomeGroup.OTHER, _FINAL, _NO,
        "Kan niet, ook later niet (bijvoorbeeld langdurig ziek)",
        "Unable, later too (long illness, for instance)",
    ),
    Disposition.LANGUAGE: _means(
        "2.33", OutcomeGroup.OTHER, _FINAL, _NO,
        "Spreekt geen taal van de vragenlijst", "Speaks no language of the questionnaire",
    ),
    Disposition.ANOTHER_REASON: _means(
        "2.36", OutcomeGroup.OTHER, _FINAL, _NO, "Een andere reden", "Another reason"
    ),
    Disposition.OUTSIDE: _means(
        "4.10", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER,
        "Werkt niet in deze gemeente", "Does not work in this municipality",
    ),
    Disposition.FAX: _means(
        "4.20", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER, "Fax of piep", "Fax or data line"
    ),
    Disposition.NOT_WORKING: _means(
        "4.30", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER,
        "Nummer is niet in gebruik", "The number is not in use",
    ),
    Disposition.NO_ORGANISATION: _means(
        "4.50", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER,
        "Geen organisatie, maar iemand thuis", "No organisation, but somebody at home",
    ),
    Disposition.NOBODY_ELIGIBLE: _means(
        "4.70", OutcomeGroup.NOT_ELIGIBLE, _FINAL, _NUMBER,
        "Niemand hier hoort bij het onderzoek", "Nobody here belongs to the study",
    ),
    Disposition.NOT_ATTEMPTED: _means(
        "3.11", OutcomeGroup.UNKNOWN_HOUSEHOLD, _AGAIN, None, "Nog niet gebeld", "Not called yet"
    ),
}  # fmt: skip
