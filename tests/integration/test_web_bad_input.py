"""The whole list of bad input, in both languages; and the driver's own count of what it did."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from blikveld.rules import Missing

WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["yes"]}
GULLS = {"places": ["beach"], "loud": ["agree"], "clever": ["agree"]}
BOTH = pytest.mark.parametrize("language", ["nl", "en"])
WRONG = {
    "unknown option": (2, {**WORK, "job": ["astronaut"]}),
    "two answers to one": (2, {**WORK, "job": ["baker", "other"]}),
    "none beside others": (3, {**GULLS, "places": ["beach", "dont_know"]}),
    "unknown beside known": (3, {**GULLS, "places": ["beach", "moon"]}),
    "a megabyte of text": (2, {**WORK, "job": ["other"], "job_other": ["x" * 1_000_000]}),
    "SQL": (2, {**WORK, "district": ["' OR 1=1; DROP TABLE answers_response; --"]}),
    "script": (3, {**GULLS, "loud": ["<script>alert(1)</script>"]}),
    "another municipality's district": (2, {**WORK, "district": ["veen_plas"]}),
    "a control sign": (2, {**WORK, "job": ["other"], "job_other": ["a\x00b"]}),
}


@BOTH
@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_told_and_nothing_is_kept(here: Any, language: str, name: str) -> None:
    page, fields = WRONG[name]
    someone = here.visitor(language=language).begin()
    if page == 3:
        someone.send(WORK)
    before = here.records()
    someone.send(fields)
    assert someone.status == 422
    assert someone.page.get("lang") == language
    assert someone.title.startswith({"nl": "Fout: ", "en": "Error: "}[language])
    assert someone.page.xpath("//script[not(@src)]") == []
    assert here.records() == before


@BOTH
def test_wrong_bytes_are_told_and_nothing_is_kept(here: Any, language: str) -> None:
    someone = here.visitor(language=language).begin()
    before = here.records()
    someone.post(f"/{language}/v/zand/p/2/", b"district=%ff%fe&job=baker&seen=yes")
    assert (someone.status, someone.page.get("lang")) == (422, language)
    assert here.records() == before


@BOTH
def test_another_studys_link_leads_nowhere(here: Any, language: str) -> None:
    someone = here.visitor(language=language).open(f"/{language}/v/rotterdam/")
    assert (someone.status, someone.page.get("lang")) == (404, language)
    someone.post(f"/{language}/v/rotterdam/p/2/", [("job", "baker")])
    assert someone.status == 404
    assert here.records() == []


def test_nothing_is_kept_that_the_questionnaire_could_not_have_produced(here: Any) -> None:
    chance = random.Random(8)
    values = ["yes", "no", "baker", "beach", "<script>", "' OR 1=1", "", "zand_duin", "é" * 300]
    names = ["district", "job", "job_other", "seen", "places", "loud", "fed", "remarks", "nothing"]
    for _ in range(150):
        someone = here.visitor().begin()
        for _ in range(4):
            fields = {name: chance.choices(values, k=chance.randint(0, 2)) for name in names}
            token = someone.client.cookies["blikveld-web-zand"].value
            pairs = [(n, value) for n, given in fields.items() for value in given]
            number = chance.randint(2, 5)
            someone.post(f"/nl/v/zand/p/{number}/", [("blikveld-session", token), *pairs])
            assert someone.status in (200, 422)
    offered = {
        "district": {"zand_duin", "zand_strand", "elsewhere"},
        "job": {"baker", "other"},
        "seen": {"yes", "no"},
        "fed": {"yes", "no"},
        "loud": {"agree", "disagree"},
    }
    for record in here.records():
        assert "nothing" not in record
        for name, codes in offered.items():
            assert record[name] in codes or isinstance(record[name], Missing)


def test_the_counters_equal_the_drivers_own(here: Any) -> None:
    chance, told = random.Random(6), Counter[str]()
    pages: Counter[int] = Counter()
    for _ in range(60):
        someone = here.visitor(language=chance.choice(("nl", "en"))).open()
        told["opened"] += 1
        if chance.random() < 0.2:
            continue
        someone.send({})
        told["started"] += 1
        pages[1] += 1
        seen = chance.choice(("yes", "no"))
        journey = [(2, {**WORK, "seen": [seen]}), (3, GULLS), (4, {"fed": ["no"]}), (5, {})]
        for number, fields in journey if seen == "yes" else (journey[0], journey[3]):
            if chance.random() < 0.1:
                break
            if number != 5:
                someone.send({})
                assert someone.status == 422
            someone.send(fields)
            pages[number] += 1
        told["completed"] += someone.url.endswith("/done/")
    assert here.counts() == (told["started"], told["completed"], dict(pages))
    assert here.opened() == told["opened"]
