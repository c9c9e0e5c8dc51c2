"""The report holds everything that the published one held: figures, tables and annexes."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from blikveld.report import asks
from blikveld.rules import format_rule
from blikveld.study.model import Study

LANGUAGES = ("nl", "en")
ANNEXES = {"nl": "Bijlage", "en": "Annex"}


@dataclass(frozen=True)
class Page:
    """The report as a web page in one language."""

    language: str
    root: Any

    def headings(self) -> list[Any]:
        return list(self.root.xpath("//main//h1 | //main//h2 | //main//h3"))

    def contents(self) -> dict[str, str]:
        """Where each line of the contents leads, and what it says."""
        links = self.root.xpath("//nav[@class='contents']//a")
        return {a.get("href").removeprefix("#"): " ".join(a.text_content().split()) for a in links}


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, published: Path) -> Page:
    path = published / f"report-{request.param}.html"
    return Page(request.param, lxml.html.parse(str(path)).getroot())


@pytest.fixture(scope="module")
def counterparts(flagship: Study) -> list[dict[str, str]]:
    """Each numbered figure and table of the published report, and what shows it here."""
    path = flagship.folder / "report" / "counterparts.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_no_published_figure_or_table_is_without_a_counterpart(
    counterparts: list[dict[str, str]],
) -> None:
    for kind, last in (("figure", 57), ("table", 4)):
        numbers = [int(row["number"]) for row in counterparts if row["kind"] == kind]
        assert numbers == list(range(1, last + 1))


def test_every_counterpart_stands_in_the_report_and_in_its_contents(
    page: Page, counterparts: list[dict[str, str]]
) -> None:
    listed = page.contents()
    for row in counterparts:
        begin, word = {
            "figure": ("figuur", {"nl": "Figuur", "en": "Figure"}),
            "table": ("tabel", {"nl": "Tabel", "en": "Table"}),
        }[row["kind"]]
        anchor = f"{begin}-{row['key']}"
        (block,) = page.root.xpath("//*[@id=$anchor]", anchor=anchor)
        assert block.tag == ("figure" if row["kind"] == "figure" else "div"), row
        assert listed[anchor].startswith(f"{word[page.language]} "), row


def test_a_figure_of_one_domain_is_found_in_the_figure_of_all_domains(
    page: Page, counterparts: list[dict[str, str]], flagship: Study
) -> None:
    names = {domain.code: domain.label[page.language] for domain in flagship.items_at("domain")}
    checked = 0
    for row in counterparts:
        domain = row["about"].rpartition(": ")[2]
        if domain in names:
            (figure,) = page.root.xpath("//figure[@id=$a]", a=f"figuur-{row['key']}")
            assert names[domain] in figure.text_content(), row
            checked += 1
    assert checked == 5 * len(names)


def test_the_annexes_b_to_k_are_there(page: Page, flagship: Study) -> None:
    titles = [" ".join(h.text_content().split()) for h in page.headings()]
    for letter in "BCDEFGHIJK":
        found = [t for t in titles if t.startswith(f"{ANNEXES[page.language]} {letter}")]
        assert len(found) == 1, (letter, found)


def test_reconstructed_sheets_of_municipalities_are_left_out_unless_asked_for(
    page: Page, flagship: Study
) -> None:
    titles = [" ".join(h.text_content().split()) for h in page.headings()]
    assert not [title for title in titles if re.match(r"B\.\d", title)]
    whole = replace(flagship, report_parts=("municipalities",))
    added = asks(whole, page.language) - asks(flagship, page.language)
    for city in flagship.sites:
        rule = f"municipality == '{city.key}'"
        own = [ask for ask in added if rule in format_rule(ask.base_rule)]
        assert len(own) > 40, city.key


def test_the_contents_list_every_figure_and_every_numbered_table(page: Page) -> None:
    listed = page.contents()
    figures = page.root.xpath("//main//figure/@id")
    labels = page.root.xpath(
        "//main//div[@class='table-block'][.//caption/span[@class='label']]/@id"
    )
    assert len(figures) > 45
    assert len(labels) >= 5
    assert set(figures) | set(labels) <= set(listed)
