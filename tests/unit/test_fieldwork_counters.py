"""Numbers of a link: they change at night, all together, and by nobody or by enough people."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blikveld.fieldwork.counters import Counts, Openings, SurveyLink, renewed, stepped
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
