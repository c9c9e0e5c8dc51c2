"""An author gets every fault at once: the file, the line, what is wrong and how to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blikveld.errors import ExitCode, Fault, Faults
from blikveld.study.load import find_faults, load

STUDIES = Path(__file__).parents[1] / "studies"
STUDY, QUESTIONS = "study.yaml", "questionnaire.yaml"
DERIVED, INCLUSION, TABLES, CODING = "derived.yaml", "inclusion.yaml", "tables.yaml", "coding.csv"


def test_five_different_faults_give_five_messages_with_their_lines() -> None:
    with pytest.raises(Faults) as caught:
        load(STUDIES / "five_faults")
    found = [(fault.file, fault.line, fault.code) for fault in caught.value.faults]
    assert found == [
        (QUESTIONS, 11, "duplicate"),
        (QUESTIONS, 14, "rule"),
        (QUESTIONS, 19, "rule-code"),
        (STUDY, 6, "language"),
        (STUDY, 10, "unknown-key"),
    ]
    assert caught.value.exit_code is ExitCode.REFUSED
    assert all(fault.problem and fault.mend for fault in caught.value.faults)
    message = "questionnaire.yaml:19: 'pets' has no code 'yess'. Did you mean 'yes'?"
    assert message in str(caught.value)


@pytest.mark.parametrize("study", ["first", "routing", "answers", "made", "small"])
def test_a_study_without_faults_has_none(study: str) -> None:
    assert find_faults(STUDIES / study) == ()


def changed(to: Path, study: str, file: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of a study in which `old` became `new`, and the line where that stands."""
    folder = shutil.copytree(STUDIES / study, to / "study")
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} must stand exactly once in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder, text.partition(old)[0].count("\n") + 1


def the_only(found: tuple[Fault, ...]) -> Fault:
    assert len(found) == 1, "\n".join(["", *map(str, found)])
    return found[0]


# Each row: what is replaced, by what, the code of the fault, words from its message, and how many
# lines below the replacement it shows.

IN_STUDY = [
    ("modes:", "modus:", "unknown-key", "Did you mean 'modes'?", 0),
    ('version: "1"\n', "", "missing-key", "'version' is missing", -3),
    ('"1"', "1.0", "wrong-type", 'Put quotes around it: "1.0"', 0),
    ("[web]", "web", "wrong-type", "must be a list, not 'web'", 0),
    ("[web]", "[]", "empty", "'modes' is empty", 0),
    ("[web]", "[wep]", "wrong-value", "Did you mean 'web'?", 0),
    ("[web]", "[web, web]", "duplicate", "'web' stands twice", 0),
    ("[web]", "&loop [*loop]", "wrong-type", "must be a text, not a list", 0),
    ("[nl, en]", "[nl, english]", "language", "Write it such as nl", 0),
    ("2027-02-28", "2027-02-30", "date", "'2027-02-30' is no date", 0),
    ("2027-02-28", "2026-02-28", "date", "Turn them round", 0),
    ("2027-02-28", "[28]", "wrong-type", "must be a date", 0),
    ("study: made", "study: Made one", "name", "'Made one' cannot be a name", 0),
    ("key: veen", "key: class", "name", "no word of the rule language", 0),
    ("name: Veen", "name: ", "wrong-type", "must be a text, not empty", 0),
    ("modes:", "modes: [web]\nmodes:", "duplicate-key", "twice, first on line 9", 1),
    ('en: "Variables that are made"', 'en: "{x}"', "placeholder", "leave the braces out", 0),
    ("members: [veen]", "members: [ven]", "unknown-site", "Did you mean 'veen'?", 0),
    ("- code: care", "- code: food", "duplicate", "The code 'food' stands twice", 0),
    ("modes:", "disclosure: {threshold: 0}\nmodes:", "threshold", "Write a whole number of 2", 0),
    ("modes:", "disclosure: {threshold: 1}\nmodes:", "threshold", "A threshold of 1 does", 0),
    ("modes:", "disclosure: {threshold: 4.5}\nmodes:", "threshold", "A threshold of 4.5", 0),
    ("modes:", "disclosure: {threshold: -5}\nmodes:", "threshold", "A threshold of -5", 0),
    ("modes:", "disclosure: {threshold: off}\nmodes:", "threshold", "A threshold of off", 0),
    ("modes:", "disclosure: {treshold: 5}\nmodes:", "unknown-key", "Did you mean 'threshold'?", 0),
    (
        "modes:",
        "disclosure: {zeros: supress}\nmodes:",
        "wrong-value",
        "'zeros' cannot be 'supress'",
        0,
    ),
    ("modes:", "disclosure: 5\nmodes:", "wrong-type", "must be a block of settings", 0),
]


@pytest.mark.parametrize(("old", "new", "code", "words", "below"), IN_STUDY)
def test_in_study_yaml(
    tmp_path: Path, old: str, new: str, code: str, words: str, below: int
) -> None:
    folder, line = changed(tmp_path, "made", STUDY, old, new)
    if old == "key: veen":
        new_group = (folder / STUDY).read_text(encoding="utf-8").replace("[veen]", "[class]")
        (folder / STUDY).write_text(new_group, encoding="utf-8")
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line, fault.code) == (STUDY, line + below, code)
    assert words in f"{fault.problem} {fault.mend}"


BOX = ", text: {nl: a, en: b}}"
ONE_QUESTION = [
    ("- question: tea", "- qestion: tea", "unknown-key", "Did you mean 'question'?", 0),
    ("kind: single", "kind: singel", "wrong-value", "Did you mean 'single'?", 0),
    ("kind: single", "kind: open", "options", "An open question offers no answers", -1),
    ("kind: single", "number: 1\n        kind: single", "wrong-type", 'quotes around it: "1"', 0),
    ("question: tea", "question: mode", "duplicate", "Blikveld itself knows", 0),
    ('"Yes"', '"Yes", de: "Ja"', "language", "The study has no language 'de'", 0),
    ('code: "yes"', "code: true", "wrong-type", 'Put quotes around it: "true"', 0),
    ('code: "yes"', 'code: "ja!"', "name", "'ja!' cannot be a code", 0),
    ('code: "yes"', "code: missing", "name", "The code 'missing' is taken", 0),
    ('code: "yes"', 'code: "NO"', "duplicate", "The code 'no' stands twice", 1),
    ('"Yes"}', '"Yes"}, exclusive: true', "exclusive", "or make the question multiple", -1),
    ('"Yes"}', '"Yes"}, exclusive: "no"', "wrong-type", "must be true or false", 0),
    ('"Do you drink tea?"', '"Tea in {city}?"', "placeholder", "'{city}'", 0),
    ('"Do you drink tea?"', '"Tea in {municipality}?"', "short", "Add short", 0),
    ('"Do you drink tea?"', '"Tea?}"', "placeholder", "'}'", 0),
    ('"Do you drink tea?"', '""', "empty", "'en' is empty", 0),
    ('{en: "Do you drink tea?"}', '"Do you drink tea?"', "wrong-type", "a block of settings", 0),
]


@pytest.mark.parametrize(("old", "new", "code", "words", "below"), ONE_QUESTION)
def test_in_a_first_questionnaire(
    tmp_path: Path, old: str, new: str, code: str, words: str, below: int
) -> None:
    folder, line = changed(tmp_path, "first", QUESTIONS, old, new)
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, line + below, code)
    assert words in f"{fault.problem} {fault.mend}"


MANY_QUESTIONS = [
    ("options: animals", "options: animal", "unknown-list", "Did you mean 'animals'?", 0),
    ("        options: animals\n", "", "options", "Add options", -5),
    ("question: walk", "question: most", "duplicate", "'most' stands twice", 0),
    ("question: walk", "question: animals_other", "duplicate", "a box of 'animals'", 0),
    ("question: walk", "question: contact_call", "duplicate", "a box of 'call'", 0),
    ("key: dogs_are_fun", "key: most", "duplicate", "The name 'most' stands twice", 0),
    ('number: "6"', 'number: "5"', "duplicate", "The number '5' stands twice", 0),
    ("scale: yes_no", "scale: [{code: a, label: {nl: a, en: a}" + BOX + "]", "other-text", "", 0),
    ("{site: districts}", "{site: district}", "unknown-list", "'districts'?", 0),
    ("- {code: dog,", "- {code: cat,", "duplicate", "The code 'cat' stands twice", 0),
]


@pytest.mark.parametrize(("old", "new", "code", "words", "below"), MANY_QUESTIONS)
def test_in_a_larger_questionnaire(
    tmp_path: Path, old: str, new: str, code: str, words: str, below: int
) -> None:
    folder, line = changed(tmp_path, "routing", QUESTIONS, old, new)
    if "code: cat," in new:
        text = (folder / QUESTIONS).read_text(encoding="utf-8").replace("'dog' in", "'cat' in")
        (folder / QUESTIONS).write_text(text, encoding="utf-8")
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, line + below, code)
    assert words in f"{fault.problem} {fault.mend}"


RULES = [
    (QUESTIONS, "pets == 'yes'", "pats == 'yes'", "rule-name", "Did you mean 'pets'?"),
    (QUESTIONS, "pets == 'yes'", "pets = 'yes'", "rule", "cannot be read at column 6"),
    (QUESTIONS, "pets == 'yes'", "lambda: 1", "rule", "not part of the rule language"),
    (QUESTIONS, "pets == 'yes'", "pets == 'ja'", "rule-code", "Choose from: yes, no."),
    (QUESTIONS, "pets == 'yes'", "pets in ('yes', 'ja')", "rule-code", "no code 'ja'"),
    (QUESTIONS, "pets == 'yes'", "'yes' in pets", "rule-kind", "'pets' is one code"),
    (QUESTIONS, "pets == 'yes'", "pets", "rule-kind", "Write pets == 'code'"),
    (QUESTIONS, "pets == 'yes'", "pets >= 2", "rule-kind", "'pets' is one code"),
    (QUESTIONS, "pets == 'yes'", "animals == 'cat'", "rule-order", "cannot hang on itself"),
    (QUESTIONS, "pets == 'yes'", "age == '18+'", "rule-order", "'age' is asked later (line 40)"),
    (QUESTIONS, "pets == 'yes'", "completed", "rule-order", "not known while it is filled in"),
    (QUESTIONS, "bridge == 'yes'", "call == 'yes'", "rule-name", "sealed and never an answer"),
    (QUESTIONS, "count(animals) >= 2", "animals == 'cat'", "rule-kind", "Write 'code' in animals"),
    (QUESTIONS, "'dog' in animals", "'dgo' in animals", "rule-code", "Did you mean 'dog'?"),
    (QUESTIONS, "answered(animals_other)", "animals_other >= 3", "rule-kind", "is a text"),
    (DERIVED, "likes == 'yes'", "likes_brown == 'yes'", "circle", "likes_brown -> likes_brown"),
    (DERIVED, "likes == 'yes'", "licks == 'yes'", "rule-name", "Did you mean 'likes'?"),
    (DERIVED, "liking == 'little'", "liking == 'litle'", "rule-code", "Did you mean 'little'?"),
    (INCLUSION, '"completed"', "\"completed == 'x'\"", "rule-kind", "completed or not completed"),
    (TABLES, "liking_score >= 1", "liking_score == 'x'", "rule-kind", "liking_score >= 3"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "words"), RULES)
def test_in_a_rule(tmp_path: Path, file: str, old: str, new: str, code: str, words: str) -> None:
    study = "routing" if file == QUESTIONS else "made"
    folder, line = changed(tmp_path, study, file, old, new)
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line, fault.code) == (file, line, code)
    assert words in f"{fault.problem} {fault.mend}"


EXTRA = "[{code: unclear, label: {nl: a, en: a}}, {code: nursing, label: {nl: b, en: b}}]"
MADE = [
    (
        DERIVED,
        "butcher: butchery",
        "butcher: buchery",
        "unknown-code",
        "Did you mean 'butchery'?",
        0,
    ),
    (
        DERIVED,
        "butcher: butchery",
        "bucher: butchery",
        "unknown-code",
        "Did you mean 'butcher'?",
        0,
    ),
    (DERIVED, ", butcher: butchery", "", "coded", "'butcher' of 'job' leads to no value", -3),
    (DERIVED, "    default: bread\n", "", "coded", "give a default", -3),
    (DERIVED, "default: bread", "default: bred", "unknown-code", "Did you mean 'bread'?", 0),
    (DERIVED, "from: job", "from: jbo", "rule-name", "Did you mean 'job'?", 0),
    (
        DERIVED,
        "values_from: function_row",
        "values_from: functions",
        "unknown-level",
        "'function_row'?",
        0,
    ),
    (
        DERIVED,
        '[{code: unclear, label: {nl: "Onduidelijk", en: "Unclear"}}]',
        EXTRA,
        "duplicate",
        "The code 'nursing' is there already",
        0,
    ),
    (DERIVED, "key: likes_brown", "key: job", "duplicate", "'job' is the name of a question", 0),
    (DERIVED, "little: 1}", "litle: 1}", "unknown-code", "Did you mean 'little'?", 0),
    (DERIVED, "little: 1}", 'little: "1"}', "wrong-type", "must be a number, not '1'", 0),
    (DERIVED, "from: liking\n", "from: bread\n", "rule-kind", "'bread' is not a single answer", 0),
    (TABLES, "order: [little", "order: [litle", "unknown-code", "Did you mean 'little'?", 0),
    (TABLES, "columns: liking", "columns: likin", "rule-name", "Did you mean 'liking'?", 0),
    (
        TABLES,
        "columns: bread\n    unit: mentions",
        "columns: liking_score",
        "rule-kind",
        "does not fit in 'columns'",
        0,
    ),
    (TABLES, "function_row]", "bread]", "rule-kind", "does not fit in 'rows'", 0),
    (TABLES, "key: bread", "key: liking_by_job", "duplicate", "The table 'liking_by_job'", 0),
    (TABLES, "order: [little, much]", "unit: mentions", "wrong-value", "no multiple choice", 0),
    (CODING, "subject,bread", "subjct,bread", "coding", "Did you mean 'subject'?", 0),
    (CODING, "appeltaart,cake", "appeltaart,cak", "coding", "Did you mean 'cake'?", 0),
    (CODING, "subject,bread", "subject,job", "coding", "made from 'bread', not from 'job'", 0),
    (CODING, "appeltaart,cake", "appeltaart", "coding", "This row has 3 cells", 0),
    (CODING, "appeltaart", " ", "coding", "The text is empty", 0),
    (
        CODING,
        "subject,",
        "function_row,job, Wijkverpleegkundige ,nursing\nsubject,",
        "coding",
        "coded twice for 'function_row', first on line 2",
        0,
    ),
    (CODING, "variable,question", "name,question", "coding", "Begin with variable,question", 0),
    (CODING, '"iets, ik zeg niet wat"', '"iets"x', "coding", "This is no CSV", 0),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "words", "below"), MADE)
def test_in_what_is_made_of_the_answers(
    tmp_path: Path, file: str, old: str, new: str, code: str, words: str, below: int
) -> None:
    folder, line = changed(tmp_path, "made", file, old, new)
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line, fault.code) == (file, line + below, code)
    assert words in f"{fault.problem} {fault.mend}"


def test_an_answer_that_is_a_district_too(tmp_path: Path) -> None:
    new = "options: [{code: zand_duin, label: {nl: Duin, en: Dune}}, {code: elsewhere,"
    folder, line = changed(tmp_path, "routing", QUESTIONS, "options: [{code: elsewhere,", new)
    fault = the_only(find_faults(folder))
    assert (fault.line, fault.code) == (line - 5, "duplicate")
    assert "'zand_duin' is an answer here and one of a site" in fault.problem


def test_a_site_without_any_answer_of_its_own_to_offer(tmp_path: Path) -> None:
    old = ", lists: {districts: [{code: zand_duin, label: Duin}]}"
    fault = the_only(find_faults(changed(tmp_path, "answers", STUDY, old, "")[0]))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, 5, "options")
    assert "'zand' has no 'districts'" in fault.problem


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"sections: [1, 2\nb: 3\n", 2, "no YAML"),
        (b"sections: \n\t- a\n", 2, "no YAML"),
        (b"sections: *nobody\n", 1, "no YAML"),
        (b"sections: 1\n---\nsections: 2\n", 2, "no YAML"),
        (b"sections: \n  - &x a\n  - &x b\n", 3, "stood there before"),
        (b"sections: \x00\n", 1, "does not allow"),
        (b"sections: \n  - caf\xe9\n", 2, "no UTF-8"),
        (b"", None, "empty"),
        (b"[" * 5000, None, "too deep"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_message(
    tmp_path: Path, raw: bytes, line: int | None, words: str
) -> None:
    folder = shutil.copytree(STUDIES / "made", tmp_path / "study")
    (folder / QUESTIONS).write_bytes(raw)
    # Derived variables, rules and tables hang on the questions: nobody says they are unknown.
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line) == (QUESTIONS, line)
    assert words in fault.problem


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    shutil.copy(STUDIES / "first" / STUDY, tmp_path / STUDY)
    fault = the_only(find_faults(tmp_path))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, None, "missing-file")


def test_what_stands_behind_an_alias_is_one_fault(tmp_path: Path) -> None:
    folder, _ = changed(tmp_path, "first", QUESTIONS, '{en: "Yes"}', '&same {en: "{x}"}')
    text = (folder / QUESTIONS).read_text(encoding="utf-8").replace('{en: "No"}', "*same")
    (folder / QUESTIONS).write_text(text, encoding="utf-8")
    # The two answers now have one label as well.
    assert [fault.code for fault in find_faults(folder)] == ["placeholder", "duplicate"]


def test_every_fault_of_every_file_comes_at_once(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "made", tmp_path / "study")
    changes = {
        STUDY: ("modes:", "modus:"),
        QUESTIONS: ("kind: multiple", "kind: mutiple"),
        DERIVED: ("little: 1", "litle: 1"),
        INCLUSION: ('label: {nl: "stopte"', 'lable: {nl: "stopte"'),
        TABLES: ("unit: mentions", "unit: mentins"),
        CODING: (",cake", ",cak"),
    }
    for file, (old, new) in changes.items():
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    assert sorted(fault.file for fault in find_faults(folder)) == sorted(changes)


ROUTED = [
    # A derived variable routes after the last question that it looks at.
    ("liking == 'much'\"\n", "likes == 'yes'\"\n", "", ""),
    ("liking == 'much'\"\n", 'liking_score + count(bread) >= 3"\n', "", ""),
    ("liking == 'much'\"\n", "domain == 'food'\"\n", "rule-order", "people code by hand"),
    (
        "question: liking\n",
        "question: liking\n        ask_if: \"likes_brown == 'yes'\"\n",
        "circle",
        "'likes_brown' goes round in a circle: likes_brown -> likes -> liking -> likes_brown.",
    ),
    (
        "question: liking\n",
        'question: liking\n        ask_if: "count(bread) > 1"\n',
        "rule-order",
        "'bread' is asked later (line 25)",
    ),
    (
        "question: job\n",
        "question: job\n        ask_if: \"likes == 'yes'\"\n",
        "rule-order",
        "'likes' is known only after 'liking' (line 19), and a rule looks backwards.",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "words"), ROUTED)
def test_what_is_made_from_answers_routes_after_them(
    tmp_path: Path, old: str, new: str, code: str, words: str
) -> None:
    folder, _ = changed(tmp_path, "made", QUESTIONS, old, new)
    found = find_faults(folder)
    assert [fault.code for fault in found] == ([code] if code else [])
    assert words in "".join(f"{fault.problem} {fault.mend}" for fault in found)


TERMS = [
    ("pets == 'yes'", "pets === 'yes'", "rule", "Check quotes, brackets and =="),
    ("pets == 'yes'", "pets == 'yes' && True", "rule", "column 15: & is not part"),
    ("pets == 'yes'", "selected(pets, 'yes')", "rule", "Here it is written: 'code' in question."),
    ("pets == 'yes'", "lenght(pets) > 3", "rule", "Did you mean length(remark) > 10?"),
    ("pets == 'yes'", "municipality in group.norht", "rule", "Declare it under groups"),
    ("pets == 'yes'", "pets == 'yes' and length(pets) > 3", "rule-kind", "'pets' is one code"),
    ("'dog' in animals", "count(animals) + pets > 2", "rule-kind", "'pets' is one code"),
    ("'dog' in animals", "count(animals) > today", "rule-kind", "A day is compared with a number"),
    ("'dog' in animals", "days(animals, today) > 3", "rule-kind", "'animals' is multiple choice"),
    ("'dog' in animals", "rank(animals, 'dog') == 1", "rule-kind", "'animals' is multiple choice"),
    ("'dog' in animals", "matches(animals_other, '[a')", "rule", "The pattern ends too early."),
    ("'dog' in animals", "count(animals) * count(animals) > 3", "rule", "One side of * is a plain"),
    ("'dog' in animals", "count(animals) / 2 > 3", "rule", "A rule divides nothing"),
    ("'dog' in animals", "length(animals_other) * 1e16 > 3", "rule-size", "too large to be exact"),
]


@pytest.mark.parametrize(("old", "new", "code", "words"), TERMS)
def test_in_a_rule_with_terms(tmp_path: Path, old: str, new: str, code: str, words: str) -> None:
    folder, line = changed(tmp_path, "routing", QUESTIONS, old, new)
    fault = the_only(find_faults(folder))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, line, code)
    assert words in f"{fault.problem} {fault.mend}"


def test_answers_that_are_all_closed_are_a_fault(tmp_path: Path) -> None:
    folder = shutil.copytree(STUDIES / "edited", tmp_path / "study")
    text = (folder / "questionnaire.yaml").read_text(encoding="utf-8")
    for code in ("much", "little"):
        text = text.replace(f"{{code: {code}, ", f"{{code: {code}, closed: true, ")
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    (fault,) = find_faults(folder)
    assert (fault.problem, fault.code) == ("All answers are closed.", "options")
    assert text.splitlines()[(fault.line or 0) - 1].strip() == "options:"
