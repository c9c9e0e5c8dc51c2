"""Words and numbers that an export adds to the answers: why a value is missing, who counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from blikveld.rules import Missing
from blikveld.study.model import Text

NOT_FOR_PUBLICATION = "Not for publication: microdata."
"""Printed wherever a table of people is written: together, answers can tell who somebody is."""

MISSING_RANGE = (-99, -1)
"""The numbers that are declared missing: room for kinds to come."""

_MISSING: Mapping[Missing, Text] = {
    Missing.NOT_ASKED: {"nl": "niet gevraagd", "en": "not asked"},
    Missing.SKIPPED: {"nl": "overgeslagen", "en": "skipped"},
    Missing.REFUSED: {"nl": "geweigerd", "en": "refused"},
    Missing.BROKEN_OFF: {"nl": "eerder gestopt", "en": "broken off"},
    Missing.UNCODED: {"nl": "nog niet gecodeerd", "en": "not coded yet"},
}
_WORDS: Mapping[str, Text] = {
    "yes": {"nl": "ja", "en": "yes"},
    "no": {"nl": "nee", "en": "no"},
    "answered": {"nl": "ingevuld", "en": "answered"},
    "why": {"nl": "waarom leeg", "en": "why empty"},
    "included": {"nl": "Telt mee in de tabellen", "en": "Counts in the tables"},
    "codebook": {"nl": "Codeboek", "en": "Codebook"},
    "no_counts": {
        "nl": "Dit codeboek telt geen antwoorden. De data zelf zijn niet voor publicatie.",
        "en": "This codebook counts no answers. The data themselves are not for publication.",
    },
    "invented": {
        "nl": "De antwoorden zijn van niemand: ze zijn verzonnen of nagemaakt.",
        "en": "The answers are nobody's: they were made up or reconstructed.",
    },
    "rows": {"nl": "Respondenten", "en": "Respondents"},
    "columns": {"nl": "Kolommen", "en": "Columns"},
    "sets": {"nl": "Vragen met meer antwoorden", "en": "Multiple-response sets"},
    "stata_name": {"nl": "In Stata", "en": "In Stata"},
    "question": {"nl": "Vraag", "en": "Question"},
    "asked_of": {"nl": "Gevraagd aan", "en": "Asked of"},
    "everybody": {"nl": "iedereen", "en": "everybody"},
    "meaning": {"nl": "Betekenis", "en": "Meaning"},
    "missing_values": {"nl": "ontbreekt", "en": "missing"},
    "text": {"nl": "Tekst.", "en": "Text."},
    "number": {"nl": "Getal.", "en": "Number."},
    "date": {"nl": "Datum.", "en": "Date."},
    "not_ranked": {"nl": "niet gekozen", "en": "not ranked"},
}


def missing_number(kind: Missing) -> int:
    """Return the number that stands for a kind of missing; -3 is kept for 'don't know' as a
    missing.
    """
    match kind:
        case Missing.NOT_ASKED:
            return -1
        case Missing.SKIPPED:
            return -2
        case Missing.REFUSED:
            return -4
        case Missing.BROKEN_OFF:
            return -5
        case Missing.UNCODED:
            return -6
        case _:
            assert_never(kind)


def special_number(index: int) -> int:
    """Return the number that stands for the answer without a value at this place of the
    question."""
    return -11 - index


def special_letter(index: int) -> str:
    """Stata's extended missing value for the answer without a value at this place."""
    return chr(ord("k") + index)


def missing_letter(kind: Missing) -> str:
    """Stata's extended missing value for a kind of missing, from `a` on."""
    return "abcdefgh"[-missing_number(kind) - 1]


def missing_label(kind: Missing, language: str) -> str:
    """Return a kind of missing in words; English for languages other than Dutch."""
    return _in(_MISSING[kind], language)


def word(name: str, language: str) -> str:
    """Return one of the words above in a language; English for languages other than Dutch."""
    return _in(_WORDS[name], language)


def _in(words: Text, language: str) -> str:
    return words.get(language, words["en"])
