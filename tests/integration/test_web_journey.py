"""Whole journeys through the pages, by web and by telephone, in two languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from blikveld.rules import Missing
from blikveld.study.model import Mode, Study, VariableKind

WORK = {"district": ["zand_strand"], "job": ["other"], "job_other": ["Vuurtorenwachter"]}
SEEN = {**WORK, "seen": ["yes"]}
GULLS = {"places": ["street", "beach"], "loud": ["agree"], "clever": ["disagree"]}


def travel(visitor: Any, fields: Mapping[str, list[str]]) -> list[str]:
    """Fill in every page to the end; gives the addresses that were passed."""
    visitor.begin()
    passed = []
    while visitor.page.get_element_by_id("questionnaire", None) is not None:
        passed.append(visitor.url)
        names = {str(name) for name in visitor.page.xpath("//form//@name")}
        visitor.send({name: values for name, values in fields.items() if name in names})
        assert visitor.status == 200, visitor.text
        assert len(passed) < 30
    return passed


def test_what_was_answered_comes_out_as_a_record(here: Any) -> None:
    someone = here.visitor()
    passed = travel(someone, {**SEEN, **GULLS, "fed": ["no"], "remarks": ["Dag!"]})
    assert passed == [f"/nl/v/zand/p/{n}/" for n in (2, 3, 4, 5)]
    assert someone.url == "/nl/v/zand/done/"
    (record,) = here.records()
    assert record == {
        "municipality": "zand",
        "mode": "web",
        "language": "nl",
        "completed": True,
        "district": "zand_strand",
        "job": "other",
        "job_other": "Vuurtorenwachter",
        "seen": "yes",
        "places": ("beach", "street"),
        "places_other": Missing.NOT_ASKED,
        "loud": "agree",
        "clever": "disagree",
        "fed": "no",
        "remarks": "Dag!",
    }


def test_every_step_is_counted_once(here: Any) -> None:
    travel(here.visitor(), {**SEEN, **GULLS, "fed": ["no"]})
    travel(here.visitor(), {**WORK, "seen": ["no"]})
    here.visitor().begin().send(SEEN)
    here.visitor().open()
    assert here.opened() == 4
    assert here.counts() == (3, 2, {1: 3, 2: 3, 3: 1, 4: 1, 5: 2})


def test_who_leaves_half_way_is_kept_as_far_as_it_went(here: Any) -> None:
    here.visitor().begin().send(SEEN)
    (record,) = here.records()
    assert record["completed"] is False
    assert record["job_other"] == "Vuurtorenwachter"
    assert record["places"] is record["fed"] is record["remarks"] is Missing.BROKEN_OFF


def test_the_page_tells_where_you_are(here: Any) -> None:
    someone = here.visitor().begin()
    assert someone.title == "Stap 1 van 4 – Vragenlijst"
    assert someone.page.get("lang") == "nl"
    assert someone.page.find(".//progress").get("value") == "1"
    assert "Waar in Zand & Zee werkt u?" in someone.text


def test_districts_are_those_of_the_municipality(here: Any) -> None:
    codes = here.visitor("veen").begin().page.xpath("//input[@name='district']/@value")
    assert codes == ["veen_plas", "elsewhere"]


def test_back_keeps_what_was_filled_in(here: Any) -> None:
    someone = here.visitor().begin().send(SEEN)
    someone.press("back", {"places": ["beach"], "loud": ["agree"]})
    assert someone.url == "/nl/v/zand/p/2/"
    assert someone.chosen("job") == ["other"]
    assert someone.page.xpath("//input[@name='job_other']/@value") == ["Vuurtorenwachter"]
    someone.send(SEEN)
    assert someone.chosen("places") == ["beach"]
    assert someone.chosen("loud") == ["agree"]


def test_back_does_not_lose_a_text_that_has_no_place_yet(here: Any) -> None:
    someone = here.visitor().begin().send(SEEN)
    someone.press("back", {"places": ["beach"], "places_other": ["in een boom"]})
    assert someone.status == 422
    assert someone.page.xpath("//input[@name='places_other']/@value") == ["in een boom"]


def test_another_language_keeps_what_was_filled_in(here: Any) -> None:
    someone = here.visitor().begin()
    button = someone.page.xpath("//button[@lang='en']")[0]
    someone.press(button.get("value"), {"job": ["baker"]}, url=button.get("formaction"))
    assert (someone.url, someone.status) == ("/en/v/zand/p/2/", 200)
    assert someone.page.get("lang") == "en"
    assert someone.chosen("job") == ["baker"]
    assert "Fout" not in someone.title


def test_another_language_keeps_even_what_cannot_be_stored(here: Any) -> None:
    someone = here.visitor().begin()
    someone.press("language", {"job_other": ["Loods"]}, url="/en/v/zand/p/2/")
    assert someone.status == 200
    assert someone.page.xpath("//input[@name='job_other']/@value") == ["Loods"]
    assert someone.page.get_element_by_id("error-summary", None) is None


def test_the_record_has_the_language_of_the_end(here: Any) -> None:
    travel(here.visitor(language="en"), {**WORK, "seen": ["no"]})
    (record,) = here.records()
    assert record["language"] == "en"


def test_thanks_and_numbers_to_call(here: Any) -> None:
    someone = here.visitor()
    travel(someone, {**WORK, "seen": ["no"]})
    assert "Hulp nodig in Zand & Zee?" in someone.text
    assert someone.page.xpath("//a[starts-with(@href, 'tel:')]/@href") == ["tel:0123456789"]


def test_the_phone_script_asks_the_same_in_spoken_words(here: Any) -> None:
    caller = here.visitor(phone=True)
    assert caller.open().status == 403
    caller.open(caller.entrance)
    assert (caller.url, caller.status) == (caller.start, 200)
    assert "Mag ik u iets vragen?" in caller.text
    travel(caller, {**SEEN, **GULLS, "fed": ["yes"]})
    assert caller.status == 200
    assert "Het gesprek is klaar" in caller.text
    (record,) = here.records()
    assert record["mode"] == "phone"
    assert here.counts(mode=Mode.PHONE).completed == 1


def test_a_next_interview_on_the_same_telephone_is_another_record(here: Any) -> None:
    caller = here.visitor(phone=True)
    caller.open(caller.entrance)
    travel(caller, {**WORK, "seen": ["no"]})
    travel(caller, {**SEEN, **GULLS, "fed": ["yes"]})
    assert sorted(str(record["seen"]) for record in here.records()) == ["no", "yes"]
    counts = here.counts(mode=Mode.PHONE)
    assert (here.opened(Mode.PHONE), counts.started, counts.completed) == (3, 2, 2)


@pytest.mark.parametrize("given", ["guess", "", "2021-04-07.é", "2021-04-07." + "0" * 64])
def test_a_wrong_key_opens_no_script(here: Any, given: str) -> None:
    caller = here.visitor(phone=True)
    assert caller.open(f"{caller.start}?{urlencode({'key': given})}").status == 403
    assert caller.post(caller.start, {}).status == 403
    assert here.counts(mode=Mode.PHONE) == (0, 0, {})


def test_the_link_of_a_day_and_its_cookie_open_nothing_the_next(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blikveld.web import views

    caller = here.visitor(phone=True)
    yesterday = caller.entrance
    assert caller.open(yesterday).status == 200
    tomorrow = views.today() + timedelta(1)
    monkeypatch.setattr(views, "today", lambda: tomorrow)
    assert caller.open().status == 403
    assert here.visitor(phone=True).open(yesterday).status == 403
    assert "alleen vandaag" in caller.text
    assert caller.open(caller.entrance).status == 200


def test_the_link_of_a_day_is_the_same_for_everybody(here: Any) -> None:
    callers = [here.visitor(phone=True) for _ in range(2)]
    assert len({caller.entrance for caller in callers}) == 1
    kept = [caller.open(caller.entrance).client.cookies.output() for caller in callers]
    assert kept[0] == kept[1]
    assert "blikveld-interviewer=" in kept[0]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_script_asks_the_same_questions_in_its_own_words(
    opened: Callable[[Study], Any], flagship: Study, language: str
) -> None:
    here = opened(flagship)
    numbers, words = {}, {}
    for phone in (False, True):
        someone = here.visitor("rotterdam", language, phone)
        someone.open(someone.entrance).open(f"{someone.start}print/")
        numbers[phone] = [str(n) for n in someone.page.xpath("//*[@class='number']/text()")]
        words[phone] = someone.text
    assert numbers[True] == numbers[False] != []
    spoken = [
        item for part in flagship.sections for item in part.items if getattr(item, "phone", None)
    ]
    assert len(spoken) > 25
    for item in spoken:
        for said in str(item.phone[language]).split("\n\n"):
            told = " ".join(said.replace("{municipality}", "Rotterdam").split())
            assert told in words[True], item.key
    same = sum(" ".join(str(i.phone[language]).split()) in words[False] for i in spoken)
    assert same < len(spoken) / 4


@pytest.mark.parametrize(
    ("language", "begins", "ends"),
    [
        ("nl", "U spreekt met degene die u zocht", "zet aan de balie hoe het gesprek afliep"),
        ("en", "You speak with the person you were", "set at the desk how the call ended"),
    ],
)
def test_an_interviewer_is_told_how_to_begin_and_where_to_go_at_the_end(
    here: Any, language: str, begins: str, ends: str
) -> None:
    caller = here.visitor(language=language, phone=True)
    assert begins in caller.open(caller.entrance).text
    travel(caller, {**WORK, "seen": ["no"]})
    assert ends in caller.text


def test_an_interview_that_was_left_open_is_for_the_same_person_only(here: Any) -> None:
    caller = here.visitor(phone=True)
    caller.open(caller.entrance).send({}).send(SEEN)
    assert "Ga alleen verder met degene van toen" in caller.open(caller.start).text


def test_who_started_can_go_on_where_he_was(here: Any) -> None:
    someone = here.visitor().begin().send(SEEN)
    someone.open(someone.start)
    assert someone.page.xpath("//a[@class='button']/@href") == ["/nl/v/zand/p/3/"]
    assert here.opened() == 1


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("phone", [False, True])
def test_the_shipped_study_from_first_page_to_last(
    opened: Callable[[Study], Any], flagship: Study, language: str, phone: bool
) -> None:
    here = opened(flagship)
    someone = here.visitor(language=language, phone=phone)
    someone.open(someone.entrance)
    wanted = _first_answers(flagship, someone.start.split("/")[3])
    passed = travel(someone, wanted)
    assert [url.split("/")[-2] for url in passed] == ["2", "3", "4", "5", "6", "7"]
    (record,) = here.records()
    for name, values in wanted.items():
        assert record[name] in (values[0], tuple(values))


def _first_answers(study: Study, municipality: str) -> dict[str, list[str]]:
    answers = {}
    for question in study.questions.values():
        codes = [o.code for o in study.options(question, municipality) if not o.exclusive]
        amount = 2 if question.variable_kind is VariableKind.MULTIPLE else 1
        answers[question.key] = codes[:amount] or ["Een verzonnen opmerking."]
    return answers


def test_a_page_takes_its_title_from_the_first_part_it_shows(
    opened: Callable[[Study], Any], flagship: Study
) -> None:
    someone = opened(flagship).visitor(language="en")
    someone.begin()
    wanted = _first_answers(flagship, someone.start.split("/")[3]) | {"suspicion": ["no"]}
    for _ in range(2):
        names = {str(name) for name in someone.page.xpath("//form//@name")}
        someone.send({name: values for name, values in wanted.items() if name in names})
    # The questions on signals are not for somebody who saw none; the page holds the next part.
    titles = {part.key: part.title["en"] for part in flagship.sections}
    assert someone.page.xpath("string(//h1)").strip() == titles["passing_on"]
    assert someone.page.xpath("//main//h2") == []
