"""The words of the export and of erasing."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "export": both("Exporteren", "Export"),
    "export_about": both(
        "De antwoorden in een bestand, voor de analyse.", "The answers in a file, for analysis."
    ),
    "export_text": both(
        "U krijgt een zip met de snapshot (Parquet), dezelfde rijen als CSV, en bestanden voor "
        "SPSS, Stata, R en pandas met een codeboek. Er staat geen tijd in, geen adres en geen "
        "sleutel. Rijen staan op volgorde van wat erin staat.",
        "You get a zip with the snapshot (Parquet), the same rows as CSV, and files for SPSS, "
        "Stata, R and pandas with a codebook. It holds no time, no address and no key. Rows stand "
        "in the order of what is in them.",
    ),
    "export_care": both(
        "Antwoorden kunnen samen vertellen wie iemand is. Bewaar het bestand versleuteld, deel het "
        "met niemand en wis het na de analyse. Het is niet voor publicatie.",
        "Answers together can tell who somebody is. Keep the file encrypted, share it with nobody, "
        "and delete it after the analysis. It is not for publication.",
    ),
    "open_still": both(
        "De vragenlijst is nog open: dit is een tussenstand. Wie twee tussenstanden heeft, ziet "
        "wie ertussen kwam.",
        "The questionnaire is still open: this is a state in between. Who has two of those sees "
        "who came between them.",
    ),
    "waiting": both(
        "{} teksten wachten nog. Daarvoor staat ‘nog niet vrijgegeven’ in het bestand.",
        "{} texts are still waiting. The file says ‘not released yet’ in their place.",
    ),
    "to_texts": both("Teksten lezen en vrijgeven", "Read and release texts"),
    "all_released": both("Alle teksten zijn vrijgegeven.", "All texts have been released."),
    "csv_note": both(
        "Begint een tekst met een teken dat een rekenblad uitvoert, zoals =, dan staat er in de "
        "CSV een ' voor. Dat is ook zo bij een antwoord dat R of pandas zou weglaten, zoals NA.",
        "Where a text begins with a sign that a spreadsheet runs, such as =, the CSV has an ' "
        "before it. So it has before an answer that R or pandas would leave out, such as NA.",
    ),
    "download": both("Downloaden", "Download"),
    "erasing": both("Wissen", "Erasing"),
    "erasing_about": both(
        "Wat gewist wordt, wanneer, en met welke opdracht.",
        "What is erased, when, and by which command.",
    ),
    "erasing_text": both(
        "Wissen gaat niet aan de balie, maar met een opdracht op de server. De balie kan niet "
        "bij de adressen, en dat moet zo blijven. Vraag de beheerder, en bewaar het bewijs dat "
        "de opdracht maakt.",
        "Erasing is not done at the desk, but by a command on the server. The desk cannot reach "
        "the addresses, and that must stay so. Ask who runs the server, and keep the certificate "
        "that the command writes.",
    ),
    "contacts": both("De adressen", "The addresses"),
    "contacts_what": both(
        "Wie aanbood om geïnterviewd te worden, liet een e-mailadres achter. Wis die zodra de "
        "interviews geweest zijn. Antwoorden blijven.",
        "Who offered to be interviewed left an e-mail address. Erase those as soon as the "
        "interviews have been held. Answers stay.",
    ),
    "answers": both("De antwoorden", "The answers"),
    "answers_what": both(
        "Wis die als de resultaten gepubliceerd zijn. Aantallen per link blijven. Wat aan de balie "
        "over teksten besloten is, gaat mee.",
        "Erase those once the results have been published. Numbers by link stay. What was "
        "decided at the desk about texts goes with them.",
    ),
    "calls": both("De bellijst", "The call list"),
    "calls_what": both(
        "Wis die als het bellen klaar is. De aantallen voor de responspercentages blijven.",
        "Erase that when the calling is over. The counts for the outcome rates stay.",
    ),
    "everywhere": both(
        "Elke opdracht wist uit de database, uit het logbestand daarvan, uit lege pagina's en "
        "uit de back-ups hieronder. Daarna zoekt hij in alle bestanden of er iets is "
        "achtergebleven.",
        "Each command erases from the database, from its log, from free pages and from the backups "
        "below. Then it looks in all files whether anything was left behind.",
    ),
    "not_reached": both(
        "Kopieën die iemand zelf maakte, en bestanden die geëxporteerd zijn, vindt de opdracht "
        "niet. In het logboek staat wie er exporteerde.",
        "Copies that somebody made, and files that were exported, are not found by the command. "
        "The journal says who exported.",
    ),
    "backups": both("Back-ups die meetellen", "Backups that count"),
    "backup": both("Map op de server", "Folder on the server"),
    "state": both("Nu", "Now"),
    "there": both("gevonden", "found"),
    "gone": both("niet gevonden", "not found"),
    "no_backups": both("Er is nog geen back-up gemaakt.", "No backup has been made yet."),
}
ACTS: Mapping[str, Text] = {
    "export.taken": both("snapshot gedownload", "snapshot downloaded"),
}
