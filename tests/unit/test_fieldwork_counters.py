"""Numbers of a link: they change at night, all together, and by nobody or by enough people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blikveld.fieldwork.counters import (
    Counts,
    DailyTotal,
    Openings,
    add_day,
    day_of,
    renewed,
    stepped,
    sum_days,
)
from blikveld.fieldwork.sessions import SurveyLink
from blikveld.study.model import Mode

LINK, OTHER = SurveyLink("zand", Mode.WEB), SurveyLink("veen", Mode.WEB)
NIGHTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


@given(NIGHTS, st.integers(2, 7))
def test_between_two_nights_no_number_differs_by_fewer_than_the_smallest_group(
    nights: list[tuple[int, int]], smallest: int
) -> None:
    kept, began, ended = [Counts()], 0, 0
    for more, done in nights:
        began += more + done
        ended += done
        kept.append(renewed(kept[-1], Counts(0, began, ended), smallest))
    for before, after in pairwise(kept):
        for step in ("started", "finished"):
            change = getattr(after, step) - getattr(before, step)
            assert change == 0 or change >= smallest
        assert after.finished != before.finished or after == before
    # It never runs behind by as many as would make a step.
    assert ended - kept[-1].finished < smallest


def test_what_is_shown_is_a_multiple_of_the_smallest_group() -> None:
    assert [stepped(number, 5) for number in (0, 4, 5, 9, 10, 14)] == [0, 0, 5, 5, 10, 10]


class _Calendar:
    """The day it is, and what was handed over."""

    def __init__(self) -> None:
        self.day = "monday"
        self.kept: list[Mapping[SurveyLink, int]] = []

    def today(self) -> str:
        return self.day


def test_openings_are_handed_over_after_a_night_where_they_are_enough() -> None:
    calendar = _Calendar()
    openings = Openings(5, calendar.today)
    for link in [LINK] * 6 + [OTHER] * 4:
        openings.count(link, calendar.kept.append)
    assert calendar.kept == []
    calendar.day = "tuesday"
    openings.count(OTHER, calendar.kept.append)
    assert calendar.kept == [{LINK: 6}]
    assert openings.pending == {OTHER: 5}
    openings.count(OTHER, calendar.kept.append)
    assert calendar.kept == [{LINK: 6}]
    openings.hand_over(calendar.kept.append)
    assert calendar.kept == [{LINK: 6}, {OTHER: 6}]


def test_openings_that_cannot_be_kept_are_handed_over_later() -> None:
    calendar = _Calendar()
    openings = Openings(2, calendar.today)
    for _ in range(3):
        openings.count(LINK, calendar.kept.append)

    def fail(found: Mapping[SurveyLink, int]) -> None:
        raise OSError("invented")

    with pytest.raises(OSError, match="invented"):
        openings.hand_over(fail)
    openings.hand_over(calendar.kept.append)
    assert calendar.kept == [{LINK: 3}]
    assert openings.pending == {}


# How the numbers grew: no line may tell the day of one respondent.
FEWEST = 5
FIRST = datetime(2021, 4, 7, 12, tzinfo=UTC)


def _day(number: int) -> str:
    return day_of(FIRST + timedelta(days=number))


def _run(coming: Sequence[int], close: bool) -> tuple[DailyTotal, ...]:
    """One municipality: so many finish each day, a rewrite every night, closing at the end."""
    lines: tuple[DailyTotal, ...] = ()
    total = 0
    for number, more in enumerate(coming):
        total += more
        lines = add_day(lines, DailyTotal("zand", _day(number), total), FEWEST, closed=False)
    return (
        add_day(lines, DailyTotal("zand", _day(len(coming)), total), FEWEST, closed=True)
        if close
        else lines
    )


@given(st.lists(st.integers(0, 12), max_size=40), st.booleans())
def test_between_two_lines_and_after_the_last_of_a_closed_fieldwork_are_never_one_to_four(
    coming: list[int], close: bool
) -> None:
    lines = _run(coming, close)
    reached = [0, *(line.number for line in lines)]
    assert all(later - earlier >= FEWEST for earlier, later in pairwise(reached))
    assert [line.day for line in lines] == sorted({line.day for line in lines})
    if close and lines:
        assert lines[-1].number == sum(coming)


def test_a_day_has_one_line_however_often_it_is_asked() -> None:
    lines = add_day((), DailyTotal("zand", _day(0), 6), FEWEST, closed=False)
    again = add_day(lines, DailyTotal("zand", _day(0), 30), FEWEST, closed=False)
    assert again == lines == (DailyTotal("zand", _day(0), 6),)


@pytest.mark.parametrize(("number", "kept"), [(4, 0), (5, 1)])
def test_fewer_than_five_leave_no_line_even_at_closing(number: int, kept: int) -> None:
    assert len(_run([number], close=True)) == kept


def test_a_clock_that_runs_back_changes_nothing() -> None:
    lines = _run([5, 5], close=False)
    assert add_day(lines, DailyTotal("zand", _day(-3), 40), FEWEST, closed=True) == lines


def test_what_is_written_at_night_is_of_the_day_before() -> None:
    assert day_of(datetime(2021, 4, 8, 3, tzinfo=UTC)) == "2021-04-07"
    assert day_of(datetime(2021, 4, 8, 16, tzinfo=UTC)) == "2021-04-08"


def test_the_whole_is_the_sum_of_the_lines_and_of_nothing_else() -> None:
    one = (DailyTotal("zand", "2021-04-07", 5), DailyTotal("zand", "2021-04-09", 11))
    other = (DailyTotal("veen", "2021-04-08", 7),)
    found = sum_days({"zand": one, "veen": other}, FEWEST)
    assert found == (("2021-04-07", 5), ("2021-04-08", 10), ("2021-04-09", 15))
