"""Pages sent twice, late, out of order, without a cookie or from elsewhere: no answer is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["no"]}
SEEN = {**WORK, "seen": ["yes"]}
GULLS = {"places": ["beach"], "loud": ["agree"], "clever": ["agree"]}
LAST = {"remarks": ["Dag"], "contact_talk": ["invented@example.org"]}


def token(visitor: Any) -> str:
    return str(visitor.page.xpath("//input[@name='blikveld-session']/@value")[0])


def test_every_page_twice_makes_one_response(here: Any) -> None:
    someone = here.visitor().open()
    for fields in ({}, WORK, LAST):
        form = someone.page.get_element_by_id("questionnaire")
        pairs = [("blikveld-session", token(someone)), *_pairs(fields)]
        first = someone.post(form.get("action"), pairs).url
        assert someone.post(form.get("action"), pairs).url == first
    assert someone.url == "/nl/v/zand/done/"
    assert "Hartelijk dank" in someone.text
    assert len(here.records()) == 1
    assert here.counts() == (1, 1, {1: 1, 2: 1, 5: 1})


def test_after_the_end_no_page_changes_anything(here: Any) -> None:
    someone = here.visitor().begin()
    mine = token(someone)
    someone.send(WORK).send(LAST)
    before = here.records()
    for number in (2, 3, 4, 5):
        pairs = [("blikveld-session", mine), *_pairs({**SEEN, **GULLS, "remarks": ["later"]})]
        assert someone.post(f"/nl/v/zand/p/{number}/", pairs).url == "/nl/v/zand/done/"
    assert here.records() == before
    assert someone.open("/nl/v/zand/p/2/").url == "/nl/v/zand/done/"


def test_a_page_out_of_order_is_kept_and_leads_to_the_gap(here: Any) -> None:
    someone = here.visitor().begin()
    pairs = [("blikveld-session", token(someone)), *_pairs(GULLS)]
    someone.post("/nl/v/zand/p/3/", pairs)
    assert someone.url == "/nl/v/zand/p/2/"
    someone.send(SEEN)
    assert someone.url == "/nl/v/zand/p/3/"
    assert someone.chosen("places") == ["beach"]


def test_a_page_that_is_not_yet_reached_is_not_shown(here: Any) -> None:
    someone = here.visitor().begin()
    assert someone.open("/nl/v/zand/p/5/").url == "/nl/v/zand/p/2/"
    assert someone.open("/nl/v/zand/done/").url == "/nl/v/zand/p/2/"


def test_a_lost_cookie_costs_nothing(here: Any) -> None:
    someone = here.visitor().begin().send(SEEN)
    someone.client.cookies.clear()
    someone.send(GULLS)
    assert someone.url == "/nl/v/zand/p/4/"
    assert len(here.records()) == 1


def test_a_lost_form_field_costs_nothing(here: Any) -> None:
    someone = here.visitor().begin()
    someone.post("/nl/v/zand/p/2/", _pairs(SEEN))
    assert someone.url == "/nl/v/zand/p/3/"
    assert len(here.records()) == 1


def test_without_cookie_and_field_the_page_itself_is_kept(here: Any) -> None:
    someone = here.visitor()
    someone.post("/nl/v/zand/p/3/", _pairs(GULLS))
    assert someone.url == "/nl/v/zand/p/2/?notice=recovered"
    assert "Wat u net invulde, is wel bewaard" in someone.text
    someone.send(SEEN)
    assert someone.chosen("places") == ["beach"]
    assert len(here.records()) == 1


def test_a_page_without_a_session_leads_to_the_start(here: Any) -> None:
    someone = here.visitor().open("/nl/v/zand/p/3/")
    assert someone.url == "/nl/v/zand/?notice=no_session"
    assert "geen antwoorden van u" in someone.text


def test_two_tabs_keep_to_their_own_questionnaire(here: Any) -> None:
    first, second = here.visitor(), here.visitor()
    second.client = first.client
    first.begin()
    second.begin()
    first.send({**WORK, "job": ["baker"]}).send(LAST)
    second.send({**WORK, "job": ["other"], "job_other": ["Loods"]}).send(LAST)
    assert sorted(str(record["job"]) for record in here.records()) == ["baker", "other"]


def test_another_website_cannot_send_in_for_a_respondent(here: Any) -> None:
    someone = here.visitor().begin()
    someone.post("/nl/v/zand/p/2/", _pairs(WORK), Origin="https://elsewhere.example")
    someone.post("/nl/v/zand/p/2/", _pairs(WORK), **{"Sec-Fetch-Site": "cross-site"})
    (record,) = here.records()
    assert record["completed"] is False
    assert here.counts().pages == {1: 1}


def test_another_website_cannot_choose_the_token(here: Any) -> None:
    stranger, victim = here.visitor().open(), here.visitor()
    chosen = [("blikveld-session", token(stranger))]
    victim.post(victim.start, chosen, Origin="https://elsewhere.example")
    assert (victim.url, here.records()) == (victim.start, [])
    stranger.begin()
    mine = [("blikveld-session", token(stranger)), *_pairs(WORK)]
    victim.begin()
    before = victim.client.cookies["blikveld-web-zand"].value
    victim.post("/nl/v/zand/p/2/", mine, Origin="https://elsewhere.example")
    assert victim.client.cookies["blikveld-web-zand"].value == before


def test_the_token_of_one_link_does_not_work_at_another(here: Any) -> None:
    someone = here.visitor("veen").begin()
    pairs = [("blikveld-session", token(someone)), *_pairs(WORK)]
    someone.post("/nl/v/zand/p/2/", pairs)
    places = sorted((r["municipality"], r["district"]) for r in here.records())
    assert [place for place, _ in places] == ["veen", "zand"]
    assert here.counts("veen").pages == {1: 1}


def test_many_at_once_lose_nothing(here: Any) -> None:
    from django.db import connections

    def whole_journey(_: int) -> str:
        someone = here.visitor().begin()
        someone.send(WORK).send(LAST)
        connections.close_all()
        return str(someone.url)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(whole_journey, range(40))) == {"/nl/v/zand/done/"}
    assert here.counts() == (40, 40, {1: 40, 2: 40, 5: 40})
    assert len(here.records()) == 40


def _pairs(fields: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in fields.items() for value in values]
