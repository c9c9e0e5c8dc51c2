"""The words of the journal's page."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "title": {"nl": "Logboek", "en": "Journal"},
    "about": {
        "nl": "Wie deed wat, en wanneer. Regels kunnen niet worden veranderd of weggehaald. "
        "Wat respondenten schreven, staat er nooit in.",
        "en": "Who did what, and when. Lines cannot be changed or taken out. What respondents "
        "wrote is never in here.",
    },
    "whole": {
        "nl": "De ketting is heel: {} regels. Laatste zegel: ",
        "en": "The chain is whole: {} lines. Last seal: ",
    },
    "broken": {
        "nl": "De ketting is gebroken bij regel {}. Er is buiten de balie om iets veranderd. "
        "Waarschuw de privacyfunctionaris.",
        "en": "The chain is broken at line {}. Something was changed outside the desk. "
        "Tell the privacy officer.",
    },
    "number": {"nl": "Nr.", "en": "No."},
    "at": {"nl": "Wanneer (UTC)", "en": "When (UTC)"},
    "who": {"nl": "Wie", "en": "Who"},
    "act": {"nl": "Wat", "en": "What"},
    "on": {"nl": "Waaraan", "en": "On what"},
    "newer": {"nl": "Nieuwere regels", "en": "Newer lines"},
    "older": {"nl": "Oudere regels", "en": "Older lines"},
    "empty": {"nl": "Er staat nog niets in.", "en": "Nothing has been written yet."},
}
