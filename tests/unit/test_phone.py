"""The call list: who is called when, how a call ends, and what is kept of it. All invented."""

from __future__ import annotations

import csv
import doctest
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Barrier
from types import ModuleType

import pytest

from blikveld.errors import Faults
from blikveld.phone import (
    Appointment,
    Attempt,
    CallOutcome,
    CallReason,
    CallRefused,
    Case,
    Disposition,
    NoCallReason,
    Organisation,
    OutcomeGroup,
    cases,
    day_pass,
    next_call,
    queue,
    why,
)
from blikveld.phone.call_list import CallList
from blikveld.phone.cases import MOST_ATTEMPTS
from blikveld.phone.list_files import read, write
from blikveld.phone.outcomes import after, check_outcome, count_outcomes
from blikveld.phone.queue import HERE, DayPart, Hours, holidays, next_due, part_of, works
from blikveld.stats.outcomes import Dispositions
from blikveld.study.load import load
from blikveld.study.model import Study

D = Disposition
WEDNESDAY = datetime(2021, 4, 7, 10, 0, tzinfo=HERE)
ANNA, BEN = "anna (invented)", "ben (invented)"
LETTERS = {
    OutcomeGroup.COMPLETE: "I",
    OutcomeGroup.PARTIAL: "P",
    OutcomeGroup.REFUSED: "R",
    OutcomeGroup.NOT_REACHED: "NC",
    OutcomeGroup.OTHER: "O",
    OutcomeGroup.UNKNOWN_HOUSEHOLD: "UH",
    OutcomeGroup.UNKNOWN_OTHER: "UO",
    OutcomeGroup.NOT_ELIGIBLE: "",
}
"""AAPOR's letters for what counts as what in the rates; what is not eligible has none."""


def case(number: int, *ends: Disposition, last: date = date(2021, 4, 6)) -> Case:
    """An organisation that was called on the days before, once a day."""
    days = [last - timedelta(back) for back in reversed(range(len(ends)))]
    made = (Attempt(end, day, ANNA) for end, day in zip(ends, days, strict=True))
    key, place = f"{number:032x}", "zand"
    return Case(Organisation(key, f"Invented {number}", f"01000000{number:02}", place), tuple(made))


def meets(one: Case, day: int, hour: int, minute: int = 0, by: str = ANNA) -> Case:
    return replace(one, appointment=Appointment(date(2021, 4, day), time(hour, minute), by))


class TestDispositions:
    @pytest.mark.parametrize(
        ("disposition", "code", "letters"),
        [
            (D.COMPLETE, "1.1", "I"),
            (D.PARTIAL, "1.2", "P"),
            (D.REFUSED, "2.11", "R"),
            (D.BREAK_OFF, "2.12", "R"),
            (D.APPOINTMENT, "2.21", "NC"),
            (D.NOT_IN, "2.21", "NC"),
            (D.THEIR_MACHINE, "2.22", "NC"),
            (D.UNABLE, "2.32", "O"),
            (D.LANGUAGE, "2.33", "O"),
            (D.ANOTHER_REASON, "2.36", "O"),
            (D.NOT_ATTEMPTED, "3.11", "UH"),
            (D.BUSY, "3.12", "UH"),
            (D.NO_ANSWER, "3.13", "UH"),
            (D.A_MACHINE, "3.14", "UH"),
            (D.TECHNICAL, "3.16", "UH"),
            (D.UNCLEAR, "3.21", "UO"),
            (D.OUTSIDE, "4.10", ""),
            (D.FAX, "4.20", ""),
            (D.NOT_WORKING, "4.30", ""),
            (D.NO_ORGANISATION, "4.50", ""),
            (D.NOBODY_ELIGIBLE, "4.70", ""),
        ],
    )
    def test_codes_and_letters_are_those_of_aapor(
        self, disposition: Disposition, code: str, letters: str
    ) -> None:
        assert (disposition.code, LETTERS[disposition.group]) == (code, letters)

    def test_the_table_leaves_no_outcome_out(self) -> None:
        marks = TestDispositions.test_codes_and_letters_are_those_of_aapor.pytestmark  # type: ignore[attr-defined]
        assert {row[0] for row in marks[0].args[1]} == set(D)

    def test_groups_are_those_of_the_rates(self) -> None:
        assert {group.value for group in OutcomeGroup} == set(Dispositions.__dataclass_fields__)

    def test_the_first_figure_of_a_code_says_what_it_is(self) -> None:
        firsts = {
            "1": {OutcomeGroup.COMPLETE, OutcomeGroup.PARTIAL},
            "2": {OutcomeGroup.REFUSED, OutcomeGroup.NOT_REACHED, OutcomeGroup.OTHER},
            "3": {OutcomeGroup.UNKNOWN_HOUSEHOLD, OutcomeGroup.UNKNOWN_OTHER},
            "4": {OutcomeGroup.NOT_ELIGIBLE},
        }
        for disposition in D:
            assert disposition.group in firsts[disposition.code[0]]
            assert set(disposition.label) == {"nl", "en"}

    def test_only_what_may_change_is_called_again(self) -> None:
        again = {d for d in D if not d.final}
        assert again == {
            D.APPOINTMENT, D.NOT_IN, D.UNCLEAR, D.NO_ANSWER, D.BUSY, D.THEIR_MACHINE,
            D.A_MACHINE, D.TECHNICAL, D.NOT_ATTEMPTED,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("ends", "stands"),
        [
            ((), D.NOT_ATTEMPTED),
            ((D.NO_ANSWER, D.BUSY), D.BUSY),
            ((D.NOT_IN, D.NO_ANSWER), D.NOT_IN),
            ((D.UNCLEAR, D.NO_ANSWER), D.UNCLEAR),
            ((D.NOT_IN, D.THEIR_MACHINE), D.THEIR_MACHINE),
            ((D.APPOINTMENT, D.REFUSED), D.REFUSED),
        ],
    )
    def test_a_case_stands_by_what_is_known_best(
        self, ends: tuple[Disposition, ...], stands: Disposition
    ) -> None:
        assert case(1, *ends).disposition is stands


class TestNext:
    def test_a_due_appointment_comes_first_and_ones_own_before_others(self) -> None:
        fresh, own, other = case(1), meets(case(2), 7, 10), meets(case(3), 7, 9, by=BEN)
        assert next_call([fresh, other, own], WEDNESDAY, ANNA) == own
        assert next_call([fresh, other], WEDNESDAY, ANNA) == other

    def test_an_appointment_waits_for_its_hour(self) -> None:
        later = meets(case(1), 7, 10, 6)
        assert next_call([later], WEDNESDAY, ANNA) is NoCallReason.LATER
        assert next_call([later], WEDNESDAY + timedelta(minutes=1), ANNA) == later

    def test_another_keeps_an_appointment_only_when_it_is_overdue(self) -> None:
        theirs = meets(case(1), 7, 9, 46, by=BEN)
        assert next_call([theirs], WEDNESDAY, ANNA) is NoCallReason.LATER
        assert next_call([theirs], WEDNESDAY + timedelta(minutes=1), ANNA) == theirs

    @pytest.mark.parametrize(
        "now",
        [
            WEDNESDAY.replace(hour=8, minute=59),
            WEDNESDAY.replace(hour=12, minute=0),
            WEDNESDAY.replace(hour=17, minute=0),
            WEDNESDAY.replace(day=10),
            WEDNESDAY.replace(day=27),
        ],
        ids=["early", "lunch", "evening", "saturday", "king's day"],
    )
    def test_nobody_is_called_outside_working_hours(self, now: datetime) -> None:
        assert next_call([case(1)], now, ANNA) is NoCallReason.OUTSIDE_HOURS

    def test_an_appointment_in_the_evening_is_kept(self) -> None:
        evening = meets(case(1), 7, 19)
        assert next_call([evening], WEDNESDAY.replace(hour=19), ANNA) == evening

    def test_nobody_is_called_twice_a_day(self) -> None:
        called = case(1, D.BUSY, last=WEDNESDAY.date())
        assert next_call([called], WEDNESDAY, ANNA) is NoCallReason.LATER

    def test_it_is_said_why_it_is_their_turn(self) -> None:
        theirs, mine = meets(case(1), 7, 9, by=BEN), meets(case(2), 7, 10)
        found = [case(3), case(4, D.BUSY), mine, theirs, meets(case(5), 8, 10)]
        said = [why(one, WEDNESDAY, ANNA) for one in found]
        assert said == [
            CallReason.FIRST,
            CallReason.AGAIN,
            CallReason.PROMISED,
            CallReason.OVERDUE,
            CallReason.EARLY,
        ]

    @pytest.mark.parametrize(
        ("one", "now", "due"),
        [
            (case(1), WEDNESDAY, WEDNESDAY),
            (case(1), WEDNESDAY.replace(hour=12), WEDNESDAY.replace(hour=13)),
            (case(1), WEDNESDAY.replace(day=9, hour=17), WEDNESDAY.replace(day=12, hour=9)),
            (meets(case(1), 7, 19), WEDNESDAY, WEDNESDAY.replace(hour=18, minute=55)),
            (meets(case(1), 7, 19, by=BEN), WEDNESDAY, WEDNESDAY.replace(hour=19, minute=15)),
            (replace(case(1), taken=BEN, taken_on=WEDNESDAY.date()), WEDNESDAY,
             WEDNESDAY.replace(day=8, hour=9)),
            (case(1, D.REFUSED), WEDNESDAY, None),
        ],
        ids=["now", "lunch", "weekend", "mine", "theirs", "held", "done"],
    )  # fmt: skip
    def test_when_the_next_is_due(self, one: Case, now: datetime, due: datetime | None) -> None:
        assert next_due([one], now, ANNA) == due

    def test_a_refusal_is_final(self) -> None:
        assert next_call([case(1, D.REFUSED)], WEDNESDAY, ANNA) is NoCallReason.ALL_DONE

    def test_after_so_many_calls_they_are_left_in_peace_but_a_promise_is_kept(self) -> None:
        often = case(1, *[D.NO_ANSWER] * MOST_ATTEMPTS)
        assert next_call([often], WEDNESDAY, ANNA) is NoCallReason.ALL_DONE
        assert next_call([meets(often, 7, 10)], WEDNESDAY, ANNA) == meets(often, 7, 10)

    def test_calls_are_spread_over_the_day(self) -> None:
        parts = [part_of(case(1, *[D.BUSY] * calls)) for calls in range(1, 5)]
        assert parts in (
            [DayPart.MORNING, DayPart.AFTERNOON] * 2,
            [DayPart.AFTERNOON, DayPart.MORNING] * 2,
        )
        called = case(1, D.BUSY)
        hours = {DayPart.MORNING: 10, DayPart.AFTERNOON: 14}
        for part, hour in hours.items():
            found = next_call([called], WEDNESDAY.replace(hour=hour), ANNA)
            assert found == (called if part is part_of(called) else NoCallReason.LATER)

    def test_calls_are_spread_over_the_week(self) -> None:
        twice, last_week = case(2, D.BUSY, D.BUSY), case(1, D.BUSY, last=date(2021, 3, 31))
        hour = {DayPart.MORNING: 10, DayPart.AFTERNOON: 14}[part_of(last_week)]
        now = WEDNESDAY.replace(hour=hour)
        assert part_of(twice) is part_of(last_week)
        assert next_call([last_week, twice], now, ANNA) == twice

    def test_no_list_and_a_list_that_is_done_are_told_apart(self) -> None:
        assert next_call([], WEDNESDAY, ANNA) is NoCallReason.NO_LIST
        assert next_call([replace(case(1), done=True)], WEDNESDAY, ANNA) is NoCallReason.ALL_DONE

    def test_who_has_a_case_keeps_it_today_and_only_today(self) -> None:
        held = replace(case(1), taken=BEN, taken_on=WEDNESDAY.date())
        assert next_call([held], WEDNESDAY, ANNA) is NoCallReason.LATER
        assert next_call([held], WEDNESDAY, BEN) == held
        assert next_call([held], WEDNESDAY + timedelta(1), ANNA) == held


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2021, "01-01 04-05 04-27 05-13 05-24 12-25 12-26"),
        (2025, "01-01 04-21 04-26 05-29 06-09 12-25 12-26"),
        (2026, "01-01 04-06 04-27 05-14 05-25 12-25 12-26"),
    ],
)
def test_holidays_are_those_of_the_calendar(year: int, days: str) -> None:
    assert [day.isoformat()[5:] for day in sorted(holidays(year))] == days.split()
    assert not any(works(day) for day in holidays(year))


class TestOutcomes:
    @pytest.mark.parametrize(
        ("outcome", "field"),
        [
            (CallOutcome(D.NOT_ATTEMPTED), "disposition"),
            (CallOutcome(D.APPOINTMENT), "day"),
            (CallOutcome(D.APPOINTMENT, date(2021, 4, 8)), "time"),
            (CallOutcome(D.APPOINTMENT, date(2021, 4, 8), time(22)), "time"),
            (CallOutcome(D.APPOINTMENT, date(2021, 4, 7), time(9)), "day"),
            (CallOutcome(D.APPOINTMENT, date(2022, 4, 7), time(9)), "day"),
            (CallOutcome(D.REFUSED, date(2021, 4, 8), time(9)), "disposition"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_beside_its_field(
        self, outcome: CallOutcome, field: str
    ) -> None:
        with pytest.raises(CallRefused) as refused:
            check_outcome(outcome, WEDNESDAY)
        assert refused.value.field == field
        assert set(refused.value.reason) == {"nl", "en"}

    def test_an_appointment_goes_once_it_was_kept(self) -> None:
        made = after(
            case(1), CallOutcome(D.APPOINTMENT, date(2021, 4, 8), time(9)), WEDNESDAY, ANNA
        )
        assert made.appointment == Appointment(date(2021, 4, 8), time(9), ANNA)
        ended = after(made, CallOutcome(D.COMPLETE), WEDNESDAY + timedelta(1), BEN)
        assert (ended.appointment, ended.closed) == (None, True)

    def test_there_is_no_place_to_write_about_anybody(self) -> None:
        assert not {"note", "remark", "text"} & {
            f.name for f in (*fields(CallOutcome), *fields(Case))
        }


@pytest.fixture
def book(tmp_path: Path) -> CallList:
    made = CallList.at(tmp_path)
    made.add(case(number).organisation for number in range(1, 6))
    return made


def called(book: CallList, end: Disposition, by: str = ANNA) -> Case:
    found = book.take(WEDNESDAY, by)
    assert isinstance(found, Case)
    return book.record(found.organisation.key, CallOutcome(end), WEDNESDAY, by)


class TestBook:
    def test_two_interviewers_never_get_the_same(self, book: CallList) -> None:
        first, second = book.take(WEDNESDAY, ANNA), book.take(WEDNESDAY, BEN)
        assert isinstance(first, Case)
        assert isinstance(second, Case)
        assert first.organisation != second.organisation
        assert book.take(WEDNESDAY, ANNA) == first

    def test_an_outcome_that_is_sent_twice_counts_once(self, book: CallList) -> None:
        ended = called(book, D.REFUSED)
        with pytest.raises(CallRefused, match="kept already"):
            book.record(ended.organisation.key, CallOutcome(D.COMPLETE), WEDNESDAY, ANNA)
        assert book.outcomes().groups()[OutcomeGroup.REFUSED] == 1
        assert book.outcomes().calls == 1

    def test_nobody_sets_the_outcome_of_another(self, book: CallList) -> None:
        found = book.take(WEDNESDAY, ANNA)
        assert isinstance(found, Case)
        with pytest.raises(CallRefused):
            book.record(found.organisation.key, CallOutcome(D.REFUSED), WEDNESDAY, BEN)

    def test_the_last_outcome_can_be_taken_back_once(self, book: CallList) -> None:
        ended = called(book, D.REFUSED)
        assert book.can_undo(ANNA)
        assert not book.can_undo(BEN)
        back = book.undo(WEDNESDAY, ANNA)
        assert (back.organisation, back.attempts) == (ended.organisation, ())
        assert book.take(WEDNESDAY, ANNA) == back
        with pytest.raises(CallRefused, match="no outcome"):
            book.undo(WEDNESDAY, ANNA)

    def test_a_kept_appointment_comes_back_with_an_undo(self, book: CallList) -> None:
        found = book.take(WEDNESDAY, ANNA)
        assert isinstance(found, Case)
        key = found.organisation.key
        plan = CallOutcome(D.APPOINTMENT, WEDNESDAY.date(), time(11))
        planned = book.record(key, plan, WEDNESDAY, ANNA)
        book.take_one(key, WEDNESDAY, ANNA)
        book.record(key, CallOutcome(D.REFUSED), WEDNESDAY, ANNA)
        back = book.undo(WEDNESDAY, ANNA)
        assert back.appointment == planned.appointment

    def test_twelve_at_once_get_twelve_organisations(self, tmp_path: Path) -> None:
        book = CallList.at(tmp_path)
        book.add(case(number).organisation for number in range(1, 13))
        begin = Barrier(12)

        def take(number: int) -> str:
            begin.wait()
            found = CallList.at(tmp_path).take(WEDNESDAY, f"invented {number}")
            assert isinstance(found, Case)
            return found.organisation.key

        with ThreadPoolExecutor(12) as together:
            keys = list(together.map(take, range(12)))
        assert len(set(keys)) == 12

    def test_a_claim_is_gone_the_next_day_and_when_it_is_released(self, book: CallList) -> None:
        first = book.take(WEDNESDAY, ANNA)
        assert book.held(WEDNESDAY, ANNA) == first
        assert book.held(WEDNESDAY + timedelta(1), ANNA) is None
        assert book.release(WEDNESDAY) == 1
        assert book.held(WEDNESDAY, ANNA) is None
        found = book.take(WEDNESDAY, BEN)
        assert isinstance(found, Case)
        assert isinstance(first, Case)
        assert found.organisation == first.organisation

    def test_looking_takes_nothing(self, book: CallList) -> None:
        assert isinstance(book.look(WEDNESDAY, ANNA), Case)
        assert book.held(WEDNESDAY, ANNA) is None

    def test_hours_that_are_set_count_and_odd_ones_are_refused(self, book: CallList) -> None:
        late = Hours(
            {DayPart.MORNING: (time(10, 30), time(12)), DayPart.AFTERNOON: (time(13), time(20))}
        )
        book.set_hours(late)
        assert book.hours() == late
        assert book.take(WEDNESDAY, ANNA) is NoCallReason.OUTSIDE_HOURS
        assert isinstance(book.take(WEDNESDAY.replace(hour=19), ANNA), Case)
        for odd in ((time(9), time(9)), (time(9), time(14)), (time(7), time(12))):
            with pytest.raises(CallRefused, match="8:00 to 21:00"):
                book.set_hours(Hours({**late.parts, DayPart.MORNING: odd}))
        assert book.hours() == late

    def test_put_back_is_free_for_others(self, book: CallList) -> None:
        found = book.take(WEDNESDAY, ANNA)
        book.put_back(WEDNESDAY, ANNA)
        again = book.take(WEDNESDAY, BEN)
        assert isinstance(found, Case)
        assert isinstance(again, Case)
        assert found.organisation == again.organisation

    def test_who_opens_an_appointment_puts_back_what_was_there(self, book: CallList) -> None:
        planned = book.take(WEDNESDAY, ANNA)
        assert isinstance(planned, Case)
        plan = CallOutcome(D.APPOINTMENT, date(2021, 4, 9), time(11))
        book.record(planned.organisation.key, plan, WEDNESDAY, ANNA)
        held = book.take(WEDNESDAY, ANNA)
        assert isinstance(held, Case)
        book.take_one(planned.organisation.key, WEDNESDAY, ANNA)
        with pytest.raises(CallRefused):
            book.take_one(held.organisation.key, WEDNESDAY, ANNA)
        with pytest.raises(CallRefused):
            book.take_one(planned.organisation.key, WEDNESDAY, BEN)
        assert book.take(WEDNESDAY, BEN) == replace(held, taken=BEN)

    def test_a_night_makes_the_list_forget_who_took_part(self, book: CallList) -> None:
        for end in (D.COMPLETE, D.REFUSED, D.BUSY):
            called(book, end)
        before = book.outcomes()
        book.rewrite()
        assert book.outcomes() == before
        done = [one for one in book.cases() if one.done]
        assert [(one.attempts, one.taken) for one in done] == [((), None)] * 2
        content = book.path.read_bytes()
        assert b"refused" in content  # how many did stays
        with sqlite3.connect(book.path) as db:
            kept = [row[0] for row in db.execute("SELECT calls FROM organisation")]
        assert not any(word in calls for calls in kept for word in ("complete", "refused"))
        assert not book.can_undo(ANNA)
        with pytest.raises(ValueError, match="not kept"):
            _ = done[0].disposition

    def test_nothing_finer_than_a_day_is_kept_but_of_an_appointment(self, book: CallList) -> None:
        called(book, D.BUSY)
        book.take(WEDNESDAY, BEN)
        with sqlite3.connect(book.path) as db:
            told = "\n".join(db.iterdump())
        assert "2021-04-07" in told
        assert "10:00" not in told
        assert "T10" not in told

    def test_the_file_is_the_owners_alone_and_has_no_diary(self, book: CallList) -> None:
        called(book, D.BUSY)
        assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
        assert [path.name for path in book.path.parent.iterdir()] == ["calls.sqlite3"]

    def test_erasing_leaves_counts_and_no_organisation(self, book: CallList) -> None:
        called(book, D.COMPLETE)
        before, names = book.outcomes(), [c.organisation for c in book.cases()]
        marks = book.erase()
        content = book.path.read_bytes()
        assert len(marks) == len(names) == 5
        for one in names:
            for text in (one.key, one.name, one.number):
                assert text.encode() not in content
        assert book.outcomes() == before

    def test_a_number_is_on_the_list_once(self, book: CallList) -> None:
        again = replace(case(1).organisation, key="f" * 32, number="010-000 00 01")
        added = book.add([again, case(9).organisation])
        assert (added.new, added.known, len(book.cases())) == (1, 1, 6)

    def test_what_goes_wrong_half_way_changes_nothing(self, book: CallList) -> None:
        found = book.take(WEDNESDAY, ANNA)
        assert isinstance(found, Case)
        with pytest.raises(CallRefused):
            book.record(found.organisation.key, CallOutcome(D.APPOINTMENT), WEDNESDAY, ANNA)
        assert book.take(WEDNESDAY, ANNA) == found
        assert book.outcomes().calls == 0


SMALL = Path(__file__).parents[1] / "studies/small"


@pytest.fixture(scope="module")
def small() -> Study:
    return load(SMALL)


GOOD = 'name,number,municipality\n"Invented, desk",010-000 00 01,zand\n\nInvented,14010,zand\n'


class TestImport:
    @pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
    def test_a_list_is_read_with_new_random_keys(self, small: Study, bom: bytes) -> None:
        first, second = read(small, bom + GOOD.encode(), "list.csv")
        assert (first.name, first.dialled, first.category) == ("Invented, desk", "0100000001", None)
        assert second.dialled == "14010"
        again = read(small, GOOD.encode(), "list.csv")
        assert len({first.key, second.key, *(one.key for one in again)}) == 4

    def test_what_is_written_can_be_read_again(self, small: Study) -> None:
        first = read(small, GOOD.encode(), "list.csv")
        again = read(small, write(small, first).encode(), "list.csv")
        assert [(o.name, o.number) for o in again] == [(o.name, o.number) for o in first]

    def test_semicolons_of_a_dutch_spreadsheet_will_do(self, small: Study) -> None:
        found = read(small, b"name;number;municipality\r\nInvented;+31 10 000 00 01;zand\r\n", "l")
        assert found[0].dialled == "+31100000001"

    @pytest.mark.parametrize(
        ("text", "faults"),
        [
            (b"", {("calls-columns", 1)}),
            (b"name,phone,municipality\n", {("calls-columns", 1)}),
            (b"name,number,municipality\n", {("calls-no-rows", 1)}),
            (
                b"name,number,municipality\n,12,nowhere\nA,0100000001,zand\nB,010-0000001,zand\n",
                {
                    ("calls-name", 2), ("calls-number", 2), ("calls-site", 2),
                    ("calls-twice", 4),
                },
            ),
            (b"name,number,municipality\nA,0100000001,zand,x\n", {("calls-cells", 2)}),
            (b"name,number,municipality\nA\x00,0100000001,zand\n", {("calls-name", 2)}),
            (b"name,number,municipality\n=A1,0100000001,zand\n", {("calls-name", 2)}),
            (b"name,number,municipality\nA,0100000001x,zand\n", {("calls-number", 2)}),
            (b"name,number,municipality\nCaf\xe9,0100000001,zand\n", {("calls-encoding", 2)}),
            (b"x" * 1_000_001, {("calls-too-large", None)}),
        ],
    )  # fmt: skip
    def test_every_fault_is_told_with_its_line(
        self, small: Study, text: bytes, faults: set[tuple[str, int | None]]
    ) -> None:
        with pytest.raises(Faults) as found:
            read(small, text, "list.csv")
        assert {(fault.code, fault.line) for fault in found.value.faults} == faults

    def test_the_list_that_ships_is_invented_and_reaches_nobody(self, flagship: Study) -> None:
        path = flagship.folder / "calls.csv"
        found = read(flagship, path.read_bytes(), "calls.csv")
        assert {one.site for one in found} == {m.key for m in flagship.sites}
        for one in found:
            assert "verzonnen" in one.name
            # Behind a Dutch area code no number begins with a nought.
            assert one.number.split("-")[1].startswith("0")


def test_counts_hold_no_name_and_no_place() -> None:
    found = count_outcomes([case(1, D.BUSY, D.REFUSED), case(2), case(3, D.BUSY)], {})
    rows = list(csv.DictReader(found.csv().splitlines()))
    assert list(rows[0]) == ["code", "outcome", "group", "cases", "calls"]
    some = {row["outcome"]: (row["code"], row["cases"], row["calls"]) for row in rows}
    assert some["refused"] == ("2.11", "1", "2")
    assert some["not_attempted"] == ("3.11", "1", "0")
    assert len(rows) == len(D)
    assert found.cases == sum(found.groups().values()) == 3
    assert "Invented" not in found.csv() + found.json()


@pytest.mark.parametrize("module", [cases, queue, day_pass])
def test_the_examples_print_what_they_say(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert (found.attempted > 0, found.failed) == (True, 0)
