"""Answers that are kept while they are made: they come back, count nothing, and are never older."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blikveld.rules import Missing
from blikveld.web import fieldwork

WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["no"]}
HALF = {"district": ["zand_duin"], "job": ["other"]}


def hidden(visitor: Any, name: str) -> str:
    return str(visitor.page.xpath("//input[@name=$name]/@value", name=f"blikveld-{name}")[0])


def drafted(
    visitor: Any, fields: Mapping[str, Sequence[str]], turn: str = "", **headers: str
) -> int:
    """Send a draft as the script would, and stay on the page; gives the status."""
    at, number = hidden(visitor, "submission").split("-")
    pairs = [("blikveld-session", hidden(visitor, "session")), ("blikveld-go", "draft")]
    pairs.append(("blikveld-submission", turn or f"{at}-{int(number) + 1}"))
    pairs += [(name, value) for name, values in fields.items() for value in values]
    action = visitor.page.get_element_by_id("questionnaire").get("action")
    page, url = visitor.page, visitor.url
    status = visitor.post(action, pairs, **headers).status
    visitor.page, visitor.url = page, url
    return int(status)


def test_what_was_ticked_is_there_again(here: Any) -> None:
    someone = here.visitor().begin()
    assert drafted(someone, WORK) == 204
    someone.open()
    someone.open("/nl/v/zand/p/2/")
    assert (someone.chosen("district"), someone.chosen("job")) == (["zand_duin"], ["baker"])


def test_a_draft_counts_nothing_and_finishes_no_page(here: Any) -> None:
    someone = here.visitor().begin()
    before = here.counts()
    drafted(someone, WORK)
    assert here.counts() == before == (1, 0, {1: 1})
    assert someone.open("/nl/v/zand/p/5/").url == "/nl/v/zand/p/2/"


def test_half_an_answer_is_filled_in_again_and_is_no_answer(here: Any) -> None:
    someone = here.visitor().begin()
    assert drafted(someone, HALF) == 204
    someone.open("/nl/v/zand/p/2/")
    assert someone.chosen("job") == ["other"]
    (record,) = here.records()
    assert record["district"] == "zand_duin"
    assert record["job"] is Missing.BROKEN_OFF


def test_text_without_its_answer_and_answers_that_exclude_each_other_come_back(here: Any) -> None:
    someone = here.visitor().begin().send({**WORK, "seen": ["yes"]})
    drafted(someone, {"places": ["beach", "dont_know", "mountain"], "places_other": ["Dak"]})
    someone.open("/nl/v/zand/p/3/")
    assert someone.chosen("places") == ["beach", "dont_know"]
    assert someone.page.get_element_by_id("q-places_other").value == "Dak"
    (record,) = here.records()
    assert record["places"] is Missing.BROKEN_OFF


def test_half_an_answer_takes_the_place_of_one_that_was_changed(here: Any) -> None:
    someone = here.visitor().begin().send({**WORK, "seen": ["yes"]})
    someone.open("/nl/v/zand/p/2/")
    drafted(someone, {**HALF, "seen": ["yes"]})
    assert someone.open("/nl/v/zand/p/3/").url == "/nl/v/zand/p/2/"
    assert someone.chosen("job") == ["other"]
    someone.send({**HALF, "seen": ["yes"]})
    assert someone.status == 422


def test_at_the_end_nothing_is_left_of_what_was_half(here: Any) -> None:
    from blikveld.web.answers.models import Response

    someone = here.visitor().begin()
    drafted(someone, HALF)
    assert Response.objects.get().incomplete == {"job": ["other"]}
    someone.open("/nl/v/zand/p/2/").send(WORK).send({})
    assert someone.url == "/nl/v/zand/done/"
    assert Response.objects.get().incomplete == {}


def test_a_draft_begins_no_questionnaire(here: Any) -> None:
    someone = here.visitor().open()
    pairs = [("blikveld-session", hidden(someone, "session")), ("blikveld-go", "draft")]
    pairs += [("blikveld-submission", "0-1"), ("job", "baker")]
    for given in (pairs, pairs[1:]):
        assert someone.post("/nl/v/zand/p/2/", given).status == 409
    assert here.records() == []
    assert here.records() == []


def test_an_address_is_never_kept_as_a_draft(here: Any) -> None:
    someone = here.visitor().begin().send(WORK)
    assert drafted(someone, {"remarks": ["Dag"], "contact_talk": ["invented@example.org"]}) == 204
    assert list(fieldwork.contacts(here.data, here.study)) == []
    someone.open("/nl/v/zand/p/5/")
    assert "invented@example.org" not in someone.response.content.decode()
    assert someone.page.get_element_by_id("q-remarks").value.strip() == "Dag"


def test_a_draft_that_comes_late_takes_no_place(here: Any) -> None:
    someone = here.visitor().begin()
    late = here.visitor()
    late.client, late.page = someone.client, someone.page
    someone.send(WORK)
    assert drafted(late, {**WORK, "job": ["other"], "job_other": ["Loods"]}) == 409
    assert drafted(late, WORK, turn="7-9") == 409
    assert drafted(late, WORK, turn="nonsense") == 409
    (record,) = here.records()
    assert record["job"] == "baker"


def test_of_two_drafts_the_later_one_stays(here: Any) -> None:
    someone = here.visitor().begin()
    at = hidden(someone, "submission").split("-")[0]
    assert drafted(someone, WORK, turn=f"{at}-2") == 204
    assert drafted(someone, {**WORK, "seen": ["yes"]}, turn=f"{at}-1") == 409
    someone.open("/nl/v/zand/p/2/")
    assert someone.chosen("seen") == ["no"]
    assert drafted(someone, {**WORK, "seen": ["yes"]}) == 204


def test_after_the_end_and_after_closing_a_draft_changes_nothing(here: Any) -> None:
    done, open_still = here.visitor().begin(), here.visitor().begin()
    early = done.page
    done.send(WORK).send({})
    done.page = early
    before = sorted(map(str, here.records()))
    assert drafted(done, {**WORK, "seen": ["yes"]}) == 409
    here.close()
    assert drafted(open_still, WORK) == 403
    assert sorted(map(str, here.records())) == before


def test_another_website_drafts_for_nobody(here: Any) -> None:
    someone = here.visitor().begin()
    pairs = [("blikveld-go", "draft"), ("blikveld-submission", "0-1"), ("job", "baker")]
    someone.post("/nl/v/zand/p/2/", pairs, Origin="https://elsewhere.example")
    assert someone.url == someone.start
    (record,) = here.records()
    assert record["job"] is Missing.BROKEN_OFF


def test_a_draft_holds_only_what_is_offered(here: Any) -> None:
    someone = here.visitor().begin()
    drafted(someone, {"district": ["veen_plas"], "job": ["<script>"], "strange": ["1"]})
    (record,) = here.records()
    assert record["district"] is record["job"] is Missing.BROKEN_OFF
    from blikveld.web.answers.models import Response

    kept = Response.objects.get()
    assert (kept.answers, kept.incomplete) == ({}, {})
