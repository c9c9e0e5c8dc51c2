"""The commands a newcomer types, as they are typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from blikveld.cli import demo
from blikveld.study.load import load

STUDIES = Path(__file__).parents[1] / "studies"


def _blikveld(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from blikveld.cli import main; main()", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)


def test_reproduce_as_json(tmp_path: Path) -> None:
    done = _blikveld(
        "reproduce", "--format", "json", "--manifest", "apart/manifest.json", cwd=tmp_path
    )
    assert done.returncode == 0
    printed = json.loads(done.stdout)
    assert (printed["missed"], printed["publication"]) == ([], "not for publication")
    manifest = json.loads((tmp_path / "apart" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest) == len({entry["id"] for entry in manifest}) > 1900
    assert {entry["publication"] for entry in manifest} == {"not for publication"}


def test_a_study_with_five_faults(tmp_path: Path) -> None:
    done = _blikveld("study", "check", str(STUDIES / "five_faults"), cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 5
    assert all(".yaml:" in line for line in done.stderr.splitlines())


def test_trouble_is_told_in_one_line_without_a_traceback(tmp_path: Path) -> None:
    done = _blikveld("funnel", "--study", "no-such-study", cwd=tmp_path)
    assert done.returncode == 2
    assert "no-such-study" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_study_of_your_own_goes_the_whole_way(tmp_path: Path) -> None:
    assert _blikveld("study", "new", "mine", cwd=tmp_path).returncode == 0
    assert _blikveld("study", "check", "mine", cwd=tmp_path).returncode == 0
    done = _blikveld("demo", "--study", "mine", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "out" / "report").iterdir()}
    assert {"report-nl.pdf", "report-nl.html", "tables-nl.xlsx"} <= made
    again = _blikveld("study", "new", "mine", cwd=tmp_path)
    assert again.returncode == 2


def test_a_demo_writes_over_no_folder_that_no_demo_made(tmp_path: Path) -> None:
    kept = tmp_path / "thesis.txt"
    kept.write_text("years of work", encoding="utf-8")
    with pytest.raises(demo.NotADemo):
        demo.run(load("example"), tmp_path)
    assert kept.read_text(encoding="utf-8") == "years of work"
