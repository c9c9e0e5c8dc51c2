"""The words of the response and of the fieldwork."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "monitoring": both("Respons", "Response"),
    "monitoring_about": both(
        "Hoeveel mensen de vragenlijst openden, begonnen en afmaakten, en hoe dat groeide.",
        "How many people opened, began and finished the questionnaire, and how that grew.",
    ),
    "monitoring_in": both("Respons in {}", "Response in {}"),
    "no_rate": both(
        "Hoeveel mensen een link kregen, weten we niet. Daarom staat hier geen percentage.",
        "How many people were sent a link is not known. So there is no percentage here.",
    ),
    "prepared": both("De vragenlijst is nog niet open.", "The questionnaire is not open yet."),
    "open": both("De vragenlijst is open.", "The questionnaire is open."),
    "closed": both("De vragenlijst is gesloten.", "The questionnaire is closed."),
    "per_link": both("Per link", "By link"),
    "link": both("Link", "Link"),
    "opened": both("Geopend", "Opened"),
    "opened_link": both("Link geopend", "Link opened"),
    "with_calls": both(
        "Bij begonnen en klaar tellen vragenlijsten per telefoon mee. Die hebben geen link.",
        "Started and finished include questionnaires by telephone. Those have no link.",
    ),
    "started": both("Begonnen", "Started"),
    "completed": both("Klaar", "Finished"),
    "together": both("Samen", "Together"),
    "web": both("met de link", "by the link"),
    "phone": both("per telefoon", "by telephone"),
    "by_domain": both("Klaar, per werkveld: {}", "Finished, by field of work: {}"),
    "domain": both("Werkveld", "Field of work"),
    "in_steps": both(
        "De aantallen gaan 's nachts omhoog in stappen van {0}, en pas als er sinds de vorige keer "
        "minstens {0} mensen klaar waren. Zo vertelt geen verschil wat een enkele collega deed of "
        "antwoordde. De juiste aantallen staan in een snapshot, na het sluiten.",
        "The numbers go up in steps of {0}, at night, and only when at least {0} people finished "
        "since the last time. So no difference tells what a single colleague did or answered. The "
        "exact numbers are in a snapshot, after closing.",
    ),
    "domain_note": both(
        "Naar beneden afgerond op een veelvoud van {0}; wie nog geen werkveld heeft, telt niet "
        "mee. U ziet dit omdat u de antwoorden ook mag ophalen.",
        "Rounded down to a multiple of {0}; who has no field of work yet is not counted. You see "
        "this because you may take the answers out as well.",
    ),
    "growth": both("Hoeveel er klaar waren, door de tijd", "How many had finished, over time"),
    "growth_table": both("Dezelfde cijfers als tabel", "The same numbers as a table"),
    "day": both("Tot en met", "Up to and including"),
    "growth_none": both(
        "Er is nog geen regel. Die komt er 's nachts bij, zodra in een gemeente {0} mensen klaar "
        "zijn.",
        "There is no line yet. One is added at night, once {0} people in a municipality have "
        "finished.",
    ),
    "growth_note": both(
        "Van niemand bewaren we een tijd. We schrijven hooguit één regel per dag op, en pas als "
        "in een gemeente minstens {0} mensen erbij kwamen. De lijn loopt dus wat achter.",
        "No time of anybody is kept. At most one line a day is written down, and only when at "
        "least {0} more people of a municipality have finished. So the line runs a little behind.",
    ),
    "fieldwork": both("Veldwerk", "Fieldwork"),
    "fieldwork_about": both(
        "De vragenlijst openen of sluiten voor alle gemeenten.",
        "Open or close the questionnaire for all municipalities.",
    ),
    "to_fieldwork": both("Openen of sluiten", "Open or close"),
    "open_it": both("Vragenlijst openen", "Open the questionnaire"),
    "close_it": both("Vragenlijst sluiten", "Close the questionnaire"),
    "what_open": both(
        "Na het openen kan iedereen met een link antwoorden insturen.",
        "Once it is open, everybody with a link can send in answers.",
    ),
    "what_again": both(
        "Wie halverwege was, kan dan weer verder. Wie klaar was, kan niets meer veranderen.",
        "Who was half way can go on again. Who had finished can change nothing any more.",
    ),
    "what_closed": both(
        "Na het sluiten kan niemand meer antwoorden insturen, ook wie halverwege is niet. Wat "
        "binnen is, blijft. Binnen een paar seconden schrijft de server voor respondenten beide "
        "databases opnieuw in willekeurige volgorde, zodat niets vertelt wie wanneer kwam.",
        "Once it is closed nobody can send in answers, not even who is half way. What came in "
        "stays. Within seconds the respondents' server writes both databases anew in random "
        "order, so that nothing tells who came when.",
    ),
    "sure": both("Ja, dit weet ik zeker", "Yes, I am sure"),
    "not_sure": both("Vink aan dat u het zeker weet.", "Tick that you are sure."),
    "changed": both(
        "Dit is intussen veranderd. Kijk eerst hoe het nu staat.",
        "This has changed meanwhile. See first how it stands now.",
    ),
}
ACTS: Mapping[str, Text] = {
    "fieldwork.opened": both("vragenlijst geopend", "questionnaire opened"),
    "fieldwork.closed": both("vragenlijst gesloten", "questionnaire closed"),
}
