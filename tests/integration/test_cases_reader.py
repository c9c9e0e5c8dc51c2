"""What somebody sees who reads a published report. Every answer here is invented."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from blikveld.cli.phone import response_rates
from blikveld.disclosure import Policy, release_tables
from blikveld.publish import interview_material
from blikveld.publish.pipeline import Format, write_report
from blikveld.questionnaire.routing import Routing
from blikveld.report import ClaimError, ReportFunnel, build
from blikveld.report.interviews import Interviews, PrintedQuote, ThemeCount
from blikveld.report.model import FigureBlock, Paragraph, plain
from blikveld.report.writers.shared import figure_csv
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import Cell, CellRequest, CellSource, DataOrigin, Influence
from blikveld.rules import EVERYBODY, parse
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.study.variables import rule_of
from blikveld.synthetic.trial_respondents import draw_respondents

Write = Callable[..., Study]
SOURCE = CellSource("example", "1", "0" * 64)
OFTEN = "aggression == 'often'"
MANY = 40


@pytest.fixture
def write_text(tmp_path: Path) -> Write:
    """The study for newcomers with one text as its whole report."""

    def made(text: str, **changes: tuple[str, str]) -> Study:
        folder = tmp_path / "study"
        shutil.copytree(load("example").folder, folder, ignore=shutil.ignore_patterns("report"))
        (folder / "report/nl").mkdir(parents=True)
        (folder / "report/nl/10-proef.md").write_text(text, encoding="utf-8")
        for name, (old, new) in changes.items():
            path = folder / f"{name}.yaml"
            path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
        return load(folder)

    return made


def drawn(study: Study, folder: Path, number: int = 60) -> Snapshot:
    """Respondents drawn at random, all of whom went on to the end."""
    routing = Routing(study)
    people = (
        routing.complete(
            site=one.site,
            mode=one.mode.value,
            language=one.language,
            answers=one.answers,
            completed=True,
            pages_done=len(routing.pages),
        )
        for one in draw_respondents(study, number * 2)
        if one.pages is None
    )
    rows = (
        ResponseRecord(str(at), person) for at, person in zip(range(number), people, strict=False)
    )
    return write(study, rows, folder, origin=DataOrigin.MADE_UP)


def long_answers() -> str:
    """Forty answers in the place of the four, each of three lines in a drawing."""
    words = "een omschrijving die meer dan twee hele regels vraagt naast een balk in een figuur"
    lines = (
        f'          - {{code: k{at}, label: {{nl: "{at} {words}", en: "{at} {words}"}}}}'
        for at in range(MANY)
    )
    return "\n".join(lines)


SHOUTING = '          - {code: shouting, label: {nl: "Schelden of schreeuwen", en: "Shouting"}}'
FORTY = """# Veel

{% call figure('kinds', of="aggression != 'no'") %}Veertig antwoorden{% endcall %}
"""


def test_a_figure_that_does_not_fit_on_a_page_is_refused_with_its_place(
    write_text: Write, tmp_path: Path
) -> None:
    study = write_text(FORTY, questionnaire=(SHOUTING, long_answers()))
    snapshot = drawn(study, tmp_path / "snapshot")
    with pytest.raises(ClaimError) as caught:
        write_report(study, snapshot, tmp_path / "out", ("nl",), kinds=(Format.HTML,))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("nl/10-proef.md", 3)
    assert "a page holds" in fault.problem
    assert "figure_table()" in fault.mend
    assert not (tmp_path / "out").exists()


def test_every_figure_of_the_shipped_report_fits_on_a_page(published: Path) -> None:
    page = (published / "report-nl.html").read_text(encoding="utf-8")
    heights = [float(height) for height in re.findall(r'<svg[^>]*? height="([0-9.]+)"', page)]
    assert len(heights) > 50
    assert max(heights) < 800


def test_a_share_that_is_kept_back_is_empty_in_the_data_of_its_figure(write_text: Write) -> None:
    study = write_text("{{ figure('aggression') }}")
    aggression = study.variables["aggression"]
    asks = {c: CellRequest(EVERYBODY, rule_of(aggression, c)) for c in ("often", "sometimes", "no")}
    counts = {
        asks["often"]: 3,
        asks["sometimes"]: 2,
        asks["no"]: 95,
        CellRequest(EVERYBODY, EVERYBODY): 100,
    }
    cells = {ask: Cell(n, 100, ask.base_rule, ask.rule, SOURCE) for ask, n in counts.items()}
    blocks = build(study, release_tables([], cells, Policy()), ReportFunnel(0, ()), "nl").blocks
    (figure,) = (block for block in blocks if isinstance(block, FigureBlock))
    lines = csv.DictReader(figure_csv(figure).splitlines())
    counts = {line["answer"]: (line["count"], line["low"], line["high"]) for line in lines}
    # Empty, not nought, and the range that it lies in.
    assert counts["Ja, vaak"] == counts["Ja, soms"] == ("", "0", "4")
    # The range that its share lies in is drawn instead.
    assert figure.wide.count(">0–4%<") == figure.narrow.count(">0–4%<") == 2


RUNS = '=HYPERLINK("//elsewhere.example","Ja")'


def test_words_that_begin_as_a_formula_are_only_words_in_the_files_of_a_figure(
    write_text: Write, tmp_path: Path
) -> None:
    label = ('nl: "Ja, vaak"', f"nl: '{RUNS}'")
    study = write_text("{% call figure('aggression') %}=Veel{% endcall %}", questionnaire=label)
    snapshot = drawn(study, tmp_path / "snapshot")
    out = tmp_path / "out"
    write_report(study, snapshot, out, ("nl",), kinds=(Format.HTML, Format.XLSX))
    (numbers,) = (out / "report-nl").glob("*.csv")
    with numbers.open(encoding="utf-8", newline="") as file:
        answers = [line["answer"] for line in csv.DictReader(file)]
    assert f"'{RUNS}" in answers
    assert not [answer for answer in answers if answer.startswith("=")]
    cells = [
        cell
        for sheet in openpyxl.load_workbook(out / "tables-nl.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert RUNS in [cell.value for cell in cells]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_a_footnote_of_two_equal_percentages_says_which_one_a_municipality_moves(
    write_text: Write,
) -> None:
    study = write_text(
        f'Vaak {{{{ share("{OFTEN}") }}}} en soms {{{{ share("aggression == \'sometimes\'") }}}}.'
    )
    often, sometimes = (
        CellRequest(EVERYBODY, parse(rule)) for rule in (OFTEN, "aggression == 'sometimes'")
    )
    counts = {often: 119, sometimes: 118}
    cells = {ask: Cell(n, 263, EVERYBODY, ask.rule, SOURCE) for ask, n in counts.items()}
    moved = {ask: [without(ask, cells[ask], n)] for ask, n in ((often, 69), (sometimes, 82))}
    report = build(
        study, release_tables([], cells, Policy(), influences=moved), ReportFunnel(0, ()), "nl"
    )
    (note,) = report.notes
    text = plain(note.parts)
    assert "Zonder Alkmaar 41% (69 van 167) in plaats van 45% (n=119)." in text
    assert "Zonder Alkmaar 49% (82 van 167) in plaats van 45% (n=118)." in text


def without(ask: CellRequest, whole: Cell, count: int) -> Influence:
    others, here = parse("municipality != 'alkmaar'"), parse("municipality == 'alkmaar'")
    return Influence(
        ask,
        "alkmaar",
        {"nl": "Alkmaar", "en": "Alkmaar"},
        whole,
        Cell(count, 167, others, ask.rule, SOURCE),
        Cell(whole.count - count, 96, here, ask.rule, SOURCE),
    )


def said_by(*labels: str) -> tuple[PrintedQuote, ...]:
    return tuple(
        PrintedQuote("doubt", "doubt", {"nl": f"Ik, {label}."}, "nl", {"nl": label})
        for label in labels
    )


def test_a_count_under_quotes_holds_everybody_who_is_quoted(write_text: Write) -> None:
    study = write_text("{{ quotes('doubt') }}\n\n{{ theme_count('doubt') }}")
    one = {"doubt": ThemeCount({"nl": "Twijfel"}, 1)}
    said = Interviews(6, quotes=said_by("Mentor A", "Wijkagent A"), themes=one)
    nothing = release_tables([], {}, Policy())
    with pytest.raises(ClaimError, match="2 people are quoted right above"):
        build(study, nothing, ReportFunnel(0, ()), "nl", interviews=said)
    alone = Interviews(6, quotes=said_by("Mentor A"), themes=one)
    blocks = build(study, nothing, ReportFunnel(0, ()), "nl", interviews=alone).blocks
    (told,) = (plain(block.parts) for block in blocks if isinstance(block, Paragraph))
    assert told == "‘Twijfel’ kwam ter sprake in een van de zes gesprekken."


def test_the_shipped_text_counts_the_interviews_that_its_tables_count(
    flagship: Study, published: Path
) -> None:
    said = interview_material.material_of_study(flagship)
    held = {by: [g for g in one.groups if g.interviews] for by, one in said.covered.items()}
    assert (said.held, len(held["domain"]), len(held["municipality"])) == (6, 4, 6)
    page = " ".join((published / "report-nl.html").read_text(encoding="utf-8").split())
    words = re.sub(r"<[^>]+>", "", page)
    told = re.search(r"komen uit (\w+) gesprekken. Die gaan over (\w+) van de (\w+)", words)
    assert told is not None
    assert told.groups() == ("zes", "vier", "vijf")


def test_how_many_interviews_there_were_comes_from_the_interviews(write_text: Write) -> None:
    study = write_text(
        "{{ how_many('interviews') }}, {{ how_many('interview_domains') }}, "
        "{{ how_many('interview_municipalities') }}"
    )
    said = interview_material.material_of_study(study)
    blocks = build(
        study, release_tables([], {}, Policy()), ReportFunnel(0, ()), "nl", interviews=said
    ).blocks
    (told,) = (plain(block.parts) for block in blocks if isinstance(block, Paragraph))
    assert told == "nul, nul, nul"


def test_made_up_answers_are_not_said_to_miss_a_published_figure(
    write_text: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_text("{{ table('aggression') }}")
    snapshot = drawn(study, tmp_path / "snapshot")
    write_report(study, snapshot, tmp_path / "out", ("nl",), kinds=(Format.HTML, Format.XLSX))
    page = (tmp_path / "out" / "report-nl.html").read_text(encoding="utf-8")
    assert "alle antwoorden zijn geloot" in page
    assert "bewaard gebleven cijfer" not in page
    response_rates(snapshot.folder, study=str(study.folder))
    assert "published count" not in capsys.readouterr().out


def test_reconstructed_answers_are_said_to_miss_a_published_figure(
    flagship: Study, published: Path
) -> None:
    assert "bewaard gebleven cijfer" in (published / "report-nl.html").read_text(encoding="utf-8")
