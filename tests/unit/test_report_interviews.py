"""Quotes of interviews in a report: where they stand, whose they are, and that nobody said them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pikepdf
import pypdf
import pytest

from blikveld.disclosure import Policy, Release, release_tables
from blikveld.interviews.study_files import load_topic_guide
from blikveld.publish.interview_material import material_of_study
from blikveld.report import ClaimError, Report, ReportFunnel, build
from blikveld.report.interviews import NONE, Interviews, PrintedQuote, ThemeCount
from blikveld.report.model import Listing, Paragraph, Spoken, TableBlock, plain
from blikveld.report.writers import docx, html, pdf, xlsx
from blikveld.study.model import Study

TEXT = """# Gesprekken

{% call quotes('start') %}
Zo begint het:
{% endcall %}

{{ theme_count('doubt') }}
"""
SAID = Interviews(
    held=3,
    invented=True,
    quotes=(
        PrintedQuote(
            "start",
            "doubt",
            {"nl": "Ik twijfel.", "en": "I doubt."},
            "nl",
            {"nl": "Mentor A", "en": "Mentor A"},
        ),
    ),
    themes={"doubt": ThemeCount({"nl": "Twijfel", "en": "Doubt"}, 2)},
)


@pytest.fixture
def study(flagship: Study, tmp_path: Path) -> Study:
    for language in ("nl", "en"):
        folder = tmp_path / "report" / language
        folder.mkdir(parents=True)
        (folder / "10.md").write_text(TEXT, encoding="utf-8")
    return replace(flagship, folder=tmp_path)


def nothing() -> Release:
    return release_tables([], {}, Policy())


def made(study: Study, said: Interviews, language: str = "nl") -> Report:
    return build(study, nothing(), ReportFunnel(0, ()), language, interviews=said)


def test_a_quote_says_who_and_that_it_is_invented(study: Study) -> None:
    (quote,) = (b for b in made(study, SAID).blocks if isinstance(b, Spoken))
    assert quote == Spoken("Ik twijfel.", "", "(Mentor A; verzonnen citaat)")
    real = made(study, replace(SAID, invented=False))
    (quote,) = (b for b in real.blocks if isinstance(b, Spoken))
    assert quote.by == "(Mentor A)"


def test_a_report_in_another_language_prints_the_translation_or_marks_the_language(
    study: Study,
) -> None:
    (quote,) = (b for b in made(study, SAID, "en").blocks if isinstance(b, Spoken))
    assert (quote.words, quote.language) == ("I doubt.", "")
    only = replace(SAID.quotes[0], words={"nl": "Ik twijfel."})
    report = made(study, replace(SAID, quotes=(only,)), "en")
    (quote,) = (b for b in report.blocks if isinstance(b, Spoken))
    assert (quote.words, quote.language) == ("Ik twijfel.", "nl")
    assert '<q lang="nl">Ik twijfel.</q>' in html.page(report)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "‘Twijfel’ kwam in geen van de drie verzonnen gesprekken ter sprake."),
        (2, "‘Twijfel’ kwam ter sprake in twee van de drie verzonnen gesprekken."),
        (3, "‘Twijfel’ kwam ter sprake in alle drie verzonnen gesprekken."),
    ],
)
def test_a_theme_says_in_how_many_interviews_it_came_up(
    study: Study, count: int, words: str
) -> None:
    quotes = SAID.quotes if count else ()
    theme = ThemeCount({"nl": "Twijfel", "en": "Doubt"}, count)
    said = replace(SAID, quotes=quotes, themes={"doubt": theme})
    blocks = [b for b in made(study, said).blocks if isinstance(b, Paragraph)]
    assert plain(blocks[-1].parts) == words


def test_without_interviews_nothing_is_printed_of_them(study: Study) -> None:
    blocks = made(study, NONE).blocks
    assert [type(block).__name__ for block in blocks] == ["Heading"]


def test_a_quote_without_a_place_in_the_texts_stops_the_report(study: Study) -> None:
    lost = replace(SAID, quotes=(replace(SAID.quotes[0], section="nowhere"),))
    with pytest.raises(ClaimError, match="prints the quotes of 'nowhere'"):
        made(study, lost)


def test_a_theme_that_nobody_knows_stops_the_report_with_its_line(study: Study) -> None:
    with pytest.raises(ClaimError, match=r"nl/10\.md:7.*no theme 'doubt'"):
        made(study, replace(SAID, themes={}))


def test_all_four_files_print_a_quote(study: Study, tmp_path: Path) -> None:
    report = made(study, SAID)
    html.write(report, tmp_path / "r.html")
    pdf.write(report, tmp_path / "r.pdf")
    docx.write(report, tmp_path / "r.docx")
    xlsx.write(study, nothing(), "nl", tmp_path / "r.xlsx", SAID)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<blockquote class="spoken"><p><q>Ik twijfel.</q>' in page
    paper = "".join(p.extract_text() for p in pypdf.PdfReader(tmp_path / "r.pdf").pages)
    assert "“Ik twijfel.” (Mentor A; verzonnen citaat)" in " ".join(paper.split())
    assert b"/BlockQuote" in _structure(tmp_path / "r.pdf")
    with ZipFile(tmp_path / "r.docx") as package:
        word = package.read("word/document.xml").decode("utf-8")
    assert "“Ik twijfel.”" in word
    assert 'w:val="Quote"' in word
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Citaten"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows == [["Twijfel", "Ik twijfel.", "(Mentor A; verzonnen citaat)"]]


def _structure(path: Path) -> bytes:
    with pikepdf.open(path) as document:
        kinds = (str(o.get("/S")) for o in document.objects if isinstance(o, pikepdf.Dictionary))
        return " ".join(kinds).encode()


def test_who_was_interviewed_stands_in_a_table_with_what_is_missing(
    flagship: Study, study: Study
) -> None:
    text = "# Wie\n\n{{ interviewed('municipality') }}\n\n{{ interviewed('domain') }}\n"
    (study.folder / "report" / "nl" / "10.md").write_text(text, encoding="utf-8")
    covered = replace(material_of_study(flagship), quotes=())
    towns, domains = (b for b in made(study, covered).blocks if isinstance(b, TableBlock))
    assert [row.label for row in towns.groups[0].lines] == [
        "Arnhem",
        "Enschede",
        "Leeuwarden",
        "Rotterdam",
        "Tilburg",
        "Utrecht",
    ]
    assert towns.notes[0].startswith("Geen gesprek: Alkmaar, Amsterdam, ")
    assert [line.cells[0].count for line in domains.groups[-1].lines] == ["6"]
    assert domains.subtitle == "Verzonnen gesprekken: niemand heeft dit gezegd"


def test_the_topics_of_the_guide_are_printed_from_the_study(flagship: Study, study: Study) -> None:
    (study.folder / "report" / "nl" / "10.md").write_text("{{ topics() }}", encoding="utf-8")
    asked = load_topic_guide(flagship).topics
    report = made(study, Interviews(topics=material_of_study(flagship).topics))
    heads = [plain(block.parts) for block in report.blocks if isinstance(block, Paragraph)]
    assert heads == [topic.title["nl"] for topic in asked]
    lists = [block for block in report.blocks if isinstance(block, Listing)]
    told = [
        plain(inner.parts)
        for block in lists
        for (inner,) in block.items
        if isinstance(inner, Paragraph)
    ]
    assert told == [question["nl"] for topic in asked for question in topic.questions]
    assert len(told) > 15
    assert made(study, NONE).blocks == ()


def test_a_study_may_have_a_guide_before_anybody_was_interviewed(
    flagship: Study, tmp_path: Path
) -> None:
    (tmp_path / "interviews").mkdir()
    source = flagship.folder / "interviews" / "guide.yaml"
    (tmp_path / "interviews" / "guide.yaml").write_bytes(source.read_bytes())
    early = material_of_study(replace(flagship, folder=tmp_path))
    assert early.topics == material_of_study(flagship).topics
    assert early.held == 0
