"""The desk's words in both languages. A room keeps its own words in the same shape."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.study.model import Study, Text

LANGUAGES = ("nl", "en")
NAMES: Text = {"nl": "Nederlands", "en": "English"}


def both(nl: str, en: str) -> Text:
    """Words in both languages."""
    return {"nl": nl, "en": en}


WORDS: Mapping[str, Text] = {
    "desk": {"nl": "Onderzoeksbalie", "en": "Research desk"},
    "skip": {"nl": "Naar de inhoud", "en": "Skip to the content"},
    "language_choice": {"nl": "Taal", "en": "Language"},
    "menu": {"nl": "Onderdelen", "en": "Sections"},
    "home": {"nl": "Overzicht", "en": "Overview"},
    "sign_out": {"nl": "Uitloggen", "en": "Sign out"},
    "error": {"nl": "Fout", "en": "Error"},
    "errors": {"nl": "Kijk dit nog even na", "en": "Please look at this again"},
    "what_now": {"nl": "Wat wilt u doen?", "en": "What would you like to do?"},
    "nothing": {
        "nl": "Voor uw rol staat hier nog niets klaar.",
        "en": "There is nothing here yet for your role.",
    },
    "not_allowed": {"nl": "Dit hoort niet bij uw rol", "en": "This is not part of your role"},
    "not_allowed_text": {
        "nl": "Heeft u dit toch nodig? Vraag het aan de onderzoeker die u uitnodigde.",
        "en": "Do you need it all the same? Ask the researcher who invited you.",
    },
    "cannot": {"nl": "Dat kan nu niet", "en": "That cannot be done now"},
    "unknown": {"nl": "Deze pagina kennen we niet", "en": "We do not know this page"},
    "unknown_text": {
        "nl": "Misschien is het adres niet helemaal overgenomen. Begin opnieuw bij het overzicht.",
        "en": "Perhaps the address was not copied completely. Start again at the overview.",
    },
    "forged": {"nl": "Dit formulier is verlopen", "en": "This form has expired"},
    "forged_text": {
        "nl": "Er is niets veranderd. Ga terug, laad de pagina opnieuw en stuur hem nog eens in.",
        "en": "Nothing was changed. Go back, load the page anew and send it in once more.",
    },
    "broken": {"nl": "Er ging iets mis bij ons", "en": "Something went wrong on our side"},
    "broken_text": {
        "nl": "Er is niets veranderd. Probeer het nog eens, of meld het aan de beheerder.",
        "en": "Nothing was changed. Try once more, or tell whoever runs the server.",
    },
}


def translate(words: Mapping[str, Text], language: str) -> Mapping[str, str]:
    """The words in one language."""
    return {key: text[language] for key, text in words.items()}


def of_study(study: Study, language: str) -> str:
    """The language in which a study speaks here: the same, or its first when it lacks that."""
    return language if language in study.languages else study.languages[0]
