"""The words a report adds by itself, Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.errors import BlikveldError
from blikveld.figures.dates import MONTHS

_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "figure": "Figuur",
        "table": "Tabel",
        "contents": "Inhoud",
        "and": "en",
        "total": "Totaal",
        "total_of": "Totaal {name}",
        "all": "Allemaal samen",
        "note": "Totaal n={base}: {parts}.",
        "note_part": "{share} is n={count}",
        "note_invented": " Een getal met * is een verzonnen waarde.",
        "beside": "{share} ({count} van {base})",
        "base": "{who}, n={base}",
        "base_unknown": "{who}",
        "rows_share": "Aantallen, en percentages van de rij",
        "multiple": "Bij deze vraag kon iemand meer antwoorden geven. Daarom tellen de "
        "percentages op tot meer dan 100%.",
        "multiple_total": "De laatste kolom telt mensen, geen antwoorden.",
        "withheld": "x: dit aantal laten we weg. Het is kleiner dan {threshold}, of het zou een "
        "ander klein aantal verraden. Ook nul kan zo zijn weggelaten.",
        "invented": "* verzonnen waarde: geen bewaard gebleven cijfer legt dit getal vast.",
        "nothing": "–: er is niemand om een percentage van te nemen.",
        "data": "De cijfers bij deze figuur",
        "share": "Aandeel",
        "count": "Aantal",
        "answer": "Antwoord",
        "group": "Groep",
        "bars": "Staafdiagram, {amount} balken.",
        "grouped": "Staafdiagram met per antwoord {amount} balken naast elkaar.",
        "stacked": "Liggende balken van 100%, verdeeld in {amount} antwoorden.",
        "diverging": "Liggende balken om het midden van een schaal, met {amount} antwoorden.",
        "bar_share": "{label}: {share} ({count} van {base}).",
        "bar_withheld": "{label}: weggelaten (x).",
        "funnel_step": "Stap",
        "funnel_left": "Valt af",
        "funnel_remained": "Blijft over",
        "funnel_started": "Begonnen aan de vragenlijst",
        "funnel_total": "Telt mee in dit rapport",
        "funnel_title": "Van alle begonnen vragenlijsten naar de respondenten in dit rapport",
        "least": "ten minste {number}",
        "sum_note": "Opgeteld is dit {total}. Per antwoord telt het laagste aantal: {parts}.",
        "sum_part": "{count} × {value}",
        "mean_note": "Samen {total} antwoorden van n={base} respondenten, gemiddeld {mean}.",
        "between": "{low} tot {high}",
        "until": "{first} tot en met {last}",
        "version": "Onderzoek {study}, versie {version}",
        "snapshot": "Gemaakt uit momentopname {digest}",
        "reference_warning": "Dit rapport is gemaakt met nagemaakte respondenten. Zij zijn "
        "teruggerekend uit cijfers die eerder gepubliceerd zijn. Getallen met een * liggen door "
        "die cijfers niet vast: die waarden zijn verzonnen en zeggen niets over echte mensen of "
        "gemeenten.",
        "made_up_warning": "Alle antwoorden in dit rapport zijn verzonnen, om het onderzoek uit "
        "te proberen. De getallen zeggen niets over echte mensen of gemeenten.",
        "skip": "Naar de tekst",
        "footnotes": "Voetnoten",
        "back": "Terug naar de tekst bij voetnoot {number}",
        "to_note": "Voetnoot {number}",
        "page": "Pagina",
        "scroll": "Tabel, schuif opzij voor alle kolommen",
        "notes": "Toelichting",
        "sheet": "Blad",
        "book": "Tabellenboek",
        "unit": "Eenheid",
        "respondents": "respondenten",
        "rows_base": "Wie telt mee",
        "signs": "Tekens",
        "percent_head": "{label}, %",
        "asked_of": "Alleen voor {who}.",
        "one_answer": "Eén antwoord mogelijk.",
        "several_answers": "Meer antwoorden mogelijk.",
        "open_answer": "Antwoord in eigen woorden.",
        "address_answer": "Invulveld: {label}. Dit staat los van de antwoorden.",
        "scale_answers": "Antwoorden bij elke uitspraak: {answers}.",
        "own_districts": "De wijken van de eigen gemeente, een voor een",
        "own_municipality": "[gemeente]",
        "namely": "{answer}, namelijk: …",
        "average_note": "Gemiddelde van n={base}: {parts}.",
        "points": "{number} procentpunt",
        "difference_note": "{one} {other} Het verschil is gemaakt uit de aantallen.",
        "test_note": "{name}, n={base}.",
        "test_told_note": "{outcome} ({name}, n={base}).",
        "chi_square": "Chi-kwadraattoets",
        "fisher": "Exacte toets van Fisher",
        "simulated": "Chi-kwadraattoets tegen gelote tabellen",
        "t_paired": "T-toets voor twee scores van dezelfde mensen",
        "figures_list": "Figuren",
        "tables_list": "Tabellen",
    },
    "en": {
        "figure": "Figure",
        "table": "Table",
        "contents": "Contents",
        "and": "and",
        "total": "Total",
        "total_of": "Total {name}",
        "all": "All together",
        "note": "Total n={base}: {parts}.",
        "note_part": "{share} is n={count}",
        "note_invented": " A number with * is an invented value.",
        "beside": "{share} ({count} of {base})",
        "base": "{who}, n={base}",
        "base_unknown": "{who}",
        "rows_share": "Counts, and percentages of the row",
        "multiple": "More than one answer could be given to this question. The percentages "
        "therefore add up to more than 100%.",
        "multiple_total": "The last column counts people, not answers.",
        "withheld": "x: this count is kept back. It is smaller than {threshold}, or it would give "
        "away another small count. A zero, too, may have been left out like this.",
        "invented": "* invented value: no surviving figure fixes this number.",
        "nothing": "–: there is nobody to take a percentage of.",
        "data": "The numbers in this figure",
        "share": "Share",
        "count": "Count",
        "answer": "Answer",
        "group": "Group",
        "bars": "Bar chart, {amount} bars.",
        "grouped": "Bar chart with {amount} bars side by side for each answer.",
        "stacked": "Horizontal bars of 100%, divided into {amount} answers.",
        "diverging": "Horizontal bars around the middle of a scale of {amount} answers.",
        "bar_share": "{label}: {share} ({count} of {base}).",
        "bar_withheld": "{label}: kept back (x).",
        "funnel_step": "Step",
        "funnel_left": "Leave",
        "funnel_remained": "Remain",
        "funnel_started": "Began the questionnaire",
        "funnel_total": "Count in this report",
        "funnel_title": "From every questionnaire that was begun to the respondents in this report",
        "least": "at least {number}",
        "sum_note": "The sum is {total}. For each answer the lowest number counts: {parts}.",
        "sum_part": "{count} × {value}",
        "mean_note": "Together {total} answers of n={base} respondents, {mean} on average.",
        "between": "{low} to {high}",
        "until": "{first} to {last}",
        "version": "Study {study}, version {version}",
        "snapshot": "Made from snapshot {digest}",
        "reference_warning": "This report was made with reconstructed respondents. They were "
        "computed from figures that were published before. Numbers with a * are not fixed by "
        "those figures: they are invented and say nothing about real people or municipalities.",
        "made_up_warning": "All answers in this report are made up, to try out the study. The "
        "numbers say nothing about real people or municipalities.",
        "skip": "Skip to the text",
        "footnotes": "Footnotes",
        "back": "Back to the text at footnote {number}",
        "to_note": "Footnote {number}",
        "page": "Page",
        "scroll": "Table, scroll sideways for all columns",
        "notes": "Notes",
        "sheet": "Sheet",
        "book": "Table book",
        "unit": "Unit",
        "respondents": "respondents",
        "rows_base": "Who is counted",
        "signs": "Signs",
        "percent_head": "{label}, %",
        "asked_of": "Only for {who}.",
        "one_answer": "One answer possible.",
        "several_answers": "More answers possible.",
        "open_answer": "Answer in own words.",
        "address_answer": "Box: {label}. What is filled in here is kept apart from the answers.",
        "scale_answers": "Answers to each statement: {answers}.",
        "own_districts": "The districts of one's own municipality, one by one",
        "own_municipality": "[municipality]",
        "namely": "{answer}, namely: …",
        "average_note": "Average of n={base}: {parts}.",
        "points": "{number} percentage points",
        "difference_note": "{one} {other} The difference was made from the counts.",
        "test_note": "{name}, n={base}.",
        "test_told_note": "{outcome} ({name}, n={base}).",
        "chi_square": "Chi-square test",
        "fisher": "Fisher's exact test",
        "simulated": "Chi-square test against drawn tables",
        "t_paired": "T-test of two scores of the same people",
        "figures_list": "Figures",
        "tables_list": "Tables",
    },
}


def words(language: str) -> Mapping[str, str]:
    """A report's own words in a language. Raises BlikveldError for one it does not speak."""
    if language not in _WORDS:
        spoken = ", ".join(sorted(_WORDS))
        raise BlikveldError(
            "report-language",
            f"language {language!r}",
            "The report does not speak this language.",
            f"Choose one of: {spoken}.",
        )
    return _WORDS[language]


def month(number: int, language: str) -> str:
    """The name of a month, from 1."""
    return MONTHS[language][number - 1]


def listed(items: tuple[str, ...], language: str) -> str:
    """'a, b and c'."""
    *first, last = items
    return f"{', '.join(first)} {words(language)['and']} {last}" if first else last
