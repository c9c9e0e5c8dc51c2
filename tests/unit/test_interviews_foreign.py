"""Going on with a project of another program, and with one of our own that comes back."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from blikveld.interviews import exchange, refi
from blikveld.interviews.coding import Action, ActionKind, Log, MemoKind
from blikveld.interviews.deidentification import PseudonymisedText, TranscriptDraft
from blikveld.interviews.exchange import UNKNOWN, ImportedProject, import_project
from blikveld.interviews.refi.model import (
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    new_guid,
)

OTHER = Path(__file__).parents[1] / "interviews" / "refi" / "other_program.xml"
WHEN = datetime(2021, 10, 2, tzinfo=UTC)


def logged(
    steps: tuple[tuple[str, Action], ...],
    texts: tuple[PseudonymisedText, ...] | tuple[TranscriptDraft, ...],
) -> Log:
    lengths, log = {text.key: len(text.text) for text in texts}, Log()
    for author, action in steps:
        log = log.done(author, action, lengths, WHEN)
    return log


def test_another_programs_project_can_be_coded_on() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("project.qde", OTHER.read_bytes())
        archive.writestr("Sources/one.txt", "Hallo 👋🏽\r\n een gesprek")
    found = import_project(refi.project(refi.RefiArchive.read(target.getvalue())))
    assert [text.key for text in found.texts] == ["text"]
    assert found.problems == ("The text of source 'Weg' is not in the file.",)
    state = logged(found.actions, found.texts).state
    theme, online = state.codes.values()
    assert (theme.called, online.called, online.parent) == ("werving", "online", theme.key)
    (passage,) = state.segments
    assert (passage.author, passage.code, passage.start, passage.end) == (
        "Coder Een",
        online.key,
        8,
        16,
    )
    (memo,) = state.memos.values()
    assert memo.about == theme.key


def test_our_own_project_comes_back_the_same() -> None:
    texts = (PseudonymisedText("g1", "Interviewer: 👋🏽 ja."),)
    steps = (
        ("ann", Action(ActionKind.SET_CODE, code="thema", name="Thema", definition="d")),
        ("ann", Action(ActionKind.SET_CODE, code="code", name="Code", parent="thema")),
        ("ann", Action(ActionKind.CODE, code="code", text="g1", start=13, end=15)),
        ("bob", Action(ActionKind.CODE, code="code", text="g1", start=0, end=3)),
        (
            "bob",
            Action(ActionKind.MEMO, memo="m", memo_kind=MemoKind.CODE, words="w", about="code"),
        ),
    )
    state = logged(steps, texts).state
    raw = refi.package(exchange.export_project("P", texts, state)).written()
    found = import_project(refi.project(refi.RefiArchive.read(raw)), known=state)
    # The codes are known; the text is not there any more, so it is a new one with its passages.
    assert [draft.text for draft in found.texts] == [text.text for text in texts]
    assert {action.kind for _, action in found.actions} == {ActionKind.CODE}
    back = import_project(refi.project(refi.RefiArchive.read(raw)), known=state, there=texts)
    assert back == ImportedProject((), (), ())
    elsewhere = import_project(refi.project(refi.RefiArchive.read(raw)))
    taken = logged(elsewhere.actions, elsewhere.texts).state
    assert [c.name for c in taken.codes.values()] == ["Thema", "Code"]
    memo_words = [(m.words, taken.codes[m.about].name, m.author) for m in taken.memos.values()]
    assert memo_words == [("w", "Code", "bob")]


def test_what_cannot_be_is_left_out_and_equal_names_are_told_apart() -> None:
    one, two = RefiCode(new_guid(), "Zelfde"), RefiCode(new_guid(), "zelfde!")
    lost, good = RefiCoding(new_guid(), new_guid()), RefiCoding(new_guid(), two.guid)
    outside = RefiSelection(new_guid(), 2, 99, codings=(good,))
    twice = RefiSelection(new_guid(), 0, 4, codings=(good, RefiCoding(new_guid(), two.guid), lost))
    talk = RefiDocument(new_guid(), "T", "kort", selections=(outside, twice), codings=(good,))
    found = import_project(RefiProject("P", codes=(one, two), sources=(talk,)))
    state = logged(found.actions, found.texts).state
    assert [code.called for code in state.codes.values()] == ["zelfde", "zelfde-2"]
    assert [(p.start, p.end, p.author) for p in state.segments] == [(0, 4, UNKNOWN)]
    assert len(found.problems) == 2
