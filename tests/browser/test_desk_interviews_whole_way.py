"""From three transcripts to a quote in the report, at the desk. Everybody here is invented."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

import pyotp
import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from blikveld.desk import commands
from blikveld.desk.commands import Desk
from blikveld.desk.roles import Role
from blikveld.disclosure import Policy, release_tables
from blikveld.interviews import refi
from blikveld.interviews.coding_project import CodingProject
from blikveld.publish.interview_material import material_of_project
from blikveld.report import ReportFunnel, build
from blikveld.report.writers import html, pdf
from blikveld.study.model import Study
from blikveld.web import fieldwork

pytestmark = pytest.mark.browser

Look: TypeAlias = Callable[[Page], Any]
VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Famke Osinga>Wat zag u?</v>

00:00:05.000 --> 00:00:09.000
<v Delano Pinas>Een jongen uit Almelo 💶. Hij had ineens geld en was bang.</v>
"""
TALKS = {
    "g1": ("g1.vtt", VTT),
    "g2": (
        "g2.txt",
        "Famke Osinga: En toen?\nDelano Pinas: Niemand belde terug. Wij stonden alleen.",
    ),
    "g3": (
        "g3.txt",
        "Famke Osinga: En u?\nDelano Pinas: Ik sprak Youssef op de kade. Hij was bang.",
    ),
}
PASSWORD = "een lang wachtwoord 7"  # noqa: S105 (of this test)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def desk(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Any]]:
    data: Path = tmp_path_factory.mktemp("talks")
    people = {"ann": Role.RESEARCHER, "bob": Role.CODER}
    # Django is set up once in a process, and other tests set it up otherwise.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        beside.submit(commands.prepare, data, flagship).result()
        beside.submit(fieldwork.open_, data, flagship).result()
        tokens = {
            name: beside.submit(commands.invite, data, flagship, name, role).result()
            for name, role in people.items()
        }
    with Desk(flagship.key, data, durable=False) as server:
        yield server, tokens


def entered(browser: Browser, desk: Desk, name: str, token: str) -> Page:
    """Somebody signed in, by the link they were sent and then by password and code."""
    page = browser.new_context(viewport=WIDE, java_script_enabled=True).new_page()
    page.goto(f"{desk.url}/nl/welcome/{token}/")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    app = pyotp.TOTP(secret)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.fill("#code", app.now())
    page.keyboard.press("Enter")
    expect(page.locator("ul.codes")).to_be_visible()
    page.goto(f"{desk.url}/nl/sign-in/")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    # A code counts once, so the next one is typed.
    page.fill("#code", app.at(int(time.time()) + app.interval))
    page.keyboard.press("Enter")
    expect(page.locator("nav.menu").first).to_be_visible()
    return page


@pytest.fixture
def clean(violations: Look) -> Look:
    """Nothing that hinders people, wide and narrow, and nothing that has to be scrolled aside."""

    def look(page: Page) -> None:
        for viewport in (NARROW, WIDE):
            page.set_viewport_size(viewport)
            assert violations(page) == [], page.url
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], page.url

    return look


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach something by its name and press it, as the keyboard does."""
    found = page.get_by_role(role, name=name, exact=False).first  # type: ignore[arg-type]
    found.focus()
    page.keyboard.press("Enter")


def taken(page: Page, desk: Desk, name: str, file: str, raw: str, function: str) -> None:
    page.goto(f"{desk.url}/nl/interviews/new/")
    page.set_input_files("#file", {"name": file, "mimeType": "text/plain", "buffer": raw.encode()})
    page.fill("#name", name)
    page.fill("#speakers", "Famke Osinga = Interviewer\nDelano Pinas, Dee = Werker")
    page.select_option("#role", function)
    page.select_option("#site", "utrecht")
    page.check("#invented")
    press(page, "Toevoegen")
    # Other programs that find names, where installed, take their time.
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(f"{name} beschermen", timeout=60_000)


def coded(page: Page, desk: Desk, text: str, sentence: str, code: str) -> None:
    page.goto(f"{desk.url}/nl/interviews/text/{text}/")
    page.locator(".s").filter(has_text=sentence).click()
    expect(page.locator("#bar")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("#margin li").first).to_be_visible()
    # What was sent is kept before another page is asked for.
    page.wait_for_function(
        "!sessionStorage.length || !JSON.parse(Object.values(sessionStorage)[0]).length"
    )


def test_the_whole_way(
    chromium: Browser, desk: tuple[Desk, Any], flagship: Study, tmp_path: Path, clean: Look
) -> None:
    server, tokens = desk
    ann = entered(chromium, server, "ann", tokens["ann"])
    bob = entered(chromium, server, "bob", tokens["bob"])
    for name, (file, raw) in TALKS.items():
        taken(ann, server, name, file, raw, "youth_work")
        if name == "g1":
            clean(ann)
        if name == "g3":
            # What the rules missed, a person adds.
            ann.fill("#words", "kade")
            ann.select_option("#kind", "town")
            press(ann, "Ook weghalen")
            expect(ann.locator(".option mark").filter(has_text="kade")).to_be_visible()
        press(ann, "Beschermen, voor altijd")
        expect(ann.get_by_role("heading", level=1)).to_have_text("Gesprekken")
    expect(ann.get_by_role("link", name="g3 coderen")).to_be_visible()
    clean(ann)
    _make_codes(ann, server, clean)
    coded(ann, server, "g1", "Hij had ineens geld", "Bang zijn")
    coded(ann, server, "g3", "Hij was bang.", "Bang zijn")
    coded(bob, server, "g1", "Een jongen uit", "Bang zijn")
    coded(bob, server, "g2", "Wij stonden alleen.", "Alleen staan")
    _one_word_less(bob, server, clean)
    _apart_until_ready(ann, bob, server)
    _settled(ann, server)
    _quoted(ann, server)
    pages = ("", "codes/", "themes/", "tables/", "quotes/", "log/", "exchange/", "new/")
    for address in (*pages, "compare/g1/", "reading/g2/"):
        ann.goto(f"{server.url}/en/interviews/{address}")
        clean(ann)
    _doors(ann, bob, server)
    _in_the_report(flagship, server.data / "desk" / "interviews", tmp_path)


def _make_codes(page: Page, desk: Desk, clean: Look) -> None:
    for name, parent in (("Druk", ""), ("Bang zijn", "Druk"), ("Alleen staan", "")):
        page.goto(f"{desk.url}/nl/interviews/codes/")
        page.fill("#name", name)
        page.select_option("#parent", parent or "–")
        page.fill("#definition", f"Wat hoort bij {name}.")
        press(page, "Bewaren")
        expect(page.get_by_role("row", name=name).first).to_be_visible()
    clean(page)


def _one_word_less(page: Page, desk: Desk, clean: Look) -> None:
    """A selection is made longer and shorter by the keyboard, a step is taken back."""
    page.goto(f"{desk.url}/nl/interviews/text/g2/")
    page.locator(".s").filter(has_text="Niemand belde terug.").click()
    expect(page.locator("#bar")).to_be_visible()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("v")
    expect(page.locator("#panel blockquote")).to_have_text("belde terug.")
    clean(page)
    page.select_option("#give-code", label="Druk")
    press(page, "Code geven")
    expect(page.locator("#margin li")).to_have_count(2)
    press(page, "Ongedaan maken")
    expect(page.locator("#margin li")).to_have_count(1)
    page.goto(f"{desk.url}/nl/interviews/text/g2/")
    expect(page.locator("#margin li")).to_have_count(1)


def _apart_until_ready(ann: Page, bob: Page, desk: Desk) -> None:
    ann.goto(f"{desk.url}/nl/interviews/text/g1/")
    expect(ann.locator("#margin li")).to_have_count(1)
    ann.goto(f"{desk.url}/nl/interviews/compare/g1/")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Nog niet te vergelijken")
    for page in (ann, bob):
        page.goto(f"{desk.url}/nl/interviews/text/g1/")
        press(page, "Ik ben klaar met deze tekst")
        expect(page.get_by_text("U bent klaar met deze tekst.")).to_be_visible()


def _settled(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/nl/interviews/compare/g1/")
    press(page, "Begin met vergelijken")
    rows = page.locator("fieldset")
    expect(rows).to_have_count(2)
    expect(rows.first.locator("legend .chip")).to_have_text("verschil")
    rows.nth(1).get_by_label("Bang zijn").check()
    press(page, "Afspreken")
    expect(page.locator("fieldset").nth(1).get_by_label("Bang zijn")).to_be_checked()
    expect(page.locator("fieldset").nth(0).get_by_label("Bang zijn")).not_to_be_checked()


def _quoted(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/nl/interviews/text/g1/")
    page.locator(".s").filter(has_text="Hij had ineens geld").click()
    expect(page.locator("#bar")).to_be_visible()
    page.keyboard.press("v")
    page.select_option("#quote-code", label="– Bang zijn")
    page.select_option("#panel select[name=place]", "coercion")
    press(page, "Citeren")
    expect(page.locator("#told")).to_contain_text("Gedaan")
    page.goto(f"{desk.url}/nl/interviews/quotes/")
    expect(page.locator(".cards blockquote")).to_contain_text("Hij had ineens geld en was bang.")
    expect(page.locator(".cards h2")).to_have_text("coercion")


def _doors(ann: Page, bob: Page, desk: Desk) -> None:
    """Only who prepares takes in and sends out; what goes out is a sound project."""
    for address in ("new/", "draft/g1/", "exchange/", "exchange/interviews.qdpx"):
        bob.goto(f"{desk.url}/nl/interviews/")
        answer = bob.request.get(f"{desk.url}/nl/interviews/{address}")
        assert answer.status == 403, address
    sent = ann.request.get(f"{desk.url}/nl/interviews/exchange/interviews.qdpx").body()
    found = refi.project(refi.RefiArchive.read(sent, "interviews.qdpx"))
    assert [user.name for user in found.users] == ["agreed", "ann", "bob"]
    assert len(found.sources) == 3
    book = ann.request.get(f"{desk.url}/nl/interviews/exchange/codes.qdc").body()
    assert [code.name for code in refi.Codebook.read(book).codes] == ["Druk", "Alleen staan"]


def _in_the_report(flagship: Study, folder: Path, tmp_path: Path) -> None:
    for language in flagship.languages:
        (tmp_path / "report" / language).mkdir(parents=True)
        text = "# Wat wij hoorden\n\n{{ quotes('coercion') }}\n\n{{ theme_count('druk') }}\n"
        (tmp_path / "report" / language / "10.md").write_text(text, encoding="utf-8")
    study = replace(flagship, folder=tmp_path)
    said = material_of_project(study, CodingProject(folder))
    report = build(
        study, release_tables([], {}, Policy()), ReportFunnel(0, ()), "nl", interviews=said
    )
    page = html.page(report)
    assert "<q>Hij had ineens geld en was bang.</q>" in page
    assert "verzonnen citaat" in page
    assert re.search(r"‘Druk’ kwam ter sprake in twee van de drie verzonnen gesprekken", page)
    pdf.write(report, tmp_path / "report.pdf")
    paper = " ".join(p.extract_text() for p in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    assert "Hij had ineens geld" in " ".join(paper.split())
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    for name in (b"famke", b"osinga", b"delano", b"pinas", b"youssef"):
        assert name not in stored
