"""What a respondent reads when an answer cannot be kept: plain words, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blikveld.kinds.posted import AnswerError
from blikveld.study.model import Text

__all__ = ["FALLBACK", "AnswerError", "words"]


FALLBACK = "en"
"""The language of a message in a study whose own language has none."""

_WORDS: Mapping[AnswerError, Text] = {
    AnswerError.CHOOSE_ONE: {
        "nl": "Kies één antwoord.",
        "en": "Choose one answer.",
    },
    AnswerError.CHOOSE_SOME: {
        "nl": "Kies ten minste één antwoord.",
        "en": "Choose at least one answer.",
    },
    AnswerError.WRITE: {
        "nl": "Vul hier iets in.",
        "en": "Please write something here.",
    },
    AnswerError.TOO_MANY: {
        "nl": "Hier past maar één antwoord. Kies het antwoord dat het beste past.",
        "en": "Only one answer fits here. Choose the one that fits best.",
    },
    AnswerError.TWICE: {
        "nl": "Dit antwoord kwam twee keer binnen. Vul het opnieuw in.",
        "en": "This answer came in twice. Please fill it in again.",
    },
    AnswerError.EXCLUSIVE: {
        "nl": "U koos een antwoord dat niet samengaat met andere. Laat dat weg, of de andere.",
        "en": "You chose an answer that cannot go with others. Leave it out, or the others.",
    },
    AnswerError.NOT_OFFERED: {
        "nl": "Dit antwoord staat niet in de lijst. Kies een antwoord uit de lijst.",
        "en": "This answer is not in the list. Choose one from the list.",
    },
    AnswerError.OTHER_MISSING: {
        "nl": "Schrijf in het vak wat u bedoelt.",
        "en": "Write in the box what you mean.",
    },
    AnswerError.OTHER_NOT_CHOSEN: {
        "nl": "U schreef iets in het vak. Kies ook het antwoord dat erbij staat, of maak het leeg.",
        "en": "You wrote something in the box. Choose the answer next to it too, or clear the box.",
    },
    AnswerError.TOO_LONG: {
        "nl": "Deze tekst is te lang. Er is plaats voor {limit} tekens.",
        "en": "This text is too long. There is room for {limit} characters.",
    },
    AnswerError.CONTROL: {
        "nl": "In deze tekst staan tekens die we niet kunnen lezen. Typ de tekst opnieuw.",
        "en": "This text holds characters that we cannot read. Please type it again.",
    },
    AnswerError.ADDRESS_AGAIN: {
        "nl": "Uw adres is nog niet bewaard. Vul het hier in, of kijk het na.",
        "en": "Your address has not been kept yet. Fill it in here, or check it.",
    },
    AnswerError.NO_ADDRESS: {
        "nl": "Dit lijkt geen e-mailadres. Kijk het na, of laat het vak leeg.",
        "en": "This does not look like an e-mail address. Check it, or leave the box empty.",
    },
}


def words(trouble: AnswerError, languages: Iterable[str], limit: object = None) -> Text:
    """The message in every language of the study. `limit` stands for {limit}, such as
    the room for a text in characters."""
    known = _WORDS[trouble]
    return {
        language: known.get(language, known[FALLBACK]).replace("{limit}", str(limit))
        for language in languages
    }
