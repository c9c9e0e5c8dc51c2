"""The pages in a real browser: at 320 pixels, without a script, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.serving import SMALL, beside, served

from blikveld.fieldwork import SurveyLink
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web.process import Server

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(flagship.folder, tmp_path_factory.mktemp("flagship")) as server:
        yield server


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[Server]:
    with served(SMALL, tmp_path) as server:
        yield server


def wide(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    # Without scripts a page cannot be asked: the document itself is measured.
    box = page.locator("html").bounding_box()
    body = page.locator("main").bounding_box()
    size = page.viewport_size
    assert box
    assert body
    assert size
    return max(box["width"], body["x"] + body["width"]) > size["width"]


def answer_everything(page: Page) -> None:
    """Tick the first answer of every question."""
    for question in page.locator("fieldset").all():
        question.locator("label").first.click()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["320", "desktop"])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("mode", [Mode.WEB, Mode.PHONE], ids=["web", "phone"])
def test_the_whole_journey_without_a_script(
    chromium: Browser,
    site: Server,
    tmp_path: Path,
    viewport: dict[str, int],
    language: str,
    mode: Mode,
) -> None:
    context = chromium.new_context(viewport=viewport, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    start = site.link if mode is Mode.WEB else site.phone_url
    page.goto(start("rotterdam", language))
    assert not wide(page)
    page.locator("#questionnaire button").click()
    for step in range(1, 7):
        words = f"Stap {step} van 6" if language == "nl" else f"Step {step} of 6"
        expect(page.locator("#step")).to_have_text(words)
        answer_everything(page)
        page.screenshot(path=tmp_path / f"{step}.png", full_page=True)
        assert not wide(page)
        page.locator(".buttons button").first.click()
    page.wait_for_url("**/done/")
    assert page.locator("a[href='tel:0334481186']").is_visible()
    context.close()


# Without a script each of the seven forms takes a request and a redirect, so that going back and
# reloading never ask to send it again: docs/decisions/pages-without-script.md.
@pytest.mark.parametrize(("with_script", "most"), [(True, 12), (False, 16)], ids=["script", "none"])
def test_a_cold_journey_is_light_and_asks_nothing_of_other_hosts(
    chromium: Browser, site: Server, with_script: bool, most: int
) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=with_script)  # type: ignore[arg-type]
    page = context.new_page()
    seen, weights = _on_the_wire(page)
    page.goto(site.link("utrecht"))
    page.locator("#questionnaire button").click()
    for step in range(1, 7):
        expect(page.locator("#step")).to_have_text(f"Stap {step} van 6")
        answer_everything(page)
        page.locator(".buttons button").first.click()
    page.wait_for_url("**/done/")
    expect(page.locator("h1")).to_have_text("Hartelijk dank")
    hosts = {urlsplit(url).netloc for url in seen} - {""}
    assert hosts == {urlsplit(site.url).netloc}
    assert sum(weights) < 60_000
    assert len(weights) <= most
    context.close()


def _on_the_wire(page: Page) -> tuple[list[str], list[float]]:
    """The addresses a page asks for from now on, and the bytes of each answer, redirects too.

    Drafts are left out: how many there are hangs on how long somebody thinks.
    """
    seen, weights, drafts = list[str](), list[float](), set[str]()

    def asked(told: Any) -> None:
        seen.append(told["request"]["url"])
        if _is_draft(told["request"].get("postData")):
            drafts.add(told["requestId"])
        if told.get("redirectResponse"):
            weights.append(told["redirectResponse"]["encodedDataLength"])

    def answered(told: Any) -> None:
        if told["encodedDataLength"] and told["requestId"] not in drafts:
            weights.append(told["encodedDataLength"])

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", answered)
    return seen, weights


def test_the_whole_journey_by_keyboard_alone(chromium: Browser, small_site: Server) -> None:
    context = chromium.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(small_site.link("zand"))
    _tab_to(page, "button", "Beginnen")
    page.keyboard.press("Enter")
    _tick(page, "q-district-zand_duin")
    _tick(page, "q-job-baker")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Loods")
    _tick(page, "q-seen-yes")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#step")).to_have_text("Stap 4 van 4")
    _tab_to(page, "button", "Antwoorden insturen")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Hartelijk dank")
    context.close()


def test_enter_in_a_text_field_goes_on_and_does_not_change_the_language(
    chromium: Browser, small_site: Server
) -> None:
    page = chromium.new_page()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    page.locator("label[for='q-district-zand_duin']").click()
    page.locator("label[for='q-seen-no']").click()
    page.locator("label[for='q-job-other']").click()
    page.locator("#q-job_other").fill("Loods")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{small_site.link('zand')}p/5/")
    page.close()


def test_a_fault_has_the_focus_and_leads_to_its_field(
    chromium: Browser, small_site: Server
) -> None:
    page = chromium.new_page()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    page.locator(".buttons button").first.click()
    expect(page).to_have_title("Fout: Stap 1 van 4 – Vragenlijst")
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").first.click()
    expect(page.locator("#q-district-zand_duin")).to_be_focused()
    page.close()


def test_back_and_reload_are_as_safe_with_the_script(
    chromium: Browser, small_site: Server, tmp_path: Path, tally: Any
) -> None:
    page = chromium.new_page()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    expect(page).to_have_url(f"{small_site.link('zand')}p/2/")
    answer_everything(page)
    page.locator("label[for='q-seen-no']").click()
    page.locator(".buttons button").first.click()
    expect(page).to_have_url(f"{small_site.link('zand')}p/5/")
    page.reload()
    expect(page.locator("#step")).to_have_text("Stap 4 van 4")
    page.go_back()
    expect(page.locator("#step")).to_have_text("Stap 1 van 4")
    expect(page.locator("#q-seen-no")).to_be_checked()
    page.locator(".buttons button").first.click()
    page.locator("#q-remarks").fill("Dag")
    page.locator(".buttons button").first.click()
    expect(page.locator("h1")).to_have_text("Hartelijk dank")
    page.close()
    counts = beside(tally, tmp_path, load(SMALL))[SurveyLink("zand", Mode.WEB)]
    assert counts == (1, 1, {1: 1, 2: 1, 5: 1})


def test_without_the_script_the_counts_are_the_same(
    chromium: Browser, small_site: Server, tmp_path: Path, tally: Any
) -> None:
    for with_script in (True, False, True):
        context = chromium.new_context(java_script_enabled=with_script)
        page = context.new_page()
        page.goto(small_site.link("zand"))
        page.locator("#questionnaire button").click()
        expect(page.locator("#step")).to_have_text("Stap 1 van 4")
        answer_everything(page)
        page.locator("label[for='q-seen-no']").click()
        page.locator(".buttons button").first.click()
        expect(page.locator("#step")).to_have_text("Stap 4 van 4")
        page.locator(".buttons button").first.click()
        expect(page.locator("h1")).to_have_text("Hartelijk dank")
        context.close()
    counts = beside(tally, tmp_path, load(SMALL))[SurveyLink("zand", Mode.WEB)]
    assert counts == (3, 3, {1: 3, 2: 3, 5: 3})


def test_the_box_of_other_shows_when_it_is_needed(chromium: Browser, small_site: Server) -> None:
    page = chromium.new_page()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    box = page.locator("#q-job_other")
    expect(box).to_be_hidden()
    page.locator("label[for='q-job-other']").click()
    expect(box).to_be_visible()
    box.fill("Loods")
    page.locator("label[for='q-job-baker']").click()
    expect(box).to_be_visible()
    page.close()


def test_what_was_ticked_is_kept_when_the_page_is_killed(
    chromium: Browser, small_site: Server
) -> None:
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    page.locator("label[for='q-district-zand_duin']").click()
    with page.expect_response(lambda response: response.status == 204):
        page.locator("label[for='q-job-other']").click()
    expect(page.locator("#told")).to_have_text("Bewaard")
    expect(page.locator("#saved")).to_be_visible()
    page.close()
    page = context.new_page()
    page.goto(small_site.link("zand"))
    page.get_by_role("link", name="Verder waar u was").click()
    expect(page.locator("#q-district-zand_duin")).to_be_checked()
    expect(page.locator("#q-job-other")).to_be_checked()
    expect(page.locator("#q-job_other")).to_be_visible()
    context.close()


def test_answers_are_kept_within_two_seconds_also_while_somebody_goes_on(
    chromium: Browser, small_site: Server
) -> None:
    """The browser's own clock is held, so that nothing hangs on how busy this machine is."""
    page = chromium.new_page()
    page.clock.install()
    drafts = list[str]()
    page.on("request", lambda r: drafts.append(str(r.post_data)) if _is_draft(r.post_data) else 0)
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    page.locator("label[for='q-job-other']").click()
    box = page.locator("#q-job_other")
    page.clock.run_for(900)
    box.press_sequentially("Loo")
    assert drafts == []
    with page.expect_response(lambda response: response.status == 204):
        page.clock.run_for(200)
    with page.expect_response(lambda response: response.status == 204):
        box.press_sequentially("ds")
        page.clock.run_for(1_100)
    assert ["job_other=Loo&" in drafts[0] + "&", "job_other=Loods&" in drafts[1] + "&"] == [
        True
    ] * 2
    page.close()


def test_an_address_leaves_no_draft(chromium: Browser, small_site: Server) -> None:
    page = chromium.new_page()
    page.clock.install()
    drafts = list[str]()
    page.on("request", lambda r: drafts.append(str(r.post_data)) if _is_draft(r.post_data) else 0)
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    expect(page.locator("#step")).to_have_text("Stap 1 van 4")
    answer_everything(page)
    page.locator("label[for='q-seen-no']").click()
    page.locator(".buttons button").first.click()
    page.locator("#q-talk").fill("invented@example.org")
    page.clock.run_for(3_000)
    assert not any("contact_talk" in draft for draft in drafts)
    with page.expect_response(lambda response: response.status == 204):
        page.locator("#q-remarks").fill("Dag")
        page.clock.run_for(1_100)
    assert "remarks=Dag" in drafts[-1]
    assert "contact_talk" not in drafts[-1]
    page.close()


def test_without_a_connection_it_says_so_and_tries_again(
    chromium: Browser, small_site: Server
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    context.set_offline(True)
    page.locator("label[for='q-job-baker']").click()
    page.clock.run_for(1_100)
    expect(page.locator("#told")).to_have_text("Nog niet bewaard. U kunt gewoon doorgaan.")
    context.set_offline(False)
    with page.expect_response(lambda response: response.status == 204):
        page.clock.run_for(5_100)
    expect(page.locator("#told")).to_have_text("Bewaard")
    context.close()


def _is_draft(body: str | None) -> bool:
    return "blikveld-go=draft" in (body or "")


def test_back_in_the_browser_after_the_end_changes_nothing(
    chromium: Browser, small_site: Server, tmp_path: Path, tally: Any
) -> None:
    page = chromium.new_page()
    page.goto(small_site.link("zand"))
    page.locator("#questionnaire button").click()
    expect(page.locator("#step")).to_have_text("Stap 1 van 4")
    answer_everything(page)
    page.locator("label[for='q-seen-no']").click()
    page.locator(".buttons button").first.click()
    expect(page.locator("#step")).to_have_text("Stap 4 van 4")
    page.locator(".buttons button").first.click()
    page.wait_for_url("**/done/")
    page.go_back()
    page.wait_for_url("**/done/")
    page.close()
    counts = beside(tally, tmp_path, load(SMALL))
    assert counts[SurveyLink("zand", Mode.WEB)].completed == 1


def _tab_to(page: Page, kind: str, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.inner_text().strip() == name:
            return
    pytest.fail(f"No {kind} {name!r} can be reached with Tab.")


def _tick(page: Page, field: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"#{field}:focus").count():
            page.keyboard.press("Space")
            return
    pytest.fail(f"Field {field!r} cannot be reached with Tab.")
