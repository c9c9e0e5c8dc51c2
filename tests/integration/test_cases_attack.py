"""What an outsider gets at who has only what is published. Everybody here is invented."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import blikveld
from blikveld import notebook
from blikveld.cli.response_rates import response_rates
from blikveld.cli.tables import explain, tables
from blikveld.cli.waves import waves
from blikveld.publish.pipeline import write_report
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results import manifest
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.random_respondents import draw_respondents

THRESHOLD = 25
SOURCES = Path(blikveld.__file__).parent


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study for newcomers, in which a count under 25 may not be printed."""
    folder = tmp_path_factory.mktemp("strict") / "study"
    shutil.copytree(load("example").folder, folder)
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    setting = f"disclosure: {{threshold: {THRESHOLD}}}\n"
    (folder / "study.yaml").write_text(text + setting, encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def taken(strict: Study, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Two hundred respondents drawn at random."""
    routing = Routing(strict)
    people = (
        routing.complete(
            municipality=one.municipality,
            mode=one.mode.value,
            language=one.language,
            answers=one.answers,
            completed=one.pages is None,
            pages_done=len(routing.pages) if one.pages is None else one.pages,
        )
        for one in draw_respondents(strict, 200)
    )
    answers = (ResponseRecord(str(number), person) for number, person in enumerate(people))
    folder = tmp_path_factory.mktemp("strict") / "snapshot"
    return write(strict, answers, folder, origin=DataOrigin.MADE_UP)


def small(counts: Iterator[str]) -> list[str]:
    return [n for n in counts if n.isdigit() and 0 < int(n) < THRESHOLD]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_keep_back_what_the_study_calls_small(
    strict: Study, taken: Snapshot, tmp_path: Path
) -> None:
    tables(taken.folder, out=tmp_path, study=str(strict.folder), format=("csv",))
    found = rows(tmp_path / "tables.csv")
    assert any(row["suppressed"] == "True" for row in found)
    assert not small(row[name] for row in found for name in ("count", "base"))


def test_the_report_keeps_back_what_the_study_calls_small(
    strict: Study, taken: Snapshot, tmp_path: Path
) -> None:
    write_report(strict, taken, tmp_path / "out", ("nl",), kinds=())
    found = manifest.read(tmp_path / "out" / "numbers-nl.jsonl")
    assert any(entry.count is None for entry in found)
    assert not small(str(n) for entry in found for n in (entry.count, entry.base))


def test_a_comparison_of_waves_keeps_back_what_the_study_calls_small(
    strict: Study, taken: Snapshot, tmp_path: Path
) -> None:
    waves(taken.folder, taken.folder, study=str(strict.folder), out=tmp_path / "waves.csv")
    names = ("earlier_count", "earlier_base", "later_count", "later_base")
    found = rows(tmp_path / "waves.csv")
    assert any(row["comparability"] == "suppressed" for row in found)
    assert not small(row[name] for row in found for name in names)


def test_a_notebook_keeps_back_what_the_study_calls_small(strict: Study, taken: Snapshot) -> None:
    shown = notebook.study(strict.folder).tables(taken.folder)
    cells = [c for name in shown for row in shown[name].safe.rows for c in row.cells]
    assert any(cell.suppressed for cell in cells)
    assert not small(str(n) for cell in cells for n in (cell.count, cell.base))


def test_an_explanation_keeps_back_what_the_study_calls_small(
    strict: Study, taken: Snapshot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables(taken.folder, out=tmp_path, study=str(strict.folder), format=("csv",))
    kept_back = [r["cell"] for r in rows(tmp_path / "tables.csv") if r["suppressed"] == "True"]
    capsys.readouterr()
    for cell in kept_back[:6]:
        explain(cell, taken.folder, study=str(strict.folder))
    told = re.findall(r"number: +(\S+) of (\S+),", capsys.readouterr().out)
    assert "x" in {count for count, _ in told}
    assert not small(number for pair in told for number in pair)


def test_who_stopped_where_is_kept_back_when_the_study_calls_it_small(
    strict: Study, taken: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    response_rates(taken.folder, study=str(strict.folder))
    table = capsys.readouterr().out.partition("people")[2]
    stopped = re.findall(r"│ +(x|\d+)\*? │", table)
    assert "x" in stopped
    assert not small(iter(stopped))


def test_no_command_has_a_rule_of_its_own() -> None:
    for path in SOURCES.rglob("*.py"):
        assert not re.search(r"\bPolicy\(\)", path.read_text(encoding="utf-8")), path.name
