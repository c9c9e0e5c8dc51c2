"""Where tables go wrong elsewhere. Everybody here is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blikveld.responses.schema import ResponseRecord, raw_names
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import Table
from blikveld.results.formatting import percentage
from blikveld.rules import Missing, Value, parse
from blikveld.study.load import load as load_study
from blikveld.study.model import Code, Coded, Study, TablePlan
from blikveld.tabulation.axes import Axes, TooManyCodes
from blikveld.tabulation.by_stratum import stratify
from blikveld.tabulation.compute import TableBatch
from blikveld.tabulation.cubes import CubeKey, CubeTooLarge
from blikveld.tabulation.engines import arrays
from blikveld.tabulation.engines.arrays import BadWeights, Included
from blikveld.tabulation.engines.sql import duckdb_engine
from blikveld.tabulation.planning import Planner
from blikveld.tabulation.tables import count_tables

MADE = load_study(Path(__file__).parents[1] / "studies/made")
TEXT = {"nl": "…", "en": "…"}
Taken = Callable[[Study, Sequence[Mapping[str, Value]]], Snapshot]


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    def take(study: Study, people: Sequence[Mapping[str, Value]]) -> Snapshot:
        responses = [ResponseRecord(str(n), person(p)) for n, p in enumerate(people)]
        return write(study, responses, tmp_path / "snapshot")

    return take


def person(answers: Mapping[str, Value]) -> dict[str, Value]:
    """Somebody who completed the questionnaire; what is not said was not asked."""
    nobody: dict[str, Value] = dict.fromkeys(raw_names(MADE), Missing.NOT_ASKED)
    place = MADE.sites.every[0].key
    system = {"municipality": place, "mode": "web", "language": "nl", "completed": True}
    return {**nobody, **system, "job": "baker", **answers}


PLACES = (*MADE.sites, replace(MADE.sites.every[0], key="second", name="Second"))


def planned(columns: str, base: str = "True", rows: tuple[str, ...] = ()) -> Study:
    plan = TablePlan("only", TEXT, TEXT, parse(base), rows, columns, ())
    return replace(MADE, tables=(plan,), sites=replace(MADE.sites, every=PLACES))


def counted(table: Table, row: str = "all") -> dict[str, tuple[int, int]]:
    cells = next(r.cells for r in table.rows if r.key == row)
    return {c.key: (cell.count, cell.base) for c, cell in zip(table.columns, cells, strict=True)}


def test_a_level_that_routing_empties_keeps_its_place(taken: Taken) -> None:
    study = planned("liking", base="asked(baked)")
    snapshot = taken(study, [{"liking": "much", "baked": "yes"}, {"liking": "little"}])
    only = count_tables(study, snapshot)["only"]
    assert counted(only) == {
        "much": (1, 1),
        "little": (0, 1),
        "dont_know": (0, 1),
        "total": (1, 1),
    }


def test_asked_and_none_ticked_is_an_answer(taken: Taken) -> None:
    people: list[dict[str, Value]] = [
        {"bread": ()},
        {"bread": ("white",)},
        {"bread": ("white", "brown")},
        {"bread": Missing.SKIPPED},
        {},
    ]
    snapshot = taken(planned("bread"), people)
    for base, size in (("True", 5), ("asked(bread)", 4), ("answered(bread)", 3)):
        found = counted(count_tables(planned("bread", base=base), snapshot)["only"])
        assert found["white"] == (2, size)
        assert found["brown"] == (1, size)
        assert found["total"] == (size, size)


def test_a_group_of_one(taken: Taken) -> None:
    study = planned("liking", rows=("function_row",))
    people = [{"job": "butcher", "liking": "much"}, {"liking": "little"}, {"liking": "much"}]
    only = count_tables(study, taken(study, people))["only"]
    assert counted(only, "butchery")["much"] == (1, 1)
    assert counted(only)["much"] == (2, 3)
    assert [row.key for row in only.rows] == ["bakery", "butchery", "all"]


def test_all_missing(taken: Taken) -> None:
    study = planned("liking", base="answered(liking)")
    snapshot = taken(study, [{"liking": kind} for kind in Missing])
    only = count_tables(study, snapshot)["only"]
    assert set(counted(only).values()) == {(0, 0)}
    assert percentage(0, 0) is None


def test_nobody_at_all(taken: Taken) -> None:
    study = planned("liking", rows=("domain", "function_row"))
    only = count_tables(study, taken(study, []))["only"]
    assert [row.key for row in only.rows] == ["all"]
    assert set(counted(only).values()) == {(0, 0)}


def test_weights_of_zero_count_a_person_without_weight(taken: Taken) -> None:
    study = planned("liking")
    people = [{"liking": "much"}, {"liking": "much"}, {"liking": "little"}]
    snapshot = taken(study, people)
    sheet = TableBatch(Planner(study, weight="raked").jobs(study.tables))
    liking = [p["liking"] for p in snapshot.persons()]
    weights = np.where(np.array(liking) == "much", 0.0, 2.5)
    engine = Included(study, snapshot, Axes(study)).engine(sheet.keys, {"raked": weights})
    (table,) = sheet.tables(engine.cubes(sheet.keys))
    heads = [head.column.key for head in table.layout.heads]
    much, little = heads.index("much"), heads.index("little")
    assert (table.cells.n[0, much], table.cells.w[0, much]) == (2, 0.0)
    assert (table.cells.w[0, little], table.cells.w2[0, little]) == (2.5, 6.25)
    assert (table.bases.n[0], table.bases.w[0]) == (3, 2.5)


@pytest.mark.parametrize("bad", [float("nan"), -1.0, float("inf")])
def test_a_weight_that_is_none_is_refused(taken: Taken, bad: float) -> None:
    study = planned("liking")
    snapshot = taken(study, [{"liking": "much"}])
    sheet = TableBatch(Planner(study, weight="raked").jobs(study.tables))
    with pytest.raises(BadWeights, match="missing, negative or infinite"):
        Included(study, snapshot, Axes(study)).engine(sheet.keys, {"raked": np.array([bad])})


def test_a_score_that_is_missing_is_no_weight(taken: Taken) -> None:
    study = planned("liking")
    snapshot = taken(study, [{"liking": "dont_know"}])
    sheet = TableBatch(Planner(study, weight="liking_score").jobs(study.tables))
    with pytest.raises(BadWeights, match="liking_score"):
        Included(study, snapshot, Axes(study)).engine(sheet.keys)


def test_a_municipality_without_respondents(taken: Taken) -> None:
    study = planned("liking", rows=("municipality",))
    first, second = (site.key for site in PLACES)
    snapshot = taken(study, [{"liking": "much", "municipality": first}])
    only = count_tables(study, snapshot)["only"]
    assert [row.key for row in only.rows] == [first, "all"]
    split = stratify(study, snapshot)
    empty = [code.code for code in split.codes].index(second)
    assert split.sampled.n[empty] == 0
    assert not split.tables[0].part.n[empty].any()


def test_people_who_are_read_in_blocks_are_counted_as_all_together(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = planned("bread", rows=("function_row",))
    people = [
        {"bread": ("white",) if n % 3 else ("white", "brown"), "job": ("baker", "butcher")[n % 2]}
        for n in range(11)
    ]
    people.append({"bread": ("white",), "completed": False})
    snapshot = taken(study, people)
    whole = count_tables(study, snapshot)
    monkeypatch.setattr(arrays, "_MANY", 1)
    monkeypatch.setattr(arrays, "_BLOCK", 4)
    assert count_tables(study, snapshot) == whole
    assert counted(whole["only"])["white"] == (11, 11)


def test_leaving_a_municipality_out_is_as_if_it_never_took_part(taken: Taken) -> None:
    study = planned("liking", rows=("function_row",))
    first, second = (site.key for site in PLACES)
    people = [
        {"liking": "much", "municipality": first},
        {"liking": "little", "municipality": second},
        {"liking": "little", "municipality": second, "job": "butcher"},
    ]
    snapshot = taken(study, people)
    planner = Planner(study)
    sheet = TableBatch(planner.jobs(study.tables))
    cubes = Included(study, snapshot, planner.axes).engine(sheet.keys).cubes(sheet.keys)
    axis = planner.axes.of("municipality").axis
    level = axis.levels.index(second)
    left = {key: cube.without(axis, level) for key, cube in cubes.items()}
    (table,) = sheet.tables(left)
    assert table.bases.n[-1] == 1
    assert table.cells.n[-1].tolist() == [1, 0, 0, 1]
    assert table.exists.sum() == 2


def test_ten_thousand_categories_are_refused_before_anything_is_counted() -> None:
    codes = tuple(Code(f"c{n}", TEXT) for n in range(10_000))
    many = Coded("many", TEXT, "function_row", codes, {"bakery": "c9999"}, {}, None)
    for study in (
        planned("many"),
        planned("liking", rows=("many",)),
        planned("liking", base="many == 'c1'"),
    ):
        wide = replace(study, coded=(*MADE.coded, many))
        with pytest.raises(TooManyCodes, match="10,000 codes; a table takes at most 1,000"):
            Planner(wide).jobs(wide.tables)


def test_too_many_combinations_are_refused_by_name() -> None:
    codes = tuple(Code(f"c{n}", TEXT) for n in range(900))
    own = tuple(Coded(name, TEXT, "job", codes, {}, {}, None) for name in ("one", "two", "three"))
    study = replace(planned("three", rows=("one", "two")), coded=(*MADE.coded, *own))
    key = CubeKey((), tuple(Axes(study).of(c.key).axis for c in own), None)
    with pytest.raises(CubeTooLarge, match="'one', 'two', 'three'"):
        key.check()


def test_weights_add_up_the_same_in_sql(taken: Taken) -> None:
    plans = (planned("liking", rows=("function_row",)), planned("bread", base="answered(bread)"))
    study = replace(plans[0], tables=(*plans[0].tables, replace(plans[1].tables[0], key="second")))
    people: list[dict[str, Value]] = [
        {"liking": "much", "bread": ("white", "brown")},
        {"liking": "little", "bread": (), "job": "butcher"},
        {"liking": "much"},
    ]
    snapshot = taken(study, people)
    sheet = TableBatch(Planner(study, weight="liking_score").jobs(study.tables))
    arrays = Included(study, snapshot, Axes(study)).engine(sheet.keys).cubes(sheet.keys)
    counted = duckdb_engine(study, snapshot).cubes(sheet.keys)
    for key in sheet.keys:
        for kind in ("n", "w", "w2"):
            np.testing.assert_allclose(getattr(counted[key], kind), getattr(arrays[key], kind))
    liking = sheet.tables(counted)[0]
    assert (liking.bases.n[-1], liking.bases.w[-1], liking.bases.w2[-1]) == (3, 5.0, 9.0)
