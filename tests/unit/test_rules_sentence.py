"""Rules read aloud. The questionnaire is invented; the sentences are what a reader would see."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from blikveld.rules import EVERYBODY, UnknownCode, describe_rule, parse

LABELS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "seen": "Meeuw gezien",
        "job": "Functie",
        "places": "Plaats",
        "trust": "Vertrouwen (1 tot 5)",
        "completed": "Vragenlijst ingevuld",
    },
    "en": {
        "seen": "Gull seen",
        "job": "Job",
        "places": "Place",
        "trust": "Trust (1 to 5)",
        "completed": "Questionnaire completed",
    },
}
CODES: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "seen.often": "Vaak",
        "seen.no": "Nee",
        "job.baker": "Bakker",
        "job.cook": "Kok",
        "job.sailor": "Zeeman",
        "places.beach": "Strand",
        "places.street": "Straat",
    },
    "en": {
        "seen.often": "Often",
        "seen.no": "No",
        "job.baker": "Baker",
        "job.cook": "Cook",
        "job.sailor": "Sailor",
        "places.beach": "Beach",
        "places.street": "Street",
    },
}


class Words:
    """The labels above, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def label(self, name: str) -> str:
        return LABELS[self.language][name]

    def code(self, name: str, code: str) -> str:
        return CODES[self.language][f"{name}.{code}"]


SENTENCES = [
    ("True", "alle respondenten", "all respondents"),
    ("seen == 'no' and False", "geen enkele respondent", "no respondents"),
    (
        "job == 'baker'",
        "respondenten met ‘Bakker’ bij ‘Functie’",
        "respondents with ‘Baker’ for ‘Job’",
    ),
    (
        "seen != 'no'",
        "respondenten met iets anders dan ‘Nee’ bij ‘Meeuw gezien’",
        "respondents with something other than ‘No’ for ‘Gull seen’",
    ),
    (
        "job in ('baker', 'cook', 'sailor')",
        "respondenten met ‘Bakker’, ‘Kok’ of ‘Zeeman’ bij ‘Functie’",
        "respondents with ‘Baker’, ‘Cook’ or ‘Sailor’ for ‘Job’",
    ),
    (
        "job not in ('baker', 'cook')",
        "respondenten met iets anders dan ‘Bakker’ of ‘Kok’ bij ‘Functie’",
        "respondents with something other than ‘Baker’ or ‘Cook’ for ‘Job’",
    ),
    (
        "'beach' in places",
        "respondenten met ‘Strand’ als een van de antwoorden bij ‘Plaats’",
        "respondents with ‘Beach’ as one of the answers to ‘Place’",
    ),
    (
        "'beach' not in places",
        "respondenten met een antwoord zonder ‘Strand’ bij ‘Plaats’",
        "respondents with an answer without ‘Beach’ to ‘Place’",
    ),
    (
        "count(places) >= 2",
        "respondenten met minstens 2 antwoorden bij ‘Plaats’",
        "respondents with at least 2 answers to ‘Place’",
    ),
    (
        "not (count(places) >= 1)",
        "respondenten met minder dan 1 antwoord bij ‘Plaats’",
        "respondents with fewer than 1 answer to ‘Place’",
    ),
    (
        "trust > 3.5",
        "respondenten met meer dan 3,5 bij ‘Vertrouwen (1 tot 5)’",
        "respondents with more than 3.5 for ‘Trust (1 to 5)’",
    ),
    (
        "trust == 3",
        "respondenten met precies 3 bij ‘Vertrouwen (1 tot 5)’",
        "respondents with exactly 3 for ‘Trust (1 to 5)’",
    ),
    (
        "asked(places) and not answered(places)",
        "respondenten aan wie ‘Plaats’ is gevraagd en zonder antwoord bij ‘Plaats’",
        "respondents who were asked ‘Place’ and without an answer to ‘Place’",
    ),
    (
        "not asked(places) or answered(seen)",
        "respondenten aan wie ‘Plaats’ niet is gevraagd of met een antwoord bij ‘Meeuw gezien’",
        "respondents who were not asked ‘Place’ or with an answer to ‘Gull seen’",
    ),
    (
        "completed",
        "respondenten met ‘ja’ bij ‘Vragenlijst ingevuld’",
        "respondents with ‘yes’ for ‘Questionnaire completed’",
    ),
    (
        "not completed",
        "respondenten met ‘nee’ bij ‘Vragenlijst ingevuld’",
        "respondents with ‘no’ for ‘Questionnaire completed’",
    ),
    (
        "seen == 'often' and job == 'cook' and completed",
        "respondenten met ‘Vaak’ bij ‘Meeuw gezien’, met ‘Kok’ bij ‘Functie’ en met ‘ja’ bij "
        "‘Vragenlijst ingevuld’",
        "respondents with ‘Often’ for ‘Gull seen’, with ‘Cook’ for ‘Job’ and with ‘yes’ for "
        "‘Questionnaire completed’",
    ),
    # Several codes of one variable are named together.
    (
        "job == 'baker' or completed or job == 'cook'",
        "respondenten met ‘Bakker’ of ‘Kok’ bij ‘Functie’ of met ‘ja’ bij ‘Vragenlijst ingevuld’",
        "respondents with ‘Baker’ or ‘Cook’ for ‘Job’ or with ‘yes’ for ‘Questionnaire completed’",
    ),
    (
        "job != 'baker' and job != 'cook'",
        "respondenten met iets anders dan ‘Bakker’ of ‘Kok’ bij ‘Functie’",
        "respondents with something other than ‘Baker’ or ‘Cook’ for ‘Job’",
    ),
    # An 'or' inside an 'and' comes last and says where it begins.
    (
        "(job == 'cook' or completed) and seen == 'often'",
        "respondenten met ‘Vaak’ bij ‘Meeuw gezien’ en ofwel met ‘Kok’ bij ‘Functie’, ofwel met "
        "‘ja’ bij ‘Vragenlijst ingevuld’",
        "respondents with ‘Often’ for ‘Gull seen’ and either with ‘Cook’ for ‘Job’, or with ‘yes’ "
        "for ‘Questionnaire completed’",
    ),
    (
        "(job == 'cook' and completed) or seen == 'often'",
        "respondenten ofwel met ‘Kok’ bij ‘Functie’ en met ‘ja’ bij ‘Vragenlijst ingevuld’, ofwel "
        "met ‘Vaak’ bij ‘Meeuw gezien’",
        "respondents either with ‘Cook’ for ‘Job’ and with ‘yes’ for ‘Questionnaire completed’, or "
        "with ‘Often’ for ‘Gull seen’",
    ),
    # Two of them are told apart.
    (
        "(job == 'cook' or completed) and (seen == 'often' or 'beach' in places)",
        "respondenten ofwel met ‘Kok’ bij ‘Functie’, ofwel met ‘ja’ bij ‘Vragenlijst ingevuld’; en "
        "daarbij ofwel met ‘Vaak’ bij ‘Meeuw gezien’, ofwel met ‘Strand’ als een van de antwoorden "
        "bij ‘Plaats’",
        "respondents either with ‘Cook’ for ‘Job’, or with ‘yes’ for ‘Questionnaire completed’; "
        "and besides either with ‘Often’ for ‘Gull seen’, or with ‘Beach’ as one of the answers to "
        "‘Place’",
    ),
    # Deeper, brackets are clearer than words.
    (
        "completed or (job == 'cook' and (seen == 'often' or 'beach' in places))",
        "respondenten ofwel met ‘ja’ bij ‘Vragenlijst ingevuld’, ofwel met ‘Kok’ bij ‘Functie’ en "
        "(met ‘Vaak’ bij ‘Meeuw gezien’ of met ‘Strand’ als een van de antwoorden bij ‘Plaats’)",
        "respondents either with ‘yes’ for ‘Questionnaire completed’, or with ‘Cook’ for ‘Job’ and "
        "(with ‘Often’ for ‘Gull seen’ or with ‘Beach’ as one of the answers to ‘Place’)",
    ),
    # 'Not' goes to what it denies.
    (
        "not (seen == 'no' or 'beach' in places)",
        "respondenten met iets anders dan ‘Nee’ bij ‘Meeuw gezien’ en met een antwoord zonder "
        "‘Strand’ bij ‘Plaats’",
        "respondents with something other than ‘No’ for ‘Gull seen’ and with an answer without "
        "‘Beach’ to ‘Place’",
    ),
]


@pytest.mark.parametrize(("rule", "dutch", "english"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_read_aloud(rule: str, dutch: str, english: str) -> None:
    assert describe_rule(parse(rule), Words("nl"), "nl") == dutch
    assert describe_rule(parse(rule), Words("en"), "en") == english


NAMED = {
    parse("seen != 'no'"): "die een meeuw zagen",
    parse("not completed"): "die niet alles invulden",
    parse("job == 'cook' or job == 'baker'"): "uit de keuken",
    EVERYBODY: "alle deelnemers",
}


@pytest.mark.parametrize(
    ("rule", "dutch"),
    [
        ("True", "alle deelnemers"),
        ("seen != 'no'", "respondenten die een meeuw zagen"),
        ("not (seen == 'no')", "respondenten die een meeuw zagen"),
        ("completed", "respondenten met ‘ja’ bij ‘Vragenlijst ingevuld’"),
        (
            "job in ('cook', 'baker') and seen != 'no'",
            "respondenten uit de keuken en die een meeuw zagen",
        ),
        (
            "not completed or seen != 'no'",
            "respondenten die niet alles invulden of die een meeuw zagen",
        ),
    ],
)
def test_a_study_can_give_a_rule_its_own_words(rule: str, dutch: str) -> None:
    assert describe_rule(parse(rule), Words("nl"), "nl", NAMED) == dutch


def test_a_code_nobody_has_is_an_error_with_its_name() -> None:
    with pytest.raises(UnknownCode, match="'cok'"):
        describe_rule(parse("job == 'cok'"), Words("nl"), "nl")


def test_a_language_without_sentences_gets_english() -> None:
    assert describe_rule(EVERYBODY, Words("en"), "fy") == "all respondents"


WITH_TERMS = [
    (
        "sum(trust, count(places), least=1) - coalesce(trust, 0.5) <= trust",
        "respondenten van wie (de som van wat bekend is van ‘Vertrouwen (1 tot 5)’ en het aantal "
        "antwoorden bij ‘Plaats’ (minstens 1)) min (‘Vertrouwen (1 tot 5)’ (0,5 als dat niet "
        "bekend is)) niet groter is dan ‘Vertrouwen (1 tot 5)’",
        "respondents for whom (the sum of what is known of ‘Trust (1 to 5)’ and the number of "
        "answers to ‘Place’ (at least 1)) minus (‘Trust (1 to 5)’ (0.5 where that is not known)) "
        "is at most ‘Trust (1 to 5)’",
    ),
    (
        "years(trust, date('2026-11-02')) >= 18 or days(trust, job) != 3",
        "respondenten van wie het aantal hele jaren van ‘Vertrouwen (1 tot 5)’ tot 2 november "
        "2026 niet kleiner is dan 18 of van wie het aantal dagen van ‘Vertrouwen (1 tot 5)’ tot "
        "‘Functie’ niet gelijk is aan 3",
        "respondents for whom the number of whole years from ‘Trust (1 to 5)’ to 2 November 2026 "
        "is at least 18 or for whom the number of days from ‘Trust (1 to 5)’ to ‘Job’ does not "
        "equal 3",
    ),
    (
        "trust < date('2026-11-02')",
        "respondenten van wie ‘Vertrouwen (1 tot 5)’ eerder is dan 2 november 2026",
        "respondents for whom ‘Trust (1 to 5)’ is before 2 November 2026",
    ),
    (
        "count(seen == 'no', completed, trust > 3) >= 2",
        "respondenten voor wie minstens 2 van deze 3 gelden: (met ‘Nee’ bij ‘Meeuw gezien’; met "
        "‘ja’ bij ‘Vragenlijst ingevuld’; met meer dan 3 bij ‘Vertrouwen (1 tot 5)’)",
        "respondents for whom at least 2 of these 3 hold: (with ‘No’ for ‘Gull seen’; with ‘yes’ "
        "for ‘Questionnaire completed’; with more than 3 for ‘Trust (1 to 5)’)",
    ),
    (
        "not is_true('beach' in places) and not empty(job)",
        "respondenten van wie niet bekend is: (met ‘Strand’ als een van de antwoorden bij "
        "‘Plaats’) en die ‘Functie’ hebben ingevuld",
        "respondents of whom it is not known: (with ‘Beach’ as one of the answers to ‘Place’) and "
        "who filled in ‘Job’",
    ),
    (
        "not (rank(places, 'beach') > 2) and not matches(job, '[a-z]+')",
        "respondenten met ‘Strand’ op plaats 2 of hoger bij ‘Plaats’ en met een andere tekst dan "
        "‘[a-z]+’ bij ‘Functie’",
        "respondents with ‘Beach’ at place 2 or above for ‘Place’ and with another text than "
        "‘[a-z]+’ for ‘Job’",
    ),
]


@pytest.mark.parametrize(("rule", "dutch", "english"), WITH_TERMS)
def test_sums_days_and_counts_of_rules_are_read_aloud(rule: str, dutch: str, english: str) -> None:
    assert describe_rule(parse(rule), Words("nl"), "nl") == dutch
    assert describe_rule(parse(rule), Words("en"), "en") == english
