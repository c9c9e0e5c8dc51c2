"""The words of the privacy document, in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Verwerking van persoonsgegevens",
        "what": "Wat",
        "filled_in": "Ingevuld",
        "record": "Register van de verwerking",
        "processing": "Verwerking",
        "controller": "Verwerkingsverantwoordelijke",
        "officer": "Functionaris gegevensbescherming",
        "purpose": "Doel",
        "purpose_is": "Onderzoek met een vragenlijst: tellen hoe vaak iets voorkomt, en daarover "
        "een rapport met tabellen publiceren. Er wordt niets besloten over één persoon.",
        "lawful": "Grondslag",
        "people": "Wie er meedoen",
        "period": "Periode van het veldwerk",
        "data": "Gegevens",
        "data_are": "Antwoorden op {questions} vragen; bij {texts} daarvan kan iemand zelf iets "
        "opschrijven.",
        "contact": "E-mailadres",
        "contact_yes": "Wie wil, laat een e-mailadres achter. Het staat versleuteld in een andere "
        "database dan de antwoorden. De sleutel is niet op de server.",
        "contact_no": "Wordt niet gevraagd.",
        "not_kept": "Niet bewaard",
        "not_kept_is": "IP-adres, browser, tijdstip van een antwoord en de volgorde waarin mensen "
        "meededen.",
        "recipients": "Wie het krijgen",
        "recipients_are": "De onderzoekers krijgen de antwoorden zonder adressen. Lezers krijgen "
        "alleen tellingen die zijn vrijgegeven.",
        "measures": "Beveiliging",
        "assessment": "Vragen van de beoordeling (DPIA)",
        "singled_out?": "Kan iemand worden aangewezen?",
        "singled_out": "Een aantal van {lowest} tot en met {highest} wordt niet precies gedrukt, "
        "nergens.",
        "linked?": "Kunnen antwoorden aan een naam worden gekoppeld?",
        "linked": "Adressen en antwoorden staan apart, en niets verbindt ze: geen sleutel, geen "
        "tijd en geen volgorde.",
        "inferred?": "Is af te leiden wat iemand antwoordde?",
        "subtracted?": "Volgt een klein aantal uit andere aantallen?",
        "subtracted": "Alle aantallen van rapport en tabellen worden samen beoordeeld. Ook wie "
        "alles optelt en aftrekt, sluit geen getal van {lowest} tot en met {highest} uit.",
        "grown?": "Vertelt een latere versie wie er bij kwam?",
        "grown": "Wat is gedrukt, blijft zo. Precieze aantallen komen er één keer; eerdere en "
        "verbeterde zijn afgerond.",
        "texts?": "Wat gebeurt er met geschreven tekst?",
        "texts": "Een mens leest elke tekst voor die verder gaat, en haalt namen weg.",
        "leaked?": "Wat als een bestand uitlekt?",
        "leaked": "Bestanden met antwoorden zijn er om te verwijderen: zie de tabel hieronder. "
        "Een versleutelde schijf is nodig.",
        "needed?": "Zijn alle vragen nodig voor het doel?",
        "special?": "Zijn er bijzondere persoonsgegevens bij, en waarom mag dat?",
        "accepted?": "Welk risico blijft over, en wie aanvaardt dat?",
        "retention": "Hoe lang iets blijft",
        "small_counts": "Kleine aantallen",
        "method_bands": "Waar een aantal onder {threshold} iets zou vertellen, staat een bereik "
        "zoals 0–4. Andere aantallen staan er precies.",
        "method_rounded": "Elk aantal is afgerond op een veelvoud van {base}. Alle optellingen "
        "kloppen.",
        "method_hidden": "Waar een aantal onder {threshold} iets zou vertellen, staat een teken en "
        "geen getal. Andere aantallen staan er precies.",
        "zeros_shown": "Een nul wordt gedrukt.",
        "zeros_hidden": "Een nul wordt niet gedrukt.",
        "same_small_groups": "In kleine groepen is niet te zien dat iedereen hetzelfde antwoordde.",
        "same_every_group": "In geen groep is te zien dat iedereen hetzelfde antwoordde.",
        "same_shown": "Het mag te zien zijn dat een hele groep hetzelfde antwoordde.",
        "nothing_released": "Er is nog niets vrijgegeven.",
        "releases": "Wat is vrijgegeven",
        "release": "{number}. {kind}",
        "kind_final": "definitief",
        "kind_interim": "tussentijds",
        "kind_correction": "verbetering",
        "exact_numbers": "{count} precieze aantallen",
        "rounded_numbers": "{count} afgeronde aantallen",
        "of_width": "{count} met een bereik van {width}",
        "promises": "Beloften en hun proef",
        "promises_are": "Achter elke belofte staat de proef in het programma die hem aanvalt. De "
        "proeven horen bij het programma en draaien bij elke wijziging.",
        "signing": "Ondertekening",
        "signing_is": "Wat open staat is ingevuld, en de rest is gelezen.",
        "sign_researcher": "Onderzoeker",
        "sign_officer": "Functionaris gegevensbescherming",
        "sign_date": "Datum",
    },
    "en": {
        "title": "Processing of personal data",
        "what": "What",
        "filled_in": "Filled in",
        "record": "Record of processing",
        "processing": "Processing",
        "controller": "Controller",
        "officer": "Data protection officer",
        "purpose": "Purpose",
        "purpose_is": "Research by questionnaire: counting how often something occurs, and "
        "publishing a report with tables. Nothing is decided about any one person.",
        "lawful": "Lawful basis",
        "people": "Who takes part",
        "period": "Period of the fieldwork",
        "data": "Data",
        "data_are": "Answers to {questions} questions; at {texts} of them people can write "
        "something themselves.",
        "contact": "E-mail address",
        "contact_yes": "Who wants to leaves an e-mail address. It is kept sealed in another "
        "database than the answers. The key is not on the server.",
        "contact_no": "Is not asked for.",
        "not_kept": "Not kept",
        "not_kept_is": "IP address, browser, the time of an answer, and the order in which people "
        "took part.",
        "recipients": "Recipients",
        "recipients_are": "Researchers get the answers without addresses. Readers get only counts "
        "that were released.",
        "measures": "Security",
        "assessment": "Questions of the assessment (DPIA)",
        "singled_out?": "Can somebody be singled out?",
        "singled_out": "A count of {lowest} to {highest} is printed exactly nowhere.",
        "linked?": "Can answers be linked to a name?",
        "linked": "Addresses and answers are kept apart, and nothing joins them: no key, no time "
        "and no order.",
        "inferred?": "Can it be inferred what somebody answered?",
        "subtracted?": "Does a small count follow from other counts?",
        "subtracted": "All counts of report and tables are judged together. Whoever adds and "
        "subtracts them all can exclude no number from {lowest} to {highest} either.",
        "grown?": "Does a later version tell who came in?",
        "grown": "What was printed stays. Exact counts come once; earlier and corrected ones are "
        "rounded.",
        "texts?": "What happens to what people wrote?",
        "texts": "A person reads every text before it goes on, and takes names out.",
        "leaked?": "What if a file leaks?",
        "leaked": "Files with answers are there to be erased: see the table below. An encrypted "
        "disk is needed.",
        "needed?": "Are all questions needed for the purpose?",
        "special?": "Are there special categories of data, and why is that allowed?",
        "accepted?": "Which risk remains, and who accepts it?",
        "retention": "How long something stays",
        "small_counts": "Small counts",
        "method_bands": "Where a count under {threshold} would tell something, a range such as 0–4 "
        "stands. Other counts are exact.",
        "method_rounded": "Every count is rounded to a multiple of {base}. All sums hold.",
        "method_hidden": "Where a count under {threshold} would tell something, a sign stands and "
        "no number. Other counts are exact.",
        "zeros_shown": "A zero is printed.",
        "zeros_hidden": "A zero is not printed.",
        "same_small_groups": "In small groups nobody can see that all gave one answer.",
        "same_every_group": "In no group can anybody see that all gave one answer.",
        "same_shown": "It may be seen that a whole group gave one answer.",
        "nothing_released": "Nothing was released yet.",
        "releases": "What was released",
        "release": "{number}. {kind}",
        "kind_final": "final",
        "kind_interim": "interim",
        "kind_correction": "correction",
        "exact_numbers": "{count} exact numbers",
        "rounded_numbers": "{count} rounded numbers",
        "of_width": "{count} with a range of {width}",
        "promises": "Promises and their tests",
        "promises_are": "Behind each promise stands the test in the program that attacks it. The "
        "tests belong to the program and run at every change.",
        "signing": "Signing",
        "signing_is": "What was open has been filled in, and the rest has been read.",
        "sign_researcher": "Researcher",
        "sign_officer": "Data protection officer",
        "sign_date": "Date",
    },
}

MEASURES: Mapping[str, tuple[str, ...]] = {
    "nl": (
        "Antwoorden en adressen staan in twee databases.",
        "Adressen zijn versleuteld met een sleutel die niet op de server staat.",
        "De onderzoekers werken aan een eigen bureau met twee factoren en een logboek.",
        "Niets komt naar buiten voordat de kleine aantallen zijn beschermd.",
    ),
    "en": (
        "Answers and addresses are kept in two databases.",
        "Addresses are sealed with a key that is not on the server.",
        "Researchers work at a desk of their own with two factors and an audit log.",
        "Nothing goes out before small counts are protected.",
    ),
}

RETENTION: Mapping[str, tuple[tuple[str, str], ...]] = {
    "nl": (
        ("Antwoorden", "Tot de publicatie. Daarna: blikveld erase --answers, back-ups ook."),
        (
            "E-mailadressen",
            "Tot ze zijn gebruikt. Daarna: blikveld erase --contacts, back-ups ook.",
        ),
        ("Bellijst", "Tot het bellen klaar is. Daarna: blikveld erase --calls, back-ups ook."),
        ("Concept van een pagina", "Tot de pagina is verzonden, of tot het veldwerk sluit."),
        ("Lijst van wat is gedrukt", "Blijft: ze bevat geen aantal dat niet is gedrukt."),
        ("Rapport en tabellen", "Blijven."),
    ),
    "en": (
        ("Answers", "Until publication. Then: blikveld erase --answers, backups too."),
        ("E-mail addresses", "Until they were used. Then: blikveld erase --contacts, backups too."),
        ("Call list", "Until calling is over. Then: blikveld erase --calls, backups too."),
        ("Draft of a page", "Until the page is sent, or the fieldwork closes."),
        ("List of what was printed", "Stays: it holds no count that was not printed."),
        ("Report and tables", "Stay."),
    ),
}

PROMISES: tuple[tuple[Mapping[str, str], str], ...] = (
    (
        {
            "nl": "Adres en antwoorden zijn niet te koppelen.",
            "en": "Address and answers cannot be joined.",
        },
        "test_an_address_is_sealed_and_kept_apart_from_answers",
    ),
    (
        {"nl": "Geen tijdstip wordt bewaard.", "en": "No time is kept."},
        "test_no_column_holds_a_time",
    ),
    (
        {
            "nl": "Geen IP-adres of browser wordt bewaard.",
            "en": "No IP address or browser is kept.",
        },
        "test_nothing_of_a_visitor_is_logged",
    ),
    (
        {
            "nl": "Geen klein aantal volgt uit rapport en tabellen samen.",
            "en": "No small count follows from report and tables together.",
        },
        "test_nothing_follows_from_groups_that_are_said_in_two_ways",
    ),
    (
        {
            "nl": "Ook niet uit twee versies van het rapport.",
            "en": "Nor from two versions of the report.",
        },
        "test_a_draft_with_one_figure_more_changes_no_number_and_gives_none_away",
    ),
    (
        {
            "nl": "Ook niet uit een tussenstand en de eindstand.",
            "en": "Nor from an interim release and the final one.",
        },
        "test_nobody_sees_what_the_few_said_who_came_after_an_interim_release",
    ),
    (
        {
            "nl": "Wat iemand schreef is gelezen voor het verder gaat.",
            "en": "What somebody wrote is read before it goes on.",
        },
        "test_free_text_waits_until_a_person_released_it",
    ),
    (
        {
            "nl": "Antwoorden zijn echt weg als ze zijn verwijderd.",
            "en": "Answers are gone when they are erased.",
        },
        "test_erased_answers_are_in_no_file_and_counters_stay",
    ),
)
"""What respondents were promised, and the test that attacks it (docs/security.md has them all)."""
