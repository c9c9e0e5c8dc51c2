"""What is shown to some and not to others: from the page to the snapshot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blikveld.exchange.xlsform import build_xlsform
from blikveld.questionnaire import Routing
from blikveld.questionnaire.answers import fill_form
from blikveld.responses.snapshot import write
from blikveld.results.cell import DataOrigin
from blikveld.rules import Missing
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import draw_respondents
from blikveld.web import fieldwork

STUDIES = Path(__file__).parents[1] / "studies"


@pytest.fixture(scope="module")
def flow() -> Study:
    return load(STUDIES / "flow")


@pytest.fixture
def travel(opened: Callable[[Study], Any], flow: Study) -> Any:
    return opened(flow)


def _values(someone: Any, name: str) -> list[str]:
    return [str(value) for value in someone.page.xpath("//input[@name=$n]/@value", n=name)]


def test_a_page_shows_what_is_offered_and_no_more(travel: Any) -> None:
    someone = travel.visitor("zand").begin()
    assert _values(someone, "have") == ["bike", "car", "other", "none"]
    someone.send({"have": ["bike", "other"], "have_other": ["step"]})
    assert _values(someone, "best") == ["bike", "other"]
    assert _values(someone, "wanted") == ["car", "boat"]
    # The box stands where the words were asked for.
    assert not someone.page.xpath("//input[@name='best_other']")
    assert _values(someone, "bike_use") == ["daily", "rarely", "never"]
    assert not someone.page.xpath("//input[@name='car_use']")


def test_who_goes_back_and_chooses_otherwise_is_asked_again(travel: Any, tmp_path: Path) -> None:
    someone = travel.visitor("veen").begin().send({"have": ["bike", "bus"]})
    someone.press("back", {"best": ["bus"], "bike_use": ["rarely"]})
    someone.send({"have": ["bike"]})
    assert _values(someone, "best") == ["bike"]
    assert someone.chosen("best") == []
    someone.send({"bike_use": ["never"]})
    assert "Kies één antwoord." in someone.text
    someone.send({"best": ["bike"], "bike_use": ["never"]})
    (record,) = travel.records()
    wanted = {"have": ("bike",), "best": "bike", "bike_use": "never", "car_use": Missing.NOT_ASKED}
    assert {name: record[name] for name in wanted} == wanted
    people = fieldwork.responses(travel.data, travel.study)
    snapshot = write(travel.study, people, tmp_path / "s", origin=DataOrigin.MADE_UP)
    (person,) = snapshot.persons()
    assert {name: person[name] for name in wanted} == wanted


def test_a_script_that_keeps_a_page_keeps_what_is_offered(travel: Any) -> None:
    someone = travel.visitor("zand").begin().send({"have": ["bike"]})
    form = someone.page.get_element_by_id("questionnaire")
    hidden = {i.name: i.value for i in form.iter("input") if i.get("type") == "hidden"}
    draft = {**hidden, "best": "car", "bike_use": "never", "blikveld-go": "draft"}
    number = hidden["blikveld-submission"].partition("-")[0]
    someone.post(form.get("action"), {**draft, "blikveld-submission": f"{number}-1"})
    someone.open("/nl/v/zand/p/2/")
    assert (someone.chosen("best"), someone.chosen("bike_use")) == ([], ["never"])


@pytest.mark.parametrize("phone", [False, True])
def test_several_answers_each_ask_for_words(travel: Any, tmp_path: Path, phone: bool) -> None:
    someone = travel.visitor("zand", phone=phone)
    someone.open(someone.entrance if phone else someone.start).send({}).send({"have": ["none"]})
    someone.send({}).send({})
    boxes = someone.page.xpath("//div[@class='other']/input/@name")
    names = ["carry_other_bag", "carry_other_pet", "paid_other_work", "paid_other_someone"]
    assert boxes == names
    form = {"carry": ["bag", "pet"], "carry_other_bag": ["brood"], "paid": ["someone"]}
    someone.send(form)
    assert someone.status == 422
    # What was filled in stays, each in its own box.
    written = [f"//input[@name='{name}']/@value" for name in names]
    assert [someone.page.xpath(path)[0] for path in written] == ["brood", "", "", ""]
    someone.send({**form, "carry_other_pet": ["kat"], "paid_other_someone": ["oom"]})
    wanted = dict(zip(names, ("brood", "kat", Missing.NOT_ASKED, "oom"), strict=True))
    (record,) = travel.records()
    assert {name: record[name] for name in names} == wanted
    people = fieldwork.responses(travel.data, travel.study)
    snapshot = write(travel.study, people, tmp_path / "s", origin=DataOrigin.MADE_UP)
    (person,) = snapshot.persons()
    # Texts leave when somebody releases them; who was not asked is known before.
    assert person["paid_other_work"] is Missing.NOT_ASKED


def test_a_form_for_interviewers_has_each_box(flow: Study) -> None:
    rows = {row.get("name", ""): row for row in build_xlsform(flow).survey}
    assert rows["carry_other_bag"]["relevant"] == "selected(${carry}, 'bag')"
    assert rows["carry_other_pet"]["relevant"] == "selected(${carry}, 'pet')"
    assert rows["carry_other_pet"]["label::English (en)"] == "which"
    assert "carry_other" not in rows


def test_the_interviewer_sees_the_same(travel: Any) -> None:
    someone = travel.visitor("zand", phone=True)
    someone.open(someone.entrance).send({}).send({"have": ["car"]})
    assert _values(someone, "best") == ["car"]
    assert not someone.page.xpath("//input[@name='bike_use']")


@pytest.mark.parametrize("phone", [False, True])
def test_an_answer_stands_in_a_later_text_and_nobody_elses(travel: Any, phone: bool) -> None:
    someone = travel.visitor("zand", phone=phone)
    someone.open(someone.entrance if phone else someone.start).send({})
    someone.send({"have": ["other"], "have_other": ["<i>step</i>"]})
    someone.send({"best": ["other"]}).send({})
    start = "U koos dus Iets anders." if phone else "U koos Iets anders, het liefst Iets anders"
    assert start in someone.text
    assert ("anders <i>step</i>." in someone.text) is not phone
    assert not someone.page.xpath("//i")
    other = travel.visitor("zand").begin().send({"have": ["none"]}).send({}).send({})
    assert "U koos Geen, het liefst geen & anders niets" in other.text


@pytest.mark.parametrize("phone", [False, True])
def test_a_check_refuses_or_asks_once(travel: Any, phone: bool) -> None:
    someone = travel.visitor("zand", phone=phone)
    someone.open(someone.entrance if phone else someone.start).send({}).send({"have": ["car"]})
    someone.send({"best": ["car"], "car_use": ["never"], "wanted": ["boat"]})
    someone.send({"boat_price": ["400"], "car_price": ["500"]})
    assert "De boot kost minder dan de auto." in someone.text
    assert "Klopt dit toch?" not in someone.text
    assert someone.status == 422
    someone.send({"boat_price": ["4000"], "car_price": ["500"]})
    assert "Dat is samen meer dan duizend." in someone.text
    assert "Klopt dit toch? Druk dan nog een keer op de knop." in someone.text
    (confirm,) = someone.page.xpath("//input[@name='blikveld-confirmed']/@value")
    assert confirm == "dear"
    someone.send({"boat_price": ["4000"], "car_price": ["500"]})
    assert "In uw woorden" in someone.text
    # Where answers do not fit together one may still go back.
    someone.press("back", {}).press("back", {"boat_price": ["1"], "car_price": ["500"]})
    assert "Wat u doet" in someone.text
    someone.send({"best": ["car"], "car_use": ["never"], "wanted": ["boat"]})
    assert someone.page.xpath("//input[@name='boat_price']/@value") == ["1"]


def test_the_whole_questionnaire_tells_whom_an_answer_is_for(travel: Any) -> None:
    page = travel.visitor("zand").open("/nl/v/zand/print/").page
    items = {" ".join(item.text_content().split()) for item in page.iter("li")}
    assert "Bus Alleen voor respondenten met ‘Veen’ bij ‘Plaats’." in items
    assert "Fiets" in items


def test_everybody_who_is_made_up_gets_through(travel: Any, flow: Study) -> None:
    routing = Routing(flow)
    wanted, finished = [], 0
    for person in draw_respondents(flow, 30, seed=4):
        someone = travel.visitor(person.site, person.language).begin()
        fields = fill_form(flow.questions.values(), person.answers)
        for _ in range(person.pages if person.pages is not None else 9):
            if not someone.page.xpath("//form[@id='questionnaire']"):
                break
            names = set(map(str, someone.page.xpath("//main//@name")))
            someone.send({name: value for name, value in fields.items() if name in names})
            assert not someone.page.xpath("//*[@id='error-summary']"), someone.text
        known = {"town": person.site, "mode": "web", "language": person.language}
        asked = routing.person({**person.answers, **known})
        if person.pages is None:
            finished += 1
            wanted.append([asked[name] for name in flow.questions])
    records = [record for record in travel.records() if record["completed"]]
    found = [[record[name] for name in flow.questions] for record in records]
    assert finished > 20
    assert sorted(map(str, found)) == sorted(map(str, wanted))


def test_a_form_for_other_programs_says_what_it_leaves_out(flow: Study) -> None:
    form = build_xlsform(flow)
    losses = [str(loss) for loss in form.losses]
    assert [loss for loss in losses if "fills in the words of 'best'" in loss]
    (recall,) = [row for row in form.survey if row["type"] == "note"]
    assert "anders ${have_other}" not in str(recall)
    (plane,) = [row for row in form.survey if row.get("name") == "train"]
    assert plane["label::Nederlands (nl)"] == "De trein, sinds ${since}"
    assert [loss for loss in losses if "have" in loss and "some respondents only" in loss]
