"""The desk in Chromium: an account opened and entered by keyboard, and axe-core on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from blikveld.desk import commands
from blikveld.desk.launch import Desk
from blikveld.desk.roles import Role
from blikveld.study.model import Study
from blikveld.web import fieldwork

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}});
  return found.violations.map(v => [v.id, ...v.nodes.map(n => n.html.slice(0, 120))]);
}"""
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PASSWORD = "zeven groene vuurtorens"  # noqa: S105


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def running(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    data: Path = tmp_path_factory.mktemp("desk")
    with ThreadPoolExecutor(1) as beside:
        beside.submit(fieldwork.open_, data, flagship).result()
        beside.submit(commands.prepare, data, flagship).result()
    with Desk(flagship.key, data, workers=1, durable=False) as server:
        yield server


def _invited(running: Desk, flagship: Study, name: str) -> str:
    with ThreadPoolExecutor(1) as beside:
        given = running.data, flagship, name, Role.RESEARCHER
        return beside.submit(commands.invite, *given).result()


def _good(page: Page, width: int) -> None:
    page.evaluate(AXE)
    found: Any = page.evaluate(LOOK, RULES)
    assert found == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def _type(page: Page, **filled: str) -> None:
    """Go through the form with Tab alone, fill in, and press Enter."""
    left = dict(filled)
    for _ in range(60):
        if not left:
            break
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        if name in left:
            page.keyboard.type(left.pop(name))
    assert not left
    page.keyboard.press("Enter")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_account_by_keyboard_and_no_page_with_violations(
    chromium: Browser, running: Desk, flagship: Study, viewport: Any, language: str
) -> None:
    name, width = f"ada-{language}-{viewport['width']}", viewport["width"]
    page = chromium.new_context(viewport=viewport).new_page()
    page.goto(f"{running.url}/{language}/welcome/{_invited(running, flagship, name)}/")
    _good(page, width)
    _type(page, password="short", again="shorter", code="1")  # noqa: S106
    expect(page.locator("#error-summary")).to_be_visible()
    assert page.title().startswith(("Fout:", "Error:"))
    _good(page, width)
    secret = str(page.locator("p.secret").text_content()).replace(" ", "")
    _type(page, password=PASSWORD, again=PASSWORD, code=pyotp.TOTP(secret).now())
    expect(page.locator(".codes li")).to_have_count(10)
    _good(page, width)
    recovery = str(page.locator(".codes li").first.text_content())
    page.goto(f"{running.url}/{language}/sign-in/")
    _good(page, width)
    _type(page, name=name, password=PASSWORD, code="nonsense")
    expect(page.locator("#error-summary")).to_be_visible()
    _good(page, width)
    page.goto(f"{running.url}/{language}/people/")
    expect(page).to_have_url(re.compile("sign-in"))
    _type(page, name=name, password=PASSWORD, code=recovery)
    expect(page).to_have_url(re.compile(f"/{language}/people/$"))
    addresses = page.locator(".menu a").evaluate_all("all => all.map(a => a.href)")
    assert len(addresses) >= 3
    for address, status in [*((a, 200) for a in addresses), (f"{running.url}/{language}/x/", 404)]:
        found = page.goto(address)
        assert found is not None
        assert (address, found.status) == (address, status)
        _good(page, width)
    page.context.close()
