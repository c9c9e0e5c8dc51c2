"""What a report cannot be made from is told with its place and how to mend it; the rest is made.

All answers are made up.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import lxml.html
import openpyxl
import pypdf
import pytest

from blikveld.errors import BlikveldError
from blikveld.publish.pipeline import Format, write_report
from blikveld.questionnaire.routing import Routing
from blikveld.report.writers import shared
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load
from blikveld.study.model import Study

Make = Callable[..., Path]
QUICK = (Format.HTML, Format.XLSX)
GROUPS = (
    (40, {"job": "nurse", "aggression": "no"}),
    (20, {"job": "nurse", "aggression": "often", "kinds": ("shouting",), "reported": "yes"}),
    (20, {"job": "officer", "aggression": "sometimes", "kinds": ("threats",), "reported": "no"}),
    # A group of one.
    (1, {"job": "ambulance", "aggression": "often", "kinds": ("violence",), "reported": "yes"}),
)


def people(study: Study) -> Iterator[ResponseRecord]:
    """Made-up respondents, among them one alone in a job."""
    routing = Routing(study)
    everybody = [answers for amount, answers in GROUPS for _ in range(amount)]
    for number, answers in enumerate(everybody):
        values = routing.complete(
            site=study.sites.every[number % 2].key,
            mode="web",
            language="nl",
            answers=answers,  # type: ignore[arg-type]
            completed=True,
            pages_done=routing.pages[-1].number,
        )
        yield ResponseRecord(str(number), values)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the example study, to write texts in."""
    copied = tmp_path / "study"
    shutil.copytree(load("example").folder, copied)
    return copied


@pytest.fixture
def make(study: Path, tmp_path: Path) -> Make:
    """Makes the report of a text, and tells the folder it went to."""

    def made(text: str, languages: tuple[str, ...] = ("nl",), kinds: object = QUICK) -> Path:
        (study / "report" / "nl" / "10-agressie.md").write_text(text, encoding="utf-8")
        loaded = load(study)
        shutil.rmtree(tmp_path / "snapshot", ignore_errors=True)
        taken: Snapshot = write(
            loaded, people(loaded), tmp_path / "snapshot", origin=DataOrigin.MADE_UP
        )
        out = tmp_path / "out" / "report"
        write_report(loaded, taken, out, languages, kinds=kinds)  # type: ignore[arg-type]
        return out

    return made


def contents(out: Path) -> dict[Path, bytes]:
    """Every file of a report, those in its folder of pages too."""
    return {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


def left(tmp_path: Path) -> list[str]:
    """What stands where reports go."""
    return [path.name for path in (tmp_path / "out").rglob("*")] if _there(tmp_path) else []


def _there(tmp_path: Path) -> bool:
    return (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("""Eén.\n\n{{ share("nosuch == 'x'") }}""", 3, "'nosuch'"),
        ("""{{ share("aggression == 'no'", of="jobs == 'nurse'") }}""", 1, "Did you mean 'job'?"),
        ("""{{ count("job == 'doctor'") }}""", 1, "nurse, ambulance, officer"),
        ("""{{ count("'nurse' in job") }}""", 1, "job == 'code'"),
        ("""\n{% call figure('job', rule="nosuch == 'x'") %}Wie{% endcall %}""", 2, "'nosuch'"),
        ("""{{ figure('jobz') }}""", 1, "'jobz'"),
        ("""{{ figure('kinds', by='job', groups=['nurze']) }}""", 1, "nurse, ambulance, officer"),
        ("""{{ table('agression') }}""", 1, "aggression, kinds"),
        ("""{{ share("job = 'nurse'") }}""", 1, "=="),
    ],
)
def test_a_rule_that_names_nothing_is_refused_with_its_line(
    make: Make, tmp_path: Path, text: str, line: int, told: str
) -> None:
    with pytest.raises(BlikveldError) as stopped:
        make(text)
    assert f"nl/10-agressie.md:{line}:" in str(stopped.value)
    assert told in str(stopped.value)
    assert left(tmp_path) == []


@pytest.mark.parametrize("languages", [("xx",), ("nl", "xx")])
def test_an_unknown_language_is_refused_and_nothing_is_written(
    make: Make, tmp_path: Path, languages: tuple[str, ...]
) -> None:
    with pytest.raises(BlikveldError, match=r"'xx'.*Choose one of: en, nl\."):
        make("Tekst.", languages)
    assert left(tmp_path) == []


def test_a_file_that_cannot_be_made_leaves_the_others_as_they_were(
    make: Make, tmp_path: Path
) -> None:
    out = make("Tekst.", kinds=(Format.HTML,))
    before = contents(out)
    with pytest.raises(BlikveldError, match="no letter '漢'") as stopped:
        make("Een andere tekst met 漢 erin.", kinds=(Format.HTML, Format.PDF))
    assert "andere tekst met 漢 erin" in str(stopped.value)
    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize("kind", [Format.HTML, Format.PDF, Format.DOCX])
def test_a_missing_font_is_named(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Format
) -> None:
    fonts = tmp_path / "fonts"
    shutil.copytree(shared.FOLDER, fonts)
    (fonts / shared.PAPER[1]).unlink()
    monkeypatch.setattr(shared, "FOLDER", fonts)
    with pytest.raises(BlikveldError, match=rf"{shared.PAPER[1]}.*install Blikveld again"):
        make("Tekst.", kinds=(kind,))
    assert left(tmp_path) == []


EMPTY = "job == 'nurse' and job == 'officer'"


def test_a_share_of_nobody_is_refused(make: Make) -> None:
    with pytest.raises(BlikveldError, match=r"10-agressie\.md:1: Nobody meets"):
        make(f"""{{{{ share("aggression == 'no'", of="{EMPTY}") }}}}""")


def test_a_figure_and_a_table_of_nobody_say_so(make: Make) -> None:
    out = make(
        f"""{{% call figure('aggression', of="{EMPTY}") %}}Leeg{{% endcall %}}\n\n"""
        f"""{{% call figure_table('aggression', of="{EMPTY}") %}}Ook leeg{{% endcall %}}""",
        kinds=(Format.HTML, Format.PDF, Format.DOCX, Format.XLSX),
    )
    page = lxml.html.parse(str(out / "report-nl.html")).getroot()
    (figure,) = page.iter("figure")
    assert "n=0" in figure.text_content()
    assert "er is niemand om een percentage van te nemen" in page.text_content()
    assert not re.search(r"\d%", figure.text_content())


SMALL = "job == 'ambulance'"


@pytest.mark.parametrize(
    "claim",
    [
        f"""share("aggression == 'often'", of="{SMALL}")""",
        f"""says("alle", "aggression == 'often'", of="{SMALL}")""",
    ],
)
def test_no_sentence_speaks_of_a_group_of_one(make: Make, claim: str) -> None:
    with pytest.raises(BlikveldError, match="may not be printed"):
        make(f"{{{{ {claim} }}}}")


@pytest.mark.parametrize("claim", ["count", "base"])
def test_a_sentence_says_between_which_numbers_a_group_of_one_lies(make: Make, claim: str) -> None:
    out = make(f"""{{{{ {claim}("{SMALL}") }}}}""")
    lines = (out / "numbers-nl.jsonl").read_text(encoding="utf-8").splitlines()
    assert any(json.loads(line)["printed"].startswith("tussen 0 en ") for line in lines)


def test_a_group_of_one_is_kept_back_in_figures_tables_and_the_table_book(make: Make) -> None:
    out = make(
        "{{ figure('job') }}\n\n{{ figure('aggression', by='job') }}\n\n"
        "{% call figure_table('kinds', by='job') %}Wat{% endcall %}\n\n{{ table('aggression') }}",
        kinds=(Format.HTML, Format.PDF, Format.XLSX),
    )
    page = lxml.html.parse(str(out / "report-nl.html")).getroot()
    rows = [row for row in page.xpath("//tr[td]") if "Ambulance" in row.text_content()]
    assert len(rows) >= 3
    for row in rows:
        shown = [" ".join(cell.text_content().split()) for cell in row.iter("td")]
        assert any(re.fullmatch(r"0–\d", text) for text in shown)
        assert not [text for text in shown if re.match(r"[1-4]\b", text)]
    lines = [text for text in page.itertext() if "Ambulancemedewerker (n=" in text]
    assert lines == []
    book = openpyxl.load_workbook(out / "tables-nl.xlsx")
    found = [
        [cell.value for cell in row]
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        if any("Ambulance" in str(cell.value) for cell in row)
    ]
    assert found
    assert not [value for row in found for value in row if value in (1, 2, 3)]
    # A 4 is the end of a range, behind its 0.
    ends = [row[at - 1 : at + 1] for row in found for at, value in enumerate(row) if value == 4]
    assert all(pair == [0, 4] for pair in ends)


def test_a_table_wider_than_a_page_comes_in_parts(study: Path, make: Make) -> None:
    questions = study / "questionnaire.yaml"
    kinds = "".join(
        f'          - {{code: kind_{at}, label: {{nl: "Agressie van de soort {at}", '
        f'en: "Aggression of kind {at}"}}}}\n'
        for at in range(24)
    )
    text = questions.read_text(encoding="utf-8")
    other = "          - code: other\n"
    assert text.count(other) == 1
    questions.write_text(text.replace(other, kinds + other), encoding="utf-8")
    out = make("# Breed\n\n{{ table('kinds') }}", kinds=(Format.HTML, Format.PDF, Format.DOCX))
    page = lxml.html.parse(str(out / "report-nl.html")).getroot()
    tables = list(page.iter("table"))
    heads = [len(table.findall("thead/tr/th")) for table in tables]
    assert len(heads) == 3
    assert max(heads) <= 2 + 11
    captions = [
        " ".join(table.findtext("caption") or "".join(table.find("caption").itertext()).split())
        for table in tables
    ]
    assert [caption[-12:] for caption in captions] == [f"Deel {at} van 3" for at in (1, 2, 3)]
    paper = pypdf.PdfReader(out / "report-nl.pdf")
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for at in range(24):
        assert re.search(rf"soort {at}\b", words), at
