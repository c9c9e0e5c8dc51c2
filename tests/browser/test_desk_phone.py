"""Calling in Chromium: a whole call by keyboard, without JavaScript, and axe-core on every page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from blikveld.contacts import make_keys
from blikveld.desk import commands
from blikveld.desk.commands import Desk
from blikveld.desk.roles import Role
from blikveld.desk.words import texts, translate
from blikveld.phone import Case
from blikveld.phone.call_list import CallList
from blikveld.phone.cases import Disposition
from blikveld.phone.list_files import read
from blikveld.phone.outcomes import CallOutcome
from blikveld.phone.queue import HERE, works
from blikveld.study.model import Study
from blikveld.web import fieldwork
from blikveld.web.process import Server

pytestmark = pytest.mark.browser

WORDS = texts("phone")
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PASSWORD = "zeven groene vuurtorens"  # noqa: S105
ENDS = (Disposition.COMPLETE, Disposition.BUSY, Disposition.REFUSED)
BOTH = pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320", "desktop"])
LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])


@pytest.fixture(scope="module")
def running(
    flagship: Study, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Server]]:
    """The desk and the respondents' server, each in its own process, over one folder."""
    data: Path = tmp_path_factory.mktemp("calls")
    with ThreadPoolExecutor(1) as beside:
        beside.submit(fieldwork.open_, data, flagship).result()
        beside.submit(commands.prepare, data, flagship).result()
    keys, patch = make_keys(), pytest.MonkeyPatch()
    with Server(flagship.key, data, public_key=keys.public, workers=1, durable=False) as server:
        patch.setenv("BLIKVELD_DESK_SCRIPT", server.url)
        with Desk(flagship.key, data, workers=1, durable=False) as desk:
            yield desk, server
    patch.undo()


class Caller:
    """Somebody at the desk who never touches a mouse. Invented, as are all organisations."""

    def __init__(self, browser: Browser, desk: Desk, study: Study, role: Role, **options: Any):
        self.page: Page = browser.new_context(**options).new_page()
        self.desk, self.width = desk, options["viewport"]["width"]
        name = f"{role.value}-{self.width}-{id(self)}"
        with ThreadPoolExecutor(1) as beside:
            given = desk.data, study, name, role
            token = beside.submit(commands.invite, *given).result()
        self.page.goto(f"{desk.url}/en/welcome/{token}/")
        secret = str(self.page.locator("p.secret").text_content()).replace(" ", "")
        self.type(password=PASSWORD, again=PASSWORD, code=pyotp.TOTP(secret).now())
        recovery = str(self.page.locator(".codes li").first.text_content())
        self.page.goto(f"{desk.url}/en/sign-in/")
        self.type(name=name, password=PASSWORD, code=recovery)

    def to(self, what: str, at_most: int = 80) -> None:
        """Press Tab until something with this name or text has the focus."""
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            if what in self.page.evaluate(
                "[document.activeElement.name, document.activeElement.textContent.trim()]"
            ):
                return
        raise AssertionError(f"Tab never came to {what!r}.")

    def press(self, button: str) -> None:
        self.to(button)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, **filled: str) -> None:
        for name, value in filled.items():
            self.to(name)
            self.page.keyboard.type(value)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def listed(running: tuple[Desk, Server], flagship: Study) -> Iterator[CallList]:
    """The list that ships with the study. Six appointments of yesterday were not kept.

    So there is somebody to call at whatever hour, on whatever day, these tests run.
    """
    book = CallList.at(running[0].data)
    book.add(read(flagship, (flagship.folder / "calls.csv").read_bytes(), "calls.csv"))
    now = datetime.now(HERE).replace(hour=10)
    while not works((now := now - timedelta(1)).date()) or now.date() >= _yesterday():
        pass
    for number in range(9):
        found = book.take(now, "anna (invented)")
        assert isinstance(found, Case)
        ended = CallOutcome(Disposition.APPOINTMENT, _yesterday(), time(15))
        if number > 5:
            ended = CallOutcome(
                (Disposition.COMPLETE, Disposition.BUSY, Disposition.REFUSED)[number - 6]
            )
        book.record(found.organisation.key, ended, now, "anna (invented)")
    yield book
    book.path.unlink()


def _yesterday() -> date:
    return datetime.now(HERE).date() - timedelta(1)


@BOTH
@LANGUAGES
def test_a_whole_call_by_keyboard_and_no_page_with_violations(
    chromium: Browser,
    running: tuple[Desk, Server],
    flagship: Study,
    listed: CallList,
    violations: Callable[[Page], Any],
    viewport: Any,
    language: str,
) -> None:
    desk, server = running
    caller = Caller(chromium, desk, flagship, Role.INTERVIEWER, viewport=viewport)
    page, t = caller.page, translate(WORDS, language)

    def good(name: str, shown: Page = page) -> None:
        assert violations(shown) == [], shown.url
        assert shown.evaluate("document.documentElement.scrollWidth") <= caller.width, shown.url
        if folder := os.environ.get("BLIKVELD_TESTS_PICTURES"):
            path = Path(folder) / f"{name}-{language}-{caller.width}.png"
            shown.screenshot(path=path, full_page=True)

    page.goto(f"{desk.url}/{language}/phone/")
    good("between")
    caller.press(t["next"])
    name = str(page.locator("h1").text_content())
    assert "verzonnen" in name
    good("organisation")
    caller.press(t["keep"])
    expect(page.locator("#disposition-error")).to_be_visible()
    assert page.title().startswith(("Fout:", "Error:"))
    good("nothing-chosen")
    caller.to("disposition")
    page.keyboard.press("Space")
    caller.to("day")
    page.keyboard.type("01012020")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    good("wrong-day")
    with page.context.expect_page() as opening:
        caller.to(t["script"])
        page.keyboard.press("Enter")
    script = opening.value
    script.wait_for_load_state()
    assert script.url.startswith(f"{server.url}/{language}/tel/")
    assert "key=" not in script.url
    good("script", script)
    script.close()
    page.goto(f"{desk.url}/{language}/phone/")
    caller.to("disposition")
    page.keyboard.press("Space")
    caller.press(t["keep"])
    assert "(1.1)" in str(page.locator(".notice").text_content())
    good("kept")
    caller.press(t["undo"])
    assert page.locator("h1").text_content() == name
    caller.press(t["back"])
    page.goto(f"{desk.url}/{language}/phone/appointments/")
    good("appointments")
    caller.press(t["call_now"])
    assert page.locator("input[name=organisation]").count() == 1
    page.context.close()


@BOTH
@LANGUAGES
def test_what_a_researcher_sees_and_adds(
    chromium: Browser,
    running: tuple[Desk, Server],
    flagship: Study,
    listed: CallList,
    violations: Callable[[Page], Any],
    viewport: Any,
    language: str,
) -> None:
    desk, _ = running
    keeper = Caller(chromium, desk, flagship, Role.RESEARCHER, viewport=viewport)
    page, t = keeper.page, translate(WORDS, language)

    def good(name: str) -> None:
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= keeper.width, page.url
        if folder := os.environ.get("BLIKVELD_TESTS_PICTURES"):
            path = Path(folder) / f"{name}-{language}-{keeper.width}.png"
            page.screenshot(path=path, full_page=True)

    page.goto(f"{desk.url}/{language}/call-list/")
    good("overview")
    page.goto(f"{desk.url}/{language}/call-list/import/")
    good("list")
    bad = b"name,number,municipality\nInvented,12,nowhere\n"
    page.set_input_files("#file", {"name": "list.csv", "mimeType": "text/csv", "buffer": bad})
    keeper.press(t["add"])
    expect(page.locator("table.list tbody tr")).to_have_count(2)
    good("faults")
    right = (flagship.folder / "calls.csv").read_bytes()
    page.set_input_files("#file", {"name": "list.csv", "mimeType": "text/csv", "buffer": right})
    keeper.press(t["add"])
    assert "65" in str(page.locator(".notice").text_content())
    good("added")
    page.goto(f"{desk.url}/{language}/call-list/hours/")
    keeper.press(t["save"])
    expect(page.locator(".notice")).to_be_visible()
    good("hours")
    page.context.close()


def test_a_call_without_javascript(
    chromium: Browser, running: tuple[Desk, Server], flagship: Study, listed: CallList
) -> None:
    desk, _ = running
    caller = Caller(
        chromium, desk, flagship, Role.INTERVIEWER, viewport=WIDE, java_script_enabled=False
    )
    page, before = caller.page, listed.outcomes().calls
    page.goto(f"{desk.url}/nl/phone/")
    caller.press(WORDS["next"]["nl"])
    page.check("#disposition")
    caller.press(WORDS["keep"]["nl"])
    expect(page.locator(".notice")).to_be_visible()
    assert listed.outcomes().calls == before + 1
    page.context.close()
