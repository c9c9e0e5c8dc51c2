"""What was published before: the leaks that an attack from elsewhere counted are found again."""

from __future__ import annotations

import csv
import lzma
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from blikveld.auditor.bounds import find_bounds
from blikveld.auditor.conditions import join_conditions
from blikveld.auditor.findings import Audit, Finding, FindingKind, audit_publication
from blikveld.auditor.imagining import imagine_crowd
from blikveld.auditor.population import read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.relations import relate_groups
from blikveld.auditor.statements import Publication, Where, list_conditions
from blikveld.study.loader.study_files import folder_of

STUDY = folder_of("criminele_uitbuiting")
PUBLISHED = Path(__file__).parents[1] / "published"
BEFORE, GENERATED = PUBLISHED / "before_bands", PUBLISHED / "generated_study"


@cache
def _audit(folder: Path, names: tuple[str, ...], threshold: int = 5) -> Audit:
    publication = Publication()
    for name in names:
        packed = BEFORE / f"{name}.xz"
        path = folder / name
        if packed.exists():
            path.write_bytes(lzma.decompress(packed.read_bytes()))
        publication.extend(read_cells(path))
    return audit_publication(read_population(STUDY), publication, threshold)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("published")


def _exact(found: Audit) -> tuple[int, int]:
    """How many withheld counts are known, and how many of these are small."""
    known = [f.low for f in found.findings if f.kind is FindingKind.EXACT]
    return len(known), sum(0 < low < found.threshold for low in known)


REPORT = ("numbers-nl.jsonl", "numbers-en.jsonl")
EVERYTHING = (*REPORT, "tables-nl.csv")


def test_report_and_tables_together(folder: Path) -> None:
    assert _exact(_audit(folder, EVERYTHING)) == (61, 48)


@pytest.mark.long
def test_the_report_alone_and_the_tables_alone(folder: Path) -> None:
    assert _exact(_audit(folder, REPORT)) == (12, 8)
    assert _exact(_audit(folder, ("tables-nl.csv",))) == (5, 4)


# Annex, row and column of cells that the pencil examples give away, with what they give.
PENCIL = {
    ("annex_f", "education", "dont_know"): 2,
    ("annex_f", "work", "dont_know"): 4,
    ("annex_f", "housing", "dont_know"): 4,
    ("annex_h", "education", "27+"): 5,
    ("annex_h", "housing", "27+"): 5,
    ("annex_h", "education", "dont_know"): 3,
    ("annex_e", "education.primary", "laundering"): 3,
    ("annex_b_forms_amsterdam", "all", "robbery"): 3,
    ("annex_e", "education.rmc", "theft"): 2,
    ("annex_e", "education.rmc", "recruiting"): 3,
}


def test_the_examples_that_need_only_a_pencil(folder: Path) -> None:
    found = _audit(folder, EVERYTHING)
    known = {
        (where.table, where.row, where.column): finding.low
        for finding in found.findings
        if finding.kind is FindingKind.EXACT
        for where in finding.where
    }
    assert {cell: known.get(cell) for cell in PENCIL} == PENCIL


TWO_FATES = {
    ("annex_e", "education.secondary", "robbery"): 5,
    ("annex_e", "education.secondary", "other"): 7,
    ("annex_e", "education.vocational", "theft"): 5,
    ("annex_e", "education.vocational", "laundering"): 12,
}


def test_cells_that_one_table_withholds_and_another_prints(folder: Path) -> None:
    twice = [f for f in _audit(folder, EVERYTHING).findings if f.kind is FindingKind.ELSEWHERE]
    known = {(w.table, w.row, w.column): f.low for f in twice for w in f.where}
    assert {cell: known.get(cell) for cell in TWO_FATES} == TWO_FATES
    assert len(twice) == 147


ONE_FIGURE_MORE = {
    "Bijlage H: education.vocational, dont_know": 1,
    "Bijlage I: youth.youth_work, european": 3,
}


@pytest.mark.long
def test_two_drafts_with_one_figure_more(folder: Path) -> None:
    alone = _audit(folder, ("numbers-nl.jsonl",))
    both = _audit(folder, ("numbers-nl.jsonl", "numbers-nl-second-draft.jsonl"))
    before, after = _known_places(alone), _known_places(both)
    assert {place: after.get(place) for place in ONE_FIGURE_MORE} == ONE_FIGURE_MORE
    assert not before.keys() & ONE_FIGURE_MORE.keys()


def _known_places(found: Audit) -> dict[str, int]:
    exact = [f for f in found.findings if f.kind is FindingKind.EXACT]
    return {where.table: f.low for f in exact for where in f.where}


def _annexes(folder: Path, hidden_under: int) -> Publication:
    """The annexes with counts from one to under this kept back, and nothing else."""
    with (STUDY / "published.csv").open(encoding="utf-8", newline="") as file:
        counts = [r for r in csv.DictReader(file) if r["annex"] and r["kind"] == "count"]
    path = folder / "annexes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("table", "row", "count", "base", "base_rule", "rule"))
        for row in counts:
            shown = "" if 0 < int(row["count"]) < hidden_under else row["count"]
            rules = row["base_rule"], row["condition_rule"]
            writer.writerow((row["annex"], row["id"], shown, "", *rules))
    return read_cells(path)


@pytest.mark.parametrize(("threshold", "known"), [(3, 155), (5, 130), (10, 78)])
def test_hiding_only_small_counts_of_the_annexes_gives_many_back(
    tmp_path: Path, threshold: int, known: int
) -> None:
    publication = _annexes(tmp_path, threshold)
    found = audit_publication(read_population(STUDY), publication, threshold)
    assert _exact(found) == (known, known)


def test_the_annexes_as_they_were_published(tmp_path: Path) -> None:
    """An earlier count had 170 cells of one person: rows of jobs, without 13 totals of domains.

    That all members are shown has two shapes. All of a row gave one answer: the three of housing
    corporations. Or all of a domain who gave an answer have one job, which the other jobs' zeros
    say: 22 times in housing, where there are two jobs, and 7 times elsewhere.
    """
    found = audit_publication(read_population(STUDY), _annexes(tmp_path, 0), 5)
    single = [f for f in found.findings if f.kind is FindingKind.PRINTED and f.low == 1]
    jobs = [f for f in single if "function_row" in f.group]
    assert (len(single), len(jobs)) == (183, 170)
    assert Counter(_shape(f) for f in found.findings if f.kind is FindingKind.SAME) == {
        "all of a row": 1,
        "all of a column, in housing": 22,
        "all of a column, elsewhere": 7,
    }


def _shape(found: Finding) -> str:
    """Whether all of a row gave one answer, or all with one answer stand in one row."""
    whole, part = (where.row.split(".") for where in found.where)
    if whole[3] != part[3]:
        return "all of a row"
    return f"all of a column, {'in housing' if part[1] == 'housing' else 'elsewhere'}"


GIVEN_AWAY = {
    ("t4", "j11", "b0"): 1,
    ("t2", "all", "b2"): 3,
    ("t3", "d1", "b0"): 6,
    ("t3", "d1", "b2"): 5,
}


def test_a_generated_study_with_a_base_in_three_wordings() -> None:
    """4 counts follow, 2 of them small; 6 more small ones cannot be all of 1 to 4."""
    population, publication = read_population(GENERATED), read_cells(GENERATED / "cells.csv")
    found = audit_publication(population, publication, 5)
    assert _exact(found) == (4, 2)
    known = {w: f.low for f in found.findings if f.kind is FindingKind.EXACT for w in f.where}
    assert {cell: known.get(Where("cells.csv", *cell)) for cell in GIVEN_AWAY} == GIVEN_AWAY
    # What was counted stands beside: no audit knows which of the counts that stay open are small.
    web = relate_groups(
        population, imagine_crowd(population, list_conditions(publication)), publication
    )
    bounds = find_bounds(web)
    small = {web.places[group] for group, truth in _truths() if 0 < truth < 5}
    ends = [(bounds.low[group], bounds.high[group]) for group in small]
    assert len([1 for low, high in ends if low < high and (low > 1 or high < 4)]) == 6


def _truths() -> Iterator[tuple[str, int]]:
    with (GENERATED / "cells.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield join_conditions(row["base_rule"], row["rule"]), int(row["truth"])
