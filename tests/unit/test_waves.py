"""The same study in two periods. Everybody here is invented."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from blikveld.cli.waves import waves
from blikveld.cli.waves import write as write_changes
from blikveld.disclosure.waves import Change, Changes, Comparability
from blikveld.errors import BlikveldError, Faults
from blikveld.responses.schema import ResponseRecord, raw_names
from blikveld.responses.snapshot import write
from blikveld.rules import Missing, Value
from blikveld.stats.hypothesis_tests import Correction
from blikveld.study.load import find_faults, load
from blikveld.study.model import Study

MADE = Path(__file__).parents[1] / "studies/made"
TABLE = """tables:
  - key: liking
    number: {nl: "Figuur 1", en: "Figure 1"}
    title: {nl: "Liefde", en: "Love"}
    base: "True"
    rows: [function_row]
    columns: liking
"""
MAPPING = """waves:
  - from: "1"
    renamed:
      - {variable: liking, old: little, new: somewhat}
"""


def version(folder: Path, name: str, mapping: str = "") -> Path:
    """The invented study; in version 2 'little' is called 'somewhat' and 'never' is new."""
    made = shutil.copytree(MADE, folder / f"study-{name}")
    (made / "tables.yaml").write_text(TABLE, encoding="utf-8")
    (made / "study.yaml").write_text(
        (made / "study.yaml").read_text(encoding="utf-8").replace('"1"', f'"{name}"'),
        encoding="utf-8",
    )
    if name == "2":
        for file in ("questionnaire.yaml", "derived.yaml"):
            text = (made / file).read_text(encoding="utf-8")
            new = '    - {code: never, label: {nl: "Nooit", en: "Never"}}\n    - {code: dont_know'
            text = text.replace("    - {code: dont_know", new).replace(
                "{code: little", "{code: somewhat"
            )
            text = text.replace("'little'", "'somewhat'").replace("little: 1", "somewhat: 1")
            (made / file).write_text(text, encoding="utf-8")
    if mapping:
        (made / "waves.yaml").write_text(mapping, encoding="utf-8")
    return made


def snapshot(study: Study, folder: Path, answers: dict[str, int]) -> Path:
    people = [answer for answer, number in answers.items() for _ in range(number)]
    system = {"municipality": "veen", "mode": "web", "language": "nl", "completed": True}
    nobody: dict[str, Value] = dict.fromkeys(raw_names(study), Missing.NOT_ASKED)
    made = [
        ResponseRecord(str(n), {**nobody, **system, "job": "baker", "liking": answer})
        for n, answer in enumerate(people)
    ]
    write(study, made, folder)
    return folder


def compared(
    tmp_path: Path, later: dict[str, int], mapping: str = MAPPING
) -> dict[str, dict[str, str]]:
    """What is written of the row of all together, by category."""
    old, new = version(tmp_path, "1"), version(tmp_path, "2", mapping)
    first = snapshot(load(old), tmp_path / "one", {"much": 40, "little": 30, "dont_know": 10})
    second = snapshot(load(new), tmp_path / "two", later)
    out = tmp_path / "changes.csv"
    waves(first, second, study=str(new), earlier_study=str(old), out=out)
    lines = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    return {line["column"]: line for line in lines if line["row"] == "all"}


def test_a_difference_has_an_interval_and_a_corrected_p(tmp_path: Path) -> None:
    found = compared(tmp_path, {"much": 20, "somewhat": 50, "never": 20, "dont_know": 10})
    renamed = found["somewhat"]
    assert (renamed["earlier_count"], renamed["earlier_base"]) == ("30", "80")
    assert (renamed["later_count"], renamed["later_base"]) == ("50", "100")
    assert renamed["points"] == "12.5"
    assert float(renamed["low"]) < 12.5 < float(renamed["high"])
    assert "Newcombe" in renamed["interval"]
    # Three categories of all together, Holm: that all of them are bakers is suppressed.
    assert (renamed["correction"], renamed["comparisons"]) == ("holm", "3")
    # R: prop.test(c(40, 20), c(80, 100), correct = FALSE)$p.value is 2.2e-05; times three.
    assert found["much"]["p_corrected"] == "0.0001"


def test_a_category_of_one_wave_is_said_and_is_not_nought(tmp_path: Path) -> None:
    never = compared(tmp_path, {"much": 20, "somewhat": 50, "never": 20})["never"]
    assert never["comparability"] == "only in the later wave"
    assert never["earlier_count"] == never["points"] == never["p_corrected"] == ""


def test_small_counts_are_kept_back_and_so_is_the_difference(tmp_path: Path) -> None:
    found = compared(tmp_path, {"much": 50, "somewhat": 50, "dont_know": 3, "never": 20})
    assert found["dont_know"]["comparability"] == "suppressed"
    assert found["dont_know"]["later_count"] == found["dont_know"]["points"] == ""
    assert found["dont_know"]["earlier_count"] == "10"


def test_the_same_version_needs_no_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = version(tmp_path, "1")
    one = snapshot(load(study), tmp_path / "one", {"much": 40, "little": 40})
    two = snapshot(load(study), tmp_path / "two", {"much": 10, "little": 70})
    assert waves(one, two, study=str(study)) == 0
    shown = capsys.readouterr().out
    assert "one family" in shown
    assert "-37.5" in shown


def test_another_version_is_refused_without_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(BlikveldError, match=r"waves\.yaml"):
        compared(tmp_path, {"much": 20}, mapping="")


def test_a_code_that_the_earlier_version_had_not_is_a_fault_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="has no 'liking' with a code 'litle'") as raised:
        compared(tmp_path, {"much": 20}, mapping=MAPPING.replace("little", "litle"))
    assert raised.value.faults[0].line == 4


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("renamed:", "renaamd: []\n    renamed:", "unknown-key", 3),
        ("new: somewhat", "new: somewhta", "unknown-code", 4),
        ("variable: liking", "variable: likng", "rule-name", 4),
        ('from: "1"', 'from: "2"', "wave", 2),
    ],
)
def test_what_does_not_exist_is_a_fault_with_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    (fault,) = find_faults(version(tmp_path, "2", MAPPING.replace(old, new)))
    assert (fault.file, fault.line, fault.code) == ("waves.yaml", line, code)


def test_two_old_codes_may_not_become_one(tmp_path: Path) -> None:
    twice = MAPPING + "      - {variable: liking, old: other, new: somewhat}\n"
    (fault,) = find_faults(version(tmp_path, "2", twice))
    assert (fault.code, fault.line) == ("duplicate", 5)


def test_a_key_that_reads_as_missing_elsewhere_keeps_its_apostrophe(tmp_path: Path) -> None:
    change = Change("NA", "null", "none", Comparability.ONLY_EARLIER, None, None)
    write_changes(Changes((change,), Correction.HOLM, 0), tmp_path / "waves.csv")
    (line,) = csv.DictReader((tmp_path / "waves.csv").read_text(encoding="utf-8").splitlines())
    assert (line["table"], line["row"], line["column"]) == ("'NA", "'null", "'none")
