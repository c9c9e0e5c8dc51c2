"""The report holds everything that the published one held: figures, tables and annexes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from blikveld.study.model import Study

LANGUAGES = ("nl", "en")
ANNEXES = {"nl": "Bijlage", "en": "Annex"}
PARTS = 7
"""Tables of a municipality's own sheet."""


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
    sheets = list(_sheets(page))
    assert [name for name, _ in sheets] == [
        f"B.{at} {city.name}" for at, city in enumerate(flagship.sites, start=1)
    ]
    assert {amount for _, amount in sheets} == {PARTS}


def _sheets(page: Page) -> Iterator[tuple[str, int]]:
    """The sheet of each municipality and how many tables it has."""
    for heading in page.headings():
        title = " ".join(heading.text_content().split())
        if not title.startswith("B."):
            continue
        tables = 0
        for block in heading.itersiblings():
            if block.tag in ("h1", "h2", "h3"):
                break
            tables += "table-block" in (block.get("class") or "")
        yield title.partition(" (")[0], tables


def test_the_contents_list_every_figure_and_every_numbered_table(page: Page) -> None:
    listed = page.contents()
    figures = page.root.xpath("//main//figure/@id")
    labels = page.root.xpath(
        "//main//div[@class='table-block'][.//caption/span[@class='label']]/@id"
    )
    assert len(figures) > 45
    assert len(labels) >= 5
    assert set(figures) | set(labels) <= set(listed)
