"""From three transcripts to quotes in the report, without pages. Everybody here is invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.disclosure import Policy, release_tables
from blikveld.errors import BlikveldError
from blikveld.interviews import exchange, refi
from blikveld.interviews.attribution import Naming
from blikveld.interviews.coding import (
    AGREED,
    Action,
    ActionKind,
    LogRefused,
    MemoKind,
    TakesFromOthers,
)
from blikveld.interviews.coding.compare import Approach, agreement, side_by_side
from blikveld.interviews.coding.retrieval import by_attribute, theme_count, together
from blikveld.interviews.coding_project import CodingProject, InterviewMetadata
from blikveld.interviews.deidentification import Context, KnownNames, Speaker
from blikveld.interviews.deidentification import IdentifierKind as Hidden
from blikveld.interviews.refi.model import new_guid
from blikveld.interviews.text_lines import sentences, stepped, turns
from blikveld.interviews.workspace import Workspace
from blikveld.publish.interview_material import material_of_project
from blikveld.report import ReportFunnel, build
from blikveld.report.model import Spoken
from blikveld.report.writers import html
from blikveld.study.model import Study

PEOPLE = KnownNames(
    (Speaker(("Famke Osinga",), "Interviewer"), Speaker(("Delano Pinas",), "Werker"))
)
VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Famke Osinga>Wat zag u?</v>

00:00:05.000 --> 00:00:09.000
<v Delano Pinas>Een jongen uit Almelo. Hij had ineens geld 💶 en was bang.</v>
"""
TALKS = {
    "g1": ("g1.vtt", VTT),
    "g2": (
        "g2.txt",
        "Famke Osinga: En toen?\nDelano Pinas: Niemand belde terug. Wij stonden alleen.",
    ),
    "g3": (
        "g3.txt",
        "Famke Osinga: En u?\nDelano Pinas: Ik sprak Youssef op de kade. Hij was bang.",
    ),
}
TEXT = "# Wat wij hoorden\n\n{{ quotes('fear') }}\n\n{{ theme_count('pressure') }}\n"


@pytest.fixture
def room(tmp_path: Path) -> CodingProject:
    work = Workspace.at(tmp_path / "work", tmp_path / "away.key")
    for key, (name, raw) in TALKS.items():
        context = Context(PEOPLE, frozenset(("Almelo",)))
        work.import_transcript(raw.encode(), name, PEOPLE, key, language="nl", context=context)
    work.judge(work.waiting("g3").covering("kade", Hidden.TOWN))
    assert work.drafts() == ("g1", "g2", "g3")
    for key in TALKS:
        work.pseudonymise(key)
    return CodingProject(tmp_path / "work")


def passage(room: CodingProject, key: str, words: str, code: str, **more: str) -> Action:
    start = room.texts()[key].text.index(words)
    return Action(ActionKind.CODE, code=code, text=key, start=start, end=start + len(words), **more)


CODES = (
    Action(ActionKind.SET_CODE, code="pressure", name="Druk", definition="Wat iemand vasthoudt."),
    Action(
        ActionKind.SET_CODE, code="bang", name="Bang zijn", parent="pressure", include="Ook schrik."
    ),
    Action(ActionKind.SET_CODE, code="alone", name="Alleen staan"),
)


@pytest.fixture
def coded(room: CodingProject) -> CodingProject:
    room.do("ann", *CODES)
    room.do("ann", passage(room, "g1", "was bang", "bang"))
    room.do("ann", passage(room, "g1", "Hij had ineens geld 💶 en was bang.", "pressure"))
    room.do("bob", passage(room, "g1", "Hij had ineens geld 💶 en was bang.", "bang"))
    room.do("bob", passage(room, "g2", "Wij stonden alleen.", "alone"))
    room.do("ann", passage(room, "g3", "Hij was bang.", "bang"))
    room.do(
        "bob", Action(ActionKind.MEMO, memo="m1", memo_kind=MemoKind.METHOD, words="Streng zijn.")
    )
    return room


def test_a_missed_name_that_a_person_adds_goes_too(room: CodingProject) -> None:
    texts = {key: text.text for key, text in room.texts().items()}
    assert (
        texts["g3"]
        == "Interviewer: En u?\n\nWerker: Ik sprak [naam 1] op de [plaats 2]. Hij was bang."
    )
    assert "Almelo" not in texts["g1"]
    assert "💶" in texts["g1"]


def test_coders_work_apart_and_compare(coded: CodingProject) -> None:
    state = coded.log().state
    assert {p.text for p in state.of_coder("ann")} == {"g1", "g3"}
    assert {p.text for p in state.of_coder("bob")} == {"g1", "g2"}
    units = sentences({key: text.text for key, text in coded.texts().items()})
    rows = side_by_side(state, units, ("ann", "bob"))
    assert [(row.unit.text, row.same) for row in rows] == [
        ("g1", False),
        ("g2", False),
        ("g3", False),
    ]
    assert rows[0].given == {"ann": {"bang", "pressure"}, "bob": {"bang"}}
    found = agreement(Approach.CODEBOOK, state, units, ("ann", "bob"), coded_only=True)
    assert found["bang"].units == 3


def test_what_was_settled_counts_and_what_each_did_stays(coded: CodingProject) -> None:
    coded.do("ann", passage(coded, "g1", "was bang", "bang", about=AGREED))
    state = coded.log().state
    assert state.coders == ("ann", "bob")
    assert {p.code for p in state.settled.segments if p.text == "g1"} == {"bang"}
    assert len(state.of_coder("ann")) == 3
    assert theme_count(state.settled) == {"pressure": 2, "bang": 2, "alone": 1}


def test_matrices_of_a_room(coded: CodingProject) -> None:
    state = coded.log().state
    towns = {"g1": "utrecht", "g2": "utrecht", "g3": "tilburg"}
    assert by_attribute(state, towns)["bang", "utrecht"] == 1
    assert together(state) == {("pressure", "bang"): 1}


def test_an_action_that_cannot_be_leaves_nothing_of_its_batch(coded: CodingProject) -> None:
    before = coded.log()
    good = passage(coded, "g2", "Niemand", "alone")
    with pytest.raises(LogRefused, match="no code 'nowhere'"):
        coded.do("ann", good, replace(good, code="nowhere"))
    assert coded.log() == before


def test_undo_is_each_coders_own(coded: CodingProject) -> None:
    coded.undo("bob")
    coded.undo("bob")
    state = coded.log().state
    assert state.memos == {}
    assert {p.text for p in state.of_coder("bob")} == {"g1"}
    assert len(state.of_coder("ann")) == 3


def described(room: CodingProject) -> CodingProject:
    for key, function in (("g1", "youth_work"), ("g2", "youth_work"), ("g3", "debt")):
        room.describe(key, InterviewMetadata(function, "utrecht"))
    room.mark_invented()
    return room


def study_with_text(flagship: Study, folder: Path) -> Study:
    for language in flagship.languages:
        (folder / "report" / language).mkdir(parents=True)
        (folder / "report" / language / "10.md").write_text(TEXT, encoding="utf-8")
    return replace(flagship, folder=folder)


def quoting(room: CodingProject) -> CodingProject:
    quote = replace(passage(room, "g1", "was bang", "bang"), kind=ActionKind.QUOTE, about="fear")
    room.do("ann", quote)
    room.do(
        "ann",
        replace(passage(room, "g3", "Hij was bang.", "bang"), kind=ActionKind.QUOTE, about="fear"),
    )
    return room


def test_quotes_stand_in_the_report_with_labels_that_point_at_nobody(
    coded: CodingProject, flagship: Study, tmp_path: Path
) -> None:
    study = study_with_text(flagship, tmp_path / "study")
    said = material_of_project(study, quoting(described(coded)))
    report = build(
        study, release_tables([], {}, Policy()), ReportFunnel(0, ()), "nl", interviews=said
    )
    quotes = [block for block in report.blocks if isinstance(block, Spoken)]
    # One debt counsellor alone would be known by the word: both levels above are widened.
    assert [(q.words, q.by) for q in quotes] == [
        ("was bang", "(Jongerenwerk A; verzonnen citaat)"),
        ("Hij was bang.", "(Professional A; verzonnen citaat)"),
    ]
    page = html.page(report)
    assert "<q>Hij was bang.</q>" in page
    assert "‘Druk’ kwam ter sprake in twee van de drie verzonnen gesprekken." in page


def test_letters_stay_when_another_interview_comes(coded: CodingProject, flagship: Study) -> None:
    naming = Naming.of_study(flagship)
    before = described(coded).labels(naming)
    coded.describe("g3", InterviewMetadata("youth_work", "tilburg"))
    after = coded.labels(naming)
    assert after["g1"] == before["g1"]
    assert after["g2"] == before["g2"]
    assert len({(label.key, label.letter) for label in after.values()}) == 3


def test_a_quote_of_somebody_nobody_described_is_refused(
    coded: CodingProject, flagship: Study, tmp_path: Path
) -> None:
    with pytest.raises(BlikveldError, match="Nothing is known of who spoke"):
        material_of_project(study_with_text(flagship, tmp_path / "study"), quoting(coded))


def test_a_quote_is_taken_back_and_not_made_twice(coded: CodingProject) -> None:
    quoting(coded)
    first = coded.log().state.quotes[0]
    again = Action(
        ActionKind.QUOTE,
        first.code,
        text=first.text,
        start=first.start,
        end=first.end,
        about="fear",
    )
    with pytest.raises(LogRefused, match="stands there already"):
        coded.do("bob", again)
    back = replace(again, kind=ActionKind.UNQUOTE)
    with pytest.raises(TakesFromOthers, match="1 quote of ann"):
        coded.do("bob", back)
    coded.do("bob", replace(back, number=1), lead=True)
    assert len(coded.log().state.quotes) == 1
    with pytest.raises(LogRefused, match="needs a place"):
        coded.do("bob", replace(again, about=""))


def test_the_whole_room_goes_to_other_programs(coded: CodingProject) -> None:
    coded.do("ann", passage(coded, "g1", "was bang", "bang", about=AGREED))
    project = exchange.export_project("Gesprekken", coded.texts().values(), coded.log().state)
    read = refi.project(refi.RefiArchive.read(refi.package(project).written(), "x.qdpx"))
    assert read.problems() == ()
    assert [user.name for user in read.users] == [AGREED, "ann", "bob"]
    assert sum(len(s.codings) for source in read.sources for s in source.selections) == 6


def test_a_selection_is_made_by_turn_sentence_and_word(coded: CodingProject) -> None:
    text = coded.texts()["g1"]
    _, answer = turns(text)
    assert answer.speaker == "Werker"
    unit = answer.sentences[1]
    assert text.text[unit.start : unit.end] == "Hij had ineens geld 💶 en was bang."

    def words(front: int, back: int) -> str:
        start, end = stepped(text.text, unit.start, unit.end, front=front, back=back)
        return text.text[start:end]

    assert words(2, 0) == "ineens geld 💶 en was bang."
    assert words(6, -1) == "was"
    assert words(-1, 0).endswith("]. Hij had ineens geld 💶 en was bang.")
    assert words(99, 0) == "bang."
    assert words(0, -99) == "Hij"


def test_nobody_is_compared_before_everybody_is_ready(coded: CodingProject) -> None:
    def ready() -> tuple[str, ...]:
        return coded.log().state.comparable("g1")

    assert ready() == ()
    coded.do("ann", Action(ActionKind.FINISH, text="g1"))
    assert ready() == ()
    assert {p.author for p in coded.log().state.seen_by("ann").segments} == {"ann"}
    with pytest.raises(LogRefused, match="said already"):
        coded.do("ann", Action(ActionKind.FINISH, text="g1"))
    coded.do("bob", Action(ActionKind.FINISH, text="g1"))
    assert ready() == ("ann", "bob")
    # Being ready shows nobody's work yet: one could still code after seeing it.
    seen = coded.log().state.seen_by("ann").segments
    assert {(p.text, p.author) for p in seen} == {("g1", "ann"), ("g3", "ann")}
    coded.do("cas", passage(coded, "g1", "ineens", "bang"))
    assert ready() == ()
    coded.undo("cas")
    coded.undo("bob")
    assert ready() == ()
    coded.do("bob", Action(ActionKind.FINISH, text="g1"))
    coded.do("bob", Action(ActionKind.START_COMPARISON, text="g1"))
    seen = coded.log().state.seen_by("ann").segments
    assert {(p.text, p.author) for p in seen} == {("g1", "ann"), ("g1", "bob"), ("g3", "ann")}


def test_a_project_of_another_program_is_taken_over_once(
    coded: CodingProject, tmp_path: Path
) -> None:
    project = exchange.export_project("x", coded.texts().values(), coded.log().state)
    other = Workspace.at(tmp_path / "other", tmp_path / "other.key")
    taken = exchange.import_project(project)
    assert [w.draft.key for w in other.take_over(taken, Context())] == ["text", "text-2", "text-3"]
    assert CodingProject(other.folder).log().state.segments == frozenset()
    with pytest.raises(BlikveldError, match="a text 'text' already"):
        other.take_over(taken, Context())
    for key in other.drafts():
        other.pseudonymise(key)
    state = CodingProject(other.folder).log().state
    assert {p.author for p in state.segments} == {"ann", "bob"}
    assert len(state.segments) == len(coded.log().state.segments)
    assert [t.text for t in other.texts().values()] == [t.text for t in coded.texts().values()]


def test_our_own_project_that_comes_back_brings_only_what_is_new(coded: CodingProject) -> None:
    state, texts = coded.log().state, coded.texts()
    project = exchange.export_project("x", texts.values(), state)
    there = texts.values()
    again = exchange.import_project(project, known=state, there=there)
    assert (again.texts, again.actions) == ((), ())
    by = refi.RefiUser(new_guid(), "cas")
    coding = refi.RefiCoding(new_guid(), project.codes[0].guid, by.guid)
    more = replace(
        project.sources[0], selections=(refi.RefiSelection(new_guid(), 0, 5, codings=(coding,)),)
    )
    grown = replace(project, users=(*project.users, by), sources=(more, *project.sources[1:]))
    found = exchange.import_project(grown, known=state, there=there)
    ((who, action),) = found.actions
    assert (found.texts, who, action.text, action.code) == ((), "cas", "g1", "pressure")
