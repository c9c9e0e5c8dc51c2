"""What an outsider gets at who has only what is published. Everybody here is invented."""

from __future__ import annotations

import csv
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import blikveld
from blikveld import notebook
from blikveld.auditor.findings import Audit, audit_publication
from blikveld.auditor.output import write_text
from blikveld.auditor.population import read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.statements import Publication
from blikveld.cli.phone import response_rates
from blikveld.cli.report import report
from blikveld.cli.reproduce import funnel, reproduce
from blikveld.cli.tables import explain, influence, tables
from blikveld.cli.waves import waves
from blikveld.disclosure.ledger import LedgerRefused
from blikveld.publish import table_files
from blikveld.publish.clearing import clear, ledger_of
from blikveld.publish.pipeline import write_report
from blikveld.questionnaire.routing import Routing
from blikveld.report import model
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, read, write
from blikveld.results.cell import DataOrigin
from blikveld.study.disclosure import Disclosure
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import draw_respondents

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
    return drawn(strict, tmp_path_factory.mktemp("strict") / "snapshot", 200)


def drawn(study: Study, folder: Path, number: int) -> Snapshot:
    """Respondents drawn at random; some left before the end."""
    routing = Routing(study)
    people = (
        routing.complete(
            site=one.site,
            mode=one.mode.value,
            language=one.language,
            answers=one.answers,
            completed=one.pages is None,
            pages_done=len(routing.pages) if one.pages is None else one.pages,
        )
        for one in draw_respondents(study, number)
    )
    answers = (ResponseRecord(str(number), person) for number, person in enumerate(people))
    return write(study, answers, folder, origin=DataOrigin.MADE_UP)


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
    found = model.read_manifest(tmp_path / "out" / "numbers-nl.jsonl")
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
    assert any("–" in count for count, _ in told)
    assert not small(number for pair in told for number in pair)


def test_who_stopped_where_is_kept_back_when_the_study_calls_it_small(
    strict: Study, taken: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    response_rates(taken.folder, study=str(strict.folder))
    table = capsys.readouterr().out.partition("people")[2]
    stopped = re.findall(r"│ +([\d–]+)\*? │", table)
    assert any("–" in number for number in stopped)
    assert not small(iter(stopped))


def test_no_command_has_a_rule_of_its_own() -> None:
    for path in SOURCES.rglob("*.py"):
        assert not re.search(r"\bPolicy\(\)", path.read_text(encoding="utf-8")), path.name


TWO_WORDINGS = """tables:
  - key: in_full
    number: {nl: "Tabel 1", en: "Table 1"}
    title: {nl: "Agressie", en: "Aggression"}
    base: "True"
    rows: [domain, job]
    columns: aggression
  - key: together
    number: {nl: "Tabel 2", en: "Table 2"}
    title: {nl: "Ooit agressie", en: "Ever aggression"}
    base: "True"
    rows: [job]
    columns: met_aggression
  - key: reported_by_question
    number: {nl: "Tabel 3", en: "Table 3"}
    title: {nl: "Gemeld", en: "Reported"}
    base: "aggression != 'no'"
    rows: [job]
    columns: reported
  - key: reported_by_derived
    number: {nl: "Tabel 4", en: "Table 4"}
    title: {nl: "Gemeld", en: "Reported"}
    base: "met_aggression == 'yes'"
    rows: [domain]
    columns: reported
"""


@pytest.fixture(scope="module")
def worded_twice(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study for newcomers, with tables that say the same people in two ways."""
    folder = tmp_path_factory.mktemp("twice") / "study"
    shutil.copytree(load("example").folder, folder)
    (folder / "tables.yaml").write_text(TWO_WORDINGS, encoding="utf-8")
    text = "# Alles\n\n{{ figure('aggression', by='job') }}\n\n{{ tables() }}\n"
    for language in ("nl", "en"):
        for old in (folder / "report" / language).iterdir():
            old.unlink()
        (folder / "report" / language / "10.md").write_text(text, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize("threshold", [3, 5, 10])
@pytest.mark.parametrize("number", [40, 70, 110])
def test_nothing_follows_from_groups_that_are_said_in_two_ways(
    worded_twice: Study, tmp_path: Path, threshold: int, number: int
) -> None:
    study = replace(worded_twice, disclosure=Disclosure(threshold))
    snapshot = drawn(study, tmp_path / "snapshot", number)
    cleared = clear(study, snapshot)
    files = [tmp_path / "tables.csv", *written(study, snapshot, tmp_path)]
    table_files.write_csv(study, cleared, "nl", files[0])
    found = audited(study, files, threshold)
    assert not found.findings, write_text(found)


def written(study: Study, snapshot: Snapshot, folder: Path) -> list[Path]:
    """The list of every number of the report in both languages."""
    write_report(study, snapshot, folder / "report", study.languages, kinds=())
    return [folder / "report" / f"numbers-{language}.jsonl" for language in study.languages]


def audited(study: Study, files: list[Path], threshold: int) -> Audit:
    """What somebody finds who has these files and nothing else, by code of its own."""
    publication = Publication()
    for path in files:
        publication.extend(read_cells(path))
    return audit_publication(read_population(study.folder), publication, threshold)


def test_a_draft_with_one_figure_more_changes_no_number_and_gives_none_away(
    worded_twice: Study, tmp_path: Path
) -> None:
    snapshot = drawn(worded_twice, tmp_path / "snapshot", 70)
    ledger = ledger_of(snapshot.folder, None)
    write_report(worded_twice, snapshot, tmp_path / "one", ("nl",), kinds=(), ledger=ledger)
    folder = tmp_path / "more"
    shutil.copytree(worded_twice.folder, folder)
    figure = "## Meer\n\n{{ figure_table('kinds', by='job', of=\"aggression != 'no'\") }}\n"
    (folder / "report/nl/57-meer.md").write_text(figure, encoding="utf-8")
    more = load(folder)
    again = read(more, snapshot.folder)
    write_report(more, again, tmp_path / "two", ("nl",), kinds=(), ledger=ledger)
    files = [tmp_path / draft / "numbers-nl.jsonl" for draft in ("one", "two")]
    first, second = (
        {(e.location, e.cell): e.printed for e in model.read_manifest(f)} for f in files
    )
    assert first.items() <= second.items()
    assert len(second) > len(first)
    found = audited(more, files, 5)
    assert not found.findings, write_text(found)


def test_tables_after_a_report_print_what_the_report_printed(
    worded_twice: Study, tmp_path: Path
) -> None:
    snapshot = drawn(worded_twice, tmp_path / "snapshot", 70)
    where = str(worded_twice.folder)
    report(snapshot.folder, out=tmp_path / "report", study=where, format=("xlsx",))
    tables(snapshot.folder, out=tmp_path / "first", study=where, format=("csv",))
    tables(snapshot.folder, out=tmp_path / "one", study=where, format=("csv",), table=("together",))
    every = rows(tmp_path / "first" / "tables.csv")
    alone = rows(tmp_path / "one" / "tables.csv")
    assert alone == [row for row in every if row["table"] == "together"]
    ledger = tmp_path / "snapshot.releases.jsonl"
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 1


def test_a_second_snapshot_is_not_published_beside_the_first(
    worded_twice: Study, tmp_path: Path
) -> None:
    where, ledger = str(worded_twice.folder), tmp_path / "ledger"
    first = drawn(worded_twice, tmp_path / "first", 70)
    tables(first.folder, out=tmp_path / "out", study=where, format=("csv",), ledger=ledger)
    later = drawn(worded_twice, tmp_path / "later", 73)
    with pytest.raises(LedgerRefused, match="who came in between"):
        tables(later.folder, out=tmp_path / "new", study=where, format=("csv",), ledger=ledger)
    assert not (tmp_path / "new").exists()


def test_every_line_of_what_is_cleared_apart_says_that_it_is_not_for_publication(
    strict: Study, taken: Snapshot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = str(strict.folder)
    tables(taken.folder, out=tmp_path, study=where, format=("csv",))
    cell = rows(tmp_path / "tables.csv")[0]["cell"]
    capsys.readouterr()
    for call in (
        lambda: explain(cell, taken.folder, study=where),
        lambda: influence(taken.folder, study=where),
        lambda: waves(taken.folder, taken.folder, study=where),
        lambda: response_rates(taken.folder, study=where),
        lambda: funnel(taken.folder, study=where),
        lambda: reproduce(taken.folder, study=where),
    ):
        call()
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) > 2
        assert [line for line in lines if not line.startswith("not for publication | ")] == []
    tables(taken.folder, out=tmp_path, study=where, format=("csv",))
    assert "not for publication" not in capsys.readouterr().out


def test_every_record_of_what_is_cleared_apart_says_that_it_is_not_for_publication(
    strict: Study, taken: Snapshot, tmp_path: Path
) -> None:
    waves(taken.folder, taken.folder, study=str(strict.folder), out=tmp_path / "waves.csv")
    shown = notebook.study(strict.folder, "en").tables(taken.folder)["job"]
    shown.to_csv(tmp_path / "job.csv")
    for name in ("waves.csv", "job.csv"):
        found = rows(tmp_path / name)
        assert {row["publication"] for row in found} == {"not for publication"}
    assert {row["publication"] for row in shown.rows} == {"not for publication"}
    caption = shown._repr_html_().partition("</figcaption>")[0]
    assert "Not for publication" in caption
