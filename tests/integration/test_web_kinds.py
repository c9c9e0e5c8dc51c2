"""Questions with numbers, days and rankings: from the page to the snapshot and its export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from blikveld.questionnaire import Routing
from blikveld.questionnaire.answers import fill_form
from blikveld.responses.export.dta import write_dta
from blikveld.responses.export.sav import write_sav
from blikveld.responses.export.table import build_table
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import Missing, Special
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import draw_respondents
from blikveld.web import fieldwork

STUDIES = Path(__file__).parents[1] / "studies"
HOME = {"size": ["6"], "rent": ["612,5"], "built": ["1938"], "liking": ["7"], "cold": ["-3.5"]}


@pytest.fixture(scope="module")
def numbers() -> Study:
    return load(STUDIES / "numbers")


@pytest.fixture
def housing(opened: Callable[[Study], Any], numbers: Study) -> Any:
    return opened(numbers)


def _snapshot(here: Any, folder: Path) -> Snapshot:
    people = fieldwork.responses(here.data, here.study)
    return write(here.study, people, folder, origin=DataOrigin.MADE_UP)


def test_a_number_from_page_to_snapshot(housing: Any, tmp_path: Path) -> None:
    housing.visitor().begin().send(HOME).send({"crowded": ["yes"]})
    (record,) = housing.records()
    asked = {name: record[name] for name in (*HOME, "crowded")}
    assert asked == {
        "size": Decimal(6),
        "rent": Decimal("612.50"),
        "built": Decimal(1938),
        "liking": Decimal(7),
        "cold": Decimal("-3.5"),
        "crowded": "yes",
    }
    (person,) = _snapshot(housing, tmp_path / "snapshot").persons()
    assert {name: person[name] for name in asked} == asked
    assert (person["rent_band"], person["built_band"]) == ("from_500", "under_1945")


def test_an_answer_without_a_number(housing: Any, tmp_path: Path) -> None:
    fields = {**HOME, "rent": [""], "rent__special": ["dont_know"], "liking": [], "built": []}
    housing.visitor().begin().send({**fields, "liking__special": ["no_opinion"]})
    (record,) = housing.records()
    assert (record["rent"], record["liking"]) == (Special("dont_know"), Special("no_opinion"))
    assert (record["built"], record["crowded"]) == (Missing.SKIPPED, Missing.NOT_ASKED)
    (person,) = _snapshot(housing, tmp_path / "snapshot").persons()
    assert person["rent"] == Special("dont_know")
    assert (person["rent_band"], person["built_band"]) == ("no_number", Missing.SKIPPED)


FAULTS = [
    ({"size": ["veel"]}, "Dit is geen getal. Vul alleen cijfers in."),
    ({"size": [""]}, "Vul een getal in."),
    ({"size": ["2,5"]}, "Vul een heel getal in, zonder punt of komma."),
    ({"rent": ["10000"]}, "Dit is te hoog. Vul 9999,99 of minder in."),
    ({"rent": ["1.234,5"]}, "Dit getal heeft meer dan één punt of komma."),
    ({"rent__special": ["dont_know"]}, "U vulde iets in en koos ook een vakje."),
    ({"rent": [""], "rent__special": ["dont_know", "none"]}, "Hier past maar één antwoord."),
    ({"rent": [""], "rent__special": ["perhaps"]}, "Dit antwoord staat niet in de lijst."),
    ({"built": ["38"]}, "Vul het jaartal in met vier cijfers, zoals 1987."),
    ({"liking": []}, "Kies één antwoord."),
]


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_what_to_mend_is_said_and_nothing_typed_is_lost(
    housing: Any, change: dict[str, list[str]], message: str
) -> None:
    someone = housing.visitor().begin().send({**HOME, **change})
    assert message in someone.text
    sent = {**HOME, **change}
    for name in ("size", "rent", "built", "cold"):
        (field,) = someone.page.xpath("//input[@name=$name]", name=name)
        assert field.get("value") == sent[name][0]
    (wrong,) = someone.page.xpath("//p[@class='error']/@id")
    described = someone.page.xpath("//@aria-describedby")
    assert any(wrong in ids.split() for ids in described)


def test_every_field_has_a_name_a_keyboard_and_no_memory(housing: Any) -> None:
    page = housing.visitor().begin().page
    for field in page.xpath("//main//input[@type='text']"):
        assert page.xpath("//label[@for=$id]", id=field.get("id"))
        assert field.get("autocomplete") == "off"
    modes = {f.get("name"): f.get("inputmode") for f in page.xpath("//input[@type='text']")}
    # A keyboard with digits only has no minus, and it froze.
    assert modes == {"size": "numeric", "rent": "decimal", "built": "numeric", "cold": "text"}


def test_a_script_keeps_half_a_number(housing: Any) -> None:
    someone = housing.visitor().begin()
    form = someone.page.get_element_by_id("questionnaire")
    hidden = {i.name: i.value for i in form.iter("input") if i.get("type") == "hidden"}
    fields = {**hidden, "size": "6", "rent": "1.234,5", "blikveld-go": "draft"}
    someone.post(form.get("action"), {**fields, "blikveld-submission": "0-1"})
    page = someone.open("/nl/v/zand/p/1/").page
    values = {name: page.xpath("//input[@name=$n]/@value", n=name) for name in ("size", "rent")}
    assert values == {"size": ["6"], "rent": ["1.234,5"]}


def test_the_interviewer_reads_the_words_for_the_telephone(housing: Any) -> None:
    someone = housing.visitor(phone=True)
    text = someone.open(someone.entrance).send({}).text
    assert "Hoeveel betaalt u elke maand?" in text
    assert "Een getal van 0 tot en met 9999,99 (€)." in text


def test_numbers_in_a_file_of_spss(housing: Any, tmp_path: Path) -> None:
    readstat = pytest.importorskip("pyreadstat")
    housing.visitor().begin().send(HOME).send({"crowded": ["yes"]})
    fields = {**HOME, "rent": [], "rent__special": ["none"], "cold": []}
    housing.visitor().begin().send(fields)
    housing.visitor().begin()
    snapshot = _snapshot(housing, tmp_path / "snapshot")
    table = build_table(snapshot, [True] * snapshot.rows, "en")
    write_sav(table, tmp_path / "x.sav")
    rows, meta = readstat.read_sav(str(tmp_path / "x.sav"), user_missing=True, output_format="dict")
    # Two answers without a value, and three who left before the question.
    assert sorted(rows["rent"]) == [-12, -5, 612.5]
    assert meta.variable_value_labels["rent"][-12.0] == "I pay no rent"
    assert meta.missing_ranges["rent"] == [{"lo": -99.0, "hi": -1.0}]
    assert meta.original_variable_types["rent"] == "F8.2"
    # A temperature can be any number, so what is missing lies below all of them.
    assert sorted(rows["cold"])[-1] == -3.5
    assert meta.missing_ranges["cold"][0]["hi"] < -(10**15)


YOU = {
    "born__day": ["3"],
    "born__month": ["10"],
    "born__year": ["1950"],
    "postcode": ["1234 AB"],
    "worries__1": ["noise"],
    "worries__2": ["traffic"],
}


@pytest.fixture
def streets(opened: Callable[[Study], Any]) -> Any:
    return opened(load(STUDIES / "days"))


def test_days_texts_and_rankings_from_page_to_snapshot(streets: Any, tmp_path: Path) -> None:
    streets.visitor().begin().send(YOU).send({"pension": ["yes"]})
    (record,) = streets.records()
    wanted = {
        "born": date(1950, 10, 3),
        "moved": Missing.SKIPPED,
        "postcode": "1234 AB",
        "street": Missing.SKIPPED,
        "worries": ("noise", "traffic"),
        "plans": Missing.SKIPPED,
        "pension": "yes",
    }
    assert {name: record[name] for name in wanted} == wanted
    # Texts were written by somebody, so they wait for a reader in a snapshot of fieldwork.
    (person,) = _snapshot(streets, tmp_path / "snapshot").persons()
    assert {name: person[name] for name in wanted} == wanted


def test_an_answer_without_a_day_or_a_text(streets: Any) -> None:
    fields = {"born__special": ["rather_not"], "postcode__special": ["dont_know"]}
    places = {name: YOU[name] for name in ("worries__1", "worries__2")}
    streets.visitor().begin().send({**fields, **places})
    (record,) = streets.records()
    assert (record["born"], record["postcode"]) == (Special("rather_not"), Special("dont_know"))
    assert record["pension"] is Missing.NOT_ASKED


DAY_FAULTS = [
    ({"born__month": ["13"]}, "Deze dag bestaat niet."),
    ({"born__month": [""]}, "Een deel van de datum ontbreekt."),
    ({"born__year": ["50"]}, "Vul het jaartal in met vier cijfers"),
    ({"born__year": ["1899"]}, "Vul 1 januari 1900 of later in."),
    ({"born__year": ["2027"]}, "Vul 26 februari 2027 of eerder in."),
    ({"born__special": ["rather_not"]}, "U vulde iets in en koos ook een vakje."),
    ({"postcode": ["12 AB"]}, "Schrijf het zo: 1234 AB."),
    ({"worries__2": ["noise"]}, "U koos een antwoord twee keer."),
    ({"worries__1": [""]}, "Een plaats voor uw laatste keuze is nog leeg."),
    ({"worries__2": [""]}, "Kies in elke lijst een antwoord."),
]


@pytest.mark.parametrize(("change", "message"), DAY_FAULTS)
def test_what_to_mend_in_days_and_rankings(
    streets: Any, change: dict[str, list[str]], message: str
) -> None:
    sent = {**YOU, **change}
    someone = streets.visitor().begin().send(sent)
    assert message in someone.text
    for name in ("born__day", "born__month", "born__year", "postcode"):
        (field,) = someone.page.xpath("//input[@name=$name]", name=name)
        assert field.get("value") == sent[name][0]
    for name in ("worries__1", "worries__2"):
        chosen = someone.page.xpath("//select[@name=$n]/option[@selected]/@value", n=name)
        assert chosen == [code for code in sent[name] if code]


def test_each_part_of_a_day_and_each_place_has_a_label(streets: Any) -> None:
    page = streets.visitor().begin().page
    named = {
        field.get("name"): page.xpath("string(//label[@for=$id])", id=field.get("id")).strip()
        for field in page.xpath("//main//select | //main//input[@type='text']")
    }
    assert {name: named[name] for name in ("born__day", "born__month", "born__year")} == {
        "born__day": "Dag",
        "born__month": "Maand",
        "born__year": "Jaar",
    }
    assert (named["worries__1"], named["worries__2"]) == ("Plaats 1", "Plaats 2")
    assert all(named.values())
    assert "worries__3" not in named


@pytest.mark.parametrize("name", ["numbers", "days", "grids"])
def test_made_up_respondents_fill_in_every_kind(
    opened: Callable[[Study], Any], tmp_path: Path, name: str
) -> None:
    """Pages filled in by people who do not exist give the records that they should give."""
    study = load(STUDIES / name)
    here, routing = opened(study), Routing(study)
    wanted = []
    for person in draw_respondents(study, 12, seed=5):
        someone = here.visitor(person.site, person.language).begin()
        fields = fill_form(study.questions.values(), person.answers)
        for _ in range(len(routing.pages)):
            if someone.page.get_element_by_id("questionnaire", None) is None:
                break
            names = {str(name) for name in someone.page.xpath("//form//@name")}
            someone.send({field: value for field, value in fields.items() if field in names})
        answers = {k: v for k, v in person.answers.items() if person.pages is None}
        if person.pages is None:
            wanted.append(_record(routing, person.site, person.language, answers))
    records = [record for record in here.records() if record["completed"]]
    for record in wanted:
        assert record in records
    assert wanted


def _record(routing: Routing, municipality: str, language: str, answers: Any) -> Any:
    return routing.complete(
        site=municipality,
        mode="web",
        language=language,
        answers=answers,
        completed=True,
        pages_done=len(routing.pages),
    )


def test_days_and_rankings_in_a_file_of_spss(streets: Any, tmp_path: Path) -> None:
    readstat = pytest.importorskip("pyreadstat")
    streets.visitor().begin().send(YOU).send({"pension": ["yes"]})
    order = {"worries__1": ["litter"], "worries__2": ["noise"]}
    fields = {"born__special": ["rather_not"], "postcode": ["1234 AB"], **order}
    streets.visitor().begin().send(fields)
    snapshot = _snapshot(streets, tmp_path / "snapshot")
    table = build_table(snapshot, [True] * snapshot.rows, "en")
    for write_file, read_file in ((write_sav, readstat.read_sav), (write_dta, readstat.read_dta)):
        write_file(table, tmp_path / "file")
        rows, meta = read_file(str(tmp_path / "file"), user_missing=True, output_format="dict")
        people = {day: at for at, day in enumerate(rows["born"])}
        assert set(people) == {None, date(1950, 10, 3)}
        one, other = people[date(1950, 10, 3)], people[None]
        assert (rows["born_why"][one], rows["born_why"][other]) == (0, -11)
        assert rows["worries__noise"][one] == 1
        assert rows["worries__noise"][other] == 2
    assert meta.variable_value_labels["born_why"][-11] == "I would rather not say"


def test_a_grid_of_any_kind_and_of_rows_and_columns(
    opened: Callable[[Study], Any], tmp_path: Path
) -> None:
    here = opened(load(STUDIES / "grids"))
    hours = {"work": ["38"], "care": ["0"], "sport": ["weekday", "weekend"]}
    child = {f"child1_birth__{part}": [value] for part, value in zip(PARTS, "342", strict=True)}
    fields = {**hours, **child, "child1_birth__year": ["2020"], "child1_school": ["primary"]}
    someone = here.visitor().begin().send({**fields, "care": ["meer"], "child1_name": ["Fenna"]})
    assert "Zorg voor anderen: Dit is geen getal." in someone.text
    someone.send({**fields, "child1_name": ["Fenna"]})
    (record,) = here.records()
    assert {name: record[name] for name in GRID} == GRID
    (person,) = _snapshot(here, tmp_path / "snapshot").persons()
    assert (person["work_band"], person["care_band"]) == ("20_or_more", "under_1")


PARTS = ("day", "month", "year")
GRID = {
    "work": Decimal(38),
    "care": Decimal(0),
    "sport": ("weekday", "weekend"),
    "reading": Missing.SKIPPED,
    "child1_name": "Fenna",
    "child1_birth": date(2020, 4, 3),
    "child1_school": "primary",
    "child2_birth": Missing.SKIPPED,
}
