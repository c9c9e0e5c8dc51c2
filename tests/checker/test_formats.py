"""Invented documents in Dutch and English, right and wrong, in every format: nothing missed,
nothing made up."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from blikveld.checker.check import check
from blikveld.checker.document import Language
from blikveld.checker.extract import read
from blikveld.checker.findings import ReportedClaim
from blikveld.checker.output.lines import sarif
from blikveld.checker.output.page import page
from blikveld.checker.phrases import Phrases

FORMATS = ("md", "txt", "html", "docx", "pdf", "xlsx", "csv")
Written = Callable[[str, str], Path]


def expected(name: str) -> Counter[tuple[str, str, str, str]]:
    """The findings a person wrote down for a document."""
    with Path(__file__).with_name("expected.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["document"] == name]
    return Counter((r["percent"], r["count"], r["base"], r["class"]) for r in rows)


def found(claim: ReportedClaim) -> tuple[str, str, str, str]:
    """A finding as the expected ones are written."""
    numbers = ("" if n is None else str(n) for n in (claim.percent, claim.count, claim.base))
    percent, count, base = numbers
    return percent, count, base, claim.verdict.value


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ["right.en", "wrong.en", "right.nl", "wrong.nl"])
def test_exactly_the_wrong_numbers_are_found(name: str, suffix: str, written: Written) -> None:
    result = check(read(written(name, suffix)))
    assert Counter(map(found, result.findings)) == expected(name)


@pytest.mark.parametrize("suffix", FORMATS)
def test_right_documents_are_checked_and_not_just_passed_over(
    suffix: str, written: Written
) -> None:
    coverage = check(read(written("right.en", suffix))).coverage
    # Four percentages of that document have no base anywhere in it.
    found = 68 if suffix == "txt" else 64  # torn tables are also added up along rows
    assert (coverage.found, coverage.unchecked) == (found, 4)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, as a reader runs it."""
    command = [sys.executable, "-c", "from blikveld.cli import main; main()", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_text_ends_with_coverage_and_exit_code_1_when_something_is_wrong(
    written: Written,
) -> None:
    wrong = run(str(written("wrong.en", "md")))
    assert wrong.returncode == 1
    assert wrong.stdout.splitlines()[-1].startswith("Numbers found: 79, checked: 75, unchecked: 4;")
    right = run(str(written("right.nl", "md")))
    assert right.returncode == 0
    assert right.stdout.splitlines()[-1].startswith("Getallen gevonden: 61")


def test_json_has_claims_findings_and_coverage(written: Written) -> None:
    done = run(str(written("wrong.nl", "html")), "--format", "json", "--language", "nl")
    data = json.loads(done.stdout)
    assert done.returncode == 1
    assert data["coverage"]["found"] == len(data["claims"])
    assert {"text", "line", "base", "count", "percent", "verdict"} <= data["claims"][0].keys()
    assert all(finding["explanation"] for finding in data["findings"])
    cell = next(f for f in data["findings"] if f["percent"] == "12")
    assert (cell["table"], cell["row"], cell["column"]) == (
        "Tabel 1. Voelt zich veilig, per plaats",
        "Noorddorp",
        "Nee",
    )


def test_html_marks_and_explains_every_finding_and_escapes_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("<b>Total n=821, 84% equals n=393.</b> <script>x</script>\n", encoding="utf-8")
    document = read(path)
    result = check(document, Language.ENGLISH)
    shown = page(document, result, Phrases(Language.ENGLISH))
    assert "<script>" not in shown
    assert "<mark>&lt;b&gt;Total n=821, 84% equals n=393." in shown
    assert shown.count('class="why" id="finding-') == len(result.findings) == 1


def test_sarif_points_at_the_line(written: Written) -> None:
    path = written("wrong.en", "md")
    document = read(path)
    result = check(document)
    log = sarif(result, document, "report.md", Phrases(Language.ENGLISH))
    results = log["runs"][0]["results"]
    assert len(results) == len(result.findings)
    place = results[0]["locations"][0]["physicalLocation"]
    region = {"startLine": 7, "startColumn": 1, "endColumn": 58}
    assert place == {"artifactLocation": {"uri": "report.md"}, "region": region}
    assert {each["level"] for each in results} == {"error", "warning", "note"}
    marks = [each["partialFingerprints"]["blikveldFinding/v1"] for each in results]
    assert len(set(marks)) == len(marks)
    rules = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {each["ruleId"] for each in results} == rules
