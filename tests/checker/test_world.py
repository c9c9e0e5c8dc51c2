"""The script that measures on strangers' reports, on two small ones of our own."""

from __future__ import annotations

import csv
import importlib.util
import random
import sys
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest

ROWS = "".join(
    f"| Part {n} | {n} ({n}%) | {2 * n} ({2 * n}%) | {100 - 3 * n} ({100 - 3 * n}%) | 100 |\n"
    for n in range(11, 20)
)
TABLE = f"# What the choir said\n\n| Part | Yes | No | Maybe | Total |\n|--|--|--|--|--|\n{ROWS}"
TEXT = "# What the choir said\n\nOf the 50 members, 20 (30%) sing. Later 30 of 40 (75%) dance.\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with its tables in a folder of the test and two documents to measure on."""
    path = Path(__file__).parents[2] / "world" / "checker.py"
    spec = importlib.util.spec_from_file_location("world_checker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "world_checker", module)
    spec.loader.exec_module(module)
    (tmp_path / "checker").mkdir()
    rows = []
    for name, text in (("table.md", TABLE), ("text.md", TEXT)):
        (tmp_path / "checker" / name).write_text(text, encoding="utf-8")
        rows.append((name, "own/tests", name, "0" * 40, sha256(text.encode()).hexdigest()))
    with (tmp_path / "sources.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "repository", "path", "commit", "sha256"), *rows])
    for name, file_name in (
        ("SOURCES", "sources.csv"),
        ("FINDINGS", "f.csv"),
        ("PLANTED", "p.csv"),
        ("TABLE", "t.md"),
    ):
        monkeypatch.setattr(module, name, tmp_path / file_name)
    monkeypatch.setattr(sys, "argv", ["checker.py", str(tmp_path), "--sow"])
    return module


def test_findings_are_listed_once_and_labels_are_kept(
    world: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.main()
    assert "| percentage of a base | 1 | 0 | 0 | 1 | 0.0% |" in capsys.readouterr().out
    labelled = tmp_path / "f.csv"
    text = labelled.read_text(encoding="utf-8")
    labelled.write_text(text.replace(",,\n", ",true,20 of 50 is 40%\n"), encoding="utf-8")
    world.main()
    assert "| percentage of a base | 1 | 1 | 0 | 0 | 100.0% |" in capsys.readouterr().out
    assert "text.md" in (tmp_path / "t.md").read_text(encoding="utf-8")


def test_errors_are_sown_from_the_document_alone_and_found(
    world: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.main()
    planted = tmp_path / "p.csv"
    text = planted.read_text(encoding="utf-8")
    assert text.count("table.md,table,") == world._SOWN["table"]
    assert "text.md,pair," in text
    planted.write_text(text.replace(",,\n", ",yes,\n"), encoding="utf-8")
    sys.argv.pop()
    capsys.readouterr()
    world.main()
    assert "| tables that are judged | 3 | 1 | 3 | 3 | 3 (100.0%) |" in capsys.readouterr().out
    assert planted.read_text(encoding="utf-8").count(",yes,") == text.count("\n") - 1


def test_an_error_that_nobody_can_see_is_counted_apart(world: ModuleType) -> None:
    error = world.Planted("a", "test", 1, "", "", ".001", ".010", "no")
    seen = world.Planted("a", "test", 1, "", "", ".001", ".9", "yes")
    rows = list(world.recall([world.Outcome(error, True, False), world.Outcome(seen, True, True)]))
    assert "| tests | 2 | 1 | 1 | 1 | 1 (100.0%) |" in rows


def test_a_file_that_was_changed_is_refused(world: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "checker" / "text.md").write_text("other", encoding="utf-8")
    with pytest.raises(ValueError, match="another file"):
        world.main()


def test_a_typing_error_is_another_number(world: ModuleType) -> None:
    chance = random.Random(1)
    found = {world.mistyped("1,637", chance) for _ in range(200)} - {None}
    assert "1,637" not in found
    assert {"1,673", "6,137"} <= found
    assert world.mistyped("7", chance) is None
