"""Bad input gets a clear page in the respondent's language, and leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from blikveld.rules import Missing
from blikveld.web import fieldwork

WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["yes"]}
LANGUAGES = pytest.mark.parametrize(("language", "fault"), [("nl", "Fout: "), ("en", "Error: ")])


def nothing_was_kept(here: Any) -> bool:
    (record,) = here.records()
    asked = [n for n in record if n not in ("municipality", "mode", "language", "completed")]
    return {record[name] for name in asked} <= {Missing.BROKEN_OFF, Missing.NOT_ASKED}


@LANGUAGES
@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"district": ["veen_plas"]}, "district"),
        ({"district": ["<script>"]}, "district"),
        ({"district": ["'; DROP TABLE answers_response; --"]}, "district"),
        ({"job": ["baker", "other"]}, "job"),
        ({"job": []}, "job"),
        ({"job": ["other"]}, "job"),
        ({"job": ["other"], "job_other": ["x" * 1_000_000]}, "job"),
        ({"job": ["other"], "job_other": ["nul \0 teken"]}, "job"),
        ({"seen": ["ja"]}, "seen"),
    ],
)
def test_a_fault_is_told_beside_the_field_and_in_a_summary(
    here: Any, language: str, fault: str, bad: dict[str, list[str]], field: str
) -> None:
    someone = here.visitor(language=language).begin().send({**WORK, **bad})
    assert someone.status == 422
    assert someone.title.startswith(fault)
    message = someone.page.get_element_by_id(f"q-{field}-error").text_content()
    summary = someone.page.get_element_by_id("error-summary")
    (link,) = summary.iter("a")
    assert message in link.text_content()
    target = someone.page.get_element_by_id(link.get("href")[1:])
    assert target.get("name") == field
    described = someone.page.xpath(f"//fieldset[contains(@aria-describedby, 'q-{field}-error')]")
    assert len(described) == 1
    assert nothing_was_kept(here)


def test_what_was_filled_in_stays_on_the_page_with_a_fault(here: Any) -> None:
    someone = here.visitor().begin().send({**WORK, "job": ["other"], "job_other": [""]})
    assert someone.chosen("district") == ["zand_duin"]
    assert someone.chosen("job") == ["other"]
    someone.send({**WORK, "job_other": ['"><script>alert(1)</script>']})
    shown = someone.page.xpath("//input[@name='job_other']/@value")
    assert shown == ['"><script>alert(1)</script>']
    assert someone.page.xpath("//script[not(@src)]") == []


def test_none_of_these_beside_another_answer_is_a_fault(here: Any) -> None:
    someone = here.visitor().begin().send(WORK)
    someone.send({"places": ["beach", "dont_know"], "loud": ["agree"], "clever": ["agree"]})
    assert someone.status == 422
    assert someone.page.get_element_by_id("q-places-error") is not None


def test_a_mistyped_address_is_asked_again_and_not_kept(here: Any) -> None:
    someone = here.visitor().begin().send({**WORK, "seen": ["no"]})
    someone.send({"contact_talk": ["invented at example"], "remarks": ["Dag"]})
    assert someone.status == 422
    field = someone.page.get_element_by_id("q-talk")
    # An address waits nowhere, not even one that is wrong: with a script the page brings it along.
    assert (field.get("aria-invalid"), field.value) == ("true", "")
    assert someone.page.get_element_by_id("q-remarks").value.strip() == "Dag"
    assert list(fieldwork.contacts(here.data, here.study)) == []


@LANGUAGES
def test_a_body_over_a_megabyte_gets_a_friendly_page(here: Any, language: str, fault: str) -> None:
    someone = here.visitor(language=language).begin()
    body = b"remarks=" + b"x" * 1_100_000
    someone.post(f"/{language}/v/zand/p/2/", body)
    assert someone.status == 413
    assert someone.page.get("lang") == language
    assert nothing_was_kept(here)


@pytest.mark.parametrize(
    "body",
    [
        b"district=zand_duin&job=other&job_other=caf%E9&seen=yes",
        b"district=zand_duin&job=other&job_other=%00&seen=yes",
        b"district=%ff%fe&job=baker&seen=yes",
    ],
)
def test_a_wrong_encoding_is_asked_again(here: Any, body: bytes) -> None:
    someone = here.visitor().begin().post("/nl/v/zand/p/2/", body)
    assert someone.status == 422
    assert nothing_was_kept(here)


def test_a_form_in_another_character_set_is_refused_kindly(here: Any) -> None:
    someone = here.visitor().begin()
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    response = someone.client.post("/nl/v/zand/p/2/", b"job=baker", content_type=kind)
    assert response.status_code == 400
    assert "We konden dit niet lezen" in response.content.decode()


def test_thousands_of_fields_are_refused_kindly(here: Any) -> None:
    someone = here.visitor().begin()
    someone.post("/nl/v/zand/p/2/", [(f"field{n}", "x") for n in range(2_000)])
    assert someone.status == 400
    assert "We konden dit niet lezen" in someone.text


def test_a_file_is_no_answer(here: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    someone = here.visitor().begin()
    upload = SimpleUploadedFile("invented.txt", b"text")
    response = someone.client.post("/nl/v/zand/p/2/", {**WORK, "remarks": upload})
    assert response.status_code == 400
    assert nothing_was_kept(here)


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/nl/v/elsewhere/",
        "/de/v/zand/",
        "/nl/v/zand/p/99/",
        "/nl/v/zand/p/0/",
        "/nl/x/zand/",
        "/nl/v/zand'%20OR%201=1/",
        "/nl/v/%F0%9F%A6%86/",
    ],
)
def test_an_unknown_link_gets_a_friendly_page(here: Any, url: str) -> None:
    someone = here.visitor().open(url)
    assert someone.status == 404
    assert "Misschien is de link niet helemaal overgenomen" in someone.text
    assert here.opened() == 0


def test_a_link_without_its_last_slash_works(here: Any) -> None:
    someone = here.visitor().open("/nl/v/zand")
    assert (someone.url, someone.status) == ("/nl/v/zand/", 200)
    assert here.visitor().open("/nl/v/elsewhere").status == 404


@LANGUAGES
def test_a_closed_study_says_so(here: Any, language: str, fault: str) -> None:
    half, done = here.visitor(language=language).begin(), here.visitor(language=language).begin()
    done.send({**WORK, "seen": ["no"]}).send({})
    before = here.records()
    here.close()
    words = {"nl": "Deze vragenlijst is gesloten", "en": "This questionnaire is closed"}
    for visit in (
        lambda: here.visitor(language=language).open(),
        lambda: half.send(WORK),
        lambda: half.open(f"/{language}/v/zand/p/2/"),
    ):
        someone = visit()
        assert someone.status == 403
        assert words[language] in someone.text
    assert done.open(f"/{language}/v/zand/done/").status == 200
    assert here.records() == before


def test_a_study_that_is_not_open_yet_says_so(here: Any) -> None:
    from blikveld.web.answers.models import Fieldwork

    Fieldwork.objects.all().delete()
    assert "nog niet open" in here.visitor().open().text


def test_a_fault_of_ours_gets_a_friendly_page(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from blikveld.web import rendering

    def fail(*_: object) -> None:
        raise RuntimeError("invented")

    monkeypatch.setattr(rendering, "landing", fail)
    someone = here.visitor().open()
    assert someone.status == 500
    assert "Er ging iets mis bij ons" in someone.text


def test_other_methods_are_not_allowed(here: Any) -> None:
    assert here.visitor().client.put("/nl/v/zand/").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "ExampleBot/1.0 (+https://example.org/bot)"},
        {"User-Agent": "WhatsApp/2.0"},
        {"User-Agent": "Mozilla/5.0 SkypeUriPreview Preview/0.5"},
    ],
)
def test_robots_and_pages_fetched_ahead_do_not_count(here: Any, headers: dict[str, str]) -> None:
    assert here.visitor().open(**headers).status == 200
    here.visitor().client.head("/nl/v/zand/")
    assert here.opened() == 0
    here.visitor().open(**{"User-Agent": "Mozilla/5.0 (Android 14; Mobile) Firefox/140.0"})
    assert here.opened() == 1
