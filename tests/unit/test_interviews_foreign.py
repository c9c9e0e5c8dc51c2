"""Going on with a project of another program, and with one of our own that comes back."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from blikveld.interviews import exchange, refi
from blikveld.interviews.coding import Action, Kind, Log, MemoKind
from blikveld.interviews.foreign import UNKNOWN, taken_over
from blikveld.interviews.protect import Protected
from blikveld.interviews.refi.model import Code, Coding, Document, Project, Selection, new_guid

OTHER = Path(__file__).parents[1] / "interviews" / "refi" / "other_program.xml"
WHEN = datetime(2021, 10, 2, tzinfo=UTC)


def logged(steps: tuple[tuple[str, Action], ...], texts: tuple[Protected, ...]) -> Log:
    lengths, log = {text.key: len(text.text) for text in texts}, Log()
    for author, action in steps:
        log = log.done(author, action, lengths, WHEN)
    return log


def test_another_programs_project_can_be_coded_on() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("project.qde", OTHER.read_bytes())
        archive.writestr("Sources/one.txt", "Hallo 👋🏽\r\n een gesprek")
    found = taken_over(refi.project(refi.Package.read(target.getvalue())))
    assert [text.key for text in found.texts] == ["gesprek-1"]
    assert found.trouble == ("The text of source 'Weg' is not in the file.",)
    state = logged(found.actions, found.texts).state
    assert list(state.codes) == ["werving", "online"]
    assert state.codes["online"].parent == "werving"
    (passage,) = state.passages
    assert (passage.author, passage.code, passage.start, passage.end) == (
        "Coder Een",
        "online",
        8,
        16,
    )
    assert state.memos["memo"].about == "werving"


def test_our_own_project_comes_back_the_same() -> None:
    texts = (Protected("g1", "Interviewer: 👋🏽 ja."),)
    steps = (
        ("ann", Action(Kind.SET_CODE, code="thema", name="Thema", definition="d")),
        ("ann", Action(Kind.SET_CODE, code="code", name="Code", parent="thema")),
        ("ann", Action(Kind.CODE, code="code", text="g1", start=13, end=15)),
        ("bob", Action(Kind.CODE, code="code", text="g1", start=0, end=3)),
        ("bob", Action(Kind.MEMO, memo="m", memo_kind=MemoKind.CODE, words="w", about="code")),
    )
    state = logged(steps, texts).state
    raw = refi.package(exchange.project("P", texts, state)).written()
    found = taken_over(refi.project(refi.Package.read(raw)))
    back = logged(found.actions, found.texts).state
    assert found.texts == texts
    assert (back.codes, back.passages) == (state.codes, state.passages)
    assert [(m.words, m.about, m.author) for m in back.memos.values()] == [("w", "code", "bob")]


def test_what_cannot_be_is_left_out_and_equal_names_are_told_apart() -> None:
    one, two = Code(new_guid(), "Zelfde"), Code(new_guid(), "zelfde!")
    lost, good = Coding(new_guid(), new_guid()), Coding(new_guid(), two.guid)
    outside = Selection(new_guid(), 2, 99, codings=(good,))
    twice = Selection(new_guid(), 0, 4, codings=(good, Coding(new_guid(), two.guid), lost))
    talk = Document(new_guid(), "T", "kort", selections=(outside, twice), codings=(good,))
    found = taken_over(Project("P", codes=(one, two), sources=(talk,)))
    state = logged(found.actions, found.texts).state
    assert list(state.codes) == ["zelfde", "zelfde-2"]
    assert [(p.start, p.end, p.author) for p in state.passages] == [(0, 4, UNKNOWN)]
    assert len(found.trouble) == 2
