"""Going on with another device: a code, easy to type, to the same questionnaire."""

from __future__ import annotations

from typing import Any

import pytest

from blikveld.contacts import unseal
from blikveld.fieldwork import tokens
from blikveld.fieldwork.tokens import make_token
from blikveld.web import databases, fieldwork, served_study
from blikveld.web.served_study import RateLimit

WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["no"]}
RESUME = "/nl/v/zand/code/"


@pytest.fixture(autouse=True)
def fresh_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_study, "CODES", RateLimit(30, 60.0))


def ask(visitor: Any, fields: dict[str, list[str]] | None = None) -> str:
    """Ask for a code on the page that is open; gives it as it is shown."""
    visitor.press("code", fields or {})
    assert visitor.status == 200
    (shown,) = visitor.page.xpath("//p[@class='code']/text()")
    return str(shown)


def type_in(visitor: Any, code: str, start: str = RESUME, **headers: str) -> Any:
    return visitor.open(start).post(start, [("blikveld-code", code)], **headers)


def test_a_code_is_80_bits_and_unlocks_its_token() -> None:
    code, token = tokens.make_code(), make_token()
    kept = tokens.lock_token(code, token)
    assert len(tokens.group_code(code)) == 19
    assert len({tokens.make_code() for _ in range(100)}) == 100
    assert tokens.unlock_token(code, kept.locked) == token
    assert tokens.hash_code(code) == kept.code_hash
    assert tokens.hash_code(tokens.make_code()) != kept.code_hash


@pytest.mark.parametrize(
    "typed",
    ["0123-4567-89AB-CDEF", "o123 4567 89ab cdef", " OI234567-89abCDEF", "0l23456789abcdef"],
)
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert tokens.read_code(typed) == "0123456789ABCDEF"


@pytest.mark.parametrize("typed", ["", "0123", "0123-4567-89AB-CDEU", "0" * 17, "ïïïï" * 4])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert tokens.read_code(typed) is None


def test_another_device_goes_on_with_what_was_on_the_page(here: Any) -> None:
    first, second = here.visitor().begin(), here.visitor()
    code = ask(first, {"district": ["zand_duin"], "job": ["other"]})
    assert first.chosen("job") == ["other"]
    type_in(second, code.lower())
    assert second.url == "/nl/v/zand/p/2/"
    assert (second.chosen("district"), second.chosen("job")) == (["zand_duin"], ["other"])
    second.send(WORK).send({})
    assert second.url == "/nl/v/zand/done/"
    assert here.counts() == (1, 1, {1: 1, 2: 1, 5: 1})
    assert len(here.records()) == 1


def test_it_works_without_any_cookie_and_from_another_link(here: Any) -> None:
    first = here.visitor().begin()
    code = ask(first)
    first.client.cookies.clear()
    type_in(first, code, "/en/v/veen/code/")
    assert first.url == "/en/v/zand/p/2/"


def test_a_finished_code_leads_to_the_thanks_and_opens_nothing(here: Any) -> None:
    from blikveld.web.answers.models import Response

    first, second = here.visitor().begin(), here.visitor()
    code = ask(first)
    first.send(WORK).send({})
    type_in(second, code)
    assert second.url == "/nl/v/zand/done/"
    assert dict(second.client.cookies) == {}
    assert Response.objects.get().locked_token == ""


def test_a_wrong_and_a_replaced_code_get_the_same_words(here: Any) -> None:
    first, second = here.visitor().begin(), here.visitor()
    old = ask(first)
    ask(first)
    told = {type_in(second, code).text for code in (old, old[::-1])}
    assert second.status == 422
    assert second.title.startswith("Fout:")
    assert len({text.replace(old, "").replace(old[::-1], "") for text in told}) == 1


def test_an_address_from_another_device_takes_its_own_place(here: Any) -> None:
    first, second = here.visitor().begin().send(WORK), here.visitor()
    code, page = ask(first), first.page
    address = {"contact_talk": ["invented@example.org"]}
    type_in(second, code)
    second.send({**address, "remarks": ["Dag"]})
    assert second.url == "/nl/v/zand/done/"
    first.page = page
    first.send(address)
    (contact,) = fieldwork.contacts(here.data, here.study)
    assert unseal(contact.sealed, here.keys.private) == "invented@example.org"


def test_an_address_given_before_is_known_on_the_other_device(here: Any) -> None:
    first, second = here.visitor().begin(), here.visitor()
    token = str(first.page.xpath("//input[@name='blikveld-session']/@value")[0])
    pairs = [("blikveld-session", token), ("contact_talk", "invented@example.org")]
    first.post("/nl/v/zand/p/5/", pairs)
    type_in(second, ask(first)).send(WORK)
    assert "U gaf al een adres op" in second.text


def test_neither_code_nor_token_stands_in_any_file(here: Any) -> None:
    first = here.visitor().begin()
    code, token = ask(first), first.client.cookies["blikveld-web-zand"].value
    databases.detach()
    content = b"".join(path.read_bytes() for path in here.data.iterdir())
    assert tokens.hash_code(str(tokens.read_code(code))).encode() in content
    for mark in (code, code.replace("-", ""), token):
        assert mark.encode() not in content


def test_another_website_cannot_type_a_code(here: Any) -> None:
    stranger, victim = here.visitor().begin(), here.visitor()
    type_in(victim, ask(stranger), Origin="https://elsewhere.example")
    assert dict(victim.client.cookies) == {}


def test_tries_are_limited_whoever_types(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(served_study, "CODES", RateLimit(3, 60.0, lambda: now[0]))
    code = ask(here.visitor().begin())
    for _ in range(3):
        assert type_in(here.visitor(), "0" * 16).status == 422
    assert type_in(here.visitor(), "too short").status == 422
    assert type_in(here.visitor(), code).status == 429
    now[0] = 61.0
    assert type_in(here.visitor(), code).url == "/nl/v/zand/p/2/"


def test_a_code_for_who_has_no_session_keeps_the_page(here: Any) -> None:
    someone = here.visitor().begin()
    page = someone.page
    for field in page.xpath("//input[@type='hidden']"):
        field.drop_tree()
    someone.client.cookies.clear()
    someone.press("code", WORK)
    assert someone.url == "/nl/v/zand/p/2/?notice=recovered"
    assert someone.chosen("job") == ["baker"]


def test_a_code_on_a_page_that_another_tab_took_off_the_path(here: Any) -> None:
    someone = here.visitor().begin().send({**WORK, "seen": ["yes"]})
    shown, url = someone.page, someone.url
    someone.open("/nl/v/zand/p/2/").send(WORK)
    someone.page, someone.url = shown, url
    code = ask(someone)
    assert someone.page.get_element_by_id("questionnaire").get("action") == "/nl/v/zand/p/5/"
    assert type_in(here.visitor(), code).url == "/nl/v/zand/p/5/"


def test_closed_is_closed_for_codes(here: Any) -> None:
    code = ask(here.visitor().begin())
    here.close()
    assert type_in(here.visitor(), code).status == 403


def test_the_telephone_script_offers_no_code(here: Any) -> None:
    someone = here.visitor(phone=True)
    someone.open(someone.entrance).send({})
    assert "Verder op een ander apparaat" not in someone.text
    assert someone.open("/nl/tel/zand/code/").status == 404
