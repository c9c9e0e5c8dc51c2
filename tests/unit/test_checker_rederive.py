"""The manifest's numbers, counted again person by person. All persons here are invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blikveld.checker.document import Language
from blikveld.checker.findings import Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.rederive import RowCounter, entries, rederive
from blikveld.errors import BlikveldError
from blikveld.rules import parse
from blikveld.rules.types import Missing

PERSONS = [
    {"completed": True, "bike": "yes"},
    {"completed": True, "bike": "no"},
    {"completed": True, "bike": Missing.SKIPPED},
    {"completed": False, "bike": "yes"},
]


def entry(printed: str, count: int | None, base: int | None, rule: str = "bike == 'yes'") -> Any:
    """An entry as the report writes it."""
    return {
        "location": "text.md:1",
        "printed": printed,
        "count": count,
        "base": base,
        "base_rule": "answered(bike)",
        "rule": rule,
    }


def verdicts(*found: Any) -> list[Verdict]:
    """The verdict on each entry."""
    counter = RowCounter(PERSONS, [parse("completed")])
    return [c.verdict for c in rederive(found, counter, Phrases(Language.ENGLISH))]


def test_a_number_is_right_when_count_base_and_what_is_printed_are() -> None:
    assert verdicts(entry("50%", 1, 2)) == [Verdict.RIGHT]
    assert verdicts(entry("1 50%", 1, None)) == [Verdict.RIGHT]
    assert verdicts(entry("Half", 1, 2)) == [Verdict.RIGHT]


@pytest.mark.parametrize(
    "wrong", [entry("50%", 2, 4), entry("50%", 1, 3), entry("51%", 1, 2), entry("3", 1, 2)]
)
def test_any_other_number_is_a_contradiction(wrong: Any) -> None:
    assert verdicts(wrong) == [Verdict.CONTRADICTION]


def test_what_is_kept_back_is_unchecked() -> None:
    assert verdicts(entry("x", None, None)) == [Verdict.UNCHECKED]


def test_a_number_made_from_several_cells_has_its_cells_checked() -> None:
    two = entry("3", 1, 2), entry("3", 1, 2, "bike == 'no'")
    assert verdicts(*two) == [Verdict.RIGHT, Verdict.RIGHT]


def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "numbers.jsonl"
    path.write_text(json.dumps({"location": "x"}) + "\n", encoding="utf-8")
    for file in (path, tmp_path / "none.jsonl"):
        with pytest.raises(BlikveldError):
            entries(file)
