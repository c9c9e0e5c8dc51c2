"""The desk in Chromium: an account opened and entered by keyboard, and axe-core on every page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from blikveld.desk import commands
from blikveld.desk.commands import Desk
from blikveld.desk.roles import Role
from blikveld.study.model import Study
from blikveld.web import fieldwork

pytestmark = pytest.mark.browser

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PASSWORD = "zeven groene vuurtorens"  # noqa: S105


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
    chromium: Browser,
    running: Desk,
    flagship: Study,
    violations: Callable[[Page], Any],
    viewport: Any,
    language: str,
) -> None:
    name, width = f"ada-{language}-{viewport['width']}", viewport["width"]
    page = chromium.new_context(viewport=viewport).new_page()

    def good() -> None:
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto(f"{running.url}/{language}/welcome/{_invited(running, flagship, name)}/")
    good()
    _type(page, password="short", again="shorter", code="1")  # noqa: S106
    expect(page.locator("#error-summary")).to_be_visible()
    assert page.title().startswith(("Fout:", "Error:"))
    good()
    secret = str(page.locator("p.secret").text_content()).replace(" ", "")
    _type(page, password=PASSWORD, again=PASSWORD, code=pyotp.TOTP(secret).now())
    expect(page.locator(".codes li")).to_have_count(10)
    good()
    recovery = str(page.locator(".codes li").first.text_content())
    page.goto(f"{running.url}/{language}/sign-in/")
    good()
    _type(page, name=name, password=PASSWORD, code="nonsense")
    expect(page.locator("#error-summary")).to_be_visible()
    good()
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
        good()
    page.context.close()
