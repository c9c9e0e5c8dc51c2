"""Everything in a questionnaire can be reached, or its author is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blikveld.study.load import examine, find_faults, load

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
    found = find_faults(folder)
    assert {fault.code for fault in found} == {"routing"}
    first = found[0]
    assert f"No answers lead to {key!r}" in first.problem
    assert first.line == text.partition(f"- question: {key}\n")[0].count("\n") + 1


def test_the_most_that_can_be_chosen_can_be_asked_for(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8")
    four = text.replace("count(animals) >= 2", "count(animals) >= 4")
    (folder / FILE).write_text(four, encoding="utf-8")
    assert find_faults(folder) == ()


def test_a_text_that_nobody_sees_is_a_fault_too(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8")
    hidden = text.replace("      - text: hello\n", "      - text: hello\n        ask_if: 'False'\n")
    (folder / FILE).write_text(hidden, encoding="utf-8")
    (fault,) = find_faults(folder)
    assert (fault.line, fault.code) == (15, "routing")


OPTIONS = "options: [{code: a, label: {en: A}}, {code: b, label: {en: B}}]"


def _forty_questions(folder: Path, rule: str) -> Path:
    """A study of forty questions with two answers, and one that is asked where the rule is true."""
    lines = ["sections:", "  - key: all", "    title: {en: All}", "    items:"]
    lines += [
        f"      - {{question: q{number}, kind: single, text: {{en: Q}}, {OPTIONS}}}"
        for number in range(40)
    ]
    last = f'{{question: last, kind: single, ask_if: "{rule}", text: {{en: Q}}, {OPTIONS}}}'
    shutil.copy(STUDIES / "first" / "study.yaml", folder / "study.yaml")
    (folder / FILE).write_text("\n".join([*lines, f"      - {last}"]), encoding="utf-8")
    return folder


def test_a_rule_over_many_questions_is_proven_either_way(tmp_path: Path) -> None:
    rule = " and ".join(f"q{number} == 'a'" for number in range(40))
    assert find_faults(_forty_questions(tmp_path, rule)) == ()
    (found,) = find_faults(_forty_questions(tmp_path, f"{rule} and q39 == 'b'"))
    assert (found.code, found.line) == ("routing", 45)
    assert "These cannot hold together: it asks for q39 == 'a'; it asks for q39 == 'b'." in (
        found.problem
    )


def test_what_is_not_decided_is_a_remark_and_refuses_nothing(tmp_path: Path) -> None:
    # Eleven people on ten chairs, no two on one: nobody can, and showing it takes very long.
    chairs, people = range(10), range(11)
    options = ", ".join(f"{{code: c{chair}, label: {{en: Chair {chair}}}}}" for chair in chairs)
    lines = ["option_lists:", f"  chairs: [{options}]", "sections:", "  - key: all"]
    lines += ["    title: {en: All}", "    items:"]
    lines += [
        f"      - {{question: p{person}, kind: single, text: {{en: Q}}, options: chairs}}"
        for person in people
    ]
    for chair in chairs:
        pairs = [
            f"not (p{n} == 'c{chair}' and p{m} == 'c{chair}')" for n in people for m in range(n)
        ]
        rule = " and ".join(pairs)
        asked = (
            f'{{question: q{chair}, kind: single, ask_if: "{rule}", text: {{en: Q}}, {OPTIONS}}}'
        )
        lines.append(f"      - {asked}")
    rule = " and ".join(f"asked(q{chair})" for chair in chairs)
    last = f'      - {{question: last, kind: single, ask_if: "{rule}", text: {{en: Q}}, {OPTIONS}}}'
    shutil.copy(STUDIES / "first" / "study.yaml", tmp_path / "study.yaml")
    (tmp_path / FILE).write_text("\n".join([*lines, last]), encoding="utf-8")
    found = examine(tmp_path)
    assert found.faults == ()
    (remark,) = found.remarks
    assert (remark.code, remark.line) == ("undecided", 28)
    assert remark.problem == "Whether 'last' is ever reached was not decided."
    assert load(tmp_path).questions["last"].key == "last"


def test_the_reason_names_the_rules_that_contradict_and_their_lines(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8")
    rule = "age == '18+' and pets == 'no' and 'dog' in animals"
    (folder / FILE).write_text(text.replace("count(animals) >= 2", rule), encoding="utf-8")
    (fault,) = find_faults(folder)
    # Nothing about age: it contradicts nothing.
    assert fault.problem == (
        "No answers lead to 'most': its rule is never true. These cannot hold together: it asks "
        "for pets == 'no'; it asks for 'dog' in animals; 'animals' is asked where pets == 'yes' "
        "(questionnaire.yaml:34)."
    )


def test_a_rule_that_is_never_true_by_itself_says_so(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "routing", tmp_path / "study")
    text = (folder / FILE).read_text(encoding="utf-8")
    many = text.replace("count(animals) >= 2", "count(animals) >= 5")
    (folder / FILE).write_text(many, encoding="utf-8")
    assert (
        "Nobody can meet this: it asks for count(animals) >= 5." in find_faults(folder)[0].problem
    )
