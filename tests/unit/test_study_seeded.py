"""Faults of every kind, each sown by itself in a small study, found at the line of its rule."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from blikveld.cli.study import check
from blikveld.errors import ExitCode
from blikveld.study.load import examine

STUDY = Path(__file__).parents[1] / "studies" / "edited"
Q, S, D, T, N = "questionnaire.yaml", "study.yaml", "derived.yaml", "tables.yaml", "inclusion.yaml"
WHY = "ask_if: \"'brown' in bread\""
LOAVES = "      - question: loaves\n        kind: number\n"
KEEN_NO = '      - {code: "no", label: {nl: "Nee", en: "No"}, when: "liking == \'little\'"}\n'
RYE = '{code: rye, label: {nl: "Rogge", en: "Rye"}}'
BROWN = '{code: brown, label: {nl: "Bruin", en: "Brown"}}'
YES_NO = "options: [{code: y, label: {nl: Ja, en: 'Yes'}}, {code: n, label: {nl: Nee, en: 'No'}}]"


@dataclass(frozen=True)
class Seed:
    """A fault: what is replaced by what in a file, and what has to be found.

    `at` stands on the line of the fault, after the change; `file` is where, if it is not the file
    that was changed. `words` stand in what is said.
    """

    name: str
    changed: str
    old: str
    new: str
    code: str
    at: str
    words: tuple[str, ...] = ()
    file: str = ""
    hint: bool = False


def _question(key: str, rule: str) -> str:
    return (
        f"      - {{question: {key}, kind: single, text: {{nl: '{key}?', en: '{key} ?'}}, "
        f'ask_if: "{rule}", {YES_NO}}}\n'
    )


def _asked(rule: str) -> str:
    return f'ask_if: "{rule}"'


SEEDS = (
    Seed(
        "a question that nobody is asked",
        Q,
        WHY,
        _asked("job == 'baker' and job == 'butcher'"),
        "routing",
        "question: why",
        ("No answers lead to 'why'", "job == 'baker'; it asks for job == 'butcher'"),
    ),
    Seed(
        "a rule against the rule of another question",
        Q,
        "      - question: liking\n",
        _question("dark", "answered(why) and 'brown' not in bread") + "      - question: liking\n",
        "routing",
        "question: dark",
        ("'why' is asked where 'brown' in bread (questionnaire.yaml:",),
    ),
    Seed(
        "a rule that looks ahead",
        Q,
        LOAVES,
        LOAVES + "        ask_if: \"liking == 'much'\"\n",
        "rule-order",
        'ask_if: "liking',
        ("'liking'",),
    ),
    Seed(
        "a rule that looks at its own question",
        Q,
        LOAVES,
        f"{LOAVES}        {_asked('loaves > 2')}\n",
        "rule-order",
        'ask_if: "loaves',
        ("cannot hang on itself",),
    ),
    Seed(
        "derived variables in a circle",
        D,
        "liking == 'much'",
        "jolly == 'yes'",
        "circle",
        "jolly == 'yes'",
        ("'keen' goes round in a circle: keen -> jolly -> keen.",),
    ),
    Seed(
        "a derived variable that looks ahead",
        D,
        "liking == 'much'",
        "liking_score == 2",
        "rule-order",
        "liking_score == 2",
        ("'liking_score' is made later (line ",),
    ),
    Seed(
        "a code that the question does not have",
        Q,
        WHY,
        _asked("job == 'bakker'"),
        "rule-code",
        "ask_if",
        ("'baker'",),
    ),
    Seed(
        "a question that does not exist",
        Q,
        WHY,
        _asked("jobb == 'baker'"),
        "rule-name",
        "ask_if",
        ("'job'",),
    ),
    Seed(
        "a number beyond its limits",
        Q,
        WHY,
        _asked("loaves > 20"),
        "routing",
        "question: why",
        ("loaves > 20",),
    ),
    Seed("limits that leave no number", Q, "min: 0", "min: 30", "wrong-value", "max: 20"),
    Seed(
        "who hangs on a question that nobody is asked",
        Q,
        "  - key: last\n",
        _question("dead", "loaves > 4 and loaves < 3")
        + _question("child", "dead == 'y'")
        + "  - key: last\n",
        "routing",
        "question: child",
        ("'dead' is asked where loaves > 4 and loaves < 3",),
    ),
    Seed(
        "an answer that nobody is offered",
        Q,
        RYE,
        RYE.replace("}}", "}, show_if: \"job == 'baker' and job == 'pilot'\"}"),
        "routing",
        "code: rye",
        ("'rye'",),
    ),
    Seed(
        "a value that an earlier case takes whole",
        D,
        KEEN_NO,
        KEEN_NO
        + "      - {code: bit, label: {nl: Beetje, en: A bit}, when: \"liking != 'much'\"}\n",
        "unreachable",
        "code: bit",
        ("the earlier case 'no'", "Example of a respondent: liking 'little'"),
    ),
    Seed(
        "a text that a language lacks",
        Q,
        '{nl: "Welk brood?", en: "Which bread?"}',
        '{nl: "Welk brood?"}',
        "language",
        "Welk brood?",
        ("'en'",),
    ),
    Seed("an empty text", Q, '"Which bread?"', '""', "empty", 'en: ""'),
    Seed(
        "a base of nobody",
        T,
        'base: "True"',
        "base: \"liking == 'much' and liking == 'little'\"",
        "table",
        "base:",
        ("liking == 'much'", "liking == 'little'"),
    ),
    Seed(
        "a base that inclusion leaves out",
        T,
        'base: "True"',
        'base: "not completed"',
        "table",
        "base:",
        ("the step 'completed' (inclusion.yaml:2) keeps completed",),
    ),
    Seed(
        "a base of who was not asked",
        T,
        "    columns: liking\n",
        "    columns: baked\n",
        "base-beyond-asked",
        "base:",
        ("'baked'",),
    ),
    Seed(
        "inclusion that keeps nobody",
        N,
        '"completed"',
        "\"job == 'baker' and job == 'pilot'\"",
        "inclusion",
        "key: completed",
        ("keeps nobody",),
    ),
    Seed(
        "a step by which nobody leaves",
        N,
        '"completed"',
        '"answered(town)"',
        "inclusion",
        "key: completed",
        ("Nobody leaves",),
        hint=True,
    ),
    Seed(
        "one label for two answers",
        Q,
        'nl: "Rogge"',
        'nl: "bruin"',
        "duplicate",
        "code: rye",
        ("'bruin'",),
    ),
    Seed(
        "one code for two answers",
        Q,
        "code: rye",
        "code: brown",
        "duplicate",
        'label: {nl: "Rogge"',
        ("'brown'",),
    ),
    Seed(
        "one name for two questions",
        Q,
        "question: why",
        "question: loaves",
        "duplicate",
        "question: loaves\n        kind: open",
        ("'loaves'",),
    ),
    Seed(
        "one text for two languages",
        Q,
        "Which bread?",
        "Welk brood?",
        "same-text",
        "Welk brood?",
        ("'nl' and 'en'",),
        hint=True,
    ),
    Seed(
        "a code that no map can give",
        D,
        "pilot: rest}",
        "pilot: reste}",
        "unknown-code",
        "map:",
        ("'reste'",),
    ),
    Seed(
        "a map of an answer that is not offered",
        D,
        "pilot: rest",
        "pilott: rest",
        "unknown-code",
        "map:",
        ("'pilott'",),
    ),
    Seed(
        "an answer that leads to no value",
        D,
        ", pilot: rest}",
        "}",
        "coded",
        "key: trade",
        ("'pilot'",),
    ),
    Seed(
        "a score of an answer that is not offered",
        D,
        "little: 1",
        "litle: 1",
        "unknown-code",
        "litle: 1",
        ("'litle'",),
    ),
    Seed(
        "a text that is coded twice",
        "coding.csv",
        "trade,job,molenaar,food\n",
        "trade,job,molenaar,food\ntrade,job,Molenaar,rest\n",
        "coding",
        "Molenaar,rest",
    ),
    Seed(
        "a text coded as nothing",
        "coding.csv",
        "molenaar,food",
        "molenaar,fod",
        "coding",
        "molenaar,fod",
        ("'food'",),
    ),
    Seed(
        "a table of a variable that does not exist",
        T,
        "rows: [trade]",
        "rows: [trades]",
        "rule-name",
        "rows:",
        ("'trade'",),
    ),
    Seed(
        "columns in an order of codes that do not exist",
        T,
        "columns: liking\n",
        "columns: liking\n    order: [much, litle]\n",
        "unknown-code",
        "order:",
        ("'litle'",),
    ),
    Seed("words compared with a number", Q, WHY, _asked("job > 3"), "rule-kind", "ask_if"),
    Seed("a number compared with words", Q, WHY, _asked("loaves == 'many'"), "rule-kind", "ask_if"),
    Seed(
        "more answers than are offered",
        Q,
        WHY,
        _asked("count(bread) > 3"),
        "routing",
        "question: why",
        ("count(bread) > 3",),
    ),
    Seed("a rule that is no rule", Q, WHY, _asked("job = 'baker'"), "rule", "ask_if", ("==",)),
    Seed("a site that does not exist", Q, WHY, _asked("town == 'berg'"), "rule-code", "ask_if"),
    Seed(
        "a group of a site that does not exist",
        S,
        "members: [veen]",
        "members: [ven]",
        "unknown-site",
        "members",
        ("'veen'",),
    ),
    Seed("dates in the wrong order", S, "to: 2027-02-28", "to: 2026-02-28", "date", "2026-02-28"),
    Seed(
        "an earlier answer in a text that is not known yet",
        Q,
        '"Hoeveel per week?"',
        '"Hoeveel per week, {liking|u}?"',
        "rule-order",
        "Hoeveel per week, {liking",
    ),
    Seed(
        "a word of XLSForm for help",
        Q,
        'number: "1"\n',
        "hint: {nl: Kies, en: Choose}\n",
        "unknown-key",
        "hint:",
        ("'help'",),
    ),
    Seed(
        "a word of XLSForm for a rule",
        Q,
        WHY,
        WHY.replace("ask_if", "relevant"),
        "unknown-key",
        "relevant:",
        ("'ask_if'",),
    ),
    Seed(
        "a word of XLSForm for a kind",
        Q,
        "kind: number",
        "kind: integer",
        "wrong-value",
        "kind: integer",
        ("number",),
    ),
    Seed(
        "a report's text with a code that does not exist",
        "report/nl/10-a.md",
        "== 'much'",
        "== 'muchh'",
        "",
        "muchh",
        ("'muchh'",),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The study, with a derived variable more, a question for some only, and a report's text."""
    copy = shutil.copytree(STUDY, tmp_path / "study")
    _replace(copy, Q, "  - key: last\n", _question("baked", "job == 'baker'") + "  - key: last\n")
    jolly = (
        "  - key: jolly\n    label: {nl: Blij, en: Jolly}\n    cases:\n"
        "      - {code: \"yes\", label: {nl: ja, en: 'yes'}, when: \"keen == 'yes'\"}\n"
    )
    _replace(copy, D, "scores:\n", f"{jolly}scores:\n")
    chapter = "# Brood\n\n{{ count(\"liking == 'much'\") }} mensen houden van brood.\n"
    (copy / "report" / "nl").mkdir(parents=True)
    (copy / "report" / "nl" / "10-a.md").write_text(chapter, encoding="utf-8")
    return copy


def _replace(folder: Path, file: str, old: str, new: str) -> str:
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old)
    (folder / file).write_text(changed := text.replace(old, new), encoding="utf-8")
    return changed


def test_the_study_in_which_they_are_sown_has_none(folder: Path) -> None:
    found = examine(folder)
    assert (found.faults, found.remarks) == ((), ())


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_fault_is_found_at_its_line(
    seed: Seed, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = _replace(folder, seed.changed, seed.old, seed.new)
    line = text.partition(seed.at)[0].count("\n") + 1
    assert seed.at in text
    code = check(str(folder))
    said = capsys.readouterr()
    assert code == (ExitCode.DONE if seed.hint else ExitCode.REFUSED)
    shown = " ".join((said.out if seed.hint else said.err).split())
    begin = f"{'Hint: ' if seed.hint else ''}{seed.file or seed.changed}:{line}: "
    assert begin in shown, shown
    whole = shown.partition(begin)[2].partition("]")[0]
    assert f"[{seed.code}" in whole or not seed.code, shown
    assert [words for words in seed.words if words not in shown] == [], shown
