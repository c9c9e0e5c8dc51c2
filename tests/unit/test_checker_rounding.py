"""The checker's own rounding: what a printed percentage can have come from."""

from __future__ import annotations

import pytest

from blikveld.checker.rounding import Verdict, verdict


@pytest.mark.parametrize(
    ("printed", "count", "base", "expected"),
    [
        ("48", 393, 821, Verdict.RIGHT),
        ("12.5", 1, 8, Verdict.RIGHT),
        ("13", 1, 8, Verdict.RIGHT),
        # 15.4545… is 15; by way of 15.5 it becomes 16.
        ("16", 34, 220, Verdict.ROUNDED_TWICE),
        # 66.67 cut off.
        ("66", 2, 3, Verdict.TRUNCATED),
        ("9", 81, 434, Verdict.WRONG),
        ("", 1, 3, Verdict.NOT_PRINTED),
        ("0", 0, 0, Verdict.NOT_PRINTED),
        # A printed number is text: 3.0 claims a decimal that 3 does not.
        ("3.0", 304, 10000, Verdict.RIGHT),
        ("3.0", 314, 10000, Verdict.WRONG),
    ],
)
def test_a_printed_percentage_is_judged_by_the_decimals_it_shows(
    printed: str, count: int, base: int, expected: Verdict
) -> None:
    assert verdict(printed, count, base) is expected
