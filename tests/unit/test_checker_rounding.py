"""The checker's own rounding: what a printed percentage can have come from."""

from __future__ import annotations

import pytest

from blikveld.checker.rounding import RoundingVerdict, verdict


@pytest.mark.parametrize(
    ("printed", "count", "base", "expected"),
    [
        ("48", 393, 821, RoundingVerdict.RIGHT),
        ("12.5", 1, 8, RoundingVerdict.RIGHT),
        ("13", 1, 8, RoundingVerdict.RIGHT),
        # 15.4545… is 15; by way of 15.5 it becomes 16.
        ("16", 34, 220, RoundingVerdict.ROUNDED_TWICE),
        # 66.67 cut off.
        ("66", 2, 3, RoundingVerdict.TRUNCATED),
        ("9", 81, 434, RoundingVerdict.WRONG),
        ("", 1, 3, RoundingVerdict.NOT_PRINTED),
        ("0", 0, 0, RoundingVerdict.NOT_PRINTED),
        # A printed number is text: 3.0 claims a decimal that 3 does not.
        ("3.0", 304, 10000, RoundingVerdict.RIGHT),
        ("3.0", 314, 10000, RoundingVerdict.WRONG),
    ],
)
def test_a_printed_percentage_is_judged_by_the_decimals_it_shows(
    printed: str, count: int, base: int, expected: RoundingVerdict
) -> None:
    assert verdict(printed, count, base) is expected
