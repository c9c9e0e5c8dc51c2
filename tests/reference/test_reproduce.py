"""The acceptance test: every published figure comes out again, and a changed answer shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from blikveld.cli import reproduce
from blikveld.publish import sources
from blikveld.responses.derive import code_and_derive
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import CellRequest
from blikveld.results.formatting import percentage
from blikveld.rules import Person, evaluate, parse
from blikveld.study.model import Study
from blikveld.study.published_figures import Measure, Population, PublishedFigure, Status, load
from blikveld.tabulation import cell_counts
from blikveld.tabulation.reproduce import Reproduction, reproduce_figures


@pytest.fixture(scope="module")
def responses(flagship: Study) -> list[ResponseRecord]:
    return list(sources.complete_records(flagship, sources.load_reference(flagship)))


@pytest.fixture(scope="module")
def rows(flagship: Study) -> tuple[PublishedFigure, ...]:
    return load(flagship.folder)


@pytest.fixture(scope="module")
def snapshot(
    flagship: Study, responses: list[ResponseRecord], tmp_path_factory: pytest.TempPathFactory
) -> Snapshot:
    return write(flagship, responses, tmp_path_factory.mktemp("reference") / "snapshot")


@pytest.fixture(scope="module")
def outcome(flagship: Study, snapshot: Snapshot, rows: tuple[PublishedFigure, ...]) -> Reproduction:
    return reproduce_figures(flagship, snapshot, rows)


def test_nothing_is_missed(outcome: Reproduction) -> None:
    assert [reproduce.printed(o) + " " + o.published.location for o in outcome.missed] == []


def test_all_annex_counts_and_at_least_220_footnote_percentages(outcome: Reproduction) -> None:
    printed = json.loads(json.dumps(reproduce.as_json(outcome)))
    assert printed["annex_counts"] == 1564
    assert printed["footnote_percentages"] >= 220
    assert printed["published"] == printed["reproduced"] + len(printed["contradicted"])


def test_each_contradiction_names_the_two_places_that_cannot_both_hold(
    outcome: Reproduction,
) -> None:
    assert outcome.contradicted
    for entry in reproduce.as_json(outcome)["contradicted"]:
        assert len(entry["where"]) == 2
        assert all(entry["where"])
        assert entry["followed"]
        assert entry["reason"]


@pytest.mark.parametrize(
    ("row", "statistic"),
    [
        ("test.training_suspicion", "97.683"),
        ("test.training_contact", "23.069"),
        ("test.training_familiarity", "316.759"),
        ("test.training_knowing", "105.337"),
        ("test.agreements_knowing", "92.8519"),
        ("test.familiarity", "1.312"),
    ],
)
def test_the_published_statistics_come_out_again(
    outcome: Reproduction, row: str, statistic: str
) -> None:
    computed = {o.published.id: o.computed for o in outcome.outcomes}
    assert computed[row] == statistic


def test_a_changed_answer_misses_exactly_the_rows_it_touches(
    flagship: Study,
    responses: list[ResponseRecord],
    rows: tuple[PublishedFigure, ...],
    tmp_path: Path,
) -> None:
    index = next(i for i, r in enumerate(responses) if _counts_with(r.values, "13-17"))
    before = responses[index].values
    after = {**before, "age": "27+"}
    changed = [*responses]
    changed[index] = ResponseRecord(responses[index].respondent, after)

    outcome = reproduce_figures(flagship, write(flagship, changed, tmp_path / "changed"), rows)

    missed = {o.published.id for o in outcome.missed}
    assert missed == _touched(flagship, rows, before, after)
    assert len(missed) > 10


def _counts_with(values: Mapping[str, object], age: str) -> bool:
    included = values["completed"] is True and values["function"] == "youth_worker"
    return included and values["age"] == age


def _touched(
    study: Study, rows: tuple[PublishedFigure, ...], before: Person, after: Person
) -> set[str]:
    """The rows whose count or base differs by this one person, by the plain evaluator.

    No sum, mean or test of the study looks at the variable that the test changes.
    """
    old, new = code_and_derive(study, before), code_and_derive(study, after)
    touched = set()
    for row in rows:
        if row.status is Status.REPRODUCE and row.measure is Measure.COUNT:
            assert row.population in Population
            was, now = (_part(row, person) for person in (old, new))
            if was != now:
                touched.add(row.id)
    return touched


def _part(row: PublishedFigure, person: Person) -> tuple[bool, bool]:
    base = evaluate(row.base_rule, person) is True
    return base, base and evaluate(row.condition_rule, person) is True


@pytest.mark.parametrize(
    ("rule", "share", "fixed"),
    [
        ("know_offenders in ('agree', 'strongly_agree')", "9", (True, True)),
        ("'debts' in coercion", "29", (True, True)),
        # Published as a percentage, which many counts agree with.
        ("tackling in ('strongly_disagree', 'disagree')", "33", (False, True)),
        ("'violence' in coercion", "38", (False, True)),
    ],
)
def test_what_the_published_sentences_say_is_not_marked_as_invented(
    flagship: Study, rule: str, share: str, fixed: tuple[bool, bool]
) -> None:
    ask = CellRequest(parse("suspicion != 'no'"), parse(rule))
    with sources.snapshot_or_reference(flagship, None) as snapshot:
        cell = cell_counts.count_cells(flagship, snapshot, [ask])[ask]
    assert percentage(cell.count, cell.base) == share
    assert (cell.fixed, cell.share_fixed) == fixed
