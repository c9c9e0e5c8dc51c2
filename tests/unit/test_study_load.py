"""A folder becomes a study: what is read, what may be left out, and where it is found."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.pseudo import give_words

from blikveld.errors import BlikveldError, Faults
from blikveld.kinds import Single
from blikveld.rules import EVERYBODY, UnknownVariable, parse
from blikveld.study.labels import Labels, fold_text
from blikveld.study.load import load
from blikveld.study.model import Mode, Study, VariableKind
from blikveld.web.templating import pipe_text

STUDIES = Path(__file__).parents[1] / "studies"


def test_a_first_study_is_two_small_files() -> None:
    study = load(STUDIES / "first")
    assert (study.key, study.version, study.languages) == ("first", "1", ("en",))
    assert study.period.first == date(2026, 1, 1)
    assert study.modes == (Mode.WEB,)
    assert list(study.questions) == ["tea"]
    question = study.questions["tea"]
    assert (question.kind, question.required, question.ask_if) == (
        Single(),
        True,
        EVERYBODY,
    )
    assert question.short == question.text == {"en": "Do you drink tea?"}
    assert [option.code for option in question.options] == ["yes", "no"]
    assert (study.coded, study.derived, study.scores, study.inclusion, study.tables) == ((),) * 5


def test_rows_of_a_grid_are_questions_with_the_rule_of_the_grid() -> None:
    study = load(STUDIES / "routing")
    row = study.questions["dogs_are_fun"]
    assert (row.grid, row.number, row.kind) == ("opinions", "8.2", Single())
    assert row.ask_if == parse("asked(animals) and mode == 'web'")
    assert [option.code for option in row.options] == ["yes", "no"]


def test_an_item_knows_its_line() -> None:
    study = load(STUDIES / "routing")
    lines = (STUDIES / "routing" / "questionnaire.yaml").read_text(encoding="utf-8").splitlines()
    for question in study.questions.values():
        assert question.key in lines[question.line - 1]


def test_districts_come_before_the_other_answers() -> None:
    study = load(STUDIES / "routing")
    district = study.questions["district"]
    codes = [option.code for option in study.options(district, "veen")]
    assert codes == ["veen_noord", "veen_zuid", "elsewhere"]
    everywhere = [code.code for code in study.variables["district"].codes]
    assert everywhere == ["veen_noord", "veen_zuid", "zand_duin", "elsewhere"]


def test_made_variables_inclusion_and_tables() -> None:
    study = load(STUDIES / "made")
    function_row, domain, subject = study.coded
    assert [code.code for code in function_row.codes] == [
        "bakery",
        "butchery",
        "nursing",
        "unclear",
    ]
    assert function_row.map == {"baker": "bakery", "butcher": "butchery"}
    assert function_row.texts == {
        "wijkverpleegkundige": "nursing",
        "iets, ik zeg niet wat": "unclear",
    }
    assert domain.map == {"bakery": "food", "butchery": "food", "nursing": "care"}
    assert (subject.default, subject.texts) == ("bread", {"appeltaart": "cake"})
    assert [case.code for case in study.derived[0].cases] == ["yes", "no"]
    assert study.scores[0].values == {"much": 2.0, "little": 1.0}
    assert study.inclusion[1].keep == parse("function_row != 'unclear'")
    by_job, bread = study.tables
    assert (by_job.rows, by_job.columns) == (("domain", "function_row"), "liking")
    assert (by_job.order, by_job.mentions) == (("little", "much"), False)
    assert bread.base == parse("liking_score >= 1")
    assert (bread.total, bread.mentions) == (True, True)
    assert study.variables["liking_score"].kind is VariableKind.NUMBER


def test_a_name_finds_the_shipped_study(flagship: Study) -> None:
    assert load("criminele_uitbuiting") == flagship
    assert load(flagship.folder).digest == flagship.digest


def test_a_name_that_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(BlikveldError, match="Did you mean 'criminele_uitbuiting'"):
        load("criminele_uitbuting")


def test_a_folder_with_the_name_of_a_shipped_study_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(STUDIES / "first", tmp_path / "criminele_uitbuiting")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BlikveldError, match=r"Write \./criminele_uitbuiting"):
        load("criminele_uitbuiting")
    assert load("./criminele_uitbuiting").key == "first"


def test_a_folder_here_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(STUDIES / "first", tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    assert load("mine").key == "first"


def test_the_digest_is_of_the_contents_and_not_of_the_place(tmp_path: Path) -> None:
    here = shutil.copytree(STUDIES / "made", tmp_path / "copy")
    digest = load(STUDIES / "made").digest
    assert load(here).digest == digest
    (here / "notes.txt").write_text("not part of the study", encoding="utf-8")
    assert load(here).digest == digest
    with (here / "coding.csv").open("a", encoding="utf-8") as file:
        file.write("subject,bread,moorkop,cake\n")
    assert load(here).digest != digest


@pytest.mark.parametrize("name", ["study.yaml", "questionnaire.yaml", "derived.yaml", "coding.csv"])
def test_a_byte_that_changes_no_meaning_changes_no_digest(tmp_path: Path, name: str) -> None:
    here = shutil.copytree(STUDIES / "made", tmp_path / "copy")
    before, file = load(here), here / name
    lines = file.read_bytes().split(b"\n")
    file.write_bytes(b"\r\n".join(lines))
    assert load(here).digest == before.digest
    assert load(here).files_digest != before.files_digest
    if name.endswith(".yaml"):
        spaced = [line + b"   # a remark" if line.endswith(b":") else line for line in lines]
        file.write_bytes(b"# A remark.\n\n" + b"\n".join(spaced))
        assert load(here).digest == before.digest


@pytest.mark.parametrize(
    ("name", "was", "now"),
    [
        ("study.yaml", 'version: "1"', 'version: "2"'),
        ("questionnaire.yaml", "Wit", "Heel wit"),
        ("derived.yaml", "butcher: butchery", "butcher: bakery"),
        ("derived.yaml", "== 'much'", "!= 'much'"),
    ],
)
def test_a_change_of_what_is_asked_changes_the_digest(
    tmp_path: Path, name: str, was: str, now: str
) -> None:
    here = shutil.copytree(STUDIES / "made", tmp_path / "copy")
    before, file = load(here).digest, here / name
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, now, 1), encoding="utf-8")
    assert load(here).digest != before


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    here = shutil.copytree(STUDIES / "made", tmp_path / "copy")
    for name in ("questionnaire.yaml", "coding.csv"):
        (here / name).write_bytes(b"\xef\xbb\xbf" + (here / name).read_bytes())
    assert load(here) == load(STUDIES / "made")


def test_a_rule_over_several_lines_is_one_line_of_text(tmp_path: Path) -> None:
    here = shutil.copytree(STUDIES / "made", tmp_path / "copy")
    tables = (here / "tables.yaml").read_text(encoding="utf-8")
    folded = 'base: |\n      liking == "much"\n      or likes == "no"'
    (here / "tables.yaml").write_text(tables.replace('base: "True"', folded), encoding="utf-8")
    plan = load(here).tables[0]
    assert plan.base == parse('liking == "much" or likes == "no"')
    assert plan.base == parse("liking == 'much' or likes == 'no'")


def test_words_in_one_language() -> None:
    words = Labels(load(STUDIES / "made"), "nl")
    assert words.label("liking") == "Liefde voor brood"
    assert words.code("likes", "no") == "Nee"
    assert words.code("municipality", "veen") == "Veen"
    assert words.label("completed") == "Vragenlijst helemaal ingevuld"
    with pytest.raises(UnknownVariable):
        words.label("likking")
    with pytest.raises(BlikveldError, match="no language 'de'"):
        Labels(load(STUDIES / "made"), "de")


def in_language(tmp_path: Path, code: str) -> Path:
    """The study `first` in another language."""
    here = shutil.copytree(STUDIES / "first", tmp_path / "copy")
    for name in ("study.yaml", "questionnaire.yaml"):
        text = (here / name).read_text(encoding="utf-8")
        other = text.replace("{en:", f"{{{code}:").replace("[en]", f"[{code}]")
        (here / name).write_text(other, encoding="utf-8")
    return here


def test_what_every_study_has_is_called_in_the_language_of_the_study(tmp_path: Path) -> None:
    assert Labels(load(in_language(tmp_path, "nl")), "nl").label("language") == "Taal"


@pytest.mark.parametrize(
    ("code", "fault", "told"),
    [
        ("cy", "no-words", "Choose from de, en, fr, nl, or translate"),
        ("xx", "language", "No language has the code 'xx'."),
    ],
)
def test_a_language_without_words_for_respondents_is_refused(
    tmp_path: Path, code: str, fault: str, told: str
) -> None:
    with pytest.raises(Faults) as refused:
        load(in_language(tmp_path, code))
    (only,) = refused.value.faults
    assert (only.code, only.file, only.line) == (fault, "study.yaml", 5)
    assert told in str(only)


def test_a_study_may_bring_the_words_of_a_language(tmp_path: Path) -> None:
    here = in_language(tmp_path, "cy")
    own = give_words(here, "cy")
    assert Labels(load(here), "cy").label("language") == "‹Language›"
    own.write_text(own.read_text("utf-8").replace('msgctxt "page.next"', 'msgctxt "page.nxt"'))
    with pytest.raises(Faults) as refused:
        load(here)
    told = [(fault.code, fault.file, fault.problem) for fault in refused.value.faults]
    assert told == [
        ("words-missing", "words/cy.po", "1 messages have no translation: page.next."),
        ("words-unknown", "words/cy.po", "There is no message 'page.nxt' to translate."),
    ]


def test_the_name_of_the_municipality_is_filled_in() -> None:
    study = load(STUDIES / "routing")
    assert pipe_text(study.sections[0].title["en"], study, study.sites["zand"]) == "Welcome to Zand"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Boa", " boa "),
        ("ambulant  jongeren\nwerker", "Ambulant jongeren werker"),
        ("zorgcoo\u0308rdinator", "ZORGCOÖRDINATOR"),
        ("Straße", "STRASSE"),
    ],
)
def test_texts_that_nobody_means_to_differ_are_the_same(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)
