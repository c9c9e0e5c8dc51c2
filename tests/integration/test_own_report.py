"""The independent witness reads our own report: it must find nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from blikveld.checker.check import check
from blikveld.checker.extract.files import read
from blikveld.checker.findings import Verdict

NAMES = [
    "report-nl.pdf",
    "report-nl.html",
    "tables-nl.xlsx",
    "report-en.pdf",
    "report-en.html",
    "tables-en.xlsx",
]


@pytest.mark.parametrize("name", NAMES)
def test_our_own_report_holds_no_number_that_cannot_be_right(published: Path, name: str) -> None:
    outcome = check(read(published / name))
    assert [(claim.line, claim.text, claim.verdict) for claim in outcome.findings] == []
    assert sum(claim.verdict is Verdict.RIGHT for claim in outcome.claims) > 100


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_chapters_on_pages_of_their_own_hold_none_either(
    published: Path, language: str
) -> None:
    pages = sorted((published / f"report-{language}").glob("*.html"))
    assert len(pages) > 10
    found = {page.name: check(read(page)) for page in pages}
    assert {name: outcome.findings for name, outcome in found.items() if outcome.findings} == {}
    claims = [claim for outcome in found.values() for claim in outcome.claims]
    assert sum(claim.verdict is Verdict.RIGHT for claim in claims) > 500
