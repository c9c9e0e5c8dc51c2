"""The words of the calls, Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.phone import CallReason, NoCallReason
from blikveld.phone.counts import CaseStatus
from blikveld.study.model import Text

DAYS: Mapping[str, tuple[str, ...]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

WORDS: Mapping[str, Text] = {
    "phone": both("Bellen", "Calls"),
    "phone_about": both(
        "De volgende organisatie, en hoe het gesprek afliep.",
        "The next organisation, and how the call ended.",
    ),
    "phone_appointments": both("Afspraken", "Appointments"),
    "phone_overview": both("Hoe het bellen staat", "How the calls stand"),
    "phone_list": both("Lijst toevoegen", "Add a list"),
    "phone_hours": both("Beltijden", "Calling hours"),
    "list": both("Bellijst", "Call list"),
    "list_about": both(
        "Organisaties toevoegen, beltijden, en hoe het bellen staat.",
        "Add organisations, calling hours, and how the calls stand.",
    ),
    "within": both("Binnen bellen", "Within calls"),
    # Between two calls
    "next": both("Volgende organisatie", "Next organisation"),
    "next_text": both(
        "Druk op de knop als u kunt bellen. Niemand anders krijgt deze organisatie vandaag.",
        "Press the button when you can call. Nobody else gets this organisation today.",
    ),
    "kept": both("Bewaard: {}.", "Kept: {}."),
    "undo": both("Mijn laatste uitkomst terugnemen", "Take back my last outcome"),
    "due": both("De volgende is aan de beurt op {}.", "The next is due on {}."),
    "no_due": both(
        "De komende drie weken is niemand aan de beurt.",
        "Nobody is due in the next three weeks.",
    ),
    "meanwhile": both(
        "Kijk bij de afspraken of u iemand eerder kunt bellen.",
        "See at the appointments whether you can call somebody earlier.",
    ),
    # One organisation
    "why_now": both("Waarom nu", "Why now"),
    "number": both("Telefoonnummer", "Telephone number"),
    "where": both("Waar", "Where"),
    "appointed": both("Afgesproken", "Agreed on"),
    "begin": both("Zo begint u", "How to begin"),
    "opening": both(
        "“Goedendag, u spreekt met (uw naam). Ik bel voor een onderzoek: {study}, in {place}. "
        "Mag ik iemand spreken die over dit onderwerp gaat?”",
        "“Good day, this is (your name). I am calling for a study: {study}, in {place}. "
        "May I speak to somebody who deals with this subject?”",
    ),
    "aloud": both("Dit leest u daarna voor", "Then you read this aloud"),
    "script": both("Vragen openen (nieuw tabblad)", "Open the questions (new tab)"),
    "script_text": both(
        "Open ze pas na een duidelijk ja. Zet daarna hier hoe het gesprek afliep. "
        "De vragenlijst weet niet wie u belt, en deze lijst niet wat er is geantwoord.",
        "Open them only after a clear yes. Then set here how the call ended. "
        "The questionnaire does not know whom you call, nor this list what was answered.",
    ),
    "earlier": both("Eerder gebeld", "Earlier calls"),
    "none_earlier": both("Nog niet gebeld.", "Not called before."),
    "how": both("Hoe liep het gesprek af?", "How did the call end?"),
    "how_help": both(
        "Het getal is de code van AAPOR. Schrijf nergens iets op over wie u sprak.",
        "The number is the code of AAPOR. Write nothing anywhere about who you spoke to.",
    ),
    "day": both("Dag van de afspraak", "Day of the appointment"),
    "time": both("Tijd van de afspraak", "Time of the appointment"),
    "only_appointment": both("Alleen bij een afspraak.", "With an appointment only."),
    "unreadable_day": both("Schrijf een dag als 2026-04-07.", "Write a day as 2026-04-07."),
    "unreadable_time": both("Schrijf een tijd als 09:30.", "Write a time as 09:30."),
    "keep": both("Uitkomst bewaren", "Keep the outcome"),
    "back": both("Nu niet bellen: teruggeven", "Not calling now: give back"),
    # Appointments
    "missed": both("Gemist", "Missed"),
    "today": both("Vandaag", "Today"),
    "later": both("Later", "Later"),
    "mine": both("van uzelf", "your own"),
    "theirs": both("van een collega", "of a colleague"),
    "call_now": both("Nu bellen", "Call now"),
    "when": both("Wanneer", "When"),
    "organisation": both("Organisatie", "Organisation"),
    "whose": both("Afspraak", "Appointment"),
    "no_appointments": both("Er zijn geen afspraken.", "There are no appointments."),
    # The researcher
    "whole_only": both(
        "Alleen totalen van de hele lijst. Aantallen per gemeente maakt de balie niet: "
        "die zouden bij antwoorden passen.",
        "Totals of the whole list only. The desk makes no numbers by municipality: "
        "they could be matched with answers.",
    ),
    "stand": both("Waar organisaties staan", "Where organisations stand"),
    "standing": both("Stand", "Standing"),
    "organisations": both("Organisaties", "Organisations"),
    "made": both("Keer gebeld", "Calls"),
    "all": both("Alle", "All"),
    "outcome": both("Uitkomst", "Outcome"),
    "outcomes": both("Uitkomsten tot nu toe", "Outcomes so far"),
    "outcomes_text": both(
        "Wie nog gebeld wordt, telt bij wat nu bekend is.",
        "Who is still to be called counts by what is known now.",
    ),
    "rates": both("Responscijfers van AAPOR", "Outcome rates of AAPOR"),
    "rates_text": both(
        "I klaar, P gedeeltelijk, R geweigerd, NC niet bereikt, O anders, U onbekend; "
        "e is het deel van U dat er waarschijnlijk bij hoort.",
        "I complete, P partial, R refused, NC not reached, O other, U unknown; "
        "e is the share of U that is likely to be eligible.",
    ),
    "rate": both("Cijfer", "Rate"),
    "made_of": both("Zo gemaakt", "Made of"),
    "share": both("Deel", "Share"),
    "no_base": both("niemand", "nobody"),
    "remaining": both("Wat nog te bellen is, als CSV", "What is left to call, as CSV"),
    "remaining_text": both(
        "In dit bestand staan namen en nummers. Wis het als het bellen klaar is.",
        "Names and numbers stand in this file. Erase it when the calling is over.",
    ),
    "download": both("Bestand ophalen", "Fetch the file"),
    "free": both("Vrijgeven", "Free them"),
    "release": both("Wat bij interviewers ligt vrijgeven", "Free what lies with interviewers"),
    "release_text": both(
        "Nodig als iemand halverwege naar huis ging. Morgen komt alles vanzelf vrij.",
        "Needed when somebody went home half way. Tomorrow all is free by itself.",
    ),
    "released": both("Vrijgegeven.", "Freed."),
    "file": both("CSV-bestand", "CSV file"),
    "file_text": both("De eerste regel is:", "The first line is:"),
    "known_towns": both("Gemeenten", "Municipalities"),
    "known_domains": both("Domeinen (mag leeg)", "Domains (may be empty)"),
    "no_file": both("Kies een bestand.", "Choose a file."),
    "add": both("Toevoegen", "Add"),
    "added": both(
        "{} organisaties toegevoegd, {} stonden al op de lijst.",
        "{} organisations added, {} were on the list already.",
    ),
    "wrong_lines": both(
        "Er is niets toegevoegd. Verbeter deze regels en kies het bestand opnieuw.",
        "Nothing was added. Mend these lines and choose the file again.",
    ),
    "line": both("Regel", "Line"),
    "wrong": both("Wat er mis is", "What is wrong"),
    "more": both("En nog {} fouten.", "And {} more faults."),
    "hours_text": both(
        "Op werkdagen, nooit op een feestdag. Een afspraak gaat altijd door.",
        "On working days, never on a public holiday. An appointment is always kept.",
    ),
    "morning_start": both("Ochtend van", "Morning from"),
    "morning_end": both("Ochtend tot", "Morning until"),
    "afternoon_start": both("Middag van", "Afternoon from"),
    "afternoon_end": both("Middag tot", "Afternoon until"),
    "save": both("Bewaren", "Save"),
    "saved": both("Bewaard.", "Saved."),
}

WHY: Mapping[CallReason, Text] = {
    CallReason.PROMISED: both("U heeft dit afgesproken.", "You made this appointment."),
    CallReason.OVERDUE: both(
        "Een collega heeft dit afgesproken en is te laat.",
        "A colleague made this appointment and is late.",
    ),
    CallReason.EARLY: both(
        "U koos deze afspraak zelf, eerder dan afgesproken.",
        "You chose this appointment, earlier than agreed.",
    ),
    CallReason.FIRST: both(
        "Deze organisatie is nog niet gebeld.", "This one was not called before."
    ),
    CallReason.AGAIN: both(
        "Eerder is niemand bereikt; nu is het een andere dag, en een ander deel van de dag.",
        "Nobody was reached before; this is another day, and another part of the day.",
    ),
}

NOBODY: Mapping[NoCallReason, Text] = {
    NoCallReason.NO_LIST: both(
        "Er is nog geen bellijst. De onderzoeker voegt die toe.",
        "There is no call list yet. The researcher adds it.",
    ),
    NoCallReason.ALL_DONE: both(
        "Iedereen is gebeld. Dank u wel!", "Everybody was called. Thank you!"
    ),
    NoCallReason.OUTSIDE_HOURS: both(
        "Nu wordt er niet gebeld: het is buiten de beltijden.",
        "Nobody is called now: it is outside calling hours.",
    ),
    NoCallReason.LATER: both(
        "Nu is niemand aan de beurt: wie over is, is vandaag al gebeld of heeft een afspraak.",
        "Nobody is due now: who is left was called today, or has an appointment.",
    ),
}

STANDS: Mapping[CaseStatus, Text] = {
    CaseStatus.NEW: both("Nog niet gebeld", "Not called yet"),
    CaseStatus.AGAIN: both("Nog eens bellen", "To be called again"),
    CaseStatus.APPOINTMENT: both("Afspraak", "Appointment"),
    CaseStatus.TAKEN: both("Nu bij een interviewer", "With an interviewer now"),
    CaseStatus.DONE: both("Klaar", "Done"),
}

RATES: Mapping[str, Text] = {
    "rr": both("Respons", "Response rate"),
    "coop": both("Medewerking", "Cooperation rate"),
    "ref": both("Weigering", "Refusal rate"),
    "con": both("Contact", "Contact rate"),
    "e": both("Geschat deel dat meetelt", "Share estimated to be eligible"),
}

_ALL, _LIKELY, _SURE = "(I+P+R+NC+O+U)", "(I+P+R+NC+O+eU)", "(I+P+R+NC+O)"
FORMULAS: Mapping[str, str] = {
    **{f"rr{n}": f"{top} / {base}" for n, (top, base) in enumerate(
        [(top, base) for base in (_ALL, _LIKELY, _SURE) for top in ("I", "(I+P)")], 1
    )},
    "coop1": "I / (I+P+R+O)",
    "coop2": "(I+P) / (I+P+R+O)",
    "coop3": "I / (I+P+R)",
    "coop4": "(I+P) / (I+P+R)",
    **{f"ref{n}": f"R / {base}" for n, base in enumerate((_ALL, _LIKELY, _SURE), 1)},
    **{f"con{n}": f"(I+P+R+O) / {base}" for n, base in enumerate((_ALL, _LIKELY, _SURE), 1)},
    "e": "(I+P+R+NC+O) / (I+P+R+NC+O+NE)",
}  # fmt: skip
"""How a rate is made, in AAPOR's letters."""

FAULTS: Mapping[str, Text] = {
    "columns": both(
        "De kolommen moeten zijn: name, number, municipality en, als u wilt, domain.",
        "The columns have to be name, number, municipality and, if you like, domain.",
    ),
    "too-large": both("Het bestand is te groot. Verdeel het.", "The file is too large. Divide it."),
    "encoding": both(
        "Dit is geen UTF-8. Bewaar het als ‘CSV UTF-8’.", "This is not UTF-8. Save as ‘CSV UTF-8’."
    ),
    "no-rows": both("Er staat geen organisatie in.", "There is no organisation in it."),
    "cells": both(
        'Er zijn te veel cellen. Zet namen met een komma tussen "aanhalingstekens".',
        'There are too many cells. Put names with a comma in "quotes".',
    ),
    "name": both(
        "Dit is geen naam. Schrijf 1 tot 120 tekens, en geen =+-@ vooraan.",
        "This is no name. Write 1 to 120 characters, and none of =+-@ in front.",
    ),
    "number": both(
        "Dit is geen telefoonnummer. Schrijf 10 cijfers, of + en het land.",
        "This is no telephone number. Write 10 digits, or + and the country.",
    ),
    "municipality": both(
        "Deze gemeente hoort niet bij de studie.", "This is no municipality of the study."
    ),
    "domain": both("Dit domein hoort niet bij de studie.", "This is no domain of the study."),
    "twice": both(
        "Dit nummer staat er al eerder in.", "This number stands on an earlier line too."
    ),
}

ACTS: Mapping[str, Text] = {
    "phone.imported": both("organisaties toegevoegd", "added organisations"),
    "phone.exported": both("te bellen organisaties meegenomen", "exported what is left to call"),
    "phone.hours": both("beltijden veranderd", "changed the calling hours"),
    "phone.released": both("organisaties vrijgegeven", "freed organisations"),
    "phone.outcome": both("uitkomst van een gesprek gezet", "set the outcome of a call"),
    "phone.undone": both("uitkomst teruggenomen", "took back an outcome"),
}
