"""A fieldwork in a real browser where something is wrong: no connection, no database, a website of
somebody else, and a device that others use afterwards. Everything here is invented.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.serving import SMALL, beside, served

from blikveld.fieldwork import SurveyLink
from blikveld.study.load import load
from blikveld.study.model import Mode
from blikveld.web import fieldwork
from blikveld.web.process import Server

pytestmark = pytest.mark.browser

REMARK, ADDRESS = "MARKEDREMARK", "marked.address@example.org"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Server]:
    with served(SMALL, tmp_path / "data") as server:
        yield server


def begin(page: Page, site: Server) -> None:
    page.goto(site.link("zand"))
    page.locator("#questionnaire button").click()
    expect(page).to_have_url(f"{site.link('zand')}p/2/")


def tick(page: Page, seen: str = "no") -> None:
    for name in ("district-zand_duin", "job-baker", f"seen-{seen}"):
        page.locator(f"label[for='q-{name}']").click()


def press(page: Page) -> None:
    page.locator(".buttons button").first.click()


# Without a connection


def test_without_a_connection_a_page_stays_and_is_sent_once_there_is_one(
    chromium: Browser, site: Server, tmp_path: Path, tally: Any
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    begin(page, site)
    tick(page)
    context.set_offline(True)
    press(page)
    expect(page.locator("#told")).to_contain_text("er is geen verbinding")
    expect(page.locator("#saved")).to_be_visible()
    press(page)
    assert page.url == f"{site.link('zand')}p/2/"
    assert page.locator("input:checked").count() == 3
    context.set_offline(False)
    expect(page).to_have_url(f"{site.link('zand')}p/5/")
    context.close()
    assert beside(tally, tmp_path / "data", load(SMALL))[SurveyLink("zand", Mode.WEB)] == (
        1,
        0,
        {1: 1, 2: 1},
    )


def test_who_leaves_a_page_that_could_not_be_sent_finds_the_ticks_again(
    chromium: Browser, site: Server
) -> None:
    page = chromium.new_page()
    begin(page, site)
    page.route("**/p/2/", lambda route: route.abort() if _is_next(route) else route.continue_())
    tick(page)
    press(page)
    expect(page.locator("#told")).to_contain_text("Nog niet verstuurd")
    page.go_back()
    page.get_by_role("link", name="Verder waar u was").click()
    assert page.locator("input:checked").count() == 3
    page.close()


def _is_next(route: Any) -> bool:
    return "blikveld-go=next" in (route.request.post_data or "")


@pytest.mark.parametrize("status", [502, 200], ids=["proxy", "hotel"])
def test_what_others_answer_for_us_is_no_answer(
    chromium: Browser, site: Server, status: int
) -> None:
    page = chromium.new_page()
    begin(page, site)
    tick(page)
    answered = 0

    def between(route: Any) -> None:
        nonlocal answered
        answered += 1
        if answered > 1:
            route.continue_()
        else:
            route.fulfill(status=status, body="<h1>Somebody else's page</h1>")

    page.route("**/p/2/", between)
    press(page)
    expect(page.locator("#told")).to_contain_text("Nog niet verstuurd")
    expect(page).to_have_url(f"{site.link('zand')}p/5/")
    page.close()


def test_an_answer_that_was_lost_is_asked_again_and_counted_once(
    chromium: Browser, site: Server, tmp_path: Path, tally: Any
) -> None:
    page = chromium.new_page()
    begin(page, site)
    tick(page)
    lost = 0

    def lose(route: Any) -> None:
        nonlocal lost
        if (
            route.request.method != "POST"
            or "draft" in (route.request.post_data or "")
            or lost == 2
        ):
            route.continue_()
            return
        lost += 1
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/p/2/", lose)
    press(page)
    expect(page).to_have_url(f"{site.link('zand')}p/5/", timeout=20_000)
    page.close()
    assert lost == 2
    assert beside(tally, tmp_path / "data", load(SMALL))[SurveyLink("zand", Mode.WEB)] == (
        1,
        0,
        {1: 1, 2: 1},
    )


# Without a database


@contextmanager
def no_database(site: Server) -> Iterator[None]:
    """The file of the answers is no database for a while, as when it cannot be reached."""
    import sqlite3

    with sqlite3.connect(site.data / "answers.sqlite3", isolation_level=None) as connection:
        connection.execute("ALTER TABLE answers_response RENAME TO away")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE away RENAME TO answers_response")


def test_without_a_database_a_page_stays_and_is_sent_once_there_is_one(
    chromium: Browser, site: Server
) -> None:
    page = chromium.new_page()
    begin(page, site)
    with no_database(site):
        tick(page)
        press(page)
        expect(page.locator("#told")).to_contain_text("Nog niet verstuurd")
        assert page.locator("input:checked").count() == 3
    expect(page).to_have_url(f"{site.link('zand')}p/5/", timeout=20_000)
    page.close()


def test_without_database_and_script_the_fault_holds_what_was_filled_in(
    chromium: Browser, site: Server
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    begin(page, site)
    tick(page)
    with no_database(site):
        press(page)
        expect(page.locator("h1")).to_have_text("We kunnen nu even niets bewaren")
        page.get_by_role("button", name="Opnieuw insturen").click()
        expect(page.locator("h1")).to_have_text("We kunnen nu even niets bewaren")
    page.get_by_role("button", name="Opnieuw insturen").click()
    expect(page).to_have_url(f"{site.link('zand')}p/5/")
    page.goto(f"{site.link('zand')}p/2/")
    expect(page.locator("#q-job-baker")).to_be_checked()
    context.close()


# Another website


@contextmanager
def website(text: str) -> Iterator[int]:
    """Somebody else's website on another port; gives the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same-site", "cross-site"])
@pytest.mark.parametrize("begun", [True, False])
def test_a_script_of_another_website_cannot_make_anybody_answer(
    chromium: Browser, site: Server, host: str, begun: bool, tmp_path: Path
) -> None:
    maker = chromium.new_page()
    begin(maker, site)
    token = maker.locator("[name=blikveld-session]").input_value()
    target = f"{site.link('zand')}p/2/"
    fields = f"<input name=blikveld-session value={token}><input name=job value=baker>"
    form = f"<form method=post action={target}>{fields}</form><script>"
    body = f"new URLSearchParams({{'blikveld-session': '{token}', job: 'baker'}})"
    how = f"method: 'POST', mode: 'no-cors', credentials: 'include', body: {body}"
    quietly = f"fetch('{target}', {{{how}}})"
    attack = f"{form}{quietly}.finally(() => document.forms[0].submit())</script>"
    context = chromium.new_context()
    victim = context.new_page()
    if begun:
        begin(victim, site)
    with website(attack) as port:
        victim.goto(f"http://{host}:{port}/")
        expect(victim).to_have_url(site.link("zand"))
    assert token not in victim.content()
    assert all(cookie["value"] != token for cookie in context.cookies())
    context.close()
    maker.close()
    records = [
        r.values for r in beside(lambda: list(fieldwork.responses(tmp_path / "data", load(SMALL))))
    ]
    assert len(records) == 1 + begun
    assert "baker" not in {record["job"] for record in records}


# What stays on the device


def _pids(profile: Path) -> list[int]:
    """The processes of the browser with this profile: those that we started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(profile).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def _everything(profile: Path) -> bytes:
    return b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        pytest.param(True, "killed", id="script-killed"),
        pytest.param(False, "closed", id="none-closed"),
        pytest.param(True, "closed", id="script-closed", marks=pytest.mark.long),
        pytest.param(False, "killed", id="none-killed", marks=pytest.mark.long),
    ],
)
def test_a_profile_holds_nothing_of_what_was_answered(
    chromium: Browser, site: Server, tmp_path: Path, script: bool, ending: str
) -> None:
    """A remark, an address and the subject: after a refused page, and after the end."""
    profile = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        str(profile),
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox"],
        java_script_enabled=script,
    )
    page = context.new_page()
    begin(page, site)
    tick(page)
    press(page)
    expect(page.locator("#step")).to_have_text("Stap 4 van 4")
    page.locator("#q-remarks").fill(REMARK)
    page.locator("#q-talk").fill(ADDRESS.replace("@", " at "))
    press(page)
    expect(page).to_have_title("Fout: Stap 4 van 4 – Vragenlijst")
    assert page.locator("#q-remarks").input_value().strip() == REMARK
    page.locator("#q-talk").fill(ADDRESS)
    if ending == "closed":
        press(page)
        expect(page.locator("h1")).to_have_text("Hartelijk dank")
        context.close()
    else:
        # The browser writes its session files some seconds after a change.
        page.wait_for_timeout(6_000)
        for pid in _pids(profile):
            subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(pid)], check=False)
    kept = _everything(profile)
    for told in (REMARK, ADDRESS, ADDRESS.replace("@", " at "), "Verzonnen onderzoek", "Uw werk"):
        for coded in (told.encode(), told.encode("utf-16-le")):
            assert coded not in kept, told
    # It is a profile that was used.
    assert b"/nl/v/zand/" in kept
