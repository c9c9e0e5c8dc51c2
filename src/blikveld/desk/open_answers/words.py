"""The words of coding and releasing what respondents wrote."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "coding": both("Coderen", "Coding"),
    "coding_about": both(
        "Wie ‘anders, namelijk’ koos, schreef iets op. Geef elke tekst een code.",
        "Who chose ‘other, namely’ wrote something. Give each text a code.",
    ),
    "variable": both("Waarvoor", "For what"),
    "waiting": both("Wacht", "Waiting"),
    "done": both("Klaar", "Done"),
    "no_variables": both(
        "In dit onderzoek is er niets te coderen.", "There is nothing to code in this study."
    ),
    "counts": both("{} te coderen, {} klaar.", "{} to code, {} done."),
    "question": both("De vraag was", "The question was"),
    "wrote": both("Geschreven antwoord", "What was written"),
    "times": both("{} keer geschreven", "written {} times"),
    "suggestions": both("Voorstellen", "Suggestions"),
    "like": both("lijkt op ‘{}’", "is like ‘{}’"),
    "no_suggestions": both("Geen voorstel. Kies zelf.", "No suggestion. Choose yourself."),
    "other_code": both("Een andere code", "Another code"),
    "choose": both("Kies een code", "Choose a code"),
    "give": both("Deze code geven", "Give this code"),
    "skip_it": both("Overslaan", "Skip"),
    "all_coded": both("Alles is gecodeerd.", "Everything has been coded."),
    "decided": both("Aan de balie gecodeerd", "Coded at the desk"),
    "code": both("Code", "Code"),
    "undo": both("Terugnemen", "Take back"),
    "rest": both("Anders", "Other"),
    "coding_note": both(
        "Een tekst krijgt één code, wie hem ook schreef. Het antwoord zelf verandert niet.",
        "A text gets one code, whoever wrote it. The answer itself does not change.",
    ),
    "take_codes": both("Codes downloaden als coding.csv", "Download the codes as coding.csv"),
    "take_codes_note": both(
        "Om bij het onderzoek te bewaren. Alleen teksten die zijn vrijgegeven zoals ze zijn.",
        "To keep with the study. Only texts that were released as they are.",
    ),
    "release": both("Vrije teksten", "Free texts"),
    "release_about": both(
        "Lees wat mensen schreven, haal weg wat iemand verraadt, en geef het vrij.",
        "Read what people wrote, take out what gives somebody away, and release it.",
    ),
    "release_note": both(
        "Pas na vrijgeven staat een tekst in een snapshot. Let ook op wat het programma niet ziet.",
        "A text stands in a snapshot only once it is released. Look too for what the program "
        "does not see.",
    ),
    "wait_count": both("{} teksten wachten.", "{} texts are waiting."),
    "nothing_waits": both("Er wacht geen tekst.", "No text is waiting."),
    "see_released": both("Vrijgegeven teksten", "Released texts"),
    "to_waiting": both("Teksten die wachten", "Texts that wait"),
    "marked": both(
        "Waar iets opvalt, moet u de tekst eerst bekijken.",
        "Where something stands out, look at the text first.",
    ),
    "look": both("Bekijken", "Look at it"),
    "tick_help": both(
        "Vink de teksten aan die niemand verraden.", "Tick the texts that give nobody away."
    ),
    "release_ticked": both("Aangevinkte vrijgeven", "Release what is ticked"),
    "none_ticked": both("Vink eerst een tekst aan.", "Tick a text first."),
    "newer": both("Vorige", "Previous"),
    "older": both("Volgende", "Next"),
    "one_title": both("Tekst vrijgeven", "Release a text"),
    "take_out": both("Wat gaat eruit?", "What goes out?"),
    "nothing_found": both("Het programma zag niets.", "The program saw nothing."),
    "missed": both("Andere woorden die eruit moeten", "Other words that have to go"),
    "missed_help": both(
        "Eén per regel, precies zoals het er staat.", "One a line, exactly as it stands there."
    ),
    "kind": both("Wat zijn die woorden?", "What are those words?"),
    "not_there": both("“{}” staat niet in de tekst.", "“{}” does not stand in the text."),
    "preview": both("Kijken", "Preview"),
    "release_it": both("Vrijgeven", "Release"),
    "result": both("Zo komt het in de snapshot", "So it will stand in the snapshot"),
    "released": both("Vrijgegeven teksten", "Released texts"),
    "released_count": both("{} teksten zijn vrijgegeven.", "{} texts have been released."),
    "text": both("Tekst", "Text"),
}
ACTS: Mapping[str, Text] = {
    "open_answers.coded": both("tekst gecodeerd", "text coded"),
    "open_answers.uncoded": both("code van tekst teruggenomen", "code of a text taken back"),
    "open_answers.codes_taken": both("codes gedownload", "codes downloaded"),
    "open_answers.released": both(
        "teksten vrijgegeven zoals ze zijn", "texts released as they are"
    ),
    "open_answers.redacted": both(
        "tekst vrijgegeven met woorden eruit", "text released with words out"
    ),
    "open_answers.taken_back": both("vrijgeven teruggenomen", "release taken back"),
    "open_answers.forgotten": both(
        "besluiten over teksten gewist, met de antwoorden",
        "decisions about texts erased, with the answers",
    ),
    "open_answers.all_released": both(
        "snapshot gemaakt met alle teksten erin", "snapshot made with all texts in it"
    ),
}
