"""Pages in German, in French and from right to left: at 320 pixels and wide, with axe's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.serving import SMALL, served
from tests.pseudo import speak

from blikveld.web.process import Server

pytestmark = pytest.mark.browser

LANGUAGES = ("de", "fr", "he")
WIDTHS = (320, 1280)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small study in three languages; Hebrew is invented."""
    folder = tmp_path_factory.mktemp("languages")
    study = speak(SMALL, folder / "study", *LANGUAGES)
    with served(study, folder / "data") as server:
        yield server


def _pages(page: Page, start: str) -> Iterator[str]:
    """The kinds of pages, each while it stands in the browser."""
    page.goto(start)
    yield "landing"
    page.locator("main form .button").click()
    yield "page"
    page.locator(".buttons .button").first.click()
    page.locator("#error-summary").wait_for()
    yield "errors"
    for part in ("print/", "code/"):
        page.goto(f"{start}{part}")
        yield part


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_fits_and_has_no_violations(
    chromium: Browser, site: Server, violations: Callable[[Page], Any], language: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    found = {}
    for name in _pages(page, site.link("zand", language)):
        found[name] = (page.evaluate("document.documentElement.scrollWidth"), violations(page))
    page.close()
    assert found == dict.fromkeys(found, (width, []))
    assert len(found) == 5


@pytest.mark.parametrize(("language", "side"), [("de", "left"), ("he", "right")])
def test_what_begins_a_line_stands_where_its_language_begins(
    chromium: Browser, site: Server, language: str, side: str
) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    page.goto(site.link("zand", language))
    page.locator("main form .button").click()
    page.locator(".buttons .button").first.click()
    page.locator("#error-summary").wait_for()
    mark = page.locator(".option input").first.bounding_box()
    bar = page.locator(".wrong").first.evaluate(
        f"node => getComputedStyle(node).border{side.title()}Width"
    )
    page.close()
    assert mark
    assert (mark["x"] < 160) == (side == "left")
    assert bar == "4px"
