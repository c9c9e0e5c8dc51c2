"""Snapshots of one fieldwork that goes on: rounded, then final, then corrected. All is invented.

The attack is by pencil and by SciPy, from what is printed alone.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest

from blikveld.cli.tables import tables
from blikveld.disclosure.ledger import LedgerRefused
from blikveld.errors import BlikveldError
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import draw_respondents

BASE, FIRST = 5, 120
Printed = Mapping[tuple[str, str, str], tuple[int, int]]


@pytest.fixture(scope="module")
def study() -> Study:
    return load("example")


def snapshot(study: Study, folder: Path, number: int) -> Snapshot:
    """The first of a row of invented respondents, all of whom came to the end."""
    routing = Routing(study)
    drawn = islice((one for one in draw_respondents(study, 4000) if one.pages is None), number)
    people = (
        routing.complete(
            site=one.site,
            mode=one.mode.value,
            language=one.language,
            answers=one.answers,
            completed=True,
            pages_done=len(routing.pages),
        )
        for one in drawn
    )
    answers = (ResponseRecord(str(at), person) for at, person in enumerate(people))
    return write(study, answers, folder, origin=DataOrigin.MADE_UP)


def released(study: Study, folder: Path, number: int, kind: str = "final") -> Printed:
    """What readers get of the first so many respondents; one ledger knows all releases."""
    taken = snapshot(study, folder / f"snapshot-{number}-{kind}", number)
    out = folder / f"out-{number}-{kind}"
    tables(
        taken.folder,
        out=out,
        study=str(study.folder),
        format=("csv",),
        ledger=folder / "ledger",
        release=kind,  # type: ignore[arg-type]
    )
    with (out / "tables.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["row"], row["column"]): (int(row["low"]), int(row["high"]))
            for row in csv.DictReader(file)
        }


def increments(before: Printed, after: Printed, came: int) -> dict[tuple[str, str, str], range]:
    """By how many each number can have grown, for who also knows how many came in all."""
    return {
        cell: range(
            max(0, after[cell][0] - before[cell][0] - BASE + 1),
            min(came, after[cell][1] - max(0, before[cell][0] - BASE + 1)) + 1,
        )
        for cell in before
    }


@pytest.mark.parametrize("came", [1, 3, 50, 200])
def test_nobody_sees_what_the_few_said_who_came_after_an_interim_release(
    study: Study, tmp_path: Path, came: int
) -> None:
    before = released(study, tmp_path, FIRST, "interim")
    assert all(low == high and low % BASE == 0 for low, high in before.values())
    after = released(study, tmp_path, FIRST + came)
    assert any(low == high and low % BASE for low, high in after.values())
    grown = increments(before, after, came)
    told = {cell: span for cell, span in grown.items() if len(span) == 1 and 0 < span[0] < BASE}
    # How many came in all is no secret, and the cells that hold everybody say it.
    assert {cell: span for cell, span in told.items() if after[cell] != (FIRST + came,) * 2} == {}


@pytest.mark.long
@pytest.mark.parametrize("came", [1, 3, 50])
def test_nor_what_they_said_who_came_between_two_interim_releases_and_a_final_one(
    study: Study, tmp_path: Path, came: int
) -> None:
    numbers = (FIRST, FIRST + 50, FIRST + 50 + came)
    first, second, final = (
        released(study, tmp_path, number, kind)
        for number, kind in zip(numbers, ("interim", "interim", "final"), strict=True)
    )
    apart = {cell: (max(0, low - BASE + 1), low + BASE - 1) for cell, (low, _) in second.items()}
    everybody = {cell for cell, ends in final.items() if ends == (numbers[-1],) * 2}
    for before, after, most in (
        (first, apart, 50),
        (second, final, came),
        (first, final, 50 + came),
    ):
        grown = increments(before, after, most)
        told = {cell for cell, span in grown.items() if len(span) == 1 and 0 < span[0] < BASE}
        assert told <= everybody


def test_a_second_interim_release_waits_for_fifty(study: Study, tmp_path: Path) -> None:
    released(study, tmp_path, FIRST, "interim")
    with pytest.raises(LedgerRefused, match="Under 50 people"):
        released(study, tmp_path, FIRST + 49, "interim")
    assert not (tmp_path / f"out-{FIRST + 49}-interim").exists()
    assert released(study, tmp_path, FIRST + 50, "interim")


def test_a_second_final_release_is_refused_and_a_correction_rounded_once(
    study: Study, tmp_path: Path
) -> None:
    with pytest.raises(LedgerRefused, match="could be corrected"):
        released(study, tmp_path, FIRST, "correction")
    released(study, tmp_path, FIRST)
    with pytest.raises(LedgerRefused, match="--release correction"):
        released(study, tmp_path, FIRST + 3)
    mended = released(study, tmp_path, FIRST + 3, "correction")
    assert all(low == high and low % BASE == 0 for low, high in mended.values())
    with pytest.raises(LedgerRefused, match="was corrected before"):
        released(study, tmp_path, FIRST + 4, "correction")
    kinds = [json.loads(line)["release"] for line in (tmp_path / "ledger").open(encoding="utf-8")]
    assert kinds == ["final", "correction"]


def test_numbers_of_a_running_fieldwork_need_a_ledger(study: Study, tmp_path: Path) -> None:
    taken = snapshot(study, tmp_path / "snapshot", FIRST)
    with pytest.raises(BlikveldError, match="ledger"):
        tables(taken.folder, out=tmp_path / "out", study=str(study.folder), release="interim")
