"""What the rule for small counts costs, and what would cost less. Everybody here is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.cli.study import check
from blikveld.cli.tables import tables
from blikveld.errors import BlikveldError
from blikveld.publish import merging
from blikveld.publish.merging import PolicyCost, TrialTooLong, bounded_trial, policy_costs
from blikveld.questionnaire.routing import Routing
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import DataOrigin
from blikveld.rules import format_rule, parse
from blikveld.study.load import load
from blikveld.study.model import Study, TablePlan

# Who answered what: few ambulance workers, and one answer that is rare everywhere.
MET = {
    ("nurse", "often"): 21,
    ("nurse", "no"): 24,
    ("nurse", "sometimes"): 3,
    ("ambulance", "often"): 6,
    ("ambulance", "no"): 2,
    ("ambulance", "sometimes"): 2,
    ("officer", "often"): 25,
    ("officer", "no"): 22,
    ("officer", "sometimes"): 4,
}


@pytest.fixture(scope="module")
def study() -> Study:
    return load("example")


@pytest.fixture(scope="module")
def snapshot(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    routing = Routing(study)
    people = [
        routing.complete(
            site="alkmaar",
            mode="web",
            language="nl",
            answers={"job": job, "aggression": met, "kinds": ("shouting",), "reported": "yes"},
            completed=True,
            pages_done=len(routing.pages),
        )
        for (job, met), number in MET.items()
        for _ in range(number)
    ]
    answers = (ResponseRecord(str(number), person) for number, person in enumerate(people))
    folder = tmp_path_factory.mktemp("merging") / "snapshot"
    return write(study, answers, folder, origin=DataOrigin.MADE_UP)


@pytest.fixture(scope="module")
def costs(study: Study, snapshot: Snapshot) -> Sequence[PolicyCost]:
    return tuple(policy_costs(study, snapshot))


def test_small_rows_together_keep_more_exact(costs: Sequence[PolicyCost]) -> None:
    planned, together = costs[:2]
    assert planned.ranges > together.ranges
    assert planned.share < together.share
    # The only small job takes the other one of its domain along.
    assert together.merging.rows == {"job": (("ambulance", "nurse"),)}
    # One row of four numbers less.
    assert planned.exact + planned.ranges == together.exact + together.ranges + 4


def test_what_keeps_nothing_more_is_not_suggested(costs: Sequence[PolicyCost]) -> None:
    shares = [cost.share for cost in costs]
    assert shares == sorted(set(shares))


def test_taken_together_are_people_and_not_numbers(study: Study, snapshot: Snapshot) -> None:
    trial = merging._Trial(study, snapshot)
    wider = merging.Merging({"job": (("ambulance", "nurse"),)}, {"aggression": (("no", "often"),)})
    plan = next(plan for plan in study.tables if plan.key == "aggression")
    found = trial._merged(plan, wider)
    heads = [column.key for column in found.columns]
    row = next(row for row in found.rows if "nurse" in row.key)
    counts = dict(zip(heads, (cell.count for cell in row.cells), strict=True))
    assert counts == {"no": 24 + 2 + 21 + 6, "sometimes": 3 + 2, "total": 58}


def test_rows_of_nobody_fit_what_stands_together(study: Study, snapshot: Snapshot) -> None:
    trial = merging._Trial(study, snapshot)
    plan = next(plan for plan in study.tables if plan.key == "aggression")
    before = trial._tables[plan.key].with_empty(lambda _: True)
    wider = merging.Merging({"job": (("ambulance", "nurse"),)}, {"aggression": (("no", "often"),)})
    found = trial._merged(plan, wider).with_empty(lambda _: True)
    order = [
        row.key for row in before.rows if row.key.rpartition(".")[2] not in ("ambulance", "nurse")
    ]
    assert [row.key for row in found.rows if "nurse" not in row.key] == order
    assert {len(row.cells) for row in found.rows} == {3}
    assert len(before.rows) > len(trial._tables[plan.key].rows)


def test_rows_are_as_large_as_the_tables_of_most_people_have_them(
    study: Study, snapshot: Snapshot
) -> None:
    wide = next(plan for plan in study.tables if plan.key == "aggression")
    some = parse("aggression != 'no'")
    first, second = (replace(wide, key=key, base=some) for key in ("first", "second"))

    def nurses(*plans: TablePlan) -> int:
        return merging._Trial(replace(study, tables=plans), snapshot)._sizes["job", "nurse"]

    assert nurses(wide) == 48
    assert nurses(first) == 24
    # The wide table counts 109 people, each of the others 61.
    assert nurses(wide, first) == 48
    assert nurses(wide, first, second) == 24


def test_charts_draw_what_stands_together_and_sentences_say_what_they_said(
    study: Study, snapshot: Snapshot
) -> None:
    trial = merging._Trial(study, snapshot)
    found = dict(trial._single(merging.Merging({}, {"aggression": (("no", "often"),)})))
    drawn = {format_rule(ask.rule): cell.count for ask, cell in found.items()}
    assert drawn["aggression == 'no' or aggression == 'often'"] == 100
    kept = [ask for ask in found if ask in trial._sentences]
    assert set(kept) == set(trial._sentences)


def test_the_tables_command_tells_what_could_stand_together(
    study: Study, snapshot: Snapshot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables(snapshot.folder, out=tmp_path / "out", study="example", format=("csv",), merging=True)
    told = capsys.readouterr().out
    assert "Together in job: ambulance, nurse." in told
    assert "not for publication | " in told


def test_study_check_tells_the_cost_before_anybody_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check("example", respondents=25) == 0
    told = capsys.readouterr().out
    assert "Trying 25 made-up respondents" in told
    assert "as they are planned" in told
    assert "expect more ranges" in told
    check("example")
    assert "made-up" not in capsys.readouterr().out


def test_no_respondents_are_no_trial() -> None:
    with pytest.raises(BlikveldError, match="no number of respondents"):
        check("example", respondents=0)


def test_a_trial_ends_when_its_time_is_over(study: Study) -> None:
    with pytest.raises(TrialTooLong, match="fewer respondents"):
        list(bounded_trial(study.folder, 25, 0.0))
