"""The command as it is used: what it prints, what it returns, what it leaves out on request."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from blikveld.checker.command import main
from blikveld.checker.output.lines import relative_uri

TEXT = """# What the members of the choir said

Of the 50 members, 20 (30%) sing. Half of the members (61%) read notes. Of the 900 visitors, 287
came by train (31%), and of the 70 singers 29 are tall (42%).
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report with a wrong number, a word that does not fit, and a share that was cut off."""
    path = tmp_path / "choir.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def _lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main(arguments)
    return code, capsys.readouterr().out.splitlines()


def test_findings_stand_first_the_surest_above(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = _lines(capsys, str(report))
    assert code == 1
    assert lines[0] == "Cannot be right"
    assert lines[1].startswith("  choir.md:3: wrong: Of the 50 members, 20 (30%) [")
    assert lines[2] == "      20 of 50 is 40.00%, not 30%. It would fit n=15."
    assert "Look at this" in lines
    assert lines[-1].startswith("Numbers found: ")
    assert not any("unchecked:" in line for line in lines[:-1])
    assert any("unchecked:" in line for line in _lines(capsys, str(report), "--all")[1][:-1])


def test_the_exit_code_is_0_without_findings_and_2_when_nothing_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "choir.md"
    path.write_text("Of the 50 members, 20 (40%) sing.", encoding="utf-8")
    assert main([str(path)]) == 0
    assert main([str(tmp_path / "none.md")]) == 2
    assert "none.md: There is no such file." in capsys.readouterr().err


def test_a_dismissed_finding_stays_dismissed_in_the_next_version(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads("".join(_lines(capsys, str(report), "--format", "json")[1]))["findings"]
    kept = tmp_path / "looked-at.txt"
    marks = [finding["fingerprint"] for finding in found]
    kept.write_text("# looked at\n" + "\n".join(f"{m}  it is right" for m in marks), "utf-8")
    code, lines = _lines(capsys, str(report), "--dismissals", str(kept))
    assert (code, len(lines)) == (0, 1)
    assert lines[0].endswith(f"findings: 0. Dismissed: {len(marks)}.")
    report.write_text("# A new chapter\n\nWords.\n\n" + TEXT, encoding="utf-8")
    assert _lines(capsys, str(report), "--dismissals", str(kept))[0] == 0
    report.write_text(TEXT.replace("30%", "33%"), encoding="utf-8")
    code, lines = _lines(capsys, str(report), "--dismissals", str(kept))
    assert code == 1
    assert any(line.startswith(f"Dismissed finding {marks[0]} is no longer") for line in lines)


def test_a_line_that_is_no_dismissal_is_refused_with_its_number(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "looked-at.txt"
    kept.write_text("# looked at\n\nchoir.md:3 is right\n", encoding="utf-8")
    assert main([str(report), "--dismissals", str(kept)]) == 2
    assert "looked-at.txt:3: This is no dismissal." in capsys.readouterr().err


def test_junit_has_a_failure_for_each_finding(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, lines = _lines(capsys, str(report), "--format", "junit")
    suite = ET.fromstring("\n".join(lines))  # noqa: S314  (our own output)
    failures = list(suite.iter("failure"))
    assert suite.get("failures") == str(len(failures))
    assert suite.get("tests") == str(len(failures) + 1)
    assert {f.get("type") for f in failures} == {"cannot be right", "look at this"}


def test_sarif_names_files_from_where_the_command_was_given(tmp_path: Path) -> None:
    assert relative_uri(tmp_path / "a b" / "r%1.md", tmp_path) == "a%20b/r%251.md"
    assert relative_uri(Path("/elsewhere/r.md"), tmp_path) == "r.md"


def test_one_sided_tests_are_allowed_where_they_are_spoken_of_and_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.md"
    told = "We used one-sided tests where the plan said so. "
    path.write_text(f"# The study of the choir\n\n{told}They differ, t(28) = 1.80, p = .041.\n")
    code, lines = _lines(capsys, str(path))
    assert code == 1
    assert lines[0] == "Look at this"
    assert main([str(path), "--one-sided"]) == 0
    path.write_text("# The study of the choir\n\nA one-sided test: t(28) = 1.80, p = .041.\n")
    assert main([str(path)]) == 0


def test_the_module_runs_as_a_program(report: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "blikveld.checker", str(report)], capture_output=True, timeout=60
    )
    assert done.returncode == 1


def test_of_several_reports_the_worst_decides(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = tmp_path / "right.md"
    right.write_text("Of the 50 members, 20 (40%) sing.", encoding="utf-8")
    assert main([str(right), str(report)]) == 1
    assert main([str(right), str(report), str(tmp_path / "none.md")]) == 2
    assert capsys.readouterr().out.count("choir.md:3") >= 2
    with pytest.raises(SystemExit):
        main([str(right), str(report), "--format", "json"])


def test_the_checker_alone_needs_no_other_room(tmp_path: Path) -> None:
    """What `packaging/blikveld-check` packs: no Django, DuckDB or SciPy, nor another room."""
    code = (
        "import sys, blikveld.checker.command, blikveld.checker.local_page\n"
        "import blikveld.checker.extract.sheets, blikveld.checker.extract.plain\n"
        "import blikveld.checker.extract.markup, blikveld.checker.extract.pdf\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    foreign = {"django", "duckdb", "scipy", "cyclopts", "rich", "pypdfium2"}
    assert not loaded & foreign
    ours = {n for n in loaded if n.startswith("blikveld.") and not n.startswith("blikveld.checker")}
    assert ours == {"blikveld.errors"}


def test_a_document_is_read_by_the_library_of_its_kind_only(report: Path) -> None:
    code = f"from blikveld.checker.command import main; import sys; main([{str(report)!r}]); "
    code += "print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"lxml", "openpyxl"}


def test_every_package_of_the_checker_is_packed() -> None:
    root = Path(__file__).parents[2]
    packed = tomllib.loads((root / "packaging/blikveld-check/pyproject.toml").read_text())
    source = root / "src"
    there = {
        ".".join(path.parent.relative_to(source).parts)
        for path in (source / "blikveld/checker").rglob("__init__.py")
    }
    assert set(packed["tool"]["setuptools"]["packages"]) == there | {"blikveld"}
    house = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert packed["project"]["version"] == house["version"]
