"""Non-response: where people stopped, and how calls ended. Everybody here is invented."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from blikveld.cli.phone import read_outcomes, response_rates
from blikveld.cli.tables import influence
from blikveld.disclosure import Policy, release_tables
from blikveld.errors import Faults
from blikveld.responses.schema import ResponseRecord, raw_names
from blikveld.responses.snapshot import Snapshot, write
from blikveld.rules import Missing, Value
from blikveld.stats.outcomes import Dispositions
from blikveld.study.load import load
from blikveld.tabulation.tables import count_breakoff

FOLDER = Path(__file__).parents[1] / "studies/made"
MADE = load(FOLDER)


def stopped_at(question: str) -> dict[str, Value]:
    """Somebody for whom this question, and all after it, was still open; "" for none."""
    keys = list(MADE.questions)
    open_ = keys[keys.index(question) :] if question else []
    person: dict[str, Value] = dict.fromkeys(raw_names(MADE), Missing.NOT_ASKED)
    person |= {"municipality": "veen", "mode": "web", "language": "nl", "completed": False}
    return person | dict.fromkeys(open_, Missing.BROKEN_OFF)


def taken(folder: Path, numbers: Mapping[str, int], finished: int = 3) -> Snapshot:
    people = [stopped_at(question) for question, n in numbers.items() for _ in range(n)]
    people += [{**stopped_at(""), "completed": True, "job": "baker"} for _ in range(finished)]
    responses = [ResponseRecord(str(n), person) for n, person in enumerate(people)]
    return write(MADE, responses, folder)


def test_the_first_open_question_of_who_left(tmp_path: Path) -> None:
    table = count_breakoff(MADE, taken(tmp_path / "s", {"job": 8, "bread": 6, "": 7}))
    counts = zip(table.columns, table.rows[0].cells, strict=True)
    assert {c.key: cell.count for c, cell in counts if cell.count} == {
        "job": 8,
        "bread": 6,
        "": 7,
        "total": 21,
    }
    assert [c.key for c in table.columns] == [*MADE.questions, "", "total"]


def test_few_people_at_a_question_are_not_told_by_subtraction(tmp_path: Path) -> None:
    table = count_breakoff(MADE, taken(tmp_path / "s", {"job": 20, "liking": 2, "bread": 30}))
    (row,) = release_tables([table], {}, Policy()).tables["breakoff"].rows
    shown = {c.key: cell.count for c, cell in zip(table.columns, row.cells, strict=True)}
    assert shown["liking"] is None
    assert list(shown.values()).count(None) >= 2


def test_that_a_small_group_all_stopped_at_one_question_is_not_told_by_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(tmp_path / "s", {"job": 8})
    assert response_rates(tmp_path / "s", study=str(FOLDER)) == 0
    table = capsys.readouterr().out.partition("people")[2]
    shown = re.findall(r"│ +([\d–]+)\*? │", table)
    assert "5–14" in shown
    assert "0–4" in shown


def test_nobody_left(tmp_path: Path) -> None:
    table = count_breakoff(MADE, taken(tmp_path / "s", {}))
    assert [column.key for column in table.columns] == ["total"]
    assert table.rows[0].cells[0].count == 0


CSV = """code,outcome,group,cases,calls
1.1,complete,complete,400,700
1.2,partial,partial,50,90
2.11,refused,refused,150,200
2.12,break_off,refused,50,60
2.21,not_in,not_reached,350,900
4.2,fax,not_eligible,3,3
"""


def test_outcomes_of_calls_become_rates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken(tmp_path / "s", {"job": 20, "bread": 30})
    calls = tmp_path / "calls.csv"
    calls.write_text(CSV, encoding="utf-8")
    assert read_outcomes(calls) == Dispositions(400, 50, 200, 350, not_eligible=3)
    assert response_rates(tmp_path / "s", study=str(FOLDER), outcomes=calls) == 0
    shown = capsys.readouterr().out.replace("not for publication | ", "")
    lines = [line.split() for line in shown.splitlines()]
    # 400 / (400 + 50 + 200 + 350), and 450 / 650.
    assert ["│", "RR1", "│", "40%", "│"] in lines
    assert ["│", "COOP4", "│", "69%", "│"] in lines
    assert "under 5" in shown
    assert "no day" in shown


def test_json_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "calls.json"
    path.write_text('{"groups": {"complete": 4, "refused": 6}}', encoding="utf-8")
    assert read_outcomes(path) == Dispositions(complete=4, refused=6)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("group,cases\ncomplete,1\nfinished,2\n", "unknown-group", 3),
        ("group,cases\ncomplete,-1\n", "no-number", 2),
        ("group,cases\ncomplete,1.5\n", "no-number", 2),
        ("outcome,n\ncomplete,1\n", "columns", 1),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as raised:
        read_outcomes(path)
    assert [(fault.code, fault.line) for fault in raised.value.faults] == [(code, line)]


def test_influence_lists_what_was_released(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert influence(reference, table=("figure_5", "annex_c"), language="en") == 0
    shown = capsys.readouterr().out.replace("not for publication | ", "")
    assert shown.count("Rotterdam") > 3
    first = next(line for line in shown.splitlines() if line.startswith("│"))
    assert "Rotterdam" in first
