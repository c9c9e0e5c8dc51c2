"""Filling in, on values: what a page does to a questionnaire, in whatever order pages come."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.fieldwork import Session, SessionState, SurveyLink, sessions
from blikveld.fieldwork.store import Phase
from blikveld.fieldwork.visits import NotPermitted, can_edit, check_collect, check_edit
from blikveld.questionnaire import Routing
from blikveld.rules import Missing
from blikveld.study.load import load
from blikveld.study.model import Mode, Question

ROUTING = Routing(load(Path(__file__).parents[1] / "studies/small"))
LINK = SurveyLink("zand", Mode.WEB)
WORK = {"district": ["zand_duin"], "job": ["baker"], "seen": ["yes"]}
GULLS = {"places": ["beach", "street"], "loud": ["agree"], "clever": ["disagree"]}


def new() -> Session:
    return sessions.start(ROUTING, "0" * 64, LINK, "nl").session


def send(session: Session, number: int, form: dict[str, list[str]]) -> sessions.PageResult:
    page = ROUTING.pages[number - 1]
    reading = sessions.parse_page(ROUTING, session, page, form)
    return sessions.submit(ROUTING, session, page, reading)


def test_the_start_button_is_the_page_of_introduction() -> None:
    turn = sessions.start(ROUTING, "0" * 64, LINK, "nl")
    assert turn.session.pages == {"welcome"}
    assert turn.page == ROUTING.pages[1]


def test_a_whole_journey_ends_completed() -> None:
    session, seen = new(), []
    for number, form in [(2, WORK), (3, GULLS), (4, {"fed": ["no"]}), (5, {"remarks": ["dag"]})]:
        turn = send(session, number, form)
        seen.append(turn.page.number if turn.page else None)
        session = turn.session
    assert seen == [3, 4, 5, None]
    assert session.state is SessionState.COMPLETED
    assert session.answers == {
        "district": "zand_duin",
        "job": "baker",
        "seen": "yes",
        "places": ("beach", "street"),
        "loud": "agree",
        "clever": "disagree",
        "fed": "no",
        "remarks": "dag",
    }


def test_the_path_skips_pages_that_ask_nothing() -> None:
    turn = send(new(), 2, {**WORK, "seen": ["no"]})
    assert turn.page == ROUTING.pages[4]


def test_a_page_with_a_fault_changes_nothing() -> None:
    session = new()
    turn = send(session, 2, {**WORK, "district": ["veen_plas"]})
    assert [message.question for message in turn.messages] == ["district"]
    assert turn.session is session


def test_the_same_page_twice_counts_once() -> None:
    first = send(new(), 2, WORK)
    second = send(first.session, 2, WORK)
    assert second.session.answers == first.session.answers
    assert second.page == first.page


def test_a_page_before_its_turn_is_kept_and_leads_back_to_the_gap() -> None:
    turn = send(new(), 3, GULLS)
    assert turn.session.answers["places"] == ("beach", "street")
    assert turn.page == ROUTING.pages[1]
    after = send(turn.session, 2, WORK)
    assert after.page == ROUTING.pages[2]
    assert after.session.answers["clever"] == "disagree"


def test_the_last_page_before_its_turn_does_not_complete() -> None:
    turn = send(new(), 5, {"remarks": ["te vroeg"]})
    assert turn.session.state is SessionState.OPEN
    assert turn.page == ROUTING.pages[1]
    assert turn.session.answers == {"remarks": "te vroeg"}


def test_what_the_questionnaire_does_not_offer_is_not_kept_early() -> None:
    turn = send(new(), 3, {**GULLS, "places": ["moon"], "loud": ["agree", "disagree"]})
    assert turn.session.answers == {"clever": "disagree"}


def test_closed_is_closed() -> None:
    session = sessions.finished(send(new(), 2, WORK).session)
    turn = send(session, 2, {**WORK, "job": ["other"], "job_other": ["anders"]})
    assert turn.session is session
    assert turn.page is None
    assert not can_edit(session)
    with pytest.raises(NotPermitted, match="can no longer be changed"):
        check_edit(session)


def test_going_back_and_forth_keeps_what_left_the_path() -> None:
    session = send(send(new(), 2, WORK).session, 3, GULLS).session
    without = send(session, 2, {**WORK, "seen": ["no"]}).session
    again = send(without, 2, WORK).session
    assert again.answers["places"] == ("beach", "street")


def test_unticking_an_answer_takes_it_away() -> None:
    session = send(send(new(), 2, WORK).session, 3, GULLS).session
    changed = send(session, 3, {**GULLS, "places": ["dont_know"]}).session
    assert changed.answers["places"] == ("dont_know",)


def test_putting_a_page_aside_keeps_what_is_there_without_counting_it() -> None:
    page = ROUTING.pages[1]
    session = new()
    reading = sessions.parse_page(ROUTING, session, page, {"job": ["baker"]})
    turn = sessions.save_unsubmitted(session, page, reading)
    assert turn.session.answers == {"job": "baker"}
    assert turn.session.pages == {"welcome"}


def test_pages_done_stops_at_the_first_gap() -> None:
    session = send(new(), 5, {"remarks": ["te vroeg"]}).session
    assert sessions.pages_done(ROUTING, session) == 1
    assert sessions.pages_done(ROUTING, send(session, 2, WORK).session) == 2


def test_a_page_is_shown_only_when_all_before_it_is_done() -> None:
    session = send(new(), 2, WORK).session
    second, third, last = ROUTING.pages[1], ROUTING.pages[2], ROUTING.pages[4]
    assert sessions.reachable(ROUTING, session, second) == second
    assert sessions.reachable(ROUTING, session, third) == third
    assert sessions.reachable(ROUTING, session, last) == third


@pytest.fixture
def changed(tmp_path: Path) -> Routing:
    """The same study after two questions were put in between, on pages of their own."""
    folder = shutil.copytree(Path(__file__).parents[1] / "studies/small", tmp_path / "changed")
    text = (folder / "questionnaire.yaml").read_text(encoding="utf-8")
    added = "".join(
        f"  - key: {key}_part\n    new_page: true\n    title: {{nl: '{key}', en: '{key}'}}\n"
        f"    items:\n      - {{question: {key}, kind: single, required: {needed}, "
        f"text: {{nl: '{key}?', en: '{key}?'}}, options: yes_no}}\n"
        for key, needed in (("swam", "true"), ("flew", "false"))
    )
    text = text.replace("  - key: work\n", f"{added}  - key: work\n", 1)
    (folder / "questionnaire.yaml").write_text(text, encoding="utf-8")
    return Routing(load(folder))


def test_pages_that_are_put_in_between_leave_those_that_were_done(changed: Routing) -> None:
    session = send(new(), 2, WORK).session
    done = [page.key for page in changed.pages if sessions.is_done(session, page)]
    assert done == ["welcome", "district"]
    gap = sessions.find_next_page(changed, session)
    assert gap is not None
    assert gap.key == "swam"
    assert sessions.find_next_page(ROUTING, session) == ROUTING.pages[2]


def test_sessions_of_before_name_their_pages_by_number() -> None:
    session = replace(send(new(), 2, WORK).session, pages=frozenset({"1", "2"}))
    assert sessions.pages_done(ROUTING, session) == 2
    assert sessions.find_next_page(ROUTING, session) == ROUTING.pages[2]


def test_who_had_finished_before_a_question_was_added_was_not_asked_it(changed: Routing) -> None:
    session = new()
    for number, form in [(2, {**WORK, "seen": ["no"]}), (5, {})]:
        session = send(session, number, form).session
    assert session.state is SessionState.COMPLETED
    record = sessions.record(changed, session)
    assert (record["swam"], record["flew"]) == (Missing.NOT_ASKED, Missing.NOT_ASKED)
    # A page that they saw and left blank is one that they left blank.
    assert record["remarks"] is Missing.SKIPPED


def _changed(tmp_path: Path, was: str, now: str) -> Routing:
    folder = shutil.copytree(Path(__file__).parents[1] / "studies/small", tmp_path / "changed")
    text = (folder / "questionnaire.yaml").read_text(encoding="utf-8")
    assert text.count(was) == 1
    (folder / "questionnaire.yaml").write_text(text.replace(was, now), encoding="utf-8")
    return Routing(load(folder))


def _finished() -> Session:
    session = send(new(), 2, {**WORK, "seen": ["no"]}).session
    return send(session, 5, {}).session


def test_a_needed_question_that_was_added_on_a_page_was_not_asked_before(tmp_path: Path) -> None:
    seen = "      - question: seen\n"
    swam = (
        "      - {question: swam, kind: single, text: {nl: 'Gezwommen?', en: 'Swum?'}, "
        "options: yes_no}\n"
    )
    routing = _changed(tmp_path, seen, swam + seen)
    record = sessions.record(routing, _finished(), {"swam"})
    assert record["swam"] is Missing.NOT_ASKED


def test_an_optional_question_that_was_added_on_a_page_reads_as_left_blank(tmp_path: Path) -> None:
    seen = "      - question: seen\n"
    swam = (
        "      - {question: swam, kind: single, required: false, "
        "text: {nl: 'Gezwommen?', en: 'Swum?'}, options: yes_no}\n"
    )
    routing = _changed(tmp_path, seen, swam + seen)
    assert sessions.record(routing, _finished(), {"swam"})["swam"] is Missing.SKIPPED


def test_who_is_half_way_breaks_off_at_a_question_added_on_a_page_that_is_done(
    tmp_path: Path,
) -> None:
    seen = "      - question: seen\n"
    swam = (
        "      - {question: swam, kind: single, text: {nl: 'Gezwommen?', en: 'Swum?'}, "
        "options: yes_no}\n"
    )
    routing = _changed(tmp_path, seen, swam + seen)
    session = send(new(), 2, WORK).session
    assert sessions.pages_done(routing, session) == 1
    assert sessions.record(routing, session, {"swam"})["swam"] is Missing.BROKEN_OFF


def test_what_may_not_be_left_blank_any_more_was_left_blank_before(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "studies/small/questionnaire.yaml").read_text("utf-8")
    remarks = "      - question: remarks\n"
    own = text.partition(remarks)[2].partition("        required: false\n")[0]
    blank = f"{remarks}{own}        required: false\n"
    routing = _changed(tmp_path, blank, remarks + own)
    assert routing.study.questions["remarks"].required
    assert sessions.record(routing, _finished())["remarks"] is Missing.SKIPPED


def test_a_closed_answer_is_offered_to_nobody_and_stays_who_gave_it(tmp_path: Path) -> None:
    baker = '{code: baker, label: {nl: "Bakker", en: "Baker"}}'
    routing = _changed(tmp_path, baker, baker.replace("}}", "}, closed: true}"))
    page = routing.pages[1]
    offered = {
        option.code
        for item in routing.items(page, {})
        if isinstance(item, Question) and item.key == "job"
        for option in item.options
    }
    assert offered == {"other"}
    late = sessions.parse_page(routing, new(), page, WORK)
    assert [message.question for message in late.messages] == ["job"]
    assert sessions.record(routing, _finished())["job"] == "baker"


def test_who_was_half_way_when_a_question_was_added_broke_off_before_it(changed: Routing) -> None:
    record = sessions.record(changed, send(new(), 2, WORK).session)
    assert (record["swam"], record["seen"]) == (Missing.BROKEN_OFF, "yes")


def test_closed_fieldwork_refuses_with_the_reason() -> None:
    check_collect(Phase.OPEN)
    with pytest.raises(NotPermitted, match="closed") as closed:
        check_collect(Phase.CLOSED)
    assert closed.value.problem.startswith("The questionnaire is closed.")
    with pytest.raises(NotPermitted, match="not open yet"):
        check_collect(Phase.PREPARED)
