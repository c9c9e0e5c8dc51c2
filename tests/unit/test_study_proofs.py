"""Everything in a questionnaire can be reached, or its author is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blikveld.rules import Missing, evaluate, parse
from blikveld.study.check import faults
from blikveld.study.load import load
from blikveld.study.ways import needed, ways

STUDIES = Path(__file__).parents[1] / "studies"
FILE = "questionnaire.yaml"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("pets == 'yes'", "pets == 'yes' and pets == 'no'", "animals"),
        ("pets == 'yes'", "False", "animals"),
        ("count(animals) >= 2", "count(animals) >= 5", "most"),
        ("count(animals) >= 2", "'none' in animals and 'dog' in animals", "most"),
        ("count(animals) >= 2", "pets == 'no' and 'dog' in animals", "most"),
        ("bridge == 'yes'", "municipality == 'zand' and bridge == 'yes'", "crossed"),
        ("district in ('veen_noord', 'elsewhere')", "district == 'zand_duin'", "bridge"),
    ],
)
def test_a_question_that_nobody_can_reach_is_a_fault(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8").replace(old, new)
    (folder / FILE).write_text(text, encoding="utf-8")
    found = faults(folder)
    assert {fault.code for fault in found} == {"routing"}
    first = found[0]
    assert f"No answers lead to {key!r}" in first.problem
    assert first.line == text.partition(f"- question: {key}\n")[0].count("\n") + 1


def test_the_most_that_can_be_chosen_can_be_asked_for(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8")
    four = text.replace("count(animals) >= 2", "count(animals) >= 4")
    (folder / FILE).write_text(four, encoding="utf-8")
    assert faults(folder) == ()


def test_a_text_that_nobody_sees_is_a_fault_too(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8")
    hidden = text.replace("      - text: hello\n", "      - text: hello\n        ask_if: 'False'\n")
    (folder / FILE).write_text(hidden, encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.line, fault.code) == (15, "routing")


def test_a_rule_that_can_be_met_in_too_many_ways_is_not_called_proven(tmp_path: Path) -> None:
    options = "options: [{code: a, label: {en: A}}, {code: b, label: {en: B}}]"
    rule = " and ".join(f"q{number} == 'a'" for number in range(40)) + " and q39 == 'b'"
    lines = ["parts:", "  - key: all", "    title: {en: All}", "    items:"]
    lines += [
        f"      - {{question: q{number}, kind: single, text: {{en: Q}}, {options}}}"
        for number in range(40)
    ]
    last = f'{{question: last, kind: single, ask_if: "{rule}", text: {{en: Q}}, {options}}}'
    shutil.copy(STUDIES / "first" / "study.yaml", tmp_path / "study.yaml")
    (tmp_path / FILE).write_text("\n".join([*lines, f"      - {last}"]), encoding="utf-8")
    (found,) = faults(tmp_path)
    assert (found.code, found.line) == ("routing", 45)
    assert "cannot be proven" in found.problem


def test_what_a_rule_hangs_on_near_and_far() -> None:
    study = load(STUDIES / "routing")
    assert needed(study, parse("answered(animals_other)")) == {"pets", "animals"}
    bridge = {"bridge", "district", "municipality"}
    assert needed(study, parse("bridge == 'yes'")) == bridge


def test_answers_that_no_rule_tells_apart_go_one_way() -> None:
    study = load(STUDIES / "routing")
    rule = parse("'dog' in animals and not (age == '0-17')")
    rules = [rule, study.questions["animals"].ask_if]
    found = list(ways(study, ("pets", "animals", "age"), rules))
    # No animals; a dog or none of the dogs: each for young, not young, and no answer.
    assert len(found) == 9
    assert {evaluate(rule, person) for person in found} == {True, False, None}
    assert {person["animals"] for person in found if person["pets"] == "no"} == {Missing.NOT_ASKED}
