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
    opened: str
    started: str
    page: str
    completed: str
    by_domain: str
    hidden: str
    few: str
    few_note: str
    thousands: str
    modes: Mapping[str, str]
    phases: Mapping[str, str]


_NL = MonitorWords(
    title="De stand in {}",
    about="U ziet hier aantallen en niets anders. Niemand kan antwoorden zien, ook u niet.",
    no_rate=(
        "Hoeveel mensen de link hebben gekregen, weten we niet. Daarom staat hier geen "
        "percentage dat meedoet."
    ),
    step="Stap",
    number="Aantal",
    opened="De link geopend",
    started="Begonnen",
    page="Pagina {} verstuurd",
    completed="Klaar",
    by_domain="Klaar, per werkveld: {}",
    hidden="niet te zien",
    few="minder dan {}",
    few_note=(
        "Aantallen onder de {} laten we niet precies zien. Zo kan niemand aan een klein aantal "
        "zien of een bepaalde collega heeft meegedaan. Wie een vraag niet krijgt, slaat soms een "
        "hele pagina over. Daarom kan een latere pagina een hoger aantal hebben. Per werkveld "
        "laten we soms ook een groter aantal weg, omdat een klein aantal er anders uit volgt."
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
    about="You see numbers here and nothing else. Nobody can see answers, and neither can you.",
    no_rate=(
        "We do not know how many people were sent the link. So there is no percentage of people "
        "who take part."
    ),
    step="Step",
    number="Number",
    opened="Opened the link",
    started="Started",
    page="Sent in page {}",
    completed="Finished",
    by_domain="Finished, by field of work: {}",
    hidden="not shown",
    few="fewer than {}",
    few_note=(
        "We do not show numbers under {} exactly. So nobody can tell from a small number whether "
        "a certain colleague took part. Somebody who does not get a question may skip a whole "
        "page. So a later page can have a higher number. By field of work we sometimes leave out a "
        "larger number too, because a small one could be worked out from it."
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
