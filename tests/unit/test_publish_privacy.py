"""The document for the privacy officer says what this study does. Everything here is invented."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.cli.report import privacy
from blikveld.disclosure import Band, Policy
from blikveld.disclosure.ledger import Ledger
from blikveld.publish.privacy import privacy_document
from blikveld.publish.privacy_texts import PROMISES, TEXTS
from blikveld.report.model import Report, TableBlock
from blikveld.results.cell import CellSource
from blikveld.study.disclosure import Disclosure, SameAnswer, Zeros
from blikveld.study.load import load

TESTS = Path(__file__).parents[1]


def document(rule: Disclosure, language: str = "en") -> Report:
    return privacy_document(replace(load("example"), disclosure=rule), language)


def answers(found: Report) -> dict[str, str]:
    """What the document answers to each question of the assessment, by the question."""
    (table,) = (
        block
        for block in found.blocks
        if isinstance(block, TableBlock) and block.anchor == "table-assessment"
    )
    return {row.label: row.cells[0].count for group in table.groups for row in group.lines}


@pytest.mark.parametrize(
    ("rule", "small"),
    [
        (Disclosure(5), "1 to 4"),
        (Disclosure(10), "1 to 9"),
        (Disclosure(5, Zeros.HIDDEN), "0 to 4"),
    ],
)
def test_the_document_names_the_counts_that_are_not_printed_and_no_other(
    rule: Disclosure, small: str
) -> None:
    found = answers(document(rule))
    assert f"A count of {small} is printed" in found[TEXTS["en"]["singled_out?"]]
    assert f"no number from {small} either" in found[TEXTS["en"]["subtracted?"]]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("chosen", SameAnswer)
def test_the_document_promises_of_whole_groups_what_the_study_chose(
    chosen: SameAnswer, language: str
) -> None:
    texts = TEXTS[language]
    found = answers(document(Disclosure(same_answer=chosen), language))[texts["inferred?"]]
    assert found == texts[f"same_{chosen.value}"]


def test_each_promise_names_a_test_that_exists() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    assert [test for _, test in PROMISES if f"def {test}(" not in sources] == []


def test_the_list_of_suppressed_numbers_is_its_owners_alone(tmp_path: Path) -> None:
    ledger, out = Ledger(tmp_path / "ledger"), tmp_path / "out"
    numbers = {("True", "team == 'a'", False): Band(0, 4), ("True", "True", False): Band(60, 60)}
    ledger.add(CellSource("example", "1", "a" * 64), Policy(), numbers)
    out.mkdir()
    # A run that was killed left its half behind, for everybody to read.
    (out / "suppressed.csv.part").touch(mode=0o644)
    assert privacy(out=out, study="example", language="nl", ledger=ledger.path) == 0
    listed = out / "suppressed.csv"
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    assert listed.read_text(encoding="utf-8").splitlines()[1:] == [
        "1,final,True,team == 'a',respondents,0,4"
    ]
