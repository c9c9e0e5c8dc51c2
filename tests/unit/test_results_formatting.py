"""How a number looks, and the list of what was printed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from blikveld.report.model import ManifestEntry, read_manifest, write_manifest
from blikveld.results.cell import Band
from blikveld.results.formatting import (
    NOTHING,
    SUPPRESSED,
    count,
    count_or_range,
    exact,
    is_small,
    mean,
    number,
    percent,
    points,
    probability,
    statistic,
)


def test_thousands_and_decimals_follow_the_language() -> None:
    assert number(1637, "nl") == "1.637"
    assert number(1637, "en") == "1,637"
    assert percent(393, 821, "nl") == "48%"
    assert percent(393, 821, "nl", 1) == "47,9%"
    assert percent(393, 821, "en", 1) == "47.9%"
    assert mean(1850, 821, "nl") == "2,3"
    assert mean(1850, 821, "en", 0) == "2"
    assert mean(-3, 2, "nl") == "-1,5"
    assert mean(Decimal("-130.5"), 150, "en", 2) == "-0.87"
    assert mean(2_469_000, 2, "nl") == "1.234.500,0"
    assert exact(Decimal("260.50"), "nl") == "260,5"
    assert exact(Decimal("-1234"), "nl") == "-1.234"
    assert exact(Decimal(100), "en") == "100"
    assert points((1, 8), (0, 8), "nl") == "13"
    assert statistic(0.125, "nl") == "0,13"
    assert probability(0.0004, "nl") == "p < 0,001"
    assert probability(0.1905, "en") == "p = 0.191"


def test_what_is_kept_back_is_never_a_number() -> None:
    assert percent(None, 821, "nl") == percent(3, None, "nl") == count(None, "nl") == SUPPRESSED
    assert percent(0, 0, "nl") == mean(0, 0, "nl") == NOTHING
    assert percent(0, 5, "nl") == "0%"


def test_a_count_that_is_kept_back_is_a_range_where_one_is_known() -> None:
    assert count_or_range(1637, None, "nl") == "1.637"
    assert count_or_range(0, None, "nl") == "0"
    assert count_or_range(None, Band(0, 4), "nl") == "0–4"
    assert count_or_range(None, Band(1000, 1004), "en") == "1,000–1,004"
    assert count_or_range(None, None, "nl") == SUPPRESSED


def test_a_small_base_is_under_thirty() -> None:
    assert is_small(29)
    assert not is_small(30)


def test_the_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    entries = (
        ManifestEntry("a" * 12, "text.md:3", "48%", 393, 821, "True", "'drugs' in forms", "0"),
        ManifestEntry("b" * 12, "Bijlage C", "x", None, 17, "True", "x == 'é'", "0", fixed=False),
    )
    write_manifest(tmp_path / "manifest.jsonl", entries)
    assert read_manifest(tmp_path / "manifest.jsonl") == entries
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.jsonl"]
