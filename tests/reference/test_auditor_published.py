"""What was published before: the leaks that an attack from elsewhere counted are found again."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from blikveld.auditor.findings import Audit, FindingKind, audit_publication
from blikveld.auditor.population import read_population
from blikveld.auditor.reading import read_cells
from blikveld.auditor.statements import Publication
from blikveld.study.loader.study_files import folder_of

STUDY = folder_of("criminele_uitbuiting")
BEFORE = Path(__file__).parents[1] / "published" / "before_bands"


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


@pytest.mark.long
def test_two_drafts_with_one_figure_more(folder: Path) -> None:
    alone = _audit(folder, ("numbers-nl.jsonl",))
    both = _audit(folder, ("numbers-nl.jsonl", "numbers-nl-second-draft.jsonl"))
    before = {f.group for f in alone.findings if f.kind is FindingKind.EXACT}
    fresh = {f.low for f in both.findings if f.kind is FindingKind.EXACT and f.group not in before}
    assert {1, 3} <= fresh


def _annexes(hidden_under: int) -> Iterator[dict[str, str]]:
    with (STUDY / "published.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["annex"] and row["kind"] == "count":
                small = 0 < int(row["count"]) < hidden_under
                yield {
                    "table": row["annex"],
                    "row": row["id"],
                    "count": "" if small else row["count"],
                    "base": "",
                    "base_rule": row["base_rule"],
                    "rule": row["condition_rule"],
                }


@pytest.mark.parametrize(("threshold", "known"), [(3, 155), (5, 130), (10, 78)])
def test_hiding_only_small_counts_of_the_annexes_gives_many_back(
    tmp_path: Path, threshold: int, known: int
) -> None:
    rows = list(_annexes(threshold))
    with (tmp_path / "annexes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    publication = read_cells(tmp_path / "annexes.csv")
    found = audit_publication(read_population(STUDY), publication, threshold)
    assert _exact(found) == (known, known)


def test_the_annexes_as_they_were_published(tmp_path: Path) -> None:
    rows = list(_annexes(0))
    with (tmp_path / "annexes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    publication = read_cells(tmp_path / "annexes.csv")
    found = audit_publication(read_population(STUDY), publication, 5)
    single = [f for f in found.findings if f.kind is FindingKind.PRINTED and f.low == 1]
    assert len(single) == 183
    assert found.count(FindingKind.SAME) == 30
