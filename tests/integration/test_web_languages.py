"""Pages in languages of a study's own: no word of another language, and their direction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import numpy as np
import pytest
from django.conf import settings
from tests.pseudo import speak

from blikveld.cli.fieldwork import write_invitations
from blikveld.cli.terminal import show_funnel
from blikveld.inclusion import Funnel, Stage
from blikveld.rules import EVERYBODY
from blikveld.study.load import load
from blikveld.study.model import InclusionStep, Study
from blikveld.tabulation.planning import ALL, NOT_ASKED, TOTAL
from blikveld.web.environment import monitor_address

SMALL = Path(__file__).parents[1] / "studies/small"
NAMES = r"Zand & Zee|Duin|Strand|Veen|Plas|Cymraeg|עברית|\b\w{4}(?:-\w{4}){3}\b"
"""Names of places and of languages, and a code: no catalogue has them."""
TOLD = ("aria-label", "placeholder", "title", "alt", "data-kept", "data-lost", "data-waiting")


@pytest.fixture
def welsh(opened: Callable[[Study], Any], tmp_path: Path) -> Any:
    """The small study in Welsh and Hebrew, in words that are all between ‹ and ›."""
    return opened(load(speak(SMALL, tmp_path / "study", "cy", "he")))


def said(html: str) -> Iterator[str]:
    """Everything that a page tells: its text, and what is read aloud or shown by a script."""
    page = lxml.html.fromstring(html)
    yield page.text_content()
    for node in page.iter():
        yield from (node.get(name) for name in TOLD if node.get(name))


def unmarked(text: str) -> str:
    """The letters outside ‹ and ›; marks may stand within marks."""
    before = None
    while before != text:
        before, text = text, re.sub(r"‹[^‹›]*›", "", text)
    return "".join(re.findall(r"[^\W\d_]+", re.sub(NAMES, "", text)))


def _pages(here: Any) -> Iterator[tuple[str, str]]:
    """Pages of every kind, as they were sent."""
    return ((name, at.response.content.decode()) for name, at in _visits(here))


def _visits(here: Any) -> Iterator[tuple[str, Any]]:
    for phone in (False, True):
        someone = here.visitor(language="cy", phone=phone)
        yield "landing", someone.open(someone.entrance if phone else None)
        for part in ("print/", "code/", "code/?notice=code_wrong", "code/?notice=code_busy"):
            yield part, someone.open(f"{someone.start}{part}")
        for part in ("?notice=no_session", "?notice=busy_start", "done/", "p/99/"):
            yield part, someone.open(f"{someone.start}{part}")
        yield "first page", someone.open().send({})
        yield "nothing filled in", someone.send({})
        yield "wrong", someone.send({"job": ["x"], "district": ["zand_duin"]})
        if not phone:
            yield "a code", someone.press("code", {})
        yield "going on", someone.open(someone.start)
    yield "no pass", here.visitor(language="cy", phone=True).open()
    yield "unknown", here.visitor(language="cy").open("/cy/x/")
    monitor = monitor_address(here.study, "zand", "cy", settings.SECRET_KEY)
    yield "monitor", here.visitor(language="cy").open(monitor)
    here.close()
    yield "closed", here.visitor(language="cy").open()


def test_no_word_stands_on_a_page_that_is_not_in_its_language(welsh: Any) -> None:
    found = {
        name: left
        for name, html in _pages(welsh)
        if (left := [text for text in said(html) if unmarked(text)])
    }
    assert found == {}


def test_an_invitation_is_in_its_language_and_so_is_its_date(welsh: Any) -> None:
    links = dict.fromkeys(welsh.study.languages, "https://example.org/")
    (mail, _) = write_invitations(welsh.study, welsh.study.sites.every[0], links)
    assert mail.text.startswith("‹Subject: ")
    assert "26 Chwefror 2027" in mail.text


def test_a_page_says_its_language_and_direction(welsh: Any) -> None:
    for language, direction in (("cy", "ltr"), ("he", "rtl")):
        html = welsh.visitor(language=language).open().page
        assert (html.get("lang"), html.get("dir")) == (language, direction)


def test_a_page_offers_its_other_languages_by_their_own_names(welsh: Any) -> None:
    page = welsh.visitor(language="cy").open().page
    (link,) = page.xpath("//*[@class='languages']/a")
    assert (link.text, link.get("lang")) == ("עברית", "he")


def test_a_language_may_have_a_script_or_a_region(
    opened: Callable[[Study], Any], tmp_path: Path
) -> None:
    here = opened(load(speak(SMALL, tmp_path / "study", "sr-Latn", "pt-BR")))
    someone = here.visitor(language="pt-BR").begin()
    assert (someone.status, someone.page.get("lang")) == (200, "pt-BR")
    (button,) = someone.page.xpath("//*[@class='languages']/button")
    assert (button.text, button.get("lang")) == ("Srpski (latinica)", "sr-Latn")
    assert someone.press("language", {}, button.get("formaction")).page.get("lang") == "sr-Latn"
    here.close()
    assert {record["language"] for record in here.records()} <= {"pt-BR", "sr-Latn"}


def test_readers_of_a_study_without_english_read_its_first_language_and_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert [text["de"] for text in (TOTAL, ALL, NOT_ASKED)] == [
        *("Total", "All together", "Not asked"),
    ]
    step = InclusionStep("done", {"de": "‹fertig›"}, EVERYBODY)
    show_funnel(Funnel(3, (Stage(step, 1, 2),), np.array([True, True, False])))
    assert "‹fertig›" in capsys.readouterr().out
