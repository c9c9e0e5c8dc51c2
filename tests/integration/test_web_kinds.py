"""Questions with numbers, days and rankings: from the page to the snapshot and its export."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from blikveld.responses.export.sav import write_sav
from blikveld.responses.export.table import build_table
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import Missing, Special
from blikveld.study.load import load
from blikveld.study.model import Study
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
