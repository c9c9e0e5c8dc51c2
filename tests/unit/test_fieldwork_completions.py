"""How the numbers grew: no line may tell the day of one respondent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blikveld.fieldwork.completions import DailyTotal, add_day, day_of, sum_days

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
