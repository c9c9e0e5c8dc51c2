"""What was printed before stays as it was. Everybody here is invented."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from blikveld.disclosure import Policy, Release, release_tables
from blikveld.disclosure.ledger import Ledger, LedgerRefused, Numbers, asks_of, count_key
from blikveld.disclosure.secondary import SuppressionInfeasible
from blikveld.results.cell import Band, Cell, CellRequest, CellSource
from blikveld.rules import EVERYBODY, parse

SOURCE = CellSource("made_up", "1", "a" * 64)
COUNTS = {"c0": 3, "c1": 40, "c2": 57}
"""How a hundred invented people answered."""


def cells(codes: Iterable[str], team: str = "") -> Mapping[CellRequest, Cell]:
    base = parse(f"team == '{team}'") if team else EVERYBODY
    asks = [CellRequest(base, parse(f"answer == '{code}'")) for code in codes]
    return {
        ask: Cell(COUNTS[code], 100, ask.base_rule, ask.rule, SOURCE)
        for ask, code in zip(asks, codes, strict=True)
    }


def released(codes: Iterable[str], before: Numbers | None = None) -> Release:
    known = before or {}
    earlier = [Cell(_count(ask), 100, ask.base_rule, ask.rule, SOURCE) for ask in asks_of(known)]
    return release_tables([], cells(tuple(codes)), Policy(), before=known, earlier=lambda: earlier)


def _count(ask: CellRequest) -> int:
    return 100 if ask.rule == EVERYBODY else COUNTS[str(ask.rule.value)]  # type: ignore[union-attr]


def printed(found: Release) -> dict[str, int | None]:
    return {str(ask.rule.value): cell.count for ask, cell in found.cells.items()}  # type: ignore[union-attr]


def test_a_ledger_holds_what_was_printed_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    found = released(["c0", "c1"])
    ledger = Ledger(tmp_path / "study.releases.jsonl")
    ledger.add(SOURCE, Policy(), found.fresh)
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    again = ledger.earlier(SOURCE, Policy()).numbers
    assert again == found.fresh
    (small,) = (cell for cell in found.cells.values() if cell.count is None and cell.count_band)
    assert [band for key, band in again.items() if "c0" in key[1]] == [small.count_band]
    assert "3, 3]" not in ledger.path.read_text(encoding="utf-8")


def test_what_was_printed_stays_and_new_numbers_give_way() -> None:
    assert printed(released(["c1", "c2"])) == {"c1": None, "c2": 57}
    first = released(["c1"])
    assert printed(first) == {"c1": 40}
    # The two together leave three people: now it is the new one that may not be printed.
    second = released(["c1", "c2"], first.fresh)
    assert printed(second) == {"c1": 40, "c2": None}
    assert not set(second.fresh) & set(first.fresh)


def test_without_the_sentence_that_said_it_a_number_is_still_known() -> None:
    first = released(["c1"])
    # c1 is no longer asked for; whoever has the first draft subtracts it all the same.
    assert printed(released(["c2"], first.fresh)) == {"c2": None}


def test_a_number_that_earlier_ones_give_away_is_refused() -> None:
    # The two that were printed leave three people of a hundred: they cannot be suppressed any more.
    before = {
        count_key(cell): Band(cell.count, cell.count) for cell in cells(["c1", "c2"]).values()
    }
    before |= {("True", "True", False): Band(100, 100)}
    made = release_of_table(before)
    assert made is None


def test_a_zero_that_was_printed_as_a_range_stays_as_open_as_it_was() -> None:
    def one(code: str, count: int) -> Cell:
        return Cell(count, 100, EVERYBODY, parse(f"answer == '{code}'"), SOURCE)

    printed_before = {one("c0", 0): Band(0, 4), one("c1", 60): Band(60, 60)}
    before = {count_key(cell): band for cell, band in printed_before.items()}
    before |= {("True", "True", False): Band(100, 100)}
    line = [*printed_before, last := one("c2", 40)]
    made = release_of_table(before, line)
    assert made is not None
    # Exactly 40 would leave nobody for the range.
    assert made.tables["made"].rows[0].cells[line.index(last)].suppressed


def release_of_table(before: Numbers, answers: Sequence[Cell] = ()) -> Release | None:
    from blikveld.results.cell import Column, Row, Table

    answers = answers or tuple(cells(COUNTS).values())
    line = [*answers, Cell(100, 100, EVERYBODY, EVERYBODY, SOURCE)]
    label = {"en": ""}
    codes = (f"c{number}" for number in range(len(answers)))
    heads = (*(Column(code, label) for code in codes), Column("total", label, total=True))
    row = Row("all", label, 0, tuple(line))
    table = Table("made", label, label, EVERYBODY, (), label, heads, (row,))
    try:
        return release_tables([table], {}, Policy(), before=before, earlier=lambda: line)
    except SuppressionInfeasible:
        return None


def test_a_range_never_becomes_a_number() -> None:
    before = {
        ("True", "answer == 'c1'", False): Band(40, 44),
        ("True", "True", False): Band(100, 100),
    }
    found = released(["c1", "c2"], before)
    (cell,) = (cell for ask, cell in found.cells.items() if "c1" in str(ask.rule))
    assert cell.count is None
    assert cell.count_band == Band(40, 44)


def test_another_snapshot_is_not_released_exactly(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.add(SOURCE, Policy(), released(["c1"]).fresh)
    with pytest.raises(LedgerRefused, match="who came in between"):
        ledger.earlier(CellSource("made_up", "1", "b" * 64), Policy())


def test_a_list_of_its_own_does_not_let_a_second_snapshot_out(tmp_path: Path) -> None:
    Ledger(tmp_path / "may.releases.jsonl").add(SOURCE, Policy(), released(["c1"]).fresh)
    june = Ledger(tmp_path / "june.releases.jsonl")
    with pytest.raises(LedgerRefused, match=r"may\.releases"):
        june.check_beside(CellSource("made_up", "1", "b" * 64))
    june.check_beside(CellSource("another_study", "1", "b" * 64))
    june.check_beside(SOURCE)


def test_a_damaged_list_beside_this_one_is_told_by_its_line(tmp_path: Path) -> None:
    may = Ledger(tmp_path / "may.releases.jsonl")
    may.add(SOURCE, Policy(), released(["c1"]).fresh)
    with may.path.open("a", encoding="utf-8") as file:
        file.write("{\n")
    with pytest.raises(LedgerRefused, match=r"may\.releases\.jsonl:2"):
        Ledger(tmp_path / "june.releases.jsonl").check_beside(SOURCE)


def test_another_threshold_is_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.add(SOURCE, Policy(), released(["c1"]).fresh)
    with pytest.raises(LedgerRefused, match="another rule for small counts"):
        ledger.earlier(SOURCE, Policy(10))


@pytest.mark.parametrize("line", ["{", "[]", '{"format": 9, "numbers": []}', '{"numbers": [[1]]}'])
def test_a_line_that_cannot_be_read_stops_everything(tmp_path: Path, line: str) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(LedgerRefused, match=r"ledger:1"):
        ledger.earlier(SOURCE, Policy())


def test_a_first_release_has_nothing_before_it(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "none").earlier(SOURCE, Policy()).numbers == {}
