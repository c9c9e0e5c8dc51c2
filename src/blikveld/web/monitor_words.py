"""The words of the monitor, per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blikveld.web.words import FALLBACK


@dataclass(frozen=True, slots=True)
class MonitorWords:
    """Every word of the monitor. `{}` marks where a number comes."""

    title: str
    about: str
    no_rate: str
    step: str
    number: str
    completed: str
    few: str
    few_note: str
    thousands: str
    modes: Mapping[str, str]
    phases: Mapping[str, str]


_NL = MonitorWords(
    title="De stand in {}",
    about=(
        "U ziet hier hoeveel mensen klaar zijn, en niets anders: geen antwoorden, en niet wie er "
        "meedeed."
    ),
    no_rate=(
        "Hoeveel mensen de link hebben gekregen, weten we niet. Daarom staat hier geen "
        "percentage dat meedoet."
    ),
    step="Hoe",
    number="Aantal",
    completed="Ingevuld en verstuurd",
    few="minder dan {}",
    few_note=(
        "Het aantal gaat omhoog in stappen van {0}. Het verandert alleen 's nachts, en pas als er "
        "sinds de vorige keer {0} mensen of meer bij kwamen. Het loopt dus wat achter. Zo kan "
        "niemand eraan zien of een bepaalde collega meedeed, of wat die heeft ingevuld."
    ),
    thousands=".",
    modes={"web": "Met de link", "phone": "Per telefoon"},
    phases={
        "prepared": "De vragenlijst is nog niet open.",
        "open": "De vragenlijst is open.",
        "closed": "De vragenlijst is gesloten.",
    },
)
_EN = MonitorWords(
    title="How it goes in {}",
    about=(
        "You see here how many people finished, and nothing else: no answers, and not who took "
        "part."
    ),
    no_rate=(
        "We do not know how many people were sent the link. So there is no percentage of people "
        "who take part."
    ),
    step="How",
    number="Number",
    completed="Filled in and sent",
    few="fewer than {}",
    few_note=(
        "The number goes up in steps of {0}. It changes only at night, and only when {0} people or "
        "more came since the last time. So it runs a little behind. In this way nobody can tell "
        "from it whether a certain colleague took part, or what that person filled in."
    ),
    thousands=",",
    modes={"web": "By the link", "phone": "By telephone"},
    phases={
        "prepared": "The questionnaire is not open yet.",
        "open": "The questionnaire is open.",
        "closed": "The questionnaire is closed.",
    },
)
_WORDS: Mapping[str, MonitorWords] = {"nl": _NL, "en": _EN}


def monitor_words(language: str) -> MonitorWords:
    """The words in a language, or in English where there are none."""
    return _WORDS.get(language, _WORDS[FALLBACK])
