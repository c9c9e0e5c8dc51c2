"""Every page against axe-core's rules for WCAG 2.2 A and AA: two languages, wide, narrow, faulty.

And the whole journey by the keyboard. A machine finds some of what hinders people; the tests of
journeys hold what it cannot see: titles, focus, order, and faults beside their field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.serving import served

from blikveld.study.model import Study
from blikveld.web.environment import monitor_address
from blikveld.web.process import Server

pytestmark = pytest.mark.browser

Violations: TypeAlias = Callable[[Page], Any]
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(flagship.folder, tmp_path_factory.mktemp("accessible")) as server:
        yield server


def _key(site: Server) -> str:
    return (site.data / "secret_key").read_text(encoding="ascii").strip()


def settled(page: Page, step: int, total: int) -> None:
    expect(page.locator("progress")).to_have_attribute("value", str(step))
    expect(page.locator("progress")).to_have_attribute("max", str(total))


# One municipality for each of the two themes that are shipped.
@pytest.mark.parametrize("municipality", ["rotterdam", "alkmaar"])
@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_page_has_violations(
    chromium: Browser,
    site: Server,
    violations: Violations,
    viewport: Any,
    language: str,
    municipality: str,
) -> None:
    page = chromium.new_context(viewport=viewport).new_page()
    page.goto(site.link(municipality, language))
    assert violations(page) == []
    page.locator("#questionnaire button").click()
    for step in range(1, 7):
        settled(page, step, 6)
        assert violations(page) == [], step
        if step < 6:
            _send_empty(page)
            assert violations(page) == [], ("error", step)
        _answer(page)
        page.locator(".buttons button").first.click()
    expect(page).to_have_url(f"{site.link(municipality, language)}done/")
    assert violations(page) == []
    page.goto(f"{site.url}/{language}/v/nowhere/")
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_monitor_has_no_violations(
    chromium: Browser,
    site: Server,
    violations: Violations,
    flagship: Study,
    viewport: Any,
    language: str,
) -> None:
    page = chromium.new_context(viewport=viewport).new_page()
    for municipality in ("rotterdam", "alkmaar"):
        page.goto(site.url + monitor_address(flagship, municipality, language, _key(site)))
        expect(page.locator("table.monitor")).to_have_count(1)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.context.close()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_telephone_script_has_no_violations(
    chromium: Browser, site: Server, violations: Violations, viewport: Any, language: str
) -> None:
    page = chromium.new_context(viewport=viewport).new_page()
    page.goto(site.phone_url("rotterdam", language))
    assert violations(page) == []
    page.locator("#questionnaire button").click()
    for step in range(1, 7):
        settled(page, step, 6)
        assert violations(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        if step < 6:
            _send_empty(page)
            assert violations(page) == [], ("error", step)
        _answer(page)
        page.locator(".buttons button").first.click()
    expect(page.locator("#step")).to_have_count(0)
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_going_on_with_a_code_has_no_violations_and_works_by_keyboard(
    chromium: Browser, site: Server, violations: Violations, viewport: Any, language: str
) -> None:
    first = chromium.new_context(viewport=viewport).new_page()
    first.goto(site.link("alkmaar", language))
    first.locator("#questionnaire button").click()
    settled(first, 1, 6)
    first.locator(".elsewhere button").press("Enter")
    code = first.locator(".code").inner_text()
    assert violations(first) == []
    assert first.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    second = chromium.new_context(viewport=viewport).new_page()
    second.goto(f"{site.link('alkmaar', language)}code/")
    assert violations(second) == []
    second.locator("#q-code").press("Enter")
    expect(second.locator("#q-code")).to_have_attribute("aria-invalid", "true")
    assert violations(second) == []
    assert second.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    second.locator("#q-code").fill(code.lower())
    second.locator("#q-code").press("Enter")
    settled(second, 1, 6)
    first.context.close()
    second.context.close()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_questionnaire_to_print_has_no_violations(
    chromium: Browser, site: Server, violations: Violations, viewport: Any, language: str
) -> None:
    page = chromium.new_context(viewport=viewport).new_page()
    page.goto(f"{site.link('rotterdam', language)}print/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.context.close()


def test_what_is_wrong_is_found(chromium: Browser, site: Server, violations: Violations) -> None:
    """Otherwise the tests above would prove nothing."""
    page = chromium.new_page()
    page.goto(site.link("rotterdam"))
    page.locator("#questionnaire button").click()
    settled(page, 1, 6)
    page.evaluate("document.querySelector('.option label').remove()")
    page.evaluate("document.querySelector('legend').style.color = '#bbb'")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    found = {rule for rule, *_ in violations(page)}
    assert {"label", "color-contrast", "html-has-lang"} <= found
    page.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_questionnaire_by_keyboard_alone(
    chromium: Browser, site: Server, language: str
) -> None:
    page = chromium.new_context(viewport=WIDE).new_page()
    page.goto(site.link("utrecht", language))
    _press_button(page)
    for step in range(1, 7):
        settled(page, step, 6)
        _tick_all(page)
        _press_button(page)
    expect(page).to_have_url(f"{site.link('utrecht', language)}done/")
    page.context.close()


def _send_empty(page: Page) -> None:
    page.locator(".buttons button").first.click()
    expect(page.locator("#error-summary")).to_be_focused()


def _answer(page: Page) -> None:
    """Tick the first answer of every question."""
    for question in page.locator("fieldset").all():
        question.locator("label").first.click()


def _tick_all(page: Page) -> None:
    """Go through the page with Tab, and choose with Space what stands first in each question."""
    left = {str(name) for name in page.evaluate(_NAMES)}
    for _ in range(400):
        if not left:
            return
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        if name in left:
            page.keyboard.press("Space")
            left.discard(name)
    pytest.fail(f"These cannot be reached with Tab: {left}")


_NAMES = "[...document.querySelectorAll('[type=radio], [type=checkbox]')].map(e => e.name)"


def _press_button(page: Page) -> None:
    """Go on with Tab to the first button of the form, and press Enter."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#questionnaire .button')"):
            page.keyboard.press("Enter")
            return
    pytest.fail("No button can be reached with Tab.")
