"""A plan is data: what it may say, what is refused with its line, and what the flagship's says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from blikveld.publish import sources
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import Table
from blikveld.rules import format_rule
from blikveld.study.load import find_faults, load
from blikveld.study.model import Study
from blikveld.study.published_figures import load as load_published
from blikveld.tabulation.tables import NoSuchTable, count_tables

MADE = Path(__file__).parents[1] / "studies/made"
NEW = """
  - key: new
    number: {nl: "Figuur 1", en: "Figure 1"}
    title: {nl: "Nieuw", en: "New"}
    base: "True"
    rows: []
    columns: liking
"""


def with_table(to: Path, *lines: str, columns: str = "liking", top: str = "") -> Path:
    """The invented study with one more table, and settings beside `tables`."""
    folder = shutil.copytree(MADE, to / "study")
    path = folder / "tables.yaml"
    more = NEW.replace("liking", columns) + "".join(f"    {line}\n" for line in lines)
    path.write_text(top + path.read_text(encoding="utf-8").rstrip() + more, encoding="utf-8")
    return folder


def test_a_table_is_six_lines(tmp_path: Path) -> None:
    plan = load(with_table(tmp_path)).tables[-1]
    assert (plan.key, plan.columns, format_rule(plan.base)) == ("new", "liking", "True")


def test_bases_as_a_person_would_say_them(tmp_path: Path) -> None:
    among = load(with_table(tmp_path / "a", "among: answered")).tables[-1]
    assert format_rule(among.base) == "answered(liking)"
    asked = load(with_table(tmp_path / "b", "among: asked", columns="bread")).tables[-1]
    assert format_rule(asked.base) == "asked(bread)"
    line = "exclude: {liking: [dont_know]}"
    without = load(with_table(tmp_path / "c", line)).tables[-1]
    assert format_rule(without.base) == "liking != 'dont_know'"
    several = load(with_table(tmp_path / "d", "exclude: {bread: [other]}", columns="bread"))
    assert format_rule(several.tables[-1].base) == "'other' not in bread"


def test_a_net_stands_last_or_where_the_order_says(tmp_path: Path) -> None:
    net = ["nets:", '  - {key: any, label: {nl: "Ooit", en: "Any"}, of: [much, little]}']
    last = load(with_table(tmp_path / "a", *net)).tables[-1]
    assert [n.codes for n in last.nets] == [("much", "little")]
    first = load(with_table(tmp_path / "b", *net, "order: [any, dont_know]")).tables[-1]
    assert first.order == ("any", "dont_know")


def test_each_makes_one_table_a_code(tmp_path: Path) -> None:
    study = load(with_table(tmp_path, "for_each: likes"))
    keys = [plan.key for plan in study.tables[-2:]]
    assert keys == ["new_yes", "new_no"]
    assert format_rule(study.tables[-1].base) == "likes == 'no'"
    assert study.tables[-1].title == {"nl": "Nieuw: Nee", "en": "New: No"}


def test_a_banner_names_single_answers(tmp_path: Path) -> None:
    study = load(with_table(tmp_path, top="banner: [function_row, municipality]\n"))
    assert study.banner == ("function_row", "municipality")


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        (("among: askd",), "wrong-value", "Did you mean 'asked'?"),
        (("for_each: bread",), "rule-kind", "does not fit in 'for_each'"),
        (("for_each: likess",), "rule-name", "Did you mean 'likes'?"),
        (("exclude: {liking: [dont_no]}",), "unknown-code", "Did you mean 'dont_know'?"),
        (("exclude: {bread: [white]}",), "rule-name", "no row and no column"),
        (
            ("nets:", "  - {key: much, label: {nl: A, en: A}, of: [much]}"),
            "duplicate",
            "is a column already",
        ),
        (
            ("nets:", "  - {key: any, label: {nl: A, en: A}, of: [muc]}"),
            "unknown-code",
            "Did you mean 'much'?",
        ),
        (
            ("exclude: {liking: [much]}", "order: [much, little]"),
            "unknown-code",
            "no code 'much'",
        ),
    ],
)
def test_what_does_not_exist_is_a_fault_with_its_line(
    tmp_path: Path, lines: tuple[str, ...], code: str, words: str
) -> None:
    folder = with_table(tmp_path, *lines)
    (fault,) = find_faults(folder)
    text = (folder / "tables.yaml").read_text(encoding="utf-8").splitlines()
    assert (fault.file, fault.code) == ("tables.yaml", code)
    assert words in str(fault)
    assert any(text[fault.line - 1].strip() == line.strip() for line in lines)


def test_a_banner_of_a_multiple_choice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = find_faults(with_table(tmp_path, top="banner: [bread]\n"))
    assert (fault.line, fault.code) == (1, "rule-kind")


def test_each_may_not_make_a_table_twice(tmp_path: Path) -> None:
    folder = with_table(tmp_path, "for_each: likes")
    path = folder / "tables.yaml"
    more = NEW.replace("key: new", "key: new_yes")
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    (fault,) = find_faults(folder)
    assert (fault.code, "new_yes" in fault.problem) == ("duplicate", True)


@pytest.fixture(scope="module")
def snapshot(flagship: Study) -> Iterator[Snapshot]:
    with sources.snapshot_or_reference(flagship, None) as taken:
        yield taken


@pytest.fixture(scope="module")
def found(flagship: Study, snapshot: Snapshot) -> dict[str, Table]:
    return count_tables(flagship, snapshot)


def test_every_figure_and_annex_is_planned(flagship: Study) -> None:
    places = [plan.number["nl"] for plan in flagship.tables]
    assert {f"Figuur {n}" for n in range(2, 58)} <= set(places)
    assert {"Tabel 3", "Tabel 4", *(f"Bijlage {letter}" for letter in "BCDEFGHI")} <= set(places)
    keys = [plan.key for plan in flagship.tables]
    assert len(keys) == len(set(keys))
    parts = {plan.key for plan in flagship.tables if plan.key.endswith("_roermond")}
    # Six parts, and the ten statements that are the seventh.
    assert len(parts) == 16
    assert sum(place == "Bijlage B" for place in places) == 13 * 16


def test_every_planned_figure_has_the_base_of_its_caption(
    flagship: Study, found: dict[str, Table]
) -> None:
    captions = {
        row.id.partition(".")[2]: row.base
        for row in load_published(flagship.folder)
        if row.id.startswith("fig.")
    }
    assert len(captions) == 56
    for table in found.values():
        place = table.number["nl"].partition("Figuur ")[2]
        if place:
            assert table.rows[-1].cells[-1].base == captions[place], table.key


def bases(table: Table) -> dict[str, int]:
    return {row.key: row.cells[0].base for row in table.rows}


def test_the_unusual_bases_are_kept(found: dict[str, Table]) -> None:
    assert bases(found["figure_5"]) == {"yes": 467, "no": 354, "all": 821}
    schools = {"primary": 106, "secondary": 115, "vocational": 40, "all": 261}
    assert bases(found["figure_35"]) == schools
    domains = {"youth": 577, "education": 400, "order": 434, "work": 155, "housing": 71}
    for figure in ("figure_54", "figure_56"):
        assert bases(found[figure]) == {**domains, "all": 1637}
    assert bases(found["figure_10"])["all"] == 787
    assert "dont_know" not in bases(found["figure_13"])
    assert bases(found["figure_13"])["13-17"] == 334
    assert bases(found["figure_16"])["european"] == 104


def test_a_name_that_is_not_planned_is_refused(flagship: Study, snapshot: Snapshot) -> None:
    with pytest.raises(NoSuchTable, match="annex_z"):
        count_tables(flagship, snapshot, ["annex_c", "annex_z"])
