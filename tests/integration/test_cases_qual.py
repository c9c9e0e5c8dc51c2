"""Work that was lost and names that were kept. Everybody and every word is invented."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from blikveld.desk.roles import Role
from blikveld.errors import BlikveldError
from blikveld.interviews import exchange, refi
from blikveld.interviews.coding import (
    AGREED,
    Action,
    ActionKind,
    Log,
    LogRefused,
    MemoKind,
    TakesFromOthers,
)
from blikveld.interviews.coding_project import CodingProject, InterviewMetadata
from blikveld.interviews.deidentification import (
    Context,
    KnownNames,
    PseudonymisedText,
    Speaker,
    programs,
    suggestions,
)
from blikveld.interviews.deidentification import IdentifierKind as Hidden
from blikveld.interviews.deidentification.programs import ProgramFailed
from blikveld.interviews.deidentification.words import Category
from blikveld.interviews.refi.model import (
    RefiCode,
    RefiCoding,
    RefiDocument,
    RefiProject,
    RefiSelection,
    new_guid,
)
from blikveld.interviews.study_files import hidden
from blikveld.interviews.withdrawal import certificates, withdraw_interview
from blikveld.interviews.workspace import (
    Workspace,
    WorkspaceError,
)
from blikveld.publish.interview_material import material_of_project
from blikveld.study.load import load
from blikveld.study.model import Study

MADE = Path(__file__).parents[1] / "studies/made"
WORDS = "Zij had een lening. Daarna kwam de deurwaarder. Niemand hielp haar."
PEOPLE = KnownNames(
    (Speaker(("Willemijn Drost",), "Interviewer"), Speaker(("Otis Kamara",), "Gast"))
)


@pytest.fixture
def room(tmp_path: Path) -> CodingProject:
    (tmp_path / "work" / "texts").mkdir(parents=True)
    PseudonymisedText("g1", WORDS).write(tmp_path / "work" / "texts")
    return CodingProject(tmp_path / "work")


def make(key: str, name: str, parent: str = "", seen: int = 0) -> Action:
    return Action(ActionKind.SET_CODE, code=key, name=name, parent=parent, seen=seen)


def code(key: str, start: int, end: int) -> Action:
    return Action(ActionKind.CODE, code=key, text="g1", start=start, end=end)


def memo(key: str, words: str) -> Action:
    return Action(ActionKind.MEMO, memo=key, memo_kind=MemoKind.TEXT, words=words, about="g1")


@pytest.fixture
def shared(room: CodingProject) -> CodingProject:
    """A theme of ann's with a code, given by bob twice and by ann once; cor notes something."""
    room.do("ann", make("t", "Geld"), make("d", "Schuld", "t"), code("d", 0, 19))
    room.do("bob", code("d", 0, 7), code("d", 20, 47))
    return room


@pytest.fixture
def here(desk_of: Callable[[Study], Any]) -> Any:
    """A desk with two protected texts."""
    from blikveld.desk.interviews.showing import coding_project

    found = desk_of(load(MADE))
    texts = coding_project().folder / "texts"
    for key in ("g1", "g2"):
        PseudonymisedText(key, WORDS).write(texts)
    return found


class TestNobodysWorkIsTakenAway:
    def test_undo_by_the_maker_of_a_code_leaves_the_passages_of_others(
        self, shared: CodingProject
    ) -> None:
        before = shared.log().state.of_coder("bob")
        shared.undo("ann")
        with pytest.raises(TakesFromOthers, match="2 passages of bob") as refused:
            shared.undo("ann")
        assert refused.value.number == 2
        assert shared.log().state.of_coder("bob") == before

    def test_undo_of_an_earlier_own_action_is_still_possible(self, shared: CodingProject) -> None:
        shared.do("ann", make("e", "Angst"))
        shared.do("bob", code("e", 0, 3))
        with pytest.raises(TakesFromOthers):
            shared.undo("ann")
        shared.undo("ann", target=3)
        assert shared.log().state.of_coder("ann") == ()
        assert len(shared.log().state.of_coder("bob")) == 3

    def test_a_code_that_others_gave_is_dropped_by_a_lead_who_saw_how_much(
        self, shared: CodingProject
    ) -> None:
        drop = Action(ActionKind.DROP_CODE, code="d")
        for lead in (False, True):
            with pytest.raises(TakesFromOthers, match="2 passages of bob"):
                shared.do("ann", drop, lead=lead)
        asked = Action(ActionKind.DROP_CODE, code="d", number=2)
        with pytest.raises(TakesFromOthers):
            shared.do("ann", asked)
        shared.do("bob", code("d", 48, 55))
        with pytest.raises(TakesFromOthers, match="3 passages of bob"):
            shared.do("ann", asked, lead=True)
        shared.do("ann", Action(ActionKind.DROP_CODE, code="d", number=3), lead=True)
        assert "d" not in shared.log().state.codes

    def test_somebody_elses_code_is_not_dropped_though_nobody_gave_it(
        self, room: CodingProject
    ) -> None:
        room.do("ann", make("d", "Schuld"))
        with pytest.raises(TakesFromOthers, match="1 code of ann"):
            room.do("bob", Action(ActionKind.DROP_CODE, code="d"))

    def test_a_quote_that_another_chose_stays(self, shared: CodingProject) -> None:
        place = {"code": "d", "text": "g1", "start": 0, "end": 19, "about": "debt"}
        shared.do("ann", Action(ActionKind.QUOTE, **place))  # type: ignore[arg-type]
        with pytest.raises(TakesFromOthers, match="1 quote of ann"):
            shared.do("bob", Action(ActionKind.UNQUOTE, **place))  # type: ignore[arg-type]

    def test_what_was_settled_together_any_of_them_settles_anew_and_nothing_else_removes(
        self, shared: CodingProject
    ) -> None:
        together = replace(code("d", 0, 47), about=AGREED)
        shared.do("ann", together)
        shared.undo("ann")
        shared.do("ann", together)
        shared.do("bob", replace(together, kind=ActionKind.UNCODE))
        shared.do("bob", together)
        for who in ("ann", "bob"):
            with pytest.raises(LogRefused, match="what each coder did alone on g1"):
                shared.do(who, Action(ActionKind.DROP_CODE, code="d"))

    def test_what_coders_settled_is_lost_by_nobodys_dropping(self, room: CodingProject) -> None:
        room.do("ann", make("d", "Schuld"), replace(code("d", 0, 19), about=AGREED))
        with pytest.raises(TakesFromOthers, match="1 passage of agreed"):
            room.do("ann", Action(ActionKind.DROP_CODE, code="d"))


class TestComparing:
    def test_what_each_did_alone_is_kept_as_it_is(self, shared: CodingProject) -> None:
        start = Action(ActionKind.START_COMPARISON, text="g1")
        shared.do("ann", Action(ActionKind.FINISH, text="g1"))
        with pytest.raises(LogRefused, match="Not everybody"):
            shared.do("ann", start)
        shared.do("bob", Action(ActionKind.FINISH, text="g1"))
        shared.do("ann", start)
        work = shared.log().state.independent("g1")
        for action in (
            code("d", 3, 9),
            Action(ActionKind.UNCODE, code="d", text="g1", end=19),
            start,
        ):
            with pytest.raises(LogRefused, match="Comparing began"):
                shared.do("ann", action)
        with pytest.raises(LogRefused, match="Comparing began on g1"):
            shared.undo("bob")
        shared.do("ann", replace(code("d", 0, 47), about=AGREED))
        shared.do("ann", make("e", "Lening"), Action(ActionKind.MERGE_CODES, code="d", into="e"))
        assert shared.log().state.independent("g1") == work == shared.log().state.frozen["g1"]


class TestMerging:
    def test_passages_follow_late_ones_arrive_and_undo_is_exact(
        self, shared: CodingProject
    ) -> None:
        before = shared.log().state
        shared.do("ann", make("e", "Lening"), Action(ActionKind.MERGE_CODES, code="d", into="e"))
        state = shared.log().state
        assert {p.code for p in state.segments} == {"e"}
        assert list(state.codes) == ["t", "e"]
        shared.do("bob", code("d", 48, 55))
        with pytest.raises(LogRefused, match="merged into 'Lening' meanwhile"):
            shared.do("bob", make("d", "Anders", seen=2))
        assert len(shared.log().state.of_coder("bob")) == 3
        shared.undo("ann")
        after = shared.log().state
        assert after.segments - before.segments == {
            replace(p, code="d") for p in after.given - before.given
        }
        assert after.codes["d"] == before.codes["d"]

    def test_no_circle_of_codes_by_any_road(self, room: CodingProject) -> None:
        room.do("ann", make("a", "A"), make("b", "B", "a"))
        with pytest.raises(LogRefused, match="one under it"):
            room.do("ann", Action(ActionKind.MERGE_CODES, code="a", into="b"))
        with pytest.raises(LogRefused, match="into itself"):
            room.do("ann", Action(ActionKind.MERGE_CODES, code="a", into="a"))


def test_what_is_sent_twice_counts_once(room: CodingProject) -> None:
    action = replace(make("d", "Schuld"), event="5f")
    room.do("ann", action)
    room.do("ann", action)
    assert len(room.log().entries) == 1
    with pytest.raises(LogRefused, match="Somebody else's action"):
        room.do("bob", replace(action, code="x"))


class TestTheCodebook:
    def test_a_new_code_is_never_put_over_one_that_is_there(self, shared: CodingProject) -> None:
        with pytest.raises(LogRefused, match="There is a code 'Schuld' with this key"):
            shared.do("bob", make("d", "Schuld!"))
        assert shared.log().state.codes["d"].name == "Schuld"

    def test_a_change_on_an_old_view_is_refused_and_says_who(self, shared: CodingProject) -> None:
        shared.do("ann", make("d", "Lening", "t", seen=2))
        with pytest.raises(LogRefused, match="ann changed the code 'Lening' meanwhile"):
            shared.do("bob", make("d", "Krediet", "t", seen=2))
        shared.do("bob", make("d", "Krediet", "t", seen=6))
        assert shared.log().state.codes["d"].name == "Krediet"

    def test_a_theme_with_codes_under_it_is_not_dropped(self, shared: CodingProject) -> None:
        with pytest.raises(LogRefused, match="1 codes stand under it: Schuld"):
            shared.do("ann", Action(ActionKind.DROP_CODE, code="t"))

    def test_undo_makes_no_circle_and_hides_no_code(self, room: CodingProject) -> None:
        room.do("ann", make("a", "A"), make("b", "B", "a"))
        room.do("ann", make("b", "B", seen=2))
        room.do("bob", make("a", "A", "b", seen=1))
        room.undo("ann")
        state = room.log().state
        tops = [key for key, found in state.codes.items() if not found.parent]
        assert tops
        assert all(set(state.above(key)) & set(tops) for key in state.codes)

    def test_every_reference_of_an_export_leads_somewhere(self, tmp_path: Path) -> None:
        # As logs of before have it: a theme dropped with a code still under it.
        folder = old_log(tmp_path, OLD)
        state = folder.log().state
        whole = refi.package(exchange.export_project("P", folder.texts().values(), state))
        found = refi.project(refi.RefiArchive.read(whole.written()))
        codes = {one.guid for one in found.all_codes()}
        assert {c.code for s in found.sources[0].selections for c in s.codings} <= codes
        assert found.problems() == ()

    def test_two_texts_of_a_report_never_mean_two_codes_by_one_key(
        self, shared: CodingProject
    ) -> None:
        again = Action(ActionKind.SET_CODE, code="x", name="Anders", report_key="d")
        with pytest.raises(LogRefused, match="The report calls 'Schuld' 'd'"):
            shared.do("bob", again)

    def test_a_report_calls_a_code_by_the_key_that_a_person_set(self, room: CodingProject) -> None:
        made = Action(ActionKind.SET_CODE, code="f3a9", name="Schuld", report_key="schuld")
        room.do("ann", made, code("f3a9", 0, 19))
        said = material_of_project(load(MADE), room)
        assert said.themes["schuld"].interviews == 1
        assert "f3a9" not in said.themes


class TestMemos:
    def test_two_coders_with_one_key_do_not_write_over_each_other(
        self, room: CodingProject
    ) -> None:
        room.do("ann", memo("m", "van ann"))
        with pytest.raises(LogRefused, match="ann wrote this memo"):
            room.do("bob", memo("m", "van bob"))
        assert room.log().state.memos["m"].words == "van ann"


OLD: tuple[tuple[str, dict[str, object]], ...] = (
    ("ann", {"kind": "set_code", "code": "geld", "name": "Geld"}),
    ("ann", {"kind": "set_code", "code": "schuld", "name": "Schuld", "parent": "geld"}),
    ("bob", {"kind": "code", "code": "schuld", "text": "g1", "end": 19}),
    ("ann", {"kind": "drop_code", "code": "geld"}),
    *(
        (who, {"kind": "memo", "memo": "g1-5", "memo_kind": "text", "words": who, "about": "g1"})
        for who in ("ann", "bob")
    ),
)


def old_log(folder: Path, rows: tuple[tuple[str, dict[str, object]], ...]) -> CodingProject:
    """A folder as the version before wrote it."""
    (folder / "old" / "texts").mkdir(parents=True)
    PseudonymisedText("g1", WORDS).write(folder / "old" / "texts")
    before, lines = "0" * 64, []
    for number, (author, action) in enumerate(rows, 1):
        entry = {"number": number, "author": author, "when": "2021-10-02T09:00:00+00:00"}
        line = json.dumps({**entry, "action": action, "before": before}, ensure_ascii=False)
        before = sha256(line.encode()).hexdigest()
        lines.append(f"{line}\n")
    (folder / "old" / "log.jsonl").write_text("".join(lines), encoding="utf-8")
    return CodingProject(folder / "old")


def test_an_old_log_is_read_and_what_it_hid_is_seen_again(tmp_path: Path) -> None:
    room = old_log(tmp_path, OLD)
    state = room.log().state
    assert [(found.key, found.parent) for found in state.codes.values()] == [("schuld", "")]
    assert [passage.author for passage in state.segments] == ["bob"]
    assert {found.words: found.author for found in state.memos.values()} == {
        "ann": "ann",
        "bob": "bob",
    }
    room.do("cor", code("schuld", 20, 30))
    assert len(Log.read(room.folder / "log.jsonl").entries) == len(OLD) + 1
    # Written anew in today's form, in which the chain holds no word.
    assert "Schuld" not in (room.folder / "log.jsonl").read_text(encoding="utf-8")
    assert room.log().state.memos == state.memos


class TestAtTheDesk:
    def test_two_memos_of_the_same_moment_are_two(self, here: Any, monkeypatch: Any) -> None:
        from blikveld.desk.interviews import acting
        from blikveld.desk.interviews.showing import coding_project

        ann, bob = here.signed_in(Role.CODER, "ann"), here.signed_in(Role.CODER, "bob")
        form = {"do": "memo", "about": "text"}
        first = acting._FORMS["memo"]

        def meanwhile(view: Any) -> list[Action]:
            """Bob's page was judged before ann's was kept."""
            actions = first(view)
            if view.request.POST["words"] == "van bob":
                ann.post("/nl/interviews/text/g1/", {**form, "words": "van ann"})
            return actions

        monkeypatch.setattr(acting, "_FORMS", {**acting._FORMS, "memo": meanwhile})
        assert bob.post("/nl/interviews/text/g1/", {**form, "words": "van bob"}).status_code == 303
        words = {found.words for found in coding_project().log().state.memos.values()}
        assert words == {"van ann", "van bob"}

    def test_a_code_of_the_same_name_is_another_code(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        ann, bob = here.signed_in(Role.CODER, "ann"), here.signed_in(Role.CODER, "bob")
        ann.post("/nl/interviews/codes/", {"name": "Schuld", "definition": "Wie moet betalen."})
        (old,) = coding_project().log().state.codes.values()
        coding_project().do(
            "ann", Action(ActionKind.CODE, code=old.key, text="g1", start=0, end=19)
        )
        assert bob.post("/nl/interviews/codes/", {"name": "Schuld!"}).status_code == 303
        state = coding_project().log().state
        assert state.codes[old.key] == old
        assert [found.name for found in state.codes.values()] == ["Schuld", "Schuld!"]
        assert [found.called for found in state.codes.values()] == ["schuld", "schuld-2"]

    def test_dropping_asks_a_lead_with_the_number_and_refuses_a_coder(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        lead, bob = here.signed_in(Role.RESEARCHER, "lea"), here.signed_in(Role.CODER, "bob")
        coding_project().do("cor", make("d", "Schuld"), code("d", 0, 19), code("d", 20, 30))
        drop = {"do": "drop", "code": "d"}
        refused = bob.post("/nl/interviews/codes/", drop)
        assert refused.status_code == 422
        page = refused.content.decode()
        assert "1 code van cor, 2 passages van cor" in page
        assert 'name="number"' not in page
        asked = lxml.html.fromstring(lead.post("/nl/interviews/codes/", drop).content.decode())
        (number,) = asked.xpath("//input[@name='number']/@value")
        assert number == "3"
        assert lead.post("/nl/interviews/codes/", {**drop, "number": number}).status_code == 303
        assert coding_project().log().state.codes == {}

    def test_merging_is_done_and_taken_back_on_pages(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        ann = here.signed_in(Role.CODER, "ann")
        coding_project().do("bob", make("d", "Schuld"), code("d", 0, 19), make("e", "Lening"))
        page = ann.get("/nl/interviews/codes/?code=d").content.decode()
        assert "Samenvoegen met" in page
        ann.post("/nl/interviews/codes/", {"do": "merge", "code": "d", "into": "e"})
        assert {p.code for p in coding_project().log().state.segments} == {"e"}
        assert "code samengevoegd" in ann.get("/nl/interviews/log/").content.decode()
        ann.post("/nl/interviews/undo/")
        assert {p.code for p in coding_project().log().state.segments} == {"d"}

    def test_an_interview_is_withdrawn_on_a_page_that_says_what_goes(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        lead, bob = here.signed_in(Role.RESEARCHER, "lea"), here.signed_in(Role.CODER, "bob")
        coding_project().do("bob", make("d", "Schuld"), code("d", 0, 19), memo("m", "geheim"))
        assert bob.get("/nl/interviews/withdraw/g1/").status_code == 403
        page = lead.get("/nl/interviews/withdraw/g1/").content.decode()
        assert "1 codering, 1 memo, 0 citaten" in page
        assert lead.post("/nl/interviews/withdraw/g1/").status_code == 303
        assert list(coding_project().texts()) == ["g2"]
        assert "Ingetrokken" in lead.get("/nl/interviews/").content.decode()
        assert lead.get("/nl/interviews/withdraw/g1/").status_code == 404

    def test_what_was_typed_stays_when_somebody_else_was_first(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        bob = here.signed_in(Role.CODER, "bob")
        coding_project().do("ann", make("d", "Schuld"))
        coding_project().do("ann", make("d", "Lening", seen=1))
        form = {"code": "d", "seen": "1", "name": "Krediet", "definition": "Getypt en wel."}
        answer = bob.post("/nl/interviews/codes/", form)
        assert answer.status_code == 422
        page = lxml.html.fromstring(answer.content.decode())
        assert page.xpath("//textarea[@name='definition']")[0].text == "Getypt en wel."
        assert "ann heeft de code ‘Lening’ intussen veranderd" in page.text_content()
        form["seen"] = page.xpath("//input[@name='seen']/@value")[0]
        assert bob.post("/nl/interviews/codes/", form).status_code == 303
        assert coding_project().log().state.codes["d"].name == "Krediet"

    def test_settling_on_an_old_page_undoes_nothing_of_others(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        ann, bob = here.signed_in(Role.CODER, "ann"), here.signed_in(Role.CODER, "bob")
        coding_project().do("ann", make("d", "Schuld"), code("d", 0, 19))
        coding_project().do("bob", code("d", 20, 47))
        for who in ("ann", "bob"):
            coding_project().do(who, Action(ActionKind.FINISH, text="g1"))
        assert "Begin met vergelijken" in ann.get("/nl/interviews/compare/g1/").content.decode()
        ann.post("/nl/interviews/compare/g1/", {})
        # Both opened the page before anything was settled; ann sends hers first.
        ann.post("/nl/interviews/compare/g1/", {"agree": ["0:d"]})
        bob.post("/nl/interviews/compare/g1/", {"agree": ["20:d"]})
        settled = [p.start for p in coding_project().log().state.segments if p.author == "agreed"]
        assert sorted(settled) == [0, 20]

    def test_two_who_judge_one_draft_do_not_mix_their_ticks(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import workspace

        lead = here.signed_in(Role.RESEARCHER, "lea")
        work = workspace()
        raw = b"Otis Kamara: Ik zag Wieger in Zwolle.\nWillemijn Drost: En toen?"
        work.import_transcript(raw, "a.txt", PEOPLE, "g9", language="nl", context=Context(PEOPLE))
        page = lxml.html.fromstring(lead.get("/nl/interviews/draft/g9/").content.decode())
        (version,) = page.xpath("//input[@name='version']/@value")
        # Somebody else adds a suggestion before the others: every tick would mean another one.
        work.judge(work.waiting("g9").covering("En", Hidden.PERSON))
        form = {"take": ["0", "1"], "version": version, "do": "protect"}
        assert lead.post("/nl/interviews/draft/g9/", form).status_code == 422
        assert work.drafts() == ("g9",)
        assert "g9" not in work.texts()


class TestTables:
    def test_a_coder_reads_own_tables_and_who_prepares_sends_them_out(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        bob, lead = here.signed_in(Role.CODER, "bob"), here.signed_in(Role.RESEARCHER, "lea")
        coding_project().do("ann", make("d", "Schuld"), code("d", 0, 19))
        coding_project().do("bob", code("d", 20, 47))
        page = bob.get("/nl/interviews/tables/").content.decode()
        assert "Raamwerk" in page
        # Ann's passage is hers until comparing begins.
        assert coding_project().texts()["g1"].text[20:47] in page
        assert coding_project().texts()["g1"].text[0:19] not in page
        assert bob.get("/nl/interviews/tables/interviews.docx").status_code == 403
        for form in ("docx", "xlsx"):
            answer = lead.get(f"/nl/interviews/tables/interviews.{form}")
            assert answer.content[:2] == b"PK"
        assert lead.get("/nl/interviews/tables/interviews.pdf").status_code == 404

    def test_who_prepares_reads_along_but_not_where_they_code(self, here: Any) -> None:
        from blikveld.desk.interviews.showing import coding_project

        bob, lead = here.signed_in(Role.CODER, "bob"), here.signed_in(Role.RESEARCHER, "lea")
        coding_project().do("ann", make("d", "Schuld"), code("d", 0, 19))
        coding_project().do("bob", code("d", 20, 47))
        page = lead.get("/nl/interviews/reading/g1/").content.decode()
        assert "≠" in page
        assert "ann" in page
        assert bob.get("/nl/interviews/reading/g1/").status_code == 403
        coding_project().do("lea", code("d", 3, 9))
        assert lead.get("/nl/interviews/reading/g1/").status_code == 409


class TestFromAnotherProgram:
    def test_a_code_of_the_same_name_is_kept_apart_and_told(
        self, shared: CodingProject, tmp_path: Path
    ) -> None:
        theirs = RefiProject("P", codes=(RefiCode(new_guid(), "Schuld"), RefiCode(new_guid(), "d")))
        taken = exchange.import_project(theirs, known=shared.log().state)
        Workspace.at(shared.folder, tmp_path / "a.key").take_over(taken, Context())
        state = shared.log().state
        assert state.codes["d"].name == "Schuld"
        assert [found.name for found in state.codes.values()] == ["Geld", "Schuld", "Schuld", "d"]
        assert len({found.called for found in state.codes.values()}) == 4
        assert any("two codes 'Schuld'" in line for line in taken.problems)
        assert len(state.of_coder("bob")) == 2

    def test_a_text_is_a_draft_until_somebody_protected_it(self, tmp_path: Path) -> None:
        """Names are in its title, its text, a memo and a code; codings follow their words."""
        text = "Otis Kamara woont in Schiedam. Bel 06-51234098 voor Otis, hij weet het."
        work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
        taken = exchange.import_project(named_project(text))
        assert [draft.key for draft in taken.texts] == ["text"]
        work.take_over(taken, Context(PEOPLE))
        room = CodingProject(work.folder)
        assert (room.texts(), room.log().state.segments) == ({}, frozenset())
        assert [found.name for found in room.log().state.codes.values()] == [
            "Schuld",
            "Bij [naam 1]",
        ]
        text = work.pseudonymise("text").text
        assert text == "[naam 1] woont in [plaats 1]. Bel [telefoon 1] voor [naam 1], hij weet het."
        state = room.log().state
        (passage,) = state.segments
        assert text[passage.start : passage.end] == "[naam 1] woont"
        assert [found.words for found in state.memos.values()] == ["Over [naam 1] en [plaats 1]."]
        stored = b"".join(p.read_bytes() for p in work.folder.rglob("*") if p.is_file()).lower()
        for word in (b"otis", b"kamara", b"schiedam", b"51234098"):
            assert word not in stored

    def test_sets_links_and_graphs_go_out_again_without_names(self, tmp_path: Path) -> None:
        source, code, other = new_guid(), new_guid(), new_guid()
        inside = f"""<CodeBook><Codes><Code guid="{code}" name="Schuld" isCodable="true"/></Codes>
        </CodeBook><Sources><TextSource guid="{source}" name="Otis"><PlainTextContent>Otis Kamara
        zweeg.</PlainTextContent></TextSource></Sources><Links><Link guid="{new_guid()}"
        name="hoort bij Otis" originGUID="{code}" targetGUID="{source}"/><Link guid="{new_guid()}"
        originGUID="{code}" targetGUID="{other}"/></Links><Sets><Set guid="{new_guid()}"
        name="Wieger"><MemberSource targetGUID="{source}"/></Set><Set guid="{new_guid()}"
        name="Feelings"><MemberCode targetGUID="{code}"/><MemberCode targetGUID="{other}"/></Set>
        </Sets><Graphs><Graph guid="{new_guid()}" name="Net"><Vertex guid="{(one := new_guid())}"
        representedGUID="{code}" name="Schuld" firstX="1" firstY="1"/><Vertex
        guid="{(two := new_guid())}" representedGUID="{other}" firstX="2" firstY="2"/><Edge
        guid="{new_guid()}" sourceVertex="{one}" targetVertex="{two}"/></Graph></Graphs>"""
        package = refi.RefiArchive.read(packed(inside))
        work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
        taken = exchange.import_project(refi.project(package))
        work.take_over(taken, Context(PEOPLE), package)
        work.pseudonymise("text")
        room = CodingProject(work.folder)
        whole = exchange.export_project("P", room.texts().values(), room.log().state)
        out = refi.package(whole, room.others(whole)).written()
        root = refi.RefiArchive.read(out).root

        def named(tag: str) -> list[str | None]:
            return [found.get("name") for found in root.iter(f"{{*}}{tag}")]

        assert named("Link") == ["hoort bij [naam 1]"]
        assert named("Set")[1:] == ["Feelings"]
        assert (named("Set")[0] or "").startswith("[naam ")
        assert [len(found) for found in root.iter("{*}Set")] == [1, 1]
        assert (named("Graph"), named("Vertex"), named("Edge")) == (["Net"], ["Schuld"], [])
        assert [found.get("guid") for found in root.iter("{*}TextSource")] == [source]
        for word in (b"Otis", b"Kamara", b"Wieger"):
            assert all(word not in path.read_bytes() for path in work.folder.rglob("*.*"))


def packed(inside: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        head = '<Project xmlns="urn:QDA-XML:project:1.0" name="x">'
        archive.writestr("project.qde", f"{head}{inside}</Project>")
    return target.getvalue()


def named_project(text: str) -> RefiProject:
    codes = (RefiCode(new_guid(), "Schuld"), RefiCode(new_guid(), "Bij Otis"))
    coding = RefiCoding(new_guid(), codes[0].guid)
    note = RefiDocument(new_guid(), "Memo", "Over Otis en Schiedam.")
    part = RefiSelection(new_guid(), 0, len("Otis Kamara woont"), codings=(coding,))
    source = RefiDocument(
        new_guid(), "gesprek Otis Kamara", text, selections=(part,), notes=(note.guid,)
    )
    return RefiProject("P", codes=codes, sources=(source,), notes=(note,))


TITLES = ("dhr.", "mw.", "mevr.", "dr.", "drs.", "mr.", "prof.", "ir.", "ing.", "ds.", "Dhr.")
SURNAMES = ("Roelofsma", "Bakker", "Visser", "de Wit", "van der Heijden", "Zwart", "El Idrissi")


class TestNames:
    @pytest.mark.parametrize("title", TITLES)
    def test_a_title_with_a_dot_hides_no_surname(self, title: str) -> None:
        for surname in SURNAMES:
            text = f"Gisteren belde {title} {surname} terug."
            assert [s.words(text) for s in suggestions(text)] == [surname]
            text = f"{title} {surname} belde."
            assert [s.words(text) for s in suggestions(text)] == [surname]

    def test_a_sentence_that_ends_still_ends(self) -> None:
        assert (
            suggestions("Hij heeft de auto. Daarna ging hij naar het park. Niemand zag hem.") == ()
        )

    def test_odd_spaces_and_hyphens_hide_no_number(self) -> None:
        for number in ("06\u00a051\u00a023\u00a040\u00a098", "06\u201151\u201123\u201140\u201198"):
            text = f"Bel {number}."
            assert [(s.words(text), s.kind) for s in suggestions(text)] == [(number, Hidden.PHONE)]


class TestPrograms:
    def test_one_that_fails_warns_and_the_import_goes_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "frog").write_text("#!/bin/sh\necho 'no data' >&2\nexit 1\n")
        (tmp_path / "frog").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
        for language, told in (("nl", "doet zijn werk niet"), ("en", "does not do its work")):
            waiting = work.import_transcript(
                b"Otis Kamara: Ik zag Wieger in Zwolle.\nWillemijn Drost: En toen?",
                "a.txt",
                PEOPLE,
                language,
                language=language,
                context=Context(PEOPLE, programs=programs.installed()),
            )
            words = [span.words(waiting.draft.text) for span in waiting.spans]
            assert words == ["Wieger", "Zwolle"]
            assert sum(told in note for note in waiting.draft.notes) == 1
            assert any("frog" in note for note in waiting.draft.notes)

    def test_deduce_that_is_broken_is_told_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> Any:
            raise ImportError

        monkeypatch.setattr(programs, "_deduce", broken)
        with pytest.raises(ProgramFailed, match="ImportError"):
            list(programs.deduced("Dag."))


def test_a_stale_judgement_is_refused_where_drafts_are_kept(tmp_path: Path) -> None:
    work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
    raw = b"Otis Kamara: Ik zag Wieger.\nWillemijn Drost: En toen?"
    seen = work.import_transcript(
        raw, "a.txt", PEOPLE, "g1", language="nl", context=Context(PEOPLE)
    )
    work.judge(work.waiting("g1").covering("En", Hidden.PERSON))
    with pytest.raises(WorkspaceError, match="Somebody else judged"):
        work.judge(seen, seen.version)
    assert issubclass(WorkspaceError, BlikveldError)


ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Willemijn Drost: Vertel eens.

2
00:00:03.500 --> 00:00:06.000
Otis Kamara: Nou Willemijn, dat was vorig jaar.
"""
SUBRIP = """1
00:00:03,000 --> 00:00:08,000
Vertel eens, Otis.

2
00:00:09,000 --> 00:00:13,000
Nou.
"""
OTTER = """Willemijn Drost  0:03
Vertel eens.

Otis Kamara  0:09
Nou.

Willemijn Drost  0:12
Ja?
"""


class TestTranscripts:
    @pytest.mark.parametrize(
        ("raw", "name", "expected"),
        [
            (
                ZOOM,
                "a.vtt",
                "Interviewer: Vertel eens.\n\nGast: Nou [naam 1], dat was vorig jaar.",
            ),
            (SUBRIP, "a.srt", "Vertel eens, [naam 1].\n\nNou."),
            (OTTER, "a.txt", "Interviewer: Vertel eens.\n\nGast: Nou.\n\nInterviewer: Ja?"),
        ],
        ids=["zoom", "subrip", "otter"],
    )
    def test_turns_and_speakers_are_told_apart_and_no_name_is_kept(
        self, tmp_path: Path, raw: str, name: str, expected: str
    ) -> None:
        work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
        work.import_transcript(
            raw.encode(), name, PEOPLE, "g1", language="nl", context=Context(PEOPLE)
        )
        draft = work.waiting("g1").draft
        assert draft.text == expected
        assert draft.moments[0][1] in (1_000, 3_000)
        text = work.pseudonymise("g1")
        assert (
            PseudonymisedText.read(work.folder / "texts", "g1").moments
            == text.moments
            == draft.moments
        )
        stored = b"".join(p.read_bytes() for p in work.folder.rglob("*") if p.is_file()).lower()
        for word in (b"willemijn", b"drost", b"otis", b"kamara"):
            assert word not in stored


class TestSettings:
    def test_a_study_hides_countries_where_its_guide_says_so(self, tmp_path: Path) -> None:
        study = replace(load(MADE), folder=tmp_path)
        assert hidden(study) == frozenset()
        (tmp_path / "interviews").mkdir()
        written = GUIDE.replace("approach", "countries: hidden\napproach")
        (tmp_path / "interviews/guide.yaml").write_text(written, encoding="utf-8")
        assert hidden(study) == {Category.COUNTRIES}
        wrong = GUIDE.replace("approach", "national_bodies: gone\napproach")
        (tmp_path / "interviews/guide.yaml").write_text(wrong, encoding="utf-8")
        with pytest.raises(BlikveldError, match="Choose from: hidden, readable"):
            hidden(study)

    def test_turns_without_capitals_bring_a_warning(self, tmp_path: Path) -> None:
        work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
        raw = "Otis Kamara: ja dat was toen in zwolle ergens.\nWillemijn Drost: En toen?"
        for language, told in (("nl", "1 van de 2 beurten"), ("en", "1 of the 2 turns")):
            waiting = work.import_transcript(
                raw.encode(), "a.txt", PEOPLE, language, language=language, context=Context(PEOPLE)
            )
            assert [told in note for note in waiting.draft.notes] == [True]


GUIDE = """approach: reflexive
sample_size: 3
minutes: {shortest: 30, longest: 60}
opening: {nl: Welkom., en: Welcome.}
topics:
  - key: work
    title: {nl: Werk, en: Work}
    questions: [{nl: Wat doet u?, en: What do you do?}]
closing: {nl: Dank., en: Thanks.}
"""


class TestWithdrawal:
    def test_nothing_is_left_but_the_certificate(self, tmp_path: Path) -> None:
        work = Workspace.at(tmp_path / "work", tmp_path / "a.key")
        for key, word in (("g1", "Youssef"), ("g2", "Sietske")):
            raw = f"Otis Kamara: Ik zag {word} op de oude kade liggen.\nWillemijn Drost: En toen?"
            work.import_transcript(
                raw.encode(), "a.txt", PEOPLE, key, language="nl", context=Context(PEOPLE)
            )
            work.pseudonymise(key)
        room = CodingProject(work.folder)
        room.describe("g1", InterviewMetadata("teacher", "north"))
        typed = Action(
            ActionKind.SET_CODE, code="k", name="Kade", example="hij zei: op de oude kade liggen"
        )
        for who in ("ann", "bob"):
            made = typed if who == "ann" else make("e", "Eigen")
            room.do(who, made)
            room.do(who, replace(code("k", 0, 8), text="g1"), replace(code("k", 0, 8), text="g2"))
            room.do(who, replace(memo(f"m{who}", "geheim woord"), about="g1"))
        room.undo("bob")
        with pytest.raises(LogRefused, match="Only who prepares"):
            room.do("bob", Action(ActionKind.WITHDRAW_TEXT, text="g1"))
        certificate = withdraw_interview(work, "g1", "lea")
        assert (certificate.codings, certificate.memos, certificate.quotes) == (2, 1, 0)
        assert certificate.codes_to_read == ("Kade",)
        assert certificates(work.folder) == (certificate,)
        state = room.log().state
        assert {(p.text, p.author) for p in state.segments} == {("g2", "ann"), ("g2", "bob")}
        assert (list(state.codes), state.memos, list(room.texts())) == (["k", "e"], {}, ["g2"])
        stored = {p: p.read_bytes() for p in work.folder.rglob("*") if p.is_file()}
        assert not any(b"geheim" in raw for raw in stored.values())
        named = sorted(path.name for path, raw in stored.items() if b"g1" in raw)
        assert named == ["g1.json", "log.jsonl", "project.jsonl"]
        assert work.register().words(Hidden.PERSON, 1) == ()
        assert work.register().words(Hidden.PERSON, 2) == ("Sietske",)
        room.do("ann", replace(code("k", 9, 12), text="g2"))
        assert len(room.log().state.of_coder("ann")) == 2
        with pytest.raises(WorkspaceError, match="never changes"):
            work.import_transcript(
                b"A: b\nA: c", "a.txt", PEOPLE, "g1", language="nl", context=Context()
            )

    def test_words_may_be_gone_only_with_a_withdrawal(self, shared: CodingProject) -> None:
        (shared.folder / "bodies" / "g1.jsonl").unlink()
        with pytest.raises(LogRefused, match="not what was written"):
            shared.log()
