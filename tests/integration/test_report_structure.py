"""What a screen reader is told of the printed report: the structure inside the PDF, walked."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import lxml.html
import pikepdf
import pytest
from lxml import etree

from blikveld.report.model import Heading, Paragraph, Report, Spoken, TextRun
from blikveld.report.text.files import find_words
from blikveld.report.writers import docx, html, pdf
from blikveld.results.cell import DataOrigin

LANGUAGES = ("nl", "en")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Told:
    """A report's PDF as it is told, and the same report as a web page."""

    language: str
    root: Any
    elements: list[Any]
    page: Any

    def of(self, kind: str) -> list[Any]:
        return [element for element in self.elements if str(element.S) == kind]


@pytest.fixture(scope="module", params=LANGUAGES)
def told(request: pytest.FixtureRequest, published: Path) -> Iterator[Told]:
    language = request.param
    page = lxml.html.parse(str(published / f"report-{language}.html")).getroot()
    with pikepdf.open(published / f"report-{language}.pdf") as document:
        root = document.Root
        yield Told(language, root, list(_walk(root.StructTreeRoot)), page)


def _children(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    listed = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _walk(element: Any) -> Iterator[Any]:
    for kid in _children(element):
        yield kid
        yield from _walk(kid)


def _attribute(element: Any, name: str) -> Any:
    """An attribute for tables, such as Scope; None where the element has none."""
    found = element.get("/A", pikepdf.Array())
    for owner in found if isinstance(found, pikepdf.Array) else [found]:
        if isinstance(owner, pikepdf.Dictionary) and name in owner:
            return owner[name]
    return None


def _rows(table: Any, part: str) -> list[list[Any]]:
    """The rows in the head or the body of a table, each with its cells."""
    (section,) = [child for child in _children(table) if str(child.S) == part]
    return [_children(row) for row in _walk(section) if row.S == "/TR"]


def test_every_table_has_heads_of_its_columns_and_of_its_rows(told: Told) -> None:
    tables = told.of("/Table")
    assert len(tables) == len(told.page.xpath("//div[@class='table-block']")) >= 13
    for table in tables:
        (head,) = _rows(table, "/THead")
        assert {str(cell.S) for cell in head} == {"/TH"}
        assert {str(_attribute(cell, "/Scope")) for cell in head} == {"/Column"}
        for row in _rows(table, "/TBody"):
            kinds = [str(cell.S) for cell in row]
            labels = kinds.count("/TH")
            assert kinds == ["/TH"] * labels + ["/TD"] * (len(kinds) - labels)
            assert 1 <= labels <= 2
            assert "/TD" in kinds
            assert {str(_attribute(cell, "/Scope")) for cell in row[:labels]} == {"/Row"}


def test_every_row_of_a_table_is_as_wide_as_its_head(told: Told) -> None:
    """Spans counted, so that each number has exactly one head above it."""
    for table in told.of("/Table"):
        (head,) = _rows(table, "/THead")
        hanging = 0
        for row in _rows(table, "/TBody"):
            width = sum(int(_attribute(cell, "/ColSpan") or 1) for cell in row)
            assert width + (hanging > 0) == len(head)
            tall = int(_attribute(row[0], "/RowSpan") or 1)
            hanging = tall - 1 if tall > 1 else max(0, hanging - 1)


def test_every_figure_is_told_in_words_of_its_own(told: Told) -> None:
    cover, *figures = told.of("/Figure")
    assert str(cover.Alt) == told.page.xpath("string(//header//figure/div/@aria-label)")
    shown = told.page.xpath("//main//figure/div[@class='wide']/@aria-label")
    assert [str(figure.Alt) for figure in figures] == shown
    assert len(figures) > 45
    assert all(len(text) > 60 for text in shown)
    assert len(set(shown)) == len(shown)


def test_every_footnote_is_a_note_with_a_name_of_its_own(told: Told) -> None:
    notes = told.of("/Note")
    assert len(notes) == len(told.page.xpath("//li[starts-with(@id, 'noot-')]")) > 200
    names = [str(note.ID) for note in notes]
    assert len(set(names)) == len(names)
    for note in notes:
        assert "/Lbl" in {str(part.S) for part in _walk(note)}


def test_headings_follow_each_other_without_a_step_left_out(told: Told) -> None:
    levels = [
        int(str(e.S)[2:]) for e in told.elements if str(e.S) in {f"/H{n}" for n in range(1, 7)}
    ]
    assert Counter(levels)[1] > 8
    assert levels[0] == 1
    assert all(later <= before + 1 for before, later in itertools.pairwise(levels))


def test_the_language_is_that_of_the_report(told: Told, published: Path) -> None:
    assert str(told.root.Lang) == told.language
    assert told.page.get("lang") == told.language
    other = {str(e.Lang) for e in told.elements if "/Lang" in e} - {told.language}
    assert other == set(told.page.xpath("//main//*[@lang]/@lang")) - {told.language}
    with ZipFile(published / f"report-{told.language}.docx") as file:
        styles = etree.fromstring(file.read("word/styles.xml"))
    spoken = {str(lang.get(f"{W}val"))[:2] for lang in styles.iter(f"{W}lang")}
    assert spoken == {told.language}


@pytest.mark.parametrize(("language", "other"), [("nl", "en"), ("en", "nl")])
def test_a_quote_in_another_language_says_which(tmp_path: Path, language: str, other: str) -> None:
    report = Report(
        study="made_up",
        version="1",
        snapshot="0" * 64,
        language=language,
        title="Made up",
        subtitle="",
        date="2026-01-01",
        standing=DataOrigin.MADE_UP,
        warning="",
        about=(),
        blocks=(
            Heading(1, "1", (TextRun("Made up"),), "made-up"),
            Paragraph((TextRun("Before the quote."),)),
            Spoken("Words that nobody spoke.", other, "(Somebody)"),
        ),
        notes=(),
        entries=(),
        words=find_words(language),
    )
    pdf.write(report, tmp_path / "report.pdf")
    with pikepdf.open(tmp_path / "report.pdf") as document:
        found = [str(e.Lang) for e in _walk(document.Root.StructTreeRoot) if "/Lang" in e]
        assert other in found
        assert str(document.Root.Lang) == language
    html.write(report, tmp_path / "report.html")
    page = lxml.html.parse(str(tmp_path / "report.html")).getroot()
    assert page.xpath("//main//@lang") == [other]
    docx.write(report, tmp_path / "report.docx")
    with ZipFile(tmp_path / "report.docx") as file:
        body = etree.fromstring(file.read("word/document.xml"))
    assert {str(mark.get(f"{W}val"))[:2] for mark in body.iter(f"{W}lang")} == {other}
