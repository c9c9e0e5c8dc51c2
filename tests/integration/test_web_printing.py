"""The whole questionnaire on one page: everything that may be asked, and nobody's answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from blikveld.study.model import Study

WORK = {"district": ["zand_duin"], "job": ["other"], "job_other": ["MARKEDANSWER"]}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_question_and_answer_of_the_shipped_study_is_there(
    opened: Callable[[Study], Any], flagship: Study, language: str
) -> None:
    municipality = flagship.sites.every[0]
    someone = opened(flagship).visitor(language=language)
    someone.open(f"{someone.start}print/")
    assert someone.status == 200
    for question in flagship.questions.values():
        options = flagship.options(question, municipality.key)
        for words in (question.text, *(option.label for option in options)):
            expected = " ".join(
                words[language].replace("{municipality}", municipality.name).split()
            )
            assert expected in someone.text, question.key


def test_whom_a_question_is_for_stands_beside_it_in_words(here: Any) -> None:
    someone = here.visitor()
    someone.open("/nl/v/zand/print/")
    told = [" ".join(p.text_content().split()) for p in someone.page.find_class("for")]
    assert len(told) == 3
    assert all(words.startswith("Alleen voor respondenten ") for words in told)
    assert all("\N{LEFT SINGLE QUOTATION MARK}Meeuw gezien" in words for words in told)
    assert "\N{LEFT SINGLE QUOTATION MARK}Op het strand" in told[2]
    english = here.visitor(language="en")
    english.open("/en/v/zand/print/")
    assert english.page.find_class("for")[0].text_content().startswith("Only for respondents ")


def test_it_holds_no_answers_counts_nothing_and_is_linked(here: Any) -> None:
    someone = here.visitor().begin()
    someone.press("back", WORK)
    before = here.counts()
    someone.open()
    assert "/nl/v/zand/print/" in someone.page.xpath("//a/@href")
    someone.open("/nl/v/zand/print/")
    assert "MARKEDANSWER" not in someone.response.content.decode()
    assert someone.page.xpath("//input | //form | //button") == []
    assert here.counts() == before


def test_it_can_be_read_when_the_questionnaire_is_closed(here: Any) -> None:
    here.close()
    assert here.visitor().open("/nl/v/zand/print/").status == 200
