"""A snapshot read with a study that was changed since it was made. All answers are invented."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from blikveld.cli.backup import snapshot as snapshot_command
from blikveld.errors import BlikveldError, ExitCode
from blikveld.responses import duckdb_io
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import ResponseRecord, columns, raw_names
from blikveld.responses.snapshot import (
    ABOUT,
    HELD,
    NOTHING,
    ROWS,
    Snapshot,
    SnapshotQuestions,
    SnapshotTexts,
    TextRelease,
    read,
    rewrite,
    write,
)
from blikveld.responses.snapshot_files import CODEBOOK, TEXTS, file_hash, read_texts
from blikveld.rules import Missing, Person, Value
from blikveld.study.identity import StudyPart, part_digests
from blikveld.study.load import load
from blikveld.study.model import Study

MADE = Path(__file__).parents[1] / "studies" / "made"
SYSTEM: Person = {"municipality": "veen", "mode": "web", "language": "nl", "completed": True}
NURSE, BAKER = "Wijkverpleegkundige", "Bakte vroeger zelf"
ANSWERS: tuple[Mapping[str, Value], ...] = (
    {"job": "baker", "liking": "much", "bread": ("white", "brown"), "baked": "yes"},
    {"job": "butcher", "liking": "little", "bread": ("white",)},
    {"job": "other", "job_other": NURSE, "liking": "much", "bread": (), "baked": "no"},
    {"job": "other", "job_other": BAKER, "liking": "dont_know", "bread": ("brown",)},
    {"job": "other", "job_other": BAKER, "liking": Missing.REFUSED, "bread": ("brown",)},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(MADE, tmp_path / "study")


@pytest.fixture
def taken(folder: Path, tmp_path: Path) -> Path:
    """A snapshot of a study, of whose texts nothing was released."""
    return _taken(load(folder), tmp_path / "snapshot", NOTHING)


def _responses(study: Study) -> Iterator[ResponseRecord]:
    empty = dict.fromkeys(raw_names(study), Missing.NOT_ASKED)
    for number, answers in enumerate(ANSWERS):
        yield ResponseRecord(str(number), {**empty, **SYSTEM, **answers})


def _taken(study: Study, place: Path, texts: TextRelease) -> Path:
    return write(study, _responses(study), place, texts=texts).folder


def _change(folder: Path, file: str, old: str, new: str) -> Study:
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return load(folder)


def _change_unread(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def _as_first_format(study: Study, folder: Path, digest: str = "0" * 64) -> None:
    """Turn a snapshot into one of the first format: no texts apart, and no study described."""
    wanted = columns(study.variables)
    with duckdb_io.load(folder / ROWS, 0, wanted) as connection:
        rows = list(duckdb_io.rows(connection))
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    for name in about.pop("beside"):
        (folder / name).unlink()
    duckdb_io.write(wanted, rows, folder / ROWS)
    said = {"format": 1, "digest": digest, "sha256": file_hash(folder / ROWS)}
    (folder / ABOUT).write_text(json.dumps(about | said))


def _values(snapshot: Snapshot, name: str) -> list[str]:
    return sorted(str(person[name]) for person in snapshot.persons())


def _made_of(study: Study, name: str) -> list[str]:
    """What the study makes of the answers themselves, as they were before any snapshot."""
    return sorted(str(code_and_derive(study, one.values)[name]) for one in _responses(study))


# Digests


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("derived.yaml", "coded:", "# A remark.\ncoded:", set()),
        ("questionnaire.yaml", 'nl: "Welk brood?"', 'nl: "Welk brood eet u?"', {StudyPart.TEXTS}),
        ("questionnaire.yaml", 'nl: "Bakker"', 'nl: "Banketbakker"', {StudyPart.TEXTS}),
        ("study.yaml", "name: Veen", "name: Nieuw Veen", {StudyPart.TEXTS}),
        ("coding.csv", "appeltaart,cake", "appeltaart,bread", {StudyPart.CODING}),
        ("derived.yaml", "baker: bakery", "baker: nursing", {StudyPart.CODING}),
        ("derived.yaml", "liking == 'little'", "liking != 'much'", {StudyPart.DERIVED}),
        ("derived.yaml", "much: 2", "much: 3", {StudyPart.DERIVED}),
        ("tables.yaml", "order: [little, much]", "order: [much, little]", {StudyPart.ANALYSIS}),
        ("inclusion.yaml", "!= 'unclear'", "!= 'bakery'", {StudyPart.ANALYSIS}),
        ("questionnaire.yaml", "liking == 'much'", "liking != 'much'", {StudyPart.QUESTIONS}),
        ("questionnaire.yaml", 'number: "2"', 'number: "2b"', {StudyPart.TEXTS}),
    ],
)
def test_each_part_has_a_digest_of_its_meaning(
    folder: Path, file: str, old: str, new: str, parts: set[StudyPart]
) -> None:
    before = part_digests(load(folder))
    after = part_digests(_change(folder, file, old, new))
    assert {part for part in StudyPart if before[part] != after[part]} == parts


# What is free


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("derived.yaml", "coded:", "# A remark.\ncoded:", ()),
        ("questionnaire.yaml", 'nl: "Bakker"', 'nl: "Banketbakker"', ("'job' has other words",)),
        (
            "tables.yaml",
            "order: [little, much]",
            "order: [much, little]",
            ("Dates, tables, inclusion",),
        ),
        ("coding.csv", "appeltaart,cake", "peerdrups,cake", ("'subject' is made otherwise",)),
    ],
)
def test_rows_stay_as_they_are_where_no_number_can_differ(
    folder: Path, taken: Path, file: str, old: str, new: str, told: tuple[str, ...]
) -> None:
    snapshot = read(_change(folder, file, old, new), taken)
    assert snapshot.digest == file_hash(taken / ROWS)
    said = snapshot.told_changes()
    assert len(said) == len(told)
    assert all(words in line for words, line in zip(told, said, strict=True))


def test_a_label_that_was_mended_is_the_one_that_is_printed(folder: Path, taken: Path) -> None:
    study = _change(folder, "questionnaire.yaml", 'nl: "Bakker"', 'nl: "Banketbakker"')
    assert read(study, taken).study.variables["job"].code("baker").label["nl"] == "Banketbakker"


# What is made anew


def test_a_derived_variable_that_was_changed_is_made_anew(folder: Path, taken: Path) -> None:
    study = _change(folder, "derived.yaml", "liking == 'little'", "liking != 'much'")
    snapshot = read(study, taken)
    assert _values(snapshot, "likes") == _made_of(study, "likes")
    assert _values(snapshot, "likes").count("no") == 2
    assert snapshot.digest != file_hash(taken / ROWS)


def test_what_hangs_on_a_changed_variable_is_made_anew_too(folder: Path, taken: Path) -> None:
    study = _change(folder, "derived.yaml", "liking == 'much'", "liking != 'little'")
    snapshot = read(study, taken)
    assert _values(snapshot, "likes_brown") == _made_of(study, "likes_brown")
    assert _values(snapshot, "likes_brown").count("yes") == 2


def test_a_variable_that_was_added_leaves_the_numbers_of_the_others(
    folder: Path, taken: Path
) -> None:
    added = (
        "derived:\n  - key: brown\n    label: {nl: Bruin, en: Brown}\n    cases:\n"
        "      - {code: brown, label: {nl: bruin, en: brown}, when: \"'brown' in bread\"}\n"
    )
    study = _change(folder, "derived.yaml", "derived:\n", added)
    snapshot = read(study, taken)
    assert _values(snapshot, "brown") == _made_of(study, "brown")
    assert _values(snapshot, "brown").count("brown") == 3
    # Numbers printed of this snapshot before stay right, so it stays the same snapshot.
    assert snapshot.digest == file_hash(taken / ROWS)
    assert snapshot.told_changes() == ("'brown' was added since: it is made from the answers.",)


def test_a_map_of_offered_answers_is_recoded_though_texts_were_held_back(
    folder: Path, taken: Path
) -> None:
    study = _change(folder, "derived.yaml", "butcher: butchery", "butcher: bakery")
    snapshot = read(study, taken)
    assert _values(snapshot, "function_row") == _made_of(study, "function_row")
    # Who wrote what was coded by a text that is not there keeps its code.
    assert _values(snapshot, "function_row").count("nursing") == 1


def test_a_query_counts_what_was_made_anew(folder: Path, taken: Path) -> None:
    study = _change(folder, "derived.yaml", "liking == 'little'", "liking != 'much'")
    with read(study, taken).connect() as connection:
        found = connection.execute("SELECT count(*) FROM respondents WHERE likes = 'no'").fetchall()
    assert found == [(2,)]


def test_words_that_were_held_back_make_nothing(folder: Path, taken: Path) -> None:
    case = '- {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "liking == \'much\'"}'
    long = '- {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "length(job_other) > 20"}'
    study = _change(folder, "derived.yaml", case, long)
    with pytest.raises(SnapshotTexts, match="'likes' is made from the words"):
        read(study, taken)


def test_what_was_made_of_such_words_before_stays(folder: Path, tmp_path: Path) -> None:
    case = '- {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "liking == \'much\'"}'
    long = '- {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "length(job_other) > 18"}'
    study = _change(folder, "derived.yaml", case, long)
    taken = _taken(study, tmp_path / "held", NOTHING)
    later = _change(folder, "derived.yaml", "much: 2", "much: 3")
    snapshot = read(later, taken)
    assert _values(snapshot, "liking_score") == _made_of(later, "liking_score")
    assert _values(snapshot, "likes").count("yes") == 1


def test_what_was_made_of_such_words_stays_in_the_first_format_too(
    folder: Path, tmp_path: Path
) -> None:
    case = '- {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "liking == \'much\'"}'
    long = '- {code: "yes", label: {nl: "Ja", en: "Yes"}, when: "length(job_other) > 18"}'
    study = _change(folder, "derived.yaml", case, long)
    taken = _taken(study, tmp_path / "held", NOTHING)
    _as_first_format(study, taken)
    assert _values(read(study, taken), "likes").count("yes") == 1


@pytest.mark.parametrize("digest", ["digest", "files_digest"])
def test_a_snapshot_of_the_first_format_still_opens(folder: Path, taken: Path, digest: str) -> None:
    study = load(folder)
    before = sorted(repr(sorted(person.items())) for person in read(study, taken).persons())
    _as_first_format(study, taken, getattr(study, digest))
    first = read(study, taken)
    assert sorted(repr(sorted(person.items())) for person in first.persons()) == before
    assert (first.remade, first.digest) == (None, file_hash(taken / ROWS))


def test_a_snapshot_of_the_first_format_is_made_anew_where_the_study_was_changed(
    folder: Path, taken: Path
) -> None:
    study = load(folder)
    before = sorted(repr(sorted(person.items())) for person in read(study, taken).persons())
    _as_first_format(study, taken)
    first = read(study, taken)
    assert sorted(repr(sorted(person.items())) for person in first.persons()) == before
    assert first.remade is not None
    assert first.digest == file_hash(taken / ROWS)
    later = _change(folder, "derived.yaml", "liking == 'little'", "liking != 'much'")
    assert _values(read(later, taken), "likes") == _made_of(later, "likes")


def test_the_first_format_cannot_code_texts_anew(folder: Path, taken: Path, tmp_path: Path) -> None:
    study = load(folder)
    _as_first_format(study, taken)
    with pytest.raises(SnapshotTexts, match="knows no text by its number"):
        rewrite(read(study, taken), tmp_path / "new", {("function_row", 1): "bakery"})


# Questions, by variable


def test_a_question_that_was_added_reads_as_not_asked(folder: Path, taken: Path) -> None:
    added = (
        "items:\n      - question: age\n        kind: number\n        min: 0\n        max: 99\n"
        "        text: {nl: 'Hoe oud?', en: 'How old?'}\n"
    )
    snapshot = read(_change(folder, "questionnaire.yaml", "items:\n", added), taken)
    assert set(_values(snapshot, "age")) == {str(Missing.NOT_ASKED)}
    assert snapshot.told_changes()[0] == "'age' was added since: it reads as not asked."
    assert snapshot.digest == file_hash(taken / ROWS)


BAKED = (
    '      - question: baked\n        number: "4"\n        kind: single\n'
    "        ask_if: \"liking == 'much'\"\n"
    '        text: {nl: "Bakt u zelf?", en: "Do you bake?"}\n        options:\n'
    '          - {code: "yes", label: {nl: "Ja", en: "Yes"}}\n'
    '          - {code: "no", label: {nl: "Nee", en: "No"}}\n'
)


def test_a_question_that_was_retired_stays_in_the_file(
    folder: Path, taken: Path, tmp_path: Path
) -> None:
    study = _change(folder, "questionnaire.yaml", BAKED, "")
    snapshot = read(study, taken)
    assert "baked" not in next(iter(snapshot.persons()))
    assert "'baked' is not asked any more: its answers stay in the file." in snapshot.told_changes()
    again = rewrite(snapshot, tmp_path / "again").folder
    shutil.copytree(MADE, folder, dirs_exist_ok=True)
    assert _values(read(load(folder), again), "baked") == _values(
        read(load(folder), taken), "baked"
    )


def test_an_answer_that_was_added_was_chosen_by_nobody(folder: Path, taken: Path) -> None:
    brown = '- {code: brown, label: {nl: "Bruin", en: "Brown"}}\n'
    more = f'{brown}          - {{code: rye, label: {{nl: "Rogge", en: "Rye"}}}}\n'
    snapshot = read(_change(folder, "questionnaire.yaml", brown, more), taken)
    shutil.copytree(MADE, folder, dirs_exist_ok=True)
    assert _values(snapshot, "bread") == _values(read(load(folder), taken), "bread")
    assert snapshot.told_changes() == ("Answer 'rye' of 'bread' was added since: nobody chose it.",)


def test_an_answer_that_nobody_gave_may_go(folder: Path, tmp_path: Path) -> None:
    brown = '- {code: brown, label: {nl: "Bruin", en: "Brown"}}\n'
    more = f'{brown}          - {{code: rye, label: {{nl: "Rogge", en: "Rye"}}}}\n'
    wide = _change(folder, "questionnaire.yaml", brown, more)
    taken = _taken(wide, tmp_path / "wide", NOTHING)
    narrow = _change(folder, "questionnaire.yaml", more, brown)
    assert _values(read(narrow, taken), "bread") == _values(read(wide, taken), "bread")


def test_five_who_gave_an_answer_are_counted_and_four_are_few(folder: Path, tmp_path: Path) -> None:
    study = load(folder)
    said = {**dict.fromkeys(raw_names(study), Missing.NOT_ASKED), **SYSTEM, "bread": ("brown",)}
    for number, told in ((4, "few"), (5, "5")):
        answers = [ResponseRecord(str(at), said) for at in range(number)]
        taken = write(study, answers, tmp_path / told).folder
        brown = '          - {code: brown, label: {nl: "Bruin", en: "Brown"}}\n'
        case = "'brown' in bread"
        shutil.copytree(MADE, folder, dirs_exist_ok=True)
        _change_unread(folder, "derived.yaml", case, "'white' in bread")
        later = _change(folder, "questionnaire.yaml", brown, "")
        with pytest.raises(SnapshotQuestions, match=rf"'brown' of 'bread' .* \({told}\)"):
            read(later, taken)


def _numbers(folder: Path, decimals: int) -> Study:
    age = (
        "items:\n      - question: age\n        kind: number\n        min: 0\n        max: 99\n"
        f"        decimals: {decimals}\n        text: {{nl: 'Hoe oud?', en: 'How old?'}}\n"
    )
    shutil.copytree(MADE, folder, dirs_exist_ok=True)
    return _change(folder, "questionnaire.yaml", "items:\n", age)


@pytest.mark.parametrize("first", [False, True])
def test_a_number_may_get_decimals_and_lose_none(folder: Path, tmp_path: Path, first: bool) -> None:
    whole = _numbers(folder, 0)
    said = {**dict.fromkeys(raw_names(whole), Missing.NOT_ASKED), **SYSTEM, "age": Decimal(7)}
    taken = write(whole, [ResponseRecord("1", said)], tmp_path / "whole")
    finer = _numbers(folder, 1)
    fine = write(finer, [ResponseRecord("1", {**said, "age": Decimal("7.5")})], tmp_path / "fine")
    if first:
        for one in (taken, fine):
            _as_first_format(one.study, one.folder)
    assert [person["age"] for person in read(finer, taken.folder).persons()] == [Decimal(7)]
    with pytest.raises(SnapshotQuestions, match="'age' is a question of another kind"):
        read(_numbers(folder, 0), fine.folder)


def test_an_answer_that_people_gave_cannot_go(folder: Path, taken: Path) -> None:
    little = '    - {code: little, label: {nl: "Weinig", en: "Little"}}\n'
    for file, old, new in (
        ("questionnaire.yaml", little, ""),
        ("derived.yaml", "liking == 'little'", "liking == 'much'"),
        ("derived.yaml", "values: {much: 2, little: 1}", "values: {much: 2}"),
        ("tables.yaml", "order: [little, much]", "order: [much]"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    problem = r"no answer 'little' of 'liking' any more, and some gave it \(few\)"
    changed = (folder / "derived.yaml").read_text(encoding="utf-8")
    unreached = '      - {code: "no", label: {nl: "Nee", en: "No"}, when: "liking == \'much\'"}\n'
    (folder / "derived.yaml").write_text(changed.replace(unreached, ""), encoding="utf-8")
    with pytest.raises(SnapshotQuestions, match=problem):
        read(load(folder), taken)


def test_a_question_of_another_kind_is_refused_by_name(folder: Path, taken: Path) -> None:
    text = (folder / "questionnaire.yaml").read_text(encoding="utf-8")
    baked = text.index("question: baked")
    text = text[:baked] + text[baked:].replace("kind: single", "kind: multiple", 1)
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotQuestions, match="'baked' is a question of another kind"):
        read(load(folder), taken)


# Texts by number, and what can be done when the answers were erased


def test_numbers_tell_nothing_of_texts_that_were_held_back(taken: Path) -> None:
    texts = read_texts(taken)
    assert sorted(text.number for text in texts if text.variable == "job_other") == [1, 2]
    assert {text.text for text in texts} == {None}
    for name in (ROWS, TEXTS):
        with duckdb_io.load(taken / name, 0) as connection:
            cells = {cell for row in duckdb_io.rows(connection) for cell in row}
        assert not {NURSE, BAKER, NURSE.lower(), BAKER.lower()} & cells
    about = "".join((taken / name).read_text(encoding="utf-8") for name in (CODEBOOK, ABOUT))
    assert NURSE not in about
    assert BAKER not in about


def test_held_texts_are_numbered_by_no_order_of_arrival(folder: Path, tmp_path: Path) -> None:
    study = load(folder)
    words = [f"{letter}aap" for letter in "abcdefghijklmnopqrstuvwxyz"]
    same = {**dict.fromkeys(raw_names(study), Missing.NOT_ASKED), **SYSTEM, "job": "other"}
    # Nothing but the text differs.
    said = [{**same, "job_other": word, "bread": ("other",), "bread_other": "x"} for word in words]
    order = []
    for turn, people in enumerate((said, said[::-1])):
        records = [ResponseRecord(str(at), one) for at, one in enumerate(people)]
        rows = write(study, records, tmp_path / f"{turn}", texts=NOTHING).folder / ROWS
        order.append(rows.read_bytes())
    assert order[0] == order[1]


def test_texts_that_were_released_stand_beside_their_number(folder: Path, tmp_path: Path) -> None:
    release = TextRelease({("job_other", NURSE): NURSE, ("job_other", BAKER): "Bakte [naam] zelf"})
    found = {t.text: t.exact for t in read_texts(_taken(load(folder), tmp_path / "s", release))}
    assert found == {NURSE: True, "Bakte [naam] zelf": False}


def _list(study: Path, taken: Path, path: Path) -> list[list[str]]:
    snapshot_command(from_=taken, list_texts=path, study=str(study))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write_list(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_text_is_recoded_by_its_number_after_the_answers_were_erased(
    folder: Path, taken: Path, tmp_path: Path
) -> None:
    rows = _list(folder, taken, tmp_path / "texts.csv")
    coded = {row[2]: row[4] for row in rows[1:] if row[1] == "function_row"}
    assert sorted(coded.values()) == ["", "nursing"]
    for row in rows[1:]:
        row[4] = row[4] or ("butchery" if row[1] == "function_row" else "")
    list_ = _write_list(tmp_path / "recodes.csv", rows)
    new = tmp_path / "recoded"
    assert snapshot_command(from_=taken, out=new, recodes=list_, study=str(folder)) == ExitCode.DONE
    snapshot = read(load(folder), new)
    # Two people wrote the text that nobody had coded.
    assert _values(snapshot, "function_row").count("butchery") == 3
    assert _values(snapshot, "function_row").count(str(Missing.UNCODED)) == 0
    assert _values(snapshot, "domain").count("food") == 4
    about = json.loads((new / ABOUT).read_text(encoding="utf-8"))
    assert about["from"]["sha256"] == file_hash(taken / ROWS)
    assert len(about["from"]["recoded"]) == 2
    assert about["from"]["changes"] == []


def test_a_recoded_snapshot_can_be_listed_and_recoded_again(
    folder: Path, taken: Path, tmp_path: Path
) -> None:
    rows = _list(folder, taken, tmp_path / "texts.csv")
    for row in rows[1:]:
        row[4] = "bakery" if row[1] == "function_row" else row[4]
    list_ = _write_list(tmp_path / "recodes.csv", rows)
    snapshot_command(from_=taken, out=tmp_path / "new", recodes=list_, study=str(folder))
    again = _list(folder, tmp_path / "new", tmp_path / "again.csv")
    assert [row[1:] for row in again] == [row[1:] for row in rows]
    assert again[1][0] != rows[1][0]


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        (0, "0123456789ab", "of another snapshot"),
        (1, "likes", "'likes' is not coded"),
        (2, "99", "No text has the number '99'"),
        (2, "one", "No text has the number 'one'"),
        (4, "pilot", "has no code 'pilot'"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_with_its_line(
    folder: Path, taken: Path, tmp_path: Path, column: int, value: str, problem: str
) -> None:
    rows = _list(folder, taken, tmp_path / "texts.csv")
    rows[1][column] = value
    list_ = _write_list(tmp_path / "recodes.csv", rows)
    with pytest.raises(BlikveldError, match=problem) as refused:
        snapshot_command(from_=taken, out=tmp_path / "new", recodes=list_, study=str(folder))
    assert refused.value.location.endswith("recodes.csv:2")
    assert not (tmp_path / "new").exists()


def test_a_label_that_was_mended_after_erasing_is_written_into_a_new_snapshot(
    folder: Path, taken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _change(folder, "questionnaire.yaml", 'nl: "Bakker"', 'nl: "Banketbakker"')
    snapshot_command(from_=taken, out=tmp_path / "new", study=str(folder))
    assert "'job' has other words by now." in capsys.readouterr().err
    snapshot = read(load(folder), tmp_path / "new")
    assert snapshot.changes == ()
    assert snapshot.digest == file_hash(taken / ROWS)


def test_a_row_of_the_coding_file_counts_for_texts_that_were_released(
    folder: Path, tmp_path: Path
) -> None:
    release = TextRelease({("job_other", BAKER): BAKER})
    taken = _taken(load(folder), tmp_path / "part", release)
    row = f"function_row,job,{BAKER.lower()},bakery\n"
    with (folder / "coding.csv").open("a", encoding="utf-8") as file:
        file.write(row)
    snapshot = read(load(folder), taken)
    assert _values(snapshot, "function_row") == _made_of(load(folder), "function_row")
    assert {p["job_other"] for p in snapshot.persons()} >= {HELD["nl"], BAKER}


@pytest.mark.parametrize(
    ("released", "row", "code"),
    [
        (NURSE, NURSE, "bakery"),
        ("Zorgt voor [naam]", "Zorgt voor [naam]", "nursing"),
    ],
)
def test_a_coding_file_speaks_of_texts_as_they_were_written(
    folder: Path, tmp_path: Path, released: str, row: str, code: str
) -> None:
    release = TextRelease({("job_other", NURSE): released})
    taken = _taken(load(folder), tmp_path / "part", release)
    with (folder / "coding.csv").open(encoding="utf-8") as file:
        rows = [line for line in file if "verpleegkundige" not in line]
    text = "".join([*rows, f"function_row,job,{row.lower()},bakery\n"])
    (folder / "coding.csv").write_text(text, encoding="utf-8")
    found = [p for p in read(load(folder), taken).persons() if p["job_other"] == released]
    assert [person["function_row"] for person in found] == [code]


def test_a_code_that_left_the_study_is_no_code_of_a_text(folder: Path, tmp_path: Path) -> None:
    study = load(folder)
    said = {"bread": ("other",), "bread_other": "appeltaart"}
    empty = {**dict.fromkeys(raw_names(study), Missing.NOT_ASKED), **SYSTEM}
    taken = write(study, [ResponseRecord("1", {**empty, **said})], tmp_path / "taken")
    assert _values(taken, "subject") == ["cake"]
    cake = '      - {code: cake, label: {nl: "Taart", en: "Cake"}}\n'
    _change_unread(folder, "coding.csv", "subject,bread,appeltaart,cake\n", "")
    later = _change(folder, "derived.yaml", cake, "")
    assert _values(read(later, taken.folder), "subject") == ["bread"]


def test_where_to_write_and_from_what_has_to_be_said(folder: Path, tmp_path: Path) -> None:
    for given in ({}, {"out": tmp_path / "o"}, {"from_": tmp_path}, {"data": tmp_path}):
        with pytest.raises(BlikveldError, match="what to write"):
            snapshot_command(study=str(folder), **given)
