"""The folder of the interviews, the way through it, and the project that goes out. All invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blikveld.cli import interviews
from blikveld.cli.interviews import export as export_command
from blikveld.cli.interviews import import_, inspect, pseudonymise, quotes, topic_guide
from blikveld.errors import BlikveldError, Faults
from blikveld.interviews import exchange, refi
from blikveld.interviews.coding import Action, ActionKind, Log, MemoKind
from blikveld.interviews.deidentification import Context, PseudonymisedText
from blikveld.interviews.deidentification import IdentifierKind as Hidden
from blikveld.interviews.deidentification.pseudonymised import InvalidPseudonymKey
from blikveld.interviews.workspace import Workspace, WorkspaceError, people

TALK = "Famke Osinga: Dag Delano.\nDelano Pinas: Ik zag Youssef in Almelo, bij Zijspoor.\n"
PEOPLE = """speakers:
  - {name: Famke Osinga, label: Interviewer}
  - {name: Delano Pinas, also: [Dee], label: Jongerenwerker}
organisations: [Zijspoor]
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "people.yaml"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def taken(folder: Path, key: Path, listed: Path, name: str = "g1") -> Workspace:
    work = Workspace.at(folder, key)
    known = people(listed)
    work.import_transcript(
        TALK.encode(), "talk.txt", known, name, language="nl", context=Context(known)
    )
    return work


def test_the_way_from_a_file_to_a_protected_text(tmp_path: Path, listed: Path) -> None:
    work = taken(tmp_path / "work", tmp_path / "a.key", listed)
    draft = tmp_path / "work" / "drafts" / "g1.json"
    found = json.loads(draft.read_text(encoding="utf-8"))
    assert [row["words"] for row in found["suggestions"]] == ["Youssef", "Almelo"]
    found["suggestions"][1]["accept"] = False
    draft.write_text(json.dumps(found), encoding="utf-8")
    text = work.pseudonymise("g1")
    assert text.text == (
        "Interviewer: Dag [naam 1].\n\n"
        "Jongerenwerker: Ik zag [naam 2] in Almelo, bij [organisatie 1]."
    )
    assert not draft.exists()
    assert work.texts() == {"g1": text}
    assert work.register().words(Hidden.PERSON, 2) == ("Youssef",)


def test_no_file_of_the_folder_names_a_speaker_at_any_step(tmp_path: Path, listed: Path) -> None:
    folder = tmp_path / "work"
    work = taken(folder, tmp_path / "a.key", listed)
    for step in (lambda: None, lambda: work.pseudonymise("g1")):
        step()
        stored = [path for path in folder.rglob("*") if path.is_file()]
        assert stored
        for name in (b"famke", b"osinga", b"delano", b"pinas", b"zijspoor"):
            assert not any(name in path.read_bytes().lower() for path in stored)


def test_the_same_name_has_one_number_in_every_text(tmp_path: Path, listed: Path) -> None:
    work = taken(tmp_path / "work", tmp_path / "a.key", listed)
    work.pseudonymise("g1")
    taken(tmp_path / "work", tmp_path / "a.key", listed, "g2")
    assert work.pseudonymise("g2").text == work.texts()["g1"].text


def test_without_the_key_nothing_can_be_added_or_undone(tmp_path: Path, listed: Path) -> None:
    work = taken(tmp_path / "work", tmp_path / "a.key", listed)
    work.pseudonymise("g1")
    work.key.destroy()
    again = Workspace.at(tmp_path / "work", tmp_path / "a.key")
    assert list(again.texts()) == ["g1"]
    with pytest.raises(InvalidPseudonymKey, match="nobody can tell any more"):
        again.register()
    with pytest.raises(InvalidPseudonymKey):
        taken(tmp_path / "work", tmp_path / "a.key", listed, "g2")


def test_a_text_is_not_taken_in_over_a_protected_one(tmp_path: Path, listed: Path) -> None:
    taken(tmp_path / "work", tmp_path / "a.key", listed).pseudonymise("g1")
    with pytest.raises(WorkspaceError, match="never changes"):
        taken(tmp_path / "work", tmp_path / "a.key", listed)


def test_a_draft_that_was_meddled_with_is_refused(tmp_path: Path, listed: Path) -> None:
    work = taken(tmp_path / "work", tmp_path / "a.key", listed)
    path = tmp_path / "work" / "drafts" / "g1.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    for wrong in ({**found, "text": "x" + found["text"]}, {**found, "suggestions": 3}, {}):
        path.write_text(json.dumps(wrong), encoding="utf-8")
        with pytest.raises(WorkspaceError, match="not the draft as it was written"):
            work.pseudonymise("g1")
    with pytest.raises(WorkspaceError, match="no such draft"):
        work.pseudonymise("g7")


def test_a_list_of_speakers_with_a_slip_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_text("speakers:\n  - {name: Ada}\n", encoding="utf-8")
    with pytest.raises(Faults, match=r"people.yaml:2: 'label' is missing"):
        people(path)


def test_a_project_with_everything_a_study_has_is_valid_and_the_same_each_time() -> None:
    text = PseudonymisedText("g1", "Interviewer: 👋🏽\r\nJa.")
    lengths, when = {"g1": len(text.text)}, datetime(2021, 10, 2, tzinfo=UTC)
    log = Log()
    for author, action in (
        ("ann", Action(ActionKind.SET_CODE, code="t", name="Thema", definition="d", include="i")),
        ("ann", Action(ActionKind.SET_CODE, code="c", name="Code", parent="t")),
        ("ann", Action(ActionKind.CODE, code="c", text="g1", start=13, end=15)),
        ("bob", Action(ActionKind.CODE, code="c", text="g1", start=13, end=15)),
        ("bob", Action(ActionKind.MEMO, memo="m", memo_kind=MemoKind.CODE, words="w", about="c")),
        ("bob", Action(ActionKind.MEMO, memo="n", memo_kind=MemoKind.METHOD, words="v")),
    ):
        log = log.done(author, action, lengths, when)
    whole = exchange.export_project("P", [text], log.state)
    raw = refi.package(whole).written()
    came = refi.project(refi.RefiArchive.read(raw))
    assert came == whole
    assert came.problems() == ()
    assert raw == refi.package(exchange.export_project("P", [text], log.state)).written()
    passage = came.sources[0].selections[0]
    assert text.text[passage.start : passage.end] == "👋🏽"
    assert len(passage.codings) == 2
    assert came.codes[0].description == "d\nInclude: i"
    assert came.codes[0].codes[0].notes == (came.notes[0].guid,)
    assert came.about == (came.notes[1].guid,)


def test_the_commands(
    tmp_path: Path,
    listed: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The same here as on a machine without other programs.
    monkeypatch.setattr(interviews, "installed", lambda: ())
    folder, key = tmp_path / "work", tmp_path / "a.key"
    file = tmp_path / "talk.txt"
    file.write_text(TALK, encoding="utf-8")
    assert import_(file, name="g1", people_file=listed, folder=folder, key=key) == 0
    assert pseudonymise("g1", folder=folder, key=key) == 0
    assert quotes() == 0
    assert topic_guide(out=tmp_path / "guide.html") == 0
    assert "<section>" in (tmp_path / "guide.html").read_text(encoding="utf-8")
    assert export_command(tmp_path / "all.qdpx") == 0
    assert inspect(tmp_path / "all.qdpx") == 0
    said = capsys.readouterr().out
    assert "2 suggestions to judge" in said
    assert "Invented: nobody said this." in said
    assert "25" in said
    with pytest.raises(BlikveldError):
        inspect(file)
