"""The researcher's pages at the desk in Chromium, with data in them. All texts are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from blikveld.desk import commands
from blikveld.desk.commands import Desk
from blikveld.desk.roles import Role
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.web import databases, fieldwork

pytestmark = pytest.mark.browser

PASSWORD = "zeven groene vuurtorens"  # noqa: S105
SIZES = [
    pytest.param(320, 640, "nl", id="320-nl"),
    pytest.param(1280, 900, "nl", id="desktop-nl"),
    pytest.param(320, 640, "en", id="320-en"),
    pytest.param(1280, 900, "en", id="desktop-en"),
]
FUNCTIONS = ["Leraar op een basisschool", "Buurtvader", "Consulent werk", "Wijkconciërge", "Imker"]
REMARKS = ["Fijn dat u dit vraagt.", "Bel Sanne de Vries op 06-12345678.", "Geen tijd."]


def _prepare(name: str, data: Path) -> dict[str, str]:
    """Twelve people finished at a link; gives the token of an invitation for each size."""
    study = load(name)
    fieldwork.open_(data, study)
    commands.prepare(data, study)
    from blikveld.desk.databases import attach
    from blikveld.fieldwork import SessionState, SurveyLink, sessions
    from blikveld.fieldwork.tokens import hash_token, make_token
    from blikveld.questionnaire import Routing
    from blikveld.study.model import Mode
    from blikveld.web import stored_data
    from blikveld.web.answers.models import DjangoStore

    attach(data, study)
    routing, store = Routing(study), DjangoStore(study.key)
    link = SurveyLink(study.sites.every[0].key, Mode.WEB)
    pages = frozenset(page.key for page in routing.pages)
    for number in range(12):
        answers = {"function": "boa"}
        if number < len(FUNCTIONS):
            answers = {"function": "other", "function_other": FUNCTIONS[number]}
        if number < len(REMARKS):
            answers["remarks"] = REMARKS[number]
        begun = sessions.start(routing, hash_token(make_token()), link, "nl").session
        with store.transaction():
            done = replace(begun, answers=answers, pages=pages, state=SessionState.COMPLETED)
            store.add(done)
    stored_data.rewrite(data, study)
    names = [str(size.id) for size in SIZES]
    tokens = {name: commands.invite(data, study, name, Role.RESEARCHER) for name in names}
    databases.detach()
    return tokens


@pytest.fixture(scope="module")
def running(
    flagship: Study, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, dict[str, str]]]:
    data: Path = tmp_path_factory.mktemp("research")
    # Playwright's own loop runs in this thread, and Django refuses to work beside it.
    with ThreadPoolExecutor(1) as beside:
        tokens = beside.submit(_prepare, flagship.key, data).result()
    with Desk(flagship.key, data, workers=1, durable=False) as server:
        yield server, tokens


def _enter(page: Page, address: str, name: str, token: str) -> None:
    page.goto(f"{address}/welcome/{token}/")
    secret = str(page.locator("p.secret").text_content()).replace(" ", "")
    for field, value in {"password": PASSWORD, "again": PASSWORD}.items():
        page.fill(f"[name={field}]", value)
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.locator("main button").click()
    recovery = str(page.locator(".codes li").first.text_content())
    page.goto(f"{address}/sign-in/")
    for field, value in {"name": name, "password": PASSWORD, "code": recovery}.items():
        page.fill(f"[name={field}]", value)
    page.locator("main button").click()
    expect(page.locator(".menu")).to_be_visible()


@pytest.mark.parametrize(("width", "height", "language"), SIZES)
def test_every_page_with_data_and_errors_has_no_violations(
    chromium: Browser,
    running: tuple[Desk, dict[str, str]],
    flagship: Study,
    violations: Callable[[Page], Any],
    width: int,
    height: int,
    language: str,
    tmp_path: Path,
) -> None:
    server, tokens = running
    address = f"{server.url}/{language}"
    name = f"{'320' if width == 320 else 'desktop'}-{language}"
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()

    def good() -> None:
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    def wrong() -> None:
        expect(page.locator("#error-summary")).to_be_visible()
        assert page.title().startswith(("Fout:", "Error:"))
        good()

    _enter(page, address, name, tokens[name])
    place = flagship.sites.every[0].key
    for path in (
        "monitoring/",
        f"monitoring/{place}/",
        "open-answers/coding/",
        "erasing/",
        "export/",
    ):
        page.goto(f"{address}/{path}")
        good()
    page.goto(f"{address}/monitoring/")
    expect(page.locator("svg.growth")).to_be_visible()
    page.locator("summary").click()
    good()

    page.goto(f"{address}/fieldwork/")
    page.locator("main button").click()
    wrong()

    page.goto(f"{address}/open-answers/coding/function_row/")
    good()
    page.locator("main form button").first.click()
    expect(page.locator("table.list caption")).to_be_visible()
    good()

    page.goto(f"{address}/open-answers/release/")
    good()
    page.locator("main form button").click()
    wrong()
    page.locator("main .option label").first.click()
    page.locator("main form button").click()
    page.locator("li:has(mark) a").first.click()
    good()
    page.fill("[name=words]", "staat er niet")
    page.locator("[name=do][value=release]").click()
    wrong()
    page.goto(f"{address}/open-answers/released/")
    expect(page.locator("table.list")).to_be_visible()
    good()

    page.goto(f"{address}/export/")
    with page.expect_download() as waiting:
        page.locator("main form button").click()
    waiting.value.save_as(tmp_path / "out.zip")
    with ZipFile(tmp_path / "out.zip") as packed:
        assert "06-12345678" not in packed.read("respondents.csv").decode()
    context.close()
