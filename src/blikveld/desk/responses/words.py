"""The words of the response and of the fieldwork."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "responses": both("Respons", "Response"),
    "responses_about": both(
        "Hoeveel mensen de vragenlijst openden, begonnen en afmaakten, en hoe dat groeide.",
        "How many people opened, began and finished the questionnaire, and how that grew.",
    ),
    "responses_in": both("Respons in {}", "Response in {}"),
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
    "page": both("Pag. {}", "Page {}"),
    "completed": both("Klaar", "Finished"),
    "together": both("Samen", "Together"),
    "web": both("met de link", "by the link"),
    "phone": both("per telefoon", "by telephone"),
    "skips": both(
        "Wie een vraag niet krijgt, slaat soms een hele pagina over. Daarom kan een latere pagina "
        "een hoger aantal hebben.",
        "Who does not get a question may skip a whole page. So a later page can have a higher "
        "number.",
    ),
    "by_domain": both("Klaar, per werkveld: {}", "Finished, by field of work: {}"),
    "domain": both("Werkveld", "Field of work"),
    "few": both("minder dan {}", "fewer than {}"),
    "hidden": both("niet te zien", "not shown"),
    "domain_note": both(
        "Groepen onder de 5 staan hier niet precies. Soms laten we ook een grotere groep weg, "
        "omdat de kleine er anders uit volgt. Over alle gemeenten samen tellen we niet per "
        "werkveld: dan volgt wat hier weg is door aftrekken.",
        "Groups under 5 are not shown exactly. Sometimes a larger group is left out too, because "
        "the small one would follow from it. There is no count by field of work over all "
        "municipalities: what is left out here would follow by subtraction.",
    ),
    "domain_none": both(
        "Per werkveld zijn het er nog te weinig om te laten zien.",
        "By field of work there are too few to show yet.",
    ),
    "growth": both("Hoeveel er klaar waren, door de tijd", "How many had finished, over time"),
    "growth_table": both("Dezelfde cijfers als tabel", "The same numbers as a table"),
    "day": both("Tot en met", "Up to and including"),
    "growth_none": both(
        "Er is nog geen regel. Die komt er 's nachts bij, zodra in een gemeente 5 mensen klaar "
        "zijn.",
        "There is no line yet. One is added at night, once 5 people in a municipality have "
        "finished.",
    ),
    "growth_note": both(
        "Van niemand bewaren we een tijd. We schrijven hooguit één regel per dag op, en pas als "
        "in een gemeente minstens 5 mensen erbij kwamen. De lijn loopt dus wat achter.",
        "No time of anybody is kept. At most one line a day is written down, and only when at "
        "least 5 more people of a municipality have finished. So the line runs a little behind.",
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
