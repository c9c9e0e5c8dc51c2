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
    theme, online = state.codes.values()
    assert (theme.called, online.called, online.parent) == ("werving", "online", theme.key)
    (passage,) = state.passages
    assert (passage.author, passage.code, passage.start, passage.end) == (
        "Coder Een",
        online.key,
        8,
        16,
    )
    (memo,) = state.memos.values()
    assert memo.about == theme.key


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
    found = taken_over(refi.project(refi.Package.read(raw)), known=state)
    # What is known already is not made again: only the passages come.
    assert found.texts == texts
    assert {action.kind for _, action in found.actions} == {Kind.CODE}
    assert {(a.code, a.start, a.end, who) for who, a in found.actions} == {
        ("code", 13, 15, "ann"),
        ("code", 0, 3, "bob"),
    }
    elsewhere = taken_over(refi.project(refi.Package.read(raw)))
    back = logged(elsewhere.actions, elsewhere.texts).state
    assert [c.name for c in back.codes.values()] == ["Thema", "Code"]
    memo_words = [(m.words, back.codes[m.about].name, m.author) for m in back.memos.values()]
    assert memo_words == [("w", "Code", "bob")]


def test_what_cannot_be_is_left_out_and_equal_names_are_told_apart() -> None:
    one, two = Code(new_guid(), "Zelfde"), Code(new_guid(), "zelfde!")
    lost, good = Coding(new_guid(), new_guid()), Coding(new_guid(), two.guid)
    outside = Selection(new_guid(), 2, 99, codings=(good,))
    twice = Selection(new_guid(), 0, 4, codings=(good, Coding(new_guid(), two.guid), lost))
    talk = Document(new_guid(), "T", "kort", selections=(outside, twice), codings=(good,))
    found = taken_over(Project("P", codes=(one, two), sources=(talk,)))
    state = logged(found.actions, found.texts).state
    assert [code.called for code in state.codes.values()] == ["zelfde", "zelfde-2"]
    assert [(p.start, p.end, p.author) for p in state.passages] == [(0, 4, UNKNOWN)]
    assert len(found.trouble) == 2
