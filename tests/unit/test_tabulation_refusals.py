"""`blikveld tables`: what is written is cleared and whole; bad input is refused in words.

Everybody here is invented, but for the reference respondents' published counts.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from blikveld.cli.app import app, main
from blikveld.disclosure import Policy, release_tables
from blikveld.publish import table_files
from blikveld.publish.explain import NoSuchCell, cell_sql, find_cell
from blikveld.responses.snapshot import ABOUT, ROWS, Snapshot, read, write
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.tabulation.by_stratum import NoSuchGroup, groups_against, shifts, stratify
from blikveld.tabulation.tables import count_tables


@pytest.fixture(scope="module")
def snapshot(flagship: Study, reference: Path) -> Snapshot:
    return read(flagship, reference)


@pytest.fixture
def copied(snapshot: Snapshot, tmp_path: Path) -> Path:
    return Path(shutil.copytree(snapshot.folder, tmp_path / "snapshot"))


KINDS = ("csv", "xlsx", "json", "parquet")


def run(*words: str) -> int:
    return int(app(list(words), result_action="return_value"))


def test_four_formats_tell_the_same(snapshot: Snapshot, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kinds = [word for kind in KINDS for word in ("--format", kind)]
    chosen = ["--table", "annex_c", "--table", "figure_35"]
    assert run("tables", str(snapshot.folder), "--out", str(out), *kinds, *chosen) == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(f"tables.{k}" for k in KINDS)
    with (out / "tables.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    cells = json.loads((out / "tables.json").read_text(encoding="utf-8"))["cells"]
    with duckdb.connect() as engine:
        query = "SELECT cell, count, base FROM read_parquet(?)"
        stored = engine.execute(query, [str(out / "tables.parquet")]).fetchall()
    assert [line["cell"] for line in lines] == [cell["cell"] for cell in cells]
    assert [(c["cell"], c["count"], c["base"]) for c in cells] == stored
    assert [line["count"] for line in lines] == [
        "" if c["count"] is None else str(c["count"]) for c in cells
    ]
    assert len(load_workbook(out / "tables.xlsx").sheetnames) == 3
    police = next(c for c in cells if c["row"] == "order.community_officer" and c["column"] == "no")
    assert (police["counts"], police["base"]) == ("respondents", 127)


def test_small_counts_are_kept_back_in_every_file(snapshot: Snapshot, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("tables", str(snapshot.folder), "--out", str(out), "--format", "json", "--table", "annex_c")
    cells = json.loads((out / "tables.json").read_text(encoding="utf-8"))["cells"]
    withheld = [cell for cell in cells if cell["suppressed"]]
    assert withheld
    assert all(cell["count"] is None and cell["percent"] is None for cell in withheld)
    assert all(not Policy().small(cell["count"]) for cell in cells if not cell["suppressed"])


def test_both_engines_write_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    for engine in ("numpy", "duckdb"):
        words = ("--format", "csv", "--engine", engine, "--table", "figure_10")
        run("tables", str(snapshot.folder), "--out", str(tmp_path / engine), *words)
    first, second = (tmp_path / engine / "tables.csv" for engine in ("numpy", "duckdb"))
    assert first.read_bytes() == second.read_bytes()


def other_version(folder: Path) -> str:
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    (folder / ABOUT).write_text(json.dumps({**about, "version": "1999.1"}), encoding="utf-8")
    return "It is of version '1999.1'"


def changed_byte(folder: Path) -> str:
    content = bytearray((folder / ROWS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / ROWS).write_bytes(content)
    return "is not the file that was written"


def wrong_column(folder: Path) -> str:
    from hashlib import sha256

    path = str(folder / ROWS)
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE r AS SELECT * FROM read_parquet(?)", [path])
        engine.execute("ALTER TABLE r ALTER completed TYPE VARCHAR")
        engine.execute("COPY r TO '" + path.replace("'", "''") + "' (FORMAT parquet)")
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    about["sha256"] = sha256((folder / ROWS).read_bytes()).hexdigest()
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return "The type or place differs of 'completed'"


# The command line reads sys.argv, which a test sets itself.
@pytest.mark.filterwarnings("ignore:Cyclopts application invoked without tokens")
@pytest.mark.parametrize("spoil", [other_version, changed_byte, wrong_column])
def test_a_bad_snapshot_is_refused_and_nothing_is_written(
    copied: Path,
    tmp_path: Path,
    spoil: Callable[[Path], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said, out = spoil(copied), tmp_path / "out"
    command = ["blikveld", "tables", str(copied), "--out", str(out)]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_table_that_is_not_planned_writes_nothing(snapshot: Snapshot, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(Exception, match="annex_z"):
        run("tables", str(snapshot.folder), "--out", str(out), "--table", "annex_z")
    assert not out.exists()


def test_when_one_file_fails_none_is_written(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError(str(path))

    def work(path: Path) -> None:
        path.write_text("…", encoding="utf-8")

    with pytest.raises(OSError, match=r"tables\.json"):
        table_files.write_all(tmp_path / "out", "tables", {"csv": work, "json": fail})
    assert list((tmp_path / "out").iterdir()) == []


NASTY = "'; DROP TABLE respondents; --"


def test_sql_and_formulas_in_a_label_are_only_words(
    flagship: Study, snapshot: Snapshot, tmp_path: Path
) -> None:
    (plan,) = [p for p in flagship.tables if p.key == "figure_9"]
    spoiled = replace(plan, title={"nl": f"=1+1 {NASTY}", "en": NASTY})
    study = replace(flagship, tables=(spoiled,))
    cleared = release_tables(count_tables(study, snapshot).values(), {}, Policy())
    table_files.write_csv(study, cleared, "nl", tmp_path / "a.csv")
    table_files.write_parquet(study, cleared, "nl", tmp_path / "a.parquet")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert {line["title"] for line in csv.DictReader(file)} == {f"'=1+1 {NASTY}"}
    with snapshot.connect() as connection:
        assert connection.execute("SELECT count(*) FROM respondents").fetchall() == [(2095,)]


def test_a_number_is_explained_by_a_query_that_gives_it(
    flagship: Study, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    found = count_tables(flagship, snapshot, ["annex_d"])["annex_d"]
    cell = next(row for row in found.rows if row.key == "order").cells[2]
    same, home = find_cell(flagship, snapshot, cell.id)
    assert (same.count, same.base) == (cell.count, cell.base)
    assert len(home) == 1
    with snapshot.connect() as connection:
        assert connection.execute(cell_sql(flagship, cell)).fetchall() == [(cell.count, cell.base)]
    assert run("explain", cell.id, str(snapshot.folder), "--language", "en") == 0
    told = capsys.readouterr().out
    assert "respondents with" in told
    assert flagship.version in told
    assert "Rotterdam" in told


def test_an_unknown_number_is_refused(flagship: Study, snapshot: Snapshot) -> None:
    with pytest.raises(NoSuchCell, match="nowhere"):
        find_cell(flagship, snapshot, "nowhere")


def test_rotterdam_comes_first_in_what_moves(flagship: Study, snapshot: Snapshot) -> None:
    names = ["table_3", "forms_overall", "figure_54"]
    found = shifts(stratify(flagship, snapshot, names))
    first = found[0]
    assert (first.stratum.code, round(first.weight, 2)) == ("rotterdam", 0.29)
    assert (first.table, first.head, round(first.share, 2)) == ("table_3", "rotterdam", 0.29)
    drugs = next(s for s in found if (s.table, s.head) == ("forms_overall", "drugs"))
    assert (drugs.count, drugs.base) == (393, 821)
    assert drugs.without == pytest.approx(
        (drugs.count - drugs.left_count) / (drugs.base - drugs.left_base)
    )
    assert all(abs(s.without - s.share) >= 0.03 - 1e-12 for s in found)
    assert all(s.base - s.left_base >= 30 for s in found)


def test_the_big_four_against_the_others(flagship: Study, snapshot: Snapshot) -> None:
    found = stratify(flagship, snapshot, ["forms_overall"])
    against = groups_against(flagship, found, "big_four")["forms_overall"]
    assert against.group.n.ravel()[0] == 467
    assert against.others.n.ravel()[0] == 354
    with pytest.raises(NoSuchGroup, match="big_five"):
        groups_against(flagship, found, "big_five")


def test_the_list_of_what_moves_hides_what_few_would_tell(
    flagship: Study, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--table", "figure_54", "--language", "en")
    assert run("influence", str(snapshot.folder), *words) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if "%)" in line]
    assert rows
    assert "Rotterdam" in rows[0]
    # In figure 54 many municipalities move a share; few have enough people to say so.
    assert len(rows) < len(shifts(stratify(flagship, snapshot, ["figure_54"])))


def test_formats_may_stand_together_with_commas(snapshot: Snapshot, tmp_path: Path) -> None:
    words = ("--table", "figure_5", "--out", str(tmp_path / "o"), "--format")
    assert run("tables", str(snapshot.folder), *words, "csv,xlsx,json,parquet") == 0
    kinds = {path.suffix for path in (tmp_path / "o").iterdir()}
    assert kinds == {".csv", ".xlsx", ".json", ".parquet"}
    with pytest.raises(Exception, match="cannot be written as 'sav'"):
        run("tables", str(snapshot.folder), *words, "csv,sav")


def test_a_language_that_is_not_there_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no language 'fr'"):
        run("tables", str(snapshot.folder), "--out", str(tmp_path / "o"), "--language", "fr")


def test_the_example_study_has_tables_too(tmp_path: Path) -> None:
    study = load("example")
    snapshot = write(study, [], tmp_path / "snapshot")
    out = tmp_path / "out"
    assert run("tables", str(snapshot.folder), "--out", str(out), "--study", "example") == 0
    assert (out / "tables.csv").is_file()
