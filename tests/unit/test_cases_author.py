"""What an author writes: valid studies pass, and `study check` finds what can never happen.

Each study is the invented one of `study new` with a file changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from blikveld.cli.study import check
from blikveld.errors import ExitCode, Fault
from blikveld.questionnaire import walk_path
from blikveld.study.load import Findings, examine, load

QUESTIONS, DERIVED = "questionnaire.yaml", "derived.yaml"
INCLUSION, TABLES = "inclusion.yaml", "tables.yaml"
YES_NO = "[{code: j, label: {nl: Ja, en: Yes}}, {code: n, label: {nl: Nee, en: 'No'}}]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(load("example").folder, tmp_path / "study")


def _change(folder: Path, file: str, old: str, new: str) -> int:
    """Put `new` in the place of `old`; return the line where it stands."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return text.partition(old)[0].count("\n") + 1


def _append(folder: Path, file: str, lines: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as written:
        written.write(lines)


def _question(key: str, options: str, rule: str = "True", kind: str = "single") -> str:
    words = f"text: {{nl: '{key}?', en: '{key}?'}}"
    return (
        f'      - {{question: {key}, kind: {kind}, {words}, ask_if: "{rule}", '
        f"options: {options}}}\n"
    )


def _options(number: int, *more: str) -> str:
    each = [f"{{code: o{n}, label: {{nl: 'nr {n}', en: 'no {n}'}}}}" for n in range(number)]
    return f"[{', '.join([*each, *more])}]"


def _the_only(found: Findings) -> Fault:
    assert len(found.faults) == 1, "\n".join(map(str, found.faults))
    return found.faults[0]


# Valid studies that were refused: 'cannot be proven, over 100,000 ways'


def test_a_rule_that_names_each_of_fourteen_answers(folder: Path) -> None:
    _append(folder, QUESTIONS, _question("felt", _options(14), kind="multiple"))
    rule = " or ".join(f"'o{n}' in felt" for n in range(14))
    _append(folder, QUESTIONS, _question("since", YES_NO, rule))
    assert examine(folder).faults == ()


def test_a_question_for_who_said_no_to_sixteen_others(folder: Path) -> None:
    for number in range(16):
        _append(folder, QUESTIONS, _question(f"met{number}", YES_NO))
    rule = " and ".join(f"met{number} == 'n'" for number in range(16))
    _append(folder, QUESTIONS, _question("never", YES_NO, rule))
    assert examine(folder).faults == ()


def test_a_question_for_who_chose_none_of_thirteen_answers(folder: Path) -> None:
    none = "{code: none, exclusive: true, label: {nl: geen, en: none}}"
    _append(folder, QUESTIONS, _question("saw", _options(13, none), kind="multiple"))
    rule = " and ".join(f"'o{n}' not in saw" for n in range(13))
    _append(folder, QUESTIONS, _question("quiet", YES_NO, rule))
    assert examine(folder).faults == ()
    # And where 'none' is taken away, nobody is left.
    _append(folder, QUESTIONS, _question("silent", YES_NO, f"{rule} and 'none' not in saw"))
    assert "No answers lead to 'silent'" in _the_only(examine(folder)).problem


# What can never happen


def test_a_case_that_an_earlier_one_covers_whole(folder: Path) -> None:
    no = '- {code: "no", label: {nl: "nee", en: "no"}, when: "aggression == \'no\'"}'
    covered = (
        "- {code: seldom, label: {nl: zelden, en: seldom}, when: \"aggression == 'sometimes'\"}"
    )
    line = _change(folder, DERIVED, no, f"{no}\n      {covered}") + 1
    fault = _the_only(examine(folder))
    assert (fault.file, fault.line, fault.code) == (DERIVED, line, "unreachable")
    assert fault.problem == (
        "Nobody gets the value 'seldom' of 'met_aggression'. These cannot hold together: it asks "
        f"for aggression == 'sometimes'; the earlier case 'yes' (line {line - 2}) takes all with "
        "aggression in ('often', 'sometimes'). Example of a respondent: aggression 'sometimes'."
    )


def test_a_case_that_two_earlier_ones_cover_together(folder: Path) -> None:
    no = '- {code: "no", label: {nl: "nee", en: "no"}, when: "aggression == \'no\'"}'
    rest = '- {code: rest, label: {nl: rest, en: rest}, when: "answered(aggression)"}'
    line = _change(folder, DERIVED, no, f"{no}\n      {rest}") + 1
    fault = _the_only(examine(folder))
    assert fault.line == line
    assert "earlier case 'yes'" in fault.problem
    assert "earlier case 'no'" in fault.problem


def test_a_value_that_no_answer_leads_to_is_a_hint(folder: Path) -> None:
    _change(folder, DERIVED, "officer: order}", "officer: care}")
    found = examine(folder)
    (remark,) = found.remarks
    assert (remark.file, remark.line) == (DERIVED, 3)
    assert "leads to the value 'order' of 'domain'" in remark.problem
    assert found.faults == ()


def test_an_inclusion_step_that_keeps_nobody(folder: Path) -> None:
    rule = "completed and job == 'nurse' and aggression == 'no' and 'threats' in kinds"
    line = _change(folder, INCLUSION, 'keep: "completed"', f'keep: "{rule}"')
    fault = _the_only(examine(folder))
    assert (fault.file, fault.line, fault.code) == (INCLUSION, line, "inclusion")
    assert fault.problem.startswith(
        "The step 'completed' keeps nobody. These cannot hold together: it asks for aggression == "
        "'no'; it asks for 'threats' in kinds; 'kinds' is asked where aggression != 'no' "
        "(questionnaire.yaml:"
    )


def test_a_step_that_keeps_nobody_of_those_before_it(folder: Path) -> None:
    _append(
        folder,
        INCLUSION,
        "  - {key: left, keep: 'not completed', label: {nl: gestopt, en: left}}\n",
    )
    fault = _the_only(examine(folder))
    assert "The step 'left' keeps nobody." in fault.problem
    assert "the step 'completed' (inclusion.yaml:4) keeps completed" in fault.problem


def test_a_step_by_which_nobody_leaves_is_a_hint(folder: Path) -> None:
    _append(
        folder,
        INCLUSION,
        "  - {key: again, keep: 'answered(job)', label: {nl: baan, en: job}}\n",
    )
    found = examine(folder)
    assert found.faults == ()
    assert ["Nobody leaves by the step 'again'." in remark.problem for remark in found.remarks] == [
        True
    ]


def test_a_table_whose_base_was_never_asked_its_rows(folder: Path) -> None:
    old = "    rows: [domain]\n    columns: kinds"
    _change(folder, TABLES, old, "    rows: [reported]\n    columns: kinds")
    assert examine(folder).faults == ()
    line = _change(folder, TABLES, "base: \"aggression != 'no'\"", "base: \"aggression == 'no'\"")
    fault = _the_only(examine(folder))
    assert (fault.file, fault.line, fault.code) == (TABLES, line, "base-beyond-asked")
    assert "aggression != 'no'" in fault.problem + fault.mend


def test_a_table_whose_base_inclusion_leaves_out(folder: Path) -> None:
    _change(folder, INCLUSION, 'keep: "completed"', "keep: \"completed and job == 'nurse'\"")
    _change(folder, TABLES, "base: \"aggression != 'no'\"", "base: \"job == 'officer'\"")
    fault = _the_only(examine(folder))
    assert "the step 'completed' (inclusion.yaml:4) keeps job == 'nurse'" in fault.problem


def test_of_tables_made_by_each_only_the_empty_ones_are_a_hint(folder: Path) -> None:
    _change(folder, TABLES, "columns: kinds", "columns: kinds\n    for_each: aggression")
    found = examine(folder)
    assert found.faults == ()
    (remark,) = found.remarks
    assert "Nobody can be in the table 'kinds_no'." in remark.problem


def test_a_column_that_nobody_can_be_in_is_a_hint_unless_it_is_left_out(folder: Path) -> None:
    old = "columns: kinds"
    line = _change(folder, TABLES, old, "columns: aggression") - 2
    found = examine(folder)
    assert found.faults == ()
    (remark,) = found.remarks
    assert (remark.file, remark.line) == (TABLES, line)
    assert "Nobody can be in the column 'no' of the table 'kinds'." in remark.problem
    columns = "    columns: aggression\n    exclude: {aggression: ['no']}\n"
    text = (folder / TABLES).read_text(encoding="utf-8")
    head, _, tail = text.rpartition("    columns: aggression")
    (folder / TABLES).write_text(f"{head}{columns}{tail}", encoding="utf-8")
    assert examine(folder).remarks == ()


# Kinds of fault, each sown by itself


def test_who_hangs_on_a_question_that_nobody_reaches_is_a_fault_too(folder: Path) -> None:
    _append(folder, QUESTIONS, _question("dead", YES_NO, "aggression == 'no' and asked(kinds)"))
    _append(folder, QUESTIONS, _question("child", YES_NO, "dead == 'j'"))
    found = examine(folder)
    assert [fault.code for fault in found.faults] == ["routing", "routing"]
    assert "'dead' is asked where aggression == 'no' and asked(kinds)" in found.faults[1].problem


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("job == 'nurse' and job == 'officer'", "routing"),
        ("not (job == 'nurse') and not (job != 'nurse')", "routing"),
        ("job not in ('nurse', 'ambulance', 'officer')", "routing"),
        ("not answered(job)", "routing"),
        ("aggression == 'no' and 'threats' not in kinds", "routing"),
        ("answered(kinds_other) and 'other' not in kinds", "routing"),
        ("count(kinds) == 0", "routing"),
        ("count(kinds) > 4", "routing"),
        ("count(kinds) == 2 and 'shouting' in kinds and count(kinds) < 2", "routing"),
        ("municipality == 'alkmaar' and municipality == 'tilburg'", "routing"),
        ("mode != 'web'", "routing"),
        ("asked(reported) and aggression == 'no'", "routing"),
        ("count(kinds) * 2 > 8", "routing"),
        ("sum(count(kinds), count(kinds)) == 3", "routing"),
        ("coalesce(count(kinds), 9) < 1", "routing"),
        ("count(job == 'nurse', job == 'officer') >= 2", "routing"),
        ("is_true('threats' in kinds) and aggression == 'no'", "routing"),
        ("empty(kinds) and aggression == 'no'", "routing"),
        ("length(kinds_other) > 3 and 'other' not in kinds", "routing"),
        ("kinds_other == 'push' and kinds_other == 'pull'", "routing"),
        ("kinds_other == 'push' and length(kinds_other) > 4", "routing"),
        ("kinds_other == 'push' and matches(kinds_other, '[0-9]+')", "routing"),
        ("years(date('2000-01-01'), today) < 20", "routing"),
        ("met_aggression == 'no' and 'threats' in kinds", "routing"),
        ("domain == 'care'", "rule-order"),
        ("years(job, today) > 3", "rule-kind"),
        ("count(kinds) > 'two'", "rule"),
        ("False", "routing"),
        ("sown == 'j'", "rule-order"),
        ("later == 'j'", "rule-order"),
        ("job == 'nurs'", "rule-code"),
        ("'treats' in kinds", "rule-code"),
        ("jobb == 'nurse'", "rule-name"),
        ("completed", "rule-order"),
        ("job >= 3", "rule-kind"),
        ("job == ", "rule"),
    ],
)
def test_a_fault_in_a_rule_of_the_questionnaire_is_found_at_its_line(
    folder: Path, rule: str, code: str
) -> None:
    line = (folder / QUESTIONS).read_text(encoding="utf-8").count("\n") + 1
    _append(folder, QUESTIONS, _question("sown", YES_NO, rule))
    _append(folder, QUESTIONS, _question("later", YES_NO))
    fault = _the_only(examine(folder))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, line, code)


@pytest.mark.parametrize(
    "rule",
    [
        "job == 'nurse' or job == 'officer'",
        "not (job == 'nurse') and not (job == 'officer')",
        "not asked(kinds)",
        "not answered(kinds_other) and 'other' not in kinds",
        "count(kinds) == 4",
        "count(kinds) >= 1 and 'threats' not in kinds",
        "mode == 'web' and municipality != 'alkmaar'",
        "aggression != 'no' and reported == 'dont_know'",
        "count(kinds) * 2 == 8",
        "coalesce(count(kinds), 0) < 1",
        "count(job == 'nurse', aggression == 'no', 'threats' in kinds) == 2",
        "not is_true('threats' in kinds)",
        "length(kinds_other) > 3 and matches(kinds_other, '[0-9]+')",
        "kinds_other == 'push' and length(kinds_other) == 4",
        "years(date('2000-01-01'), today) > 20",
        "met_aggression == 'yes' and 'threats' in kinds",
    ],
)
def test_a_rule_like_these_that_somebody_meets_is_none(folder: Path, rule: str) -> None:
    _append(folder, QUESTIONS, _question("sown", YES_NO, rule))
    assert examine(folder).faults == ()


# Words


def test_two_answers_with_one_label(folder: Path) -> None:
    line = _change(folder, QUESTIONS, 'nl: "Ambulancemedewerker", en', 'nl: "verpleegkundige", en')
    fault = _the_only(examine(folder))
    assert (fault.file, fault.line, fault.code) == (QUESTIONS, line, "duplicate")
    assert f"'verpleegkundige' stands twice, first on line {line - 1}" in fault.problem


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (DERIVED, 'nl: "nee", en: "no"', 'nl: "ja", en: "no"'),
        ("study.yaml", "label: Alkmaar-Noord", "label: Centrum"),
        ("study.yaml", 'nl: "Veiligheid"', 'nl: "Zorg"'),
        ("study.yaml", 'en: "Ambulance worker"', 'en: "Nurse"'),
        (QUESTIONS, 'en: "Yes, sometimes"', 'en: "Yes, often"'),
    ],
)
def test_other_words_that_nobody_can_tell_apart(
    folder: Path, file: str, old: str, new: str
) -> None:
    line = _change(folder, file, old, new)
    fault = _the_only(examine(folder))
    assert (fault.file, fault.line, fault.code) == (file, line, "duplicate")


def test_a_text_that_is_the_same_in_two_languages_is_a_hint(folder: Path) -> None:
    line = _change(folder, QUESTIONS, 'en: "What is your job?"', 'en: "Wat is uw functie?"')
    found = examine(folder)
    assert found.faults == ()
    (remark,) = found.remarks
    assert (remark.file, remark.line, remark.code) == (QUESTIONS, line, "same-text")
    assert remark.problem == "'text' has the same words in 'nl' and 'en'."


# The command


def _nothing(_: Path) -> None:
    """Change nothing."""


def _code(folder: Path) -> None:
    text = next((folder / "report" / "en").glob("*.md"))
    words = text.read_text(encoding="utf-8").replace("== 'yes'", "== 'yess'", 1)
    text.write_text(words, encoding="utf-8")


def _hint(folder: Path) -> None:
    _change(folder, QUESTIONS, 'en: "What is your job?"', 'en: "Wat is uw functie?"')


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (_nothing, ExitCode.DONE, "No faults."),
        (_hint, ExitCode.DONE, "Hint: questionnaire.yaml:25: 'text' has the same words"),
        (_code, ExitCode.REFUSED, "report/en/10-aggression.md:3: 'met_aggression' has no code"),
    ],
)
def test_what_the_command_says(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], None],
    code: ExitCode,
    words: str,
) -> None:
    change(folder)
    assert check(folder) == code
    said = capsys.readouterr()
    assert words in " ".join((said.out + said.err).split())


# Walks


def test_a_walk_goes_with_and_without_an_offer_of_contact_and_a_text(folder: Path) -> None:
    _append(
        folder,
        QUESTIONS,
        "  - key: last\n    new_page: true\n    title: {nl: Nog iets, en: One more}\n    items:\n"
        "      - {contact: reach, ask_if: \"job == 'nurse'\", text: {nl: Bellen?, en: Call?}, "
        "label: {nl: Adres, en: Address}}\n"
        "      - {text: bye, ask_if: \"job == 'officer'\", body: {nl: Dag., en: Bye.}}\n",
    )
    walks = list(walk_path(load(folder)))
    last = max(page.number for path in walks for page in path.pages)
    with_offer = {path.answers["job"] for path in walks if path.pages[-1].number == last}
    without = {path.answers["job"] for path in walks if path.pages[-1].number < last}
    assert with_offer == {"nurse"}
    # The text alone fills no page where an offer could have stood; its path is another one still.
    assert without == {"ambulance", "officer"}
