"""The auditor reads what is published as an attacker would. All numbers and people are invented."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest
import typst

from blikveld.auditor import description
from blikveld.auditor.bounds import Contradiction, find_bounds
from blikveld.auditor.conditions import Crowd, UnknownCondition, evaluate_condition, list_mentions
from blikveld.auditor.description import read_description
from blikveld.auditor.findings import Audit, FindingKind, audit_publication
from blikveld.auditor.grids import PublishedGrid, read_grids
from blikveld.auditor.imagining import imagine_crowd
from blikveld.auditor.output import write_html, write_json, write_text
from blikveld.auditor.population import (
    AskedVariable,
    AuditedPopulation,
    DerivedVariable,
    UnreadablePopulation,
)
from blikveld.auditor.reading import UnreadablePublication, read_cells
from blikveld.auditor.relations import relate_groups
from blikveld.auditor.statements import (
    IndependenceTest,
    Publication,
    Statement,
    Total,
    Where,
    count_range,
    list_conditions,
)

HERE = Where("invented.csv")
TEAMS = AskedVariable("team", ("a", "b", "c"))
FELT = AskedVariable("felt", ("well", "ill", "worse"))
SAID = AskedVariable("said", ("to_boss", "to_friend"), several=True, asked_if="felt != 'well'")
BAD = DerivedVariable("bad", (("yes", "felt in ('ill', 'worse')"), ("no", "felt == 'well'")))
CLINIC = AuditedPopulation((TEAMS, FELT, SAID, BAD))


def published(**counts: int | None) -> Publication:
    """Statements by condition; None is withheld. Names are looked up in CONDITIONS."""
    found = Publication()
    for name, count in counts.items():
        low, high = (0, None) if count is None else (count, count)
        where = Where("invented.csv", name)
        found.statements.append(
            Statement(CONDITIONS[name], low, high, where, withheld=count is None)
        )
    return found


CONDITIONS = {
    "all": "True",
    "a": "team == 'a'",
    "b": "team == 'b'",
    "c": "team == 'c'",
    "well": "felt == 'well'",
    "ill": "felt == 'ill'",
    "worse": "felt == 'worse'",
    "bad": "bad == 'yes'",
    "not_well": "felt != 'well'",
    "a_well": "team == 'a' and felt == 'well'",
    "a_ill": "team == 'a' and felt == 'ill'",
    "a_worse": "team == 'a' and felt == 'worse'",
    "a_bad": "bad == 'yes' and team == 'a'",
    "boss": "'to_boss' in said",
    "friend": "'to_friend' in said",
}


def audited(**counts: int | None) -> Audit:
    return audit_publication(CLINIC, published(**counts), 5)


def learnt(found: Audit) -> dict[str, tuple[str, int, int]]:
    """Kind and ends by the table's name."""
    return {
        finding.where[0].table: (finding.kind.value, finding.low, finding.high)
        for finding in found.findings
        if finding.where
    }


def test_a_whole_less_its_other_parts() -> None:
    found = audited(all=100, a=60, b=37, c=None)
    assert learnt(found) == {"c": ("exact", 3, 3)}
    assert [step.text for step in found.findings[0].steps] == [
        "100 [True] = 60 [team == 'a'] + 37 [team == 'b'] + 3 [team == 'c']"
    ]


def test_groups_are_known_by_who_is_in_them_not_by_their_words() -> None:
    found = audited(all=100, bad=30, not_well=30, well=None)
    assert learnt(found) == {"well": ("exact", 70, 70)}
    assert found.groups == 3


def test_a_second_wording_gives_away_what_another_table_withholds() -> None:
    """Coarse answers in one table, fine ones in the other: what one hides the other prints."""
    found = audited(a=40, a_bad=22, a_well=18, a_ill=20, a_worse=None)
    assert learnt(found) == {"a_worse": ("exact", 2, 2)}


@pytest.mark.parametrize(("count", "told"), [(60, True), (None, False)])
def test_a_count_that_is_withheld_in_one_place_and_printed_in_another(
    count: int | None, told: bool
) -> None:
    publication = published(all=100, a=count)
    there = Where("other.csv", "a again")
    publication.statements.append(Statement("team in ('a',)", 0, None, there, withheld=True))
    found = audit_publication(CLINIC, publication, 5)
    twice = [f for f in found.findings if f.kind is FindingKind.ELSEWHERE]
    assert [(f.low, f.high, there in f.where) for f in twice] == ([(60, 60, True)] if told else [])


def test_narrow_is_told_and_wide_is_not() -> None:
    # Two unknowns that are 3 together: each is 0 to 3, and 4 is ruled out.
    narrow = learnt(audited(all=100, a=97, b=None, c=None))
    apart = {"b": ("narrow", 0, 3), "c": ("narrow", 0, 3)}
    assert narrow == apart | {"all": ("difference", 3, 3)}
    four = learnt(audited(all=100, a=96, b=None, c=None))
    assert four == {"all": ("difference", 4, 4)}
    assert learnt(audited(all=100, a=90, b=None, c=None)) == {}


def test_what_nobody_counts_but_two_tables_differ_by() -> None:
    found = audited(all=100, a=60, b=37)
    (finding,) = found.findings
    assert (finding.kind, finding.low) == (FindingKind.DIFFERENCE, 3)
    assert "team == 'c'" in finding.group


@pytest.mark.parametrize(("count", "told"), [(0, False), (1, True), (4, True), (5, False)])
def test_small_counts_that_are_printed(count: int, told: bool) -> None:
    found = audited(b=count)
    assert (found.count(FindingKind.PRINTED) == 1) is told


def test_everybody_the_same() -> None:
    found = audited(a=12, a_well=12, a_ill=0, a_worse=0)
    assert [finding.kind for finding in found.findings] == [FindingKind.SAME]
    # The row may also withhold the one answer that everybody gave.
    found = audited(a=12, a_well=None, a_ill=0, a_worse=0)
    assert {finding.kind for finding in found.findings} == {FindingKind.SAME, FindingKind.EXACT}
    # Of many people together nobody in particular is meant.
    assert audited(a=15, a_well=15, a_ill=0, a_worse=0).findings == ()


@pytest.mark.parametrize(("boss", "told"), [(14, True), (13, False)])
def test_everybody_ticked_one_of_several_answers(boss: int, told: bool) -> None:
    found = audited(not_well=14, boss=boss, friend=7)
    same = [(f.low, f.group) for f in found.findings if f.kind is FindingKind.SAME]
    assert same == ([(14, CONDITIONS["boss"])] if told else [])


@pytest.mark.parametrize(("ill", "told"), [(None, 2), (12, 0)])
def test_a_test_is_printed_of_a_table_in_which_counts_are_withheld(
    tmp_path: Path, ill: int | None, told: int
) -> None:
    cells = {"a_well": 20, "a_ill": ill, "a_worse": None if ill is None else 8}
    publication = published(a=40, well=60, ill=30, **cells)
    tested = {"location": "line 4", "printed": "χ²(4) = 3.1", "count": 100, "base": 100}
    line = json.dumps(tested | {"base_rule": "True", "rule": "independence: team * felt"})
    publication.extend(read_cells(_write(tmp_path / "numbers.jsonl", line)))
    found = [
        (f.group, str(f.where[0]))
        for f in audit_publication(CLINIC, publication, 5).findings
        if f.kind is FindingKind.TEST
    ]
    there = "numbers.jsonl: line 4"
    assert found == [(CONDITIONS["a_ill"], there), (CONDITIONS["a_worse"], there)][:told]


def test_a_test_of_what_may_be_ticked_together_is_not_judged() -> None:
    publication = published(all=100)
    publication.tests.append(IndependenceTest("True", "team", "said", 100, HERE))
    assert audit_publication(CLINIC, publication, 5).passed_over == (HERE,)


def test_several_answers_cover_the_whole_but_do_not_add_up() -> None:
    found = audited(not_well=30, boss=20, friend=None)
    assert learnt(found) == {}
    web, bounds = _bounds(published(not_well=30, boss=28, friend=None))
    friend = next(i for i, g in enumerate(web.groups) if g.name == CONDITIONS["friend"])
    assert (bounds.low[friend], bounds.high[friend]) == (2, 30)


def _bounds(publication: Publication):  # type: ignore[no-untyped-def]
    crowd = imagine_crowd(CLINIC, list_conditions(publication))
    web = relate_groups(CLINIC, crowd, publication)
    return web, find_bounds(web)


def test_a_total_of_mentions_is_a_sum_of_groups() -> None:
    publication = published(not_well=30, boss=20, friend=None)
    publication.totals.append(Total((CONDITIONS["boss"], CONDITIONS["friend"]), 33, HERE))
    found = audit_publication(CLINIC, publication, 5)
    assert learnt(found) == {"friend": ("exact", 13, 13)}


def test_numbers_that_cannot_all_be_true_are_refused() -> None:
    with pytest.raises(Contradiction, match="cannot all be true"):
        audited(all=100, a=60, b=60, c=None)
    publication = published(a=60)
    publication.extend(published(a=61))
    with pytest.raises(Contradiction):
        audit_publication(CLINIC, publication, 5)


def test_unknown_is_neither_true_nor_false() -> None:
    crowd = Crowd(
        3,
        chosen={"x": {"a": np.array([True, False, False]), "b": np.array([False, True, False])}},
        answered={"x": np.array([True, True, False])},
        asked={"x": np.array([True, True, True])},
    )
    cases = {
        "x == 'a'": [True, False, False],
        "x != 'a'": [False, True, False],
        "not x == 'a'": [False, True, False],
        "x in ('a', 'b')": [True, True, False],
        "x not in ('a',)": [False, True, False],
        "x == 'a' or True": [True, True, True],
        "x == 'a' and False": [False, False, False],
        "not answered(x)": [False, False, True],
        "asked(x)": [True, True, True],
        "count(x) >= 1": [True, True, False],
        "completed": [True, True, True],
    }
    for text, expected in cases.items():
        assert evaluate_condition(crowd, text).true.tolist() == expected, text


@pytest.mark.parametrize("text", ["x ==", "y == 'a'", "x == 'z'", "x > 3", "mean(x)", "other"])
def test_conditions_that_cannot_be_followed_are_refused(text: str) -> None:
    crowd = Crowd(1, chosen={"x": {"a": np.array([True])}}, answered={"x": np.array([True])})
    with pytest.raises(UnknownCondition):
        evaluate_condition(crowd, text)


def test_what_a_condition_excludes_is_not_what_it_asks_for() -> None:
    text = "a == 'x' and b != 'y' and 'z' in c and d in ('p', 'q')"
    assert set(list_mentions(text)) == {("a", "x"), ("c", "z"), ("d", "p"), ("d", "q")}


@pytest.mark.parametrize(
    ("percent", "base", "ends"),
    [("50", 821, (407, 414)), ("50%", 4, (2, 2)), ("12,5", 80, (10, 10)), ("0", 300, (0, 1))],
)
def test_counts_behind_a_percentage(percent: str, base: int, ends: tuple[int, int]) -> None:
    assert count_range(percent, base) == ends


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


CELLS = """table,row,column,count,base,percent,base_rule,rule
t,all,a,60,100,60,True,team == 'a'
t,all,b,,100,37,True,team == 'b'
t,all,c,,100,,True,team == 'c'
t,all,mean,,100,,True,paired: x * y
"""


def test_a_file_of_cells(tmp_path: Path) -> None:
    found = read_cells(_write(tmp_path / "cells.csv", CELLS))
    said = {statement.group: (statement.low, statement.high) for statement in found.statements}
    assert said == {
        "True": (100, 100),
        "(team == 'a')": (60, 60),
        "(team == 'b')": (37, 37),
        "(team == 'c')": (0, 100),
    }
    assert [where.column for where in found.passed_over] == ["mean"]
    assert learnt(audit_publication(CLINIC, found, 5)) == {"t": ("exact", 3, 3)}


def test_a_printed_percentage_narrows_the_count_behind_it(tmp_path: Path) -> None:
    """12 to 15% of 40 is 5 or 6, which a range of 5 to 9 does not say."""
    said = {"base_rule": "True", "rule": "team == 'a'", "count": None, "base": 40}
    line = json.dumps(said | {"low": 5, "high": 9, "printed": "12–15%"})
    found = audit_publication(CLINIC, read_cells(_write(tmp_path / "numbers.jsonl", line)), 10)
    assert [(f.kind, f.low, f.high) for f in found.findings] == [(FindingKind.NARROW, 5, 6)]


def test_a_number_of_a_report_is_found_again_where_it_stands(tmp_path: Path) -> None:
    said = '"count": null, "base": 9, "base_rule": "True", "rule": "True"'
    line = f'{{"location": "Tabel 3: a, b", {said}}}'
    found = read_cells(_write(tmp_path / "numbers.jsonl", line))
    assert str(found.statements[-1].where) == "numbers.jsonl: Tabel 3: a, b"


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "count,base\n1,2\n"), ("a.json", "{"), ("a.jsonl", "[]x"), ("none.csv", None)],
)
def test_files_that_say_nothing_of_people(tmp_path: Path, name: str, text: str | None) -> None:
    path = tmp_path / name
    if text is not None:
        _write(path, text)
    with pytest.raises(UnreadablePublication, match=name):
        read_cells(path)


DESCRIPTION = """
variables:
  felt: {asked_if: "sector in ('north', 'south')"}
tables:
  - file: teams.csv
    groups: {Sector: sector, Team: team}
    total: {Sector: Everybody, Team: "", felt: All}
    answers: felt
"""
TABLE = """Sector,Team,All,well,ill
Everybody,,"1.070",900,170
north,,70,40,30
north,a,40,28,12
north,b,30,x,x
south,,1000,860,140
south,c,1000,860,140
"""


def test_tables_of_others_by_a_description(tmp_path: Path) -> None:
    _write(tmp_path / "teams.csv", TABLE)
    population, publication = read_description(_write(tmp_path / "d.yaml", DESCRIPTION))
    assert population.by_name["team"].within == (
        "sector",
        {"a": "north", "b": "north", "c": "south"},
    )
    found = audit_publication(population, publication, 5)
    exact = {f.group: f.low for f in found.findings if f.kind is FindingKind.EXACT}
    assert sorted(exact.values()) == [12, 18]
    assert all("team == 'b'" in group for group in exact)


def _rows() -> list[list[str]]:
    return list(csv.reader(TABLE.splitlines()))


def _as_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in _rows():
        book.active.append(row)
    book.save(path)


def _as_docx(path: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cells = (
        "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row)
        for row in _rows()
    )
    table = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    body = f'<w:document xmlns:w="{word}"><w:body><w:tbl>{table}</w:tbl></w:body></w:document>'
    with ZipFile(path, "w") as package:
        package.writestr("word/document.xml", body)


def _as_html(path: Path) -> None:
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in _rows())
    path.write_text(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")


def _as_pdf(path: Path) -> None:
    cells = "".join(f"[{cell}]," for row in _rows() for cell in row)
    align = "(left, left, right, right, right)"
    source = f"A sentence above.\n\n#table(columns: 5, column-gutter: 2em, align: {align}, {cells})"
    typ = path.with_suffix(".typ")
    typ.write_text(source, encoding="utf-8")
    path.write_bytes(typst.compile(typ))


@pytest.mark.parametrize(
    ("name", "write"),
    [("t.xlsx", _as_xlsx), ("t.docx", _as_docx), ("t.html", _as_html), ("t.pdf", _as_pdf)],
)
def test_the_same_table_is_read_from_every_kind_of_file(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)
    text = DESCRIPTION.replace("teams.csv", name)
    population, publication = read_description(_write(tmp_path / "d.yaml", text))
    found = audit_publication(population, publication, 5)
    exact = {f.group: f.low for f in found.findings if f.kind is FindingKind.EXACT}
    assert sorted(exact.values()) == [12, 18]


def test_a_file_with_several_tables_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counted(path: Path) -> tuple[PublishedGrid, ...]:
        read.append(path)
        return read_grids(path)

    monkeypatch.setattr(description, "read_grids", counted)
    _write(tmp_path / "teams.csv", TABLE)
    table = DESCRIPTION.partition("tables:\n")[2]
    read_description(_write(tmp_path / "d.yaml", DESCRIPTION + table))
    assert read == [tmp_path / "teams.csv"]


def test_all_mentions_together_give_the_last_answer_away(tmp_path: Path) -> None:
    _write(tmp_path / "who.csv", "Who,boss,friend,Mentions\nall,20,x,24\n")
    text = """
variables: {who: {several: true}}
tables: [{file: who.csv, groups: {Who: team}, answers: who, mentions: Mentions}]
"""
    found = audit_publication(*read_description(_write(tmp_path / "d.yaml", text)), 5)
    exact = {f.group: f.low for f in found.findings if f.kind is FindingKind.EXACT}
    assert list(exact.values()) == [4]


ARGUS = """
variables: {size: {}}
tables:
  - file: safe.csv
    columns: [Region, Size, Value, Status]
    groups: {Region: region, Size: size}
    total: {Region: Total, Size: Total}
    count: Value
    withheld_if: {Status: [U, M]}
"""
CODE_VALUE = """"Total";"Total";100;"S"
"Total";"large";60;"S"
"Total";"small";40;"S"
"east";"Total";70;"S"
"east";"large";53;"M"
"east";"small";17;"M"
"west";"Total";30;"S"
"west";"large";7;"S"
"west";"small";23;"S"
"""
"""Codes, value and status a line and no heading, as tau-Argus writes a safe table; all invented."""
STATUS = """"region","size","Freq","sdcStatus"
"Total","Total",100,"s"
"Total","large",60,"s"
"Total","small",40,"s"
"east","Total",70,"s"
"east","large",53,"u"
"east","small",17,"x"
"west","Total",30,"s"
"west","large",7,"s"
"west","small",23,"z"
"""
"""A line a cell with its status, as R writes what sdcTable gives back; all invented."""


@pytest.mark.parametrize(
    ("safe", "described"),
    [
        (CODE_VALUE, ARGUS),
        (
            STATUS,
            ARGUS.replace("    columns: [Region, Size, Value, Status]\n", "")
            .replace("{Region: region, Size: size}", "{region: region, size: size}")
            .replace("{Region: Total, Size: Total}", "{region: Total, size: Total}")
            .replace("count: Value", "count: Freq")
            .replace("{Status: [U, M]}", "{sdcStatus: [u, x]}"),
        ),
    ],
)
def test_a_table_that_another_program_protected_is_judged_by_its_status(
    tmp_path: Path, safe: str, described: str
) -> None:
    _write(tmp_path / "safe.csv", safe)
    found = audit_publication(*read_description(_write(tmp_path / "d.yaml", described)), 5)
    exact = sorted(f.low for f in found.findings if f.kind is FindingKind.EXACT)
    assert (found.withheld, exact) == (2, [17, 53])
    kept_back = safe.replace('100;"S"', '100;"U"').replace('40;"S"', '40;"M"')
    kept_back = kept_back.replace('100,"s"', '100,"u"').replace('40,"s"', '40,"x"')
    kept_back = kept_back.replace('23;"S"', '23;"M"').replace('23,"z"', '23,"x"')
    kept_back = kept_back.replace('30;"S"', '30;"M"').replace('30,"s"', '30,"x"')
    _write(tmp_path / "safe.csv", kept_back.replace('60;"S"', '60;"M"').replace('60,"s"', '60,"x"'))
    again = audit_publication(*read_description(tmp_path / "d.yaml"), 5)
    assert not [f for f in again.findings if f.kind is FindingKind.EXACT]


@pytest.mark.parametrize(
    ("printed", "number"), [("12.0", 12), ("1.200", 1200), ("1,234,567", 1234567), ("1 200", 1200)]
)
def test_a_number_is_read_as_it_was_written(tmp_path: Path, printed: str, number: int) -> None:
    _write(tmp_path / "safe.csv", f'"Total";"large";"{printed}";"S"\n')
    _, publication = read_description(_write(tmp_path / "d.yaml", ARGUS))
    assert [(s.low, s.high) for s in publication.statements] == [(number, number)]


@pytest.mark.parametrize("printed", ["n.a.", "12.34", "about 5", "1.2.3"])
def test_what_is_no_number_is_told_with_its_place(tmp_path: Path, printed: str) -> None:
    _write(tmp_path / "safe.csv", f'"east";"large";"{printed}";"S"\n')
    with pytest.raises(UnreadablePublication, match=r"safe\.csv.*east"):
        read_description(_write(tmp_path / "d.yaml", ARGUS))


@pytest.mark.parametrize("text", ['{"a": 1}', "[1, 2]", '{"cells": 3}', "7"])
def test_a_json_file_without_cells_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadablePublication, match=r"cells\.json"):
        read_cells(_write(tmp_path / "cells.json", text))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("tables: [{file: teams.csv, answer: felt}]", "'answer'"),
        ("tables: [{file: teams.csv}]", "needs"),
        ("tables: [{file: teams.csv, count: Number}]", "no column 'Number'"),
        ("tables: [{file: teams.csv, table: Two, count: All}]", "no table 'Two'"),
        ("variables: {felt: {asked: x}}", "'asked'"),
        ("- a list", "no settings"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_description_with_a_fault(tmp_path: Path, wrong: str, said: str) -> None:
    _write(tmp_path / "teams.csv", TABLE)
    with pytest.raises(UnreadablePopulation, match=said):
        read_description(_write(tmp_path / "d.yaml", wrong))


def test_what_is_written_holds_every_finding_and_escapes_it() -> None:
    found = audited(all=100, a=60, b=37, c=None)
    assert "3: team == 'c'" in write_text(found)
    assert "1 withheld counts are known exactly, 1 of them small; 0 more" in write_text(found)
    assert '"exact": 1' in write_json(found)
    assert '"exact_small": 1' in write_json(found)
    page = write_html(found)
    assert "team == &#x27;c&#x27;" in page
    assert "http" not in page
    clean = audited(all=100, a=60)
    assert "Nothing that was withheld can be worked out." in write_text(clean)
