"""The shipped study's report as files: what is printed, for whom it can be read, and again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pikepdf
import pypdf
import pytest

from blikveld.disclosure import Policy, Release, release
from blikveld.figures.manifest import Entry
from blikveld.figures.rounding import percentage
from blikveld.inclusion import funnel
from blikveld.questionnaire.routing import Routing
from blikveld.report import Funnel, Report, Standing, Step, asks, build, html, pdf, tables, xlsx
from blikveld.report.model import FigureBlock, TableBlock, plain
from blikveld.responses.record import Response
from blikveld.responses.snapshot import Origin, Snapshot, write
from blikveld.study.model import Study
from blikveld.synthetic import records
from blikveld.tabulation.anchors import count
from blikveld.tabulation.tables import tables as computed

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Made:
    """A report in every language, and what it was made from."""

    study: Study
    cleared: Release
    reports: Mapping[str, Report]


@pytest.fixture(scope="module")
def snapshot(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    routing = Routing(flagship)
    answers = (Response(str(r.respondent), r.person(routing)) for r in records.load(flagship))
    folder = tmp_path_factory.mktemp("report") / "snapshot"
    return write(flagship, answers, folder, origin=Origin.REFERENCE)


@pytest.fixture(scope="module")
def made(flagship: Study, snapshot: Snapshot) -> Made:
    wanted = {ask for language in LANGUAGES for ask in asks(flagship, language)}
    placed = {key for language in LANGUAGES for key in tables(flagship, language)}
    found = computed(flagship, snapshot, sorted(placed))
    cleared = release(found.values(), count(flagship, snapshot, wanted), Policy())
    inside = funnel(flagship, snapshot)
    steps = (Step(s.step.key, s.step.label, s.left, s.remained) for s in inside.stages)
    people = Funnel(inside.started, tuple(steps))
    return Made(
        flagship,
        cleared,
        {lg: build(flagship, cleared, people, lg, Standing.REFERENCE) for lg in LANGUAGES},
    )


@pytest.fixture(scope="module")
def printed(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report as PDF and HTML and the table book, in every language."""
    folder = tmp_path_factory.mktemp("files")
    for language, report in made.reports.items():
        pdf.write(report, folder / f"{language}.pdf")
        html.write(report, folder / f"{language}.html")
        xlsx.write(made.study, made.cleared, language, folder / f"{language}.xlsx")
    return folder


def test_the_text_says_what_was_published(made: Made) -> None:
    text = " ".join(plain(note.parts) for note in made.reports["nl"].notes)
    for part in ("Totaal n=821: 48% is n=393.", "60% is n=211", "58% is n=480", "32% is n=74"):
        assert part in text
    assert "nagemaakte respondenten" in made.reports["nl"].warning


def test_every_percentage_was_rounded_once_from_its_cell(made: Made) -> None:
    for language, report in made.reports.items():
        shares = [entry for entry in report.entries if "%" in entry.printed]
        assert len(shares) > 400
        for entry in shares:
            assert entry.count is not None
            assert entry.base
            if not re.search(r"(minste|least) \d+%", entry.printed):
                assert f"{percentage(entry.count, entry.base)}%" in entry.printed, (language, entry)


def test_no_cell_prints_two_percentages(made: Made) -> None:
    for report in made.reports.values():
        seen: dict[str, set[str]] = {}
        for entry in report.entries:
            for share in re.findall(r"\d+%", entry.printed):
                seen.setdefault(entry.cell, set()).add(share)
        assert all(len(shares) == 1 for shares in seen.values())


def test_no_small_count_is_in_the_list_of_printed_numbers(made: Made) -> None:
    policy = made.cleared.policy
    for report in made.reports.values():
        small = [entry for entry in report.entries if entry.count and policy.small(entry.count)]
        assert not small
        assert any(entry.count is None and entry.printed == "x" for entry in report.entries)


def test_both_languages_print_the_same_cells(made: Made) -> None:
    dutch, english = (_cells(made.reports[language].entries) for language in LANGUAGES)
    assert dutch == english


def _cells(entries: tuple[Entry, ...]) -> set[str]:
    return {entry.cell for entry in entries}


def test_all_seven_annexes_and_five_figures_are_there(made: Made) -> None:
    for report in made.reports.values():
        grids = [b for b in report.blocks if isinstance(b, TableBlock) and b.grouped]
        assert len(grids) == 7
        assert sum(isinstance(b, FigureBlock) for b in report.blocks) == 5
        for grid in grids:
            lines = [line for group in grid.groups for line in group.lines]
            assert len(lines) == 28 + 5 + 1
            assert all(cell.count for line in lines for cell in line.cells)


def test_files_show_the_same_percentages(made: Made, printed: Path) -> None:
    for language, report in made.reports.items():
        page = (printed / f"{language}.html").read_text(encoding="utf-8")
        reader = pypdf.PdfReader(printed / f"{language}.pdf")
        paper = " ".join(page_.extract_text() for page_ in reader.pages)
        for note in report.notes:
            words = plain(note.parts)
            assert words in page
            assert words.split(":")[0] in paper
        of_page = set(re.findall(r"\d+%", _text_of(page)))
        of_paper = set(re.findall(r"\d+%", paper))
        assert of_page == of_paper


def _text_of(page: str) -> str:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.text, self.skip = "", False

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.skip = tag == "style"

        def handle_endtag(self, tag: str) -> None:
            self.skip = False

        def handle_data(self, data: str) -> None:
            self.text += "" if self.skip else f"{data} "

    reader = Reader()
    reader.feed(page)
    return reader.text


def test_the_pdf_can_be_read_aloud(made: Made, printed: Path) -> None:
    for language, report in made.reports.items():
        with pikepdf.open(printed / f"{language}.pdf") as document:
            root = document.Root
            assert str(root.Lang) == language
            assert bool(root.MarkInfo.Marked)
            assert bool(root.ViewerPreferences.DisplayDocTitle)
            assert str(document.docinfo["/Title"]) == report.title
            with document.open_metadata() as about:
                assert about.pdfa_status == "2A"
            elements = list(_walk(root.StructTreeRoot))
            figures = [e for e in elements if e.S == "/Figure"]
            assert len(figures) == 5
            assert all(len(str(e.Alt)) > 60 for e in figures)
            assert sum(e.S == "/Note" for e in elements) == len(report.notes)
            heads = [e for e in elements if e.S == "/TH"]
            scopes = [_scope(e) for e in heads]
            assert set(scopes) == {"/Row", "/Column"}
            assert scopes.count("/Row") >= 7 * 34


def _walk(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array | list) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _walk(kid)


def _scope(element: pikepdf.Object) -> str:
    attributes = element.get("/A")
    owners = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next(str(a.Scope) for a in owners if "/Scope" in a)


def test_the_page_needs_nothing_from_outside(printed: Path) -> None:
    for language in LANGUAGES:
        page = (printed / f"{language}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert "<script" not in page
        outside = re.findall(r"(?:src|href)=\"(?!#)([^\"]+)|url\((?!data:)", page)
        assert not outside
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_table_book_holds_numbers_as_numbers(made: Made, printed: Path) -> None:
    book = openpyxl.load_workbook(printed / "nl.xlsx")
    assert book.sheetnames == ["Inhoud", *(f"Bijlage {letter}" for letter in "CDEFGHI")]
    sheet = book["Bijlage C"]
    assert sheet.freeze_panes == "C6"
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=6)}
    young = rows["Jeugd, zorg en welzijn", "Jongerenwerk"]
    assert [cell.value for cell in young[2:5]] == [57, 0.4, 20]
    assert young[3].number_format == "0%"
    detention = rows["Openbare orde en veiligheid", "Detentie en re-integratie"]
    assert detention[2].value == "x"
    assert not any(cell.value == "" for cell in young)


def test_the_same_snapshot_gives_the_same_bytes(made: Made, printed: Path, tmp_path: Path) -> None:
    report = made.reports["nl"]
    pdf.write(report, tmp_path / "nl.pdf")
    html.write(report, tmp_path / "nl.html")
    xlsx.write(made.study, made.cleared, "nl", tmp_path / "nl.xlsx")
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (printed / path.name).read_bytes(), path.name


def test_the_specification_of_a_figure_can_be_published(made: Made) -> None:
    for block in made.reports["nl"].blocks:
        if isinstance(block, FigureBlock):
            drawn = json.loads(block.specification)
            assert drawn["data"]["values"]
            assert "…" not in block.wide + block.narrow
