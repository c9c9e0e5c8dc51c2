"""Averages of chosen forms and the least number of sightings, from the reference respondents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from blikveld.publish import sources
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import CellRequest
from blikveld.rules import parse
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.tabulation.cell_counts import count_cells

FORMS = [
    "drugs",
    "theft",
    "robbery",
    "laundering",
    "front_man",
    "instalment",
    "recruiting",
    "begging",
    "other",
]
LEAST = {"1": 1, "2-5": 2, "6-10": 6, "11-25": 11, "26+": 26}
SUSPECTED = "suspicion != 'no'"


@pytest.fixture(scope="module")
def given() -> Iterator[tuple[Study, Snapshot]]:
    study = load("criminele_uitbuiting")
    with sources.snapshot_or_reference(study, None) as snapshot:
        yield study, snapshot


@pytest.mark.parametrize(
    ("who", "average"),
    [
        ("", 2.25),
        (" and domain == 'youth'", 2.43),
        (" and domain == 'education'", 1.72),
        (" and domain == 'order'", 2.57),
        (" and domain == 'work'", 1.56),
        (" and domain == 'housing'", 2.00),
        (" and function_row == 'police'", 3.41),
        (" and function_row == 'detention'", 3.19),
    ],
)
def test_forms_of_crime_on_average(given: tuple[Study, Snapshot], who: str, average: float) -> None:
    asks = [CellRequest(parse(SUSPECTED + who), parse(f"'{form}' in forms")) for form in FORMS]
    cells = count_cells(*given, asks)
    base = cells[asks[0]].base
    assert round(sum(cell.count for cell in cells.values()) / base, 2) == average


def test_least_number_of_sightings(given: tuple[Study, Snapshot]) -> None:
    codes = (*LEAST, "dont_know")
    asks = {code: CellRequest(parse(SUSPECTED), parse(f"victims == '{code}'")) for code in codes}
    cells = count_cells(*given, asks.values())
    certain = sum(least * cells[asks[code]].count for code, least in LEAST.items())
    assert certain == 2_598
    assert certain + cells[asks["dont_know"]].count == 2_656
