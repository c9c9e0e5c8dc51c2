"""The report as a folder of web pages: nothing is lost between its chapters, every link arrives."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html
import pytest

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Site:
    """The pages of a report in one language, by their path, and the page with all of it."""

    folder: Path
    whole: Any
    pages: dict[Path, Any]

    @property
    def chapters(self) -> list[Path]:
        return sorted(path for path in self.pages if path.name != "index.html")

    def find(self, what: str) -> list[Any]:
        return [found for path in self.chapters for found in self.pages[path].xpath(what)]


def _read(path: Path) -> Any:
    return lxml.html.parse(str(path)).getroot()


@pytest.fixture(scope="module", params=LANGUAGES)
def site(request: pytest.FixtureRequest, published: Path) -> Site:
    folder = published / f"report-{request.param}"
    pages = {path.resolve(): _read(path) for path in folder.glob("*.html")}
    return Site(folder, _read(published / f"report-{request.param}.html"), pages)


def _links(site: Site) -> Iterator[tuple[Path, str]]:
    for path, page in site.pages.items():
        yield from ((path, str(link)) for link in page.xpath("//@href"))


def test_every_link_arrives(site: Site) -> None:
    inner = Counter[bool]()
    for path, link in _links(site):
        if link.startswith("https://"):
            assert path.name.startswith("12-"), "only the list of sources leads elsewhere"
            continue
        name, _, anchor = link.partition("#")
        assert ":" not in name, link
        target = (path.parent / unquote(name)).resolve() if name else path
        assert target.is_file(), (path.name, link)
        if anchor:
            page = site.pages.get(target)
            assert page is not None, link
            assert len(page.xpath("//*[@id=$a]", a=anchor)) == 1, (path.name, link)
            inner[bool(name)] += 1
    assert inner[True] > 100
    assert inner[False] > 400


def test_pages_need_no_script_and_name_everything_once(site: Site) -> None:
    assert len(site.chapters) == 13
    for path, page in site.pages.items():
        assert not page.xpath("//script | //@onclick | //@src"), path.name
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name
        assert page.get("lang") == site.folder.name[-2:]
    titles = [page.findtext(".//title") for page in site.pages.values()]
    assert len(set(titles)) == len(titles)


def test_the_chapters_hold_what_the_whole_report_holds(site: Site) -> None:
    for what in (
        "//main//*[self::h2 or self::h3 or self::h4][not(@id='voetnoten')]",
        "//main/p[not(@class)]",
        "//main//figure",
        "//main//div[@class='table-block']",
        "//main//blockquote",
    ):
        parts = [_text(found) for found in site.find(what)]
        assert parts == [_text(found) for found in site.whole.xpath(what)], what
        assert parts


def _text(element: Any) -> str:
    """The words of an element, without the links to its files, which only chapters have."""
    inner = element.xpath(".//text()[not(ancestor::p[@class='files'])]")
    return " ".join(" ".join(inner).split())


def test_footnotes_stand_on_the_page_that_calls_them(site: Site) -> None:
    numbers = []
    for path in site.chapters:
        page = site.pages[path]
        called = [str(a.get("href")) for a in page.xpath("//main//a[@class='mark']")]
        notes = page.xpath("//section[@class='notes']/ol/li")
        assert called == [f"#{note.get('id')}" for note in notes], path.name
        assert [f"noot-{note.get('value')}" for note in notes] == [n.get("id") for n in notes]
        numbers += [int(note.get("value")) for note in notes]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == len(site.whole.xpath("//section[@class='notes']/ol/li")) > 200


def test_one_can_turn_the_pages_from_the_first_to_the_last_and_back(site: Site) -> None:
    for turn, path in (("next", site.chapters[0]), ("prev", site.chapters[-1])):
        walked, onward = [path], site.pages[path].xpath("//a[@rel=$t]/@href", t=turn)
        while onward:
            walked.append((site.folder / onward[0]).resolve())
            onward = site.pages[walked[-1]].xpath("//a[@rel=$t]/@href", t=turn)
        assert sorted(walked) == site.chapters
        assert len(walked) == len(site.chapters)


def test_the_first_page_lists_chapters_figures_and_tables(site: Site, published: Path) -> None:
    index = site.pages[(site.folder / "index.html").resolve()]
    listed = set(index.xpath("//main//@href"))
    assert {path.name for path in site.chapters} <= listed
    for figure in site.find("//figure/@id"):
        assert any(link.endswith(f"#{figure}") for link in listed), figure
    print_page = index.xpath("//p[@class='print']/a/@href")
    assert [(site.folder / link).resolve() for link in print_page] == [
        (published / f"{site.folder.name}.html").resolve()
    ]


def test_every_figure_leads_to_its_numbers_and_its_picture(site: Site) -> None:
    figures = site.find("//figure")
    assert len(figures) > 45
    for figure in figures:
        numbers, picture = figure.xpath("./p[@class='files']/a/@href")
        assert (numbers, picture) == (f"{figure.get('id')}.csv", f"{figure.get('id')}.svg")
        lines = csv.DictReader((site.folder / numbers).read_text(encoding="utf-8").splitlines())
        # Every number stands in the drawing, but for parts of a whole that nobody chose.
        drawn = (site.folder / picture).read_text(encoding="utf-8")
        told = [line["printed"] for line in lines if line["count"] != "0"]
        assert told
        assert [one for one in told if f">{one}<" not in drawn and "map" not in numbers] == []
    assert len(list(site.folder.glob("*.csv"))) == len(figures)


def test_one_page_leads_to_every_file(published: Path) -> None:
    page = lxml.html.parse(str(published / "index.html")).getroot()
    assert [str(text) for text in page.xpath("//h1//text()")]
    links = [str(link) for link in page.xpath("//li/a/@href")]
    assert all((published / link).is_file() for link in links)
    reached = {link.partition("/")[0] for link in links}
    # The lists of printed numbers are for who checks a report, not for its readers.
    files = {path.name for path in published.iterdir() if path.suffix != ".jsonl"}
    assert reached | {"index.html"} == files
    spoken = page.xpath("//div[@lang]/@lang")
    assert spoken == ["nl", "en"]
    assert all(page.xpath(f"//div[@lang='{one}']//p[@class='warning']") for one in spoken)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_open_data_says_what_its_columns_are(published: Path, language: str) -> None:
    told = json.loads(
        (published / f"tables-{language}.csv-metadata.json").read_text(encoding="utf-8")
    )
    with (published / told["url"]).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    columns = told["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == list(lines[0])
    assert all(column["dc:description"] for column in columns)
    for column in columns:
        values = [line[column["name"]] for line in lines if line[column["name"]]]
        match column["datatype"]:
            case "number":
                assert all(float(value) >= 0 for value in values)
            case {"base": "boolean", "format": words}:
                assert set(values) <= set(words.split("|"))
            case kind:
                assert kind == "string"
    keys = [tuple(line[name] for name in told["tableSchema"]["primaryKey"]) for line in lines]
    assert len(set(keys)) == len(keys) > 1000
    assert told["dc:language"] == language
    assert told["dc:publisher"]
