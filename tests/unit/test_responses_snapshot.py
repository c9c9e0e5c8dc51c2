"""Snapshots: the same answers give the same bytes, and a changed or foreign one is refused."""

from __future__ import annotations

import json
import random
import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from blikveld.errors import BlikveldError
from blikveld.inclusion import distinct_persons
from blikveld.responses import duckdb_io
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import ResponseRecord, SnapshotColumn, WrongRecord, raw_names
from blikveld.responses.snapshot import (
    ABOUT,
    AS_WRITTEN,
    HELD,
    ROWS,
    Snapshot,
    SnapshotColumns,
    SnapshotDamaged,
    SnapshotIncomplete,
    SnapshotNotWritten,
    SnapshotOfOtherStudy,
    TextRelease,
    TwiceTheSame,
    UnknownAnswers,
    read,
    text_names,
    write,
)
from blikveld.responses.snapshot_files import CODEBOOK, TEXTS
from blikveld.results.cell import DataOrigin
from blikveld.rules import EVERYBODY, Missing, Person, UnknownVariable, Value
from blikveld.study.load import load

STUDY = load(Path(__file__).parents[1] / "studies/made")
SYSTEM: Person = {"municipality": "veen", "mode": "web", "language": "nl", "completed": True}
SECRET = "f3a9-key-of-a-respondent"  # noqa: S105


def _response(key: str, **answers: Value) -> ResponseRecord:
    empty = dict.fromkeys(raw_names(STUDY), Missing.NOT_ASKED)
    return ResponseRecord(key, {**empty, **SYSTEM, **answers})


RESPONSES = [
    _response(SECRET, job="baker", liking="much", bread=("white", "brown"), baked="yes"),
    _response("2", job="other", job_other="Wijkverpleegkundige; DROP TABLE 'x'", bread=()),
    _response("3", job="other", job_other=Missing.SKIPPED, liking=Missing.REFUSED),
    _response("4", completed=False, **dict.fromkeys(("job", "liking"), Missing.BROKEN_OFF)),
    _response("5", completed=False, **dict.fromkeys(("job", "liking"), Missing.BROKEN_OFF)),
]


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return write(STUDY, RESPONSES, tmp_path / "snapshot", texts=AS_WRITTEN)


def _contents(persons: Iterator[Person]) -> list[str]:
    return sorted(repr(sorted(person.items())) for person in persons)


def test_everybody_comes_back_with_what_was_made_of_them(snapshot: Snapshot) -> None:
    made = (code_and_derive(STUDY, response.values) for response in RESPONSES)
    assert snapshot.rows == len(RESPONSES)
    assert _contents(snapshot.persons()) == _contents(made)


def test_no_text_that_people_wrote_is_read_before_somebody_released_it(tmp_path: Path) -> None:
    held = write(STUDY, RESPONSES, tmp_path / "held")
    said = "Wijkverpleegkundige; DROP TABLE 'x'"
    part = TextRelease({("job_other", said): "Wijkverpleegkundige"})
    some = write(STUDY, RESPONSES, tmp_path / "some", texts=part)
    for snapshot, wanted in ((held, HELD["nl"]), (some, "Wijkverpleegkundige")):
        texts = [person[name] for person in snapshot.persons() for name in text_names(STUDY)]
        assert {text for text in texts if isinstance(text, str)} == {wanted}


def test_a_text_is_coded_before_it_is_held_back(tmp_path: Path) -> None:
    answers = [_response("1", job="other", job_other="Wijkverpleegkundige", bread=())]
    (person,) = write(STUDY, answers, tmp_path / "held").persons()
    assert (person["function_row"], person["job_other"]) == ("nursing", HELD["nl"])


@pytest.mark.parametrize("origin", [DataOrigin.REFERENCE, DataOrigin.MADE_UP])
def test_what_nobody_wrote_needs_no_release(tmp_path: Path, origin: DataOrigin) -> None:
    answers = [_response("1", job="other", job_other="Imker", bread=())]
    (person,) = write(STUDY, answers, tmp_path / "made", origin=origin).persons()
    assert person["job_other"] == "Imker"


def test_the_answers_alone_make_the_same_snapshot(snapshot: Snapshot, tmp_path: Path) -> None:
    again = write(STUDY, snapshot.responses(), tmp_path / "again", texts=AS_WRITTEN)
    assert again.digest == snapshot.digest


def test_the_order_of_arrival_leaves_no_trace(snapshot: Snapshot, tmp_path: Path) -> None:
    for seed in range(5):
        shuffled = random.Random(seed).sample(RESPONSES, k=len(RESPONSES))
        other = write(STUDY, shuffled, tmp_path / f"shuffled-{seed}", texts=AS_WRITTEN)
        assert (other.folder / ROWS).read_bytes() == (snapshot.folder / ROWS).read_bytes()
        assert (other.folder / ABOUT).read_bytes() == (snapshot.folder / ABOUT).read_bytes()


def test_the_key_of_a_respondent_is_not_stored(snapshot: Snapshot) -> None:
    with snapshot.connect() as connection:
        names = {name for name, *_ in connection.execute("DESCRIBE respondents").fetchall()}
        rows = connection.execute("SELECT * FROM respondents").fetchall()
    assert "respondent" not in names
    assert SECRET not in repr(rows)
    assert all(SECRET.encode() not in path.read_bytes() for path in snapshot.folder.iterdir())


def test_only_the_owner_can_look_inside(snapshot: Snapshot) -> None:
    assert stat.S_IMODE(snapshot.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in snapshot.folder.iterdir()} == {0o600}


def test_it_says_which_study_it_is_of(snapshot: Snapshot) -> None:
    about = json.loads((snapshot.folder / ABOUT).read_text())
    assert (about["study"], about["version"], about["digest"]) == ("made", "1", STUDY.digest)
    assert (about["rows"], about["sha256"]) == (5, snapshot.digest)


@pytest.mark.parametrize("origin", DataOrigin)
def test_it_says_where_its_answers_come_from(origin: DataOrigin, tmp_path: Path) -> None:
    write(STUDY, RESPONSES, tmp_path / "snapshot", origin=origin)
    assert read(STUDY, tmp_path / "snapshot").origin is origin


def test_a_query_reaches_the_rows_and_nothing_else(snapshot: Snapshot) -> None:
    with snapshot.connect() as connection:
        found = connection.execute("SELECT count(*) FROM respondents WHERE bread__white").fetchall()
        assert found == [(1,)]
        for statement in (
            f"FROM read_text('{snapshot.folder / ABOUT}')",
            f"COPY respondents TO '{snapshot.folder / 'leak.csv'}'",
            "ATTACH 'other.db'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


@pytest.fixture
def large(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """The same snapshot as if it had too many rows to hold in memory."""
    monkeypatch.setattr(duckdb_io, "_TOGETHER", 1)
    return read(snapshot.study, snapshot.folder)


def test_rows_that_stay_in_their_file_are_the_same(snapshot: Snapshot, large: Snapshot) -> None:
    assert list(large.persons()) == list(snapshot.persons())


def test_a_query_on_rows_that_stay_in_their_file_reaches_nothing_else(large: Snapshot) -> None:
    test_a_query_reaches_the_rows_and_nothing_else(large)


def test_rows_that_stay_in_their_file_are_found_under_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb_io, "_TOGETHER", 1)
    test_a_folder_with_signs_that_stand_for_others(tmp_path)


def test_people_who_answered_alike_are_given_once(snapshot: Snapshot, tmp_path: Path) -> None:
    thrice = [
        replace(one, respondent=f"{one.respondent} {n}") for n in range(3) for one in RESPONSES
    ]
    alike = write(STUDY, thrice, tmp_path / "alike", texts=AS_WRITTEN)
    persons, often, are_all = distinct_persons(STUDY, alike, EVERYBODY, 100)
    found = dict(zip((_contents(iter([one]))[0] for one in persons), often, strict=True))
    assert found == {one: 3 * n for one, n in Counter(_contents(snapshot.persons())).items()}
    assert len(persons) == len(found)
    assert are_all


def test_some_of_very_many_different_people_are_given(snapshot: Snapshot) -> None:
    persons, _, are_all = distinct_persons(STUDY, snapshot, EVERYBODY, 2)
    assert len(persons) < snapshot.rows
    assert not are_all


def test_two_connections_do_not_close_each_other(snapshot: Snapshot) -> None:
    with snapshot.connect():
        pass
    with snapshot.connect() as connection:
        assert duckdb_io.count(connection) == 5


def test_a_snapshot_of_nobody(tmp_path: Path) -> None:
    empty = write(STUDY, [], tmp_path / "empty")
    assert (empty.rows, list(empty.persons())) == (0, [])


def test_a_folder_with_signs_that_stand_for_others(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] *?"
    write(STUDY, RESPONSES, folder)
    assert len(list(read(STUDY, folder).persons())) == len(RESPONSES)


# What is refused before anything is written.


@pytest.mark.parametrize(
    ("responses", "error"),
    [
        ([RESPONSES[0], RESPONSES[0]], TwiceTheSame),
        ([_response("1", domain="food")], UnknownAnswers),
        ([_response("1", job="pilot")], WrongRecord),
        ([ResponseRecord("1", SYSTEM)], UnknownVariable),
    ],
)
def test_a_record_that_does_not_fit_leaves_nothing_behind(
    responses: list[ResponseRecord], error: type[BlikveldError], tmp_path: Path
) -> None:
    with pytest.raises(error):
        write(STUDY, responses, tmp_path / "snapshot")
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_is_not_replaced_unasked(snapshot: Snapshot) -> None:
    with pytest.raises(SnapshotNotWritten, match="already"):
        write(STUDY, [], snapshot.folder)
    assert read(STUDY, snapshot.folder).rows == 5
    assert write(STUDY, [], snapshot.folder, replace=True).rows == 0
    assert [path.name for path in snapshot.folder.parent.iterdir()] == ["snapshot"]


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(SnapshotNotWritten, match="other files"):
        write(STUDY, RESPONSES, tmp_path, replace=True)
    with pytest.raises(SnapshotNotWritten, match="file stands"):
        write(STUDY, RESPONSES, tmp_path / "thesis.docx", replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_failure_half_way_leaves_the_old_snapshot(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(duckdb_io, "write", full)
    with pytest.raises(OSError, match="no space"):
        write(STUDY, [], snapshot.folder, replace=True)
    assert read(STUDY, snapshot.folder).rows == 5
    assert [path.name for path in snapshot.folder.parent.iterdir()] == ["snapshot"]


# What is refused when a snapshot is opened.


@pytest.mark.parametrize("name", [ROWS, TEXTS, CODEBOOK, ABOUT])
def test_a_missing_file(name: str, snapshot: Snapshot) -> None:
    (snapshot.folder / name).unlink()
    with pytest.raises(SnapshotIncomplete, match=name):
        read(STUDY, snapshot.folder)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(SnapshotIncomplete):
        read(STUDY, tmp_path / "nowhere")


@pytest.mark.parametrize("name", [ROWS, TEXTS, CODEBOOK])
def test_one_changed_byte(name: str, snapshot: Snapshot) -> None:
    path = snapshot.folder / name
    whole = path.read_bytes()
    for index in (0, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
        with pytest.raises(SnapshotDamaged, match=name):
            read(STUDY, snapshot.folder)


@pytest.mark.parametrize("change", [{"key": "other"}, {"version": "2"}], ids=str)
def test_another_study(change: dict[str, str], snapshot: Snapshot) -> None:
    with pytest.raises(SnapshotOfOtherStudy):
        read(replace(STUDY, **change), snapshot.folder)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "about",
    [
        "",
        "[]",
        "[" * 100_000,
        "{}",
        '{"format": 2}',
        '{"format": 1}',
        '{"format": 1, "study": "made", "version": "1", "digest": "", "rows": "5", "sha256": "", '
        '"engine": "", "origin": "fieldwork"}',
        '{"format": 1, "study": "made", "version": "1", "digest": "", "rows": 5, "sha256": "", '
        '"engine": "", "origin": ["fieldwork"]}',
        '{"format": 2, "study": "made", "version": "1", "digest": "", "rows": 5, "sha256": "", '
        '"engine": "", "origin": "fieldwork", "beside": {"other.json": ""}}',
        '{"format": 3}',
        b"\xff",
    ],
    ids=range(11),
)
def test_a_description_that_cannot_be_read(about: str | bytes, snapshot: Snapshot) -> None:
    (snapshot.folder / ABOUT).write_bytes(about if isinstance(about, bytes) else about.encode())
    with pytest.raises(SnapshotDamaged, match=ABOUT):
        read(STUDY, snapshot.folder)


def _forge(snapshot: Snapshot, columns: list[SnapshotColumn], rows: list[tuple[None, ...]]) -> None:
    """Other rows under a description that says they are the right ones."""
    duckdb_io.write(columns, rows, snapshot.folder / ROWS)
    _describe(snapshot)


def _describe(snapshot: Snapshot) -> None:
    about = json.loads((snapshot.folder / ABOUT).read_text())
    about["sha256"] = sha256((snapshot.folder / ROWS).read_bytes()).hexdigest()
    (snapshot.folder / ABOUT).write_text(json.dumps(about))


def test_other_columns(snapshot: Snapshot) -> None:
    good = list(duckdb_io.look(snapshot.folder / ROWS)[0])
    for there, message in (
        (good[1:], "lacks the columns 'municipality'"),
        ([*good, SnapshotColumn("extra", "VARCHAR")], "of its own: 'extra'"),
        (
            [*good[:-1], SnapshotColumn(good[-1].name, "DOUBLE")],
            "differs of 'bread_other__text'",
        ),
        ([good[1], good[0], *good[2:]], "differs of 'municipality', 'municipality__missing'"),
    ):
        _forge(snapshot, there, [(None,) * len(there)] * 5)
        with pytest.raises(SnapshotColumns, match=message):
            read(STUDY, snapshot.folder)


def test_another_number_of_rows(snapshot: Snapshot) -> None:
    good = list(duckdb_io.look(snapshot.folder / ROWS)[0])
    _forge(snapshot, good, [(None,) * len(good)] * 4)
    with pytest.raises(SnapshotDamaged, match="number of rows"):
        read(STUDY, snapshot.folder)


def test_rows_that_nobody_answered(snapshot: Snapshot) -> None:
    good = list(duckdb_io.look(snapshot.folder / ROWS)[0])
    _forge(snapshot, good, [(None,) * len(good)] * 5)
    with pytest.raises(WrongRecord):
        list(read(STUDY, snapshot.folder).persons())


def test_something_else_than_parquet(snapshot: Snapshot) -> None:
    shutil.copy(snapshot.folder / ABOUT, snapshot.folder / ROWS)
    _describe(snapshot)
    with pytest.raises(SnapshotDamaged, match="cannot be read"):
        read(STUDY, snapshot.folder)
