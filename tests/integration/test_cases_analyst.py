"""What an analyst asks for: the same people have the same mark, and a base is who was asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.integration.shifts import answers, printed, study_with, taken

from blikveld.disclosure import Policy, release_tables
from blikveld.errors import Faults
from blikveld.publish.pipeline import Format, write_report
from blikveld.responses.schema import ResponseRecord
from blikveld.responses.snapshot import Snapshot, write
from blikveld.results.cell import CellRequest, DataOrigin
from blikveld.rules import parse
from blikveld.study.model import Study
from blikveld.tabulation.cell_counts import count_cells
from blikveld.tabulation.tables import count_tables

PUBLISHED = """\
id,kind,where,annex,footnote,base_rule,population,condition_rule,count,base,base_kind,\
percent,value,df,status,contradicts,followed,reason
a,count,p. 1,,,True,included,nights != 'never' and told == 'yes',75,351,respondents,,,,reproduce,,,
b,count,p. 2,,,nights != 'never',included,told == 'no',81,243,respondents,,,,reproduce,,,
c,count,p. 3,,,nights != 'never',included,told == 'dont_know',87,243,respondents,,,,reproduce,,,
d,count,p. 4,,,True,included,nights != 'never' and role == 'cook',95,351,respondents,,,,reproduce,,,
"""


@pytest.mark.parametrize(
    ("base", "rule", "fixed"),
    [
        # The same people as published, in other words.
        ("True", "warned == 'yes'", True),
        ("True", "told == 'yes'", True),
        ("True", "nights in ('often', 'rarely') and told in ('yes',)", True),
        ("asked(told)", "told == 'no'", True),
        ("answered(told)", "not (told == 'yes' or told == 'dont_know')", True),
        ("True", "answered(told)", True),
        ("asked(harm)", "told != 'yes'", True),
        # Some answers to a question of which every count was published.
        ("nights != 'never'", "warned == 'no'", True),
        ("asked(told)", "told in ('no', 'dont_know')", True),
        # Equal members here, and by chance: nobody who works there need have lost anything.
        ("True", "'theft' in harm", False),
        ("nights != 'never'", "'theft' in harm", False),
        # Not published, and no sum of what was.
        ("nights != 'never'", "nights == 'often'", False),
        ("nights == 'often'", "told == 'yes'", False),
        ("role == 'cook'", "told == 'yes'", False),
    ],
)
def test_a_mark_follows_from_who_is_counted(
    tmp_path: Path, base: str, rule: str, *, fixed: bool
) -> None:
    study = study_with(tmp_path, {"published.csv": PUBLISHED})
    people = (ResponseRecord(str(n), given) for n, given in enumerate(answers()))
    snapshot = write(study, people, tmp_path / "snapshot", origin=DataOrigin.REFERENCE)
    ask = CellRequest(parse(base), parse(rule))
    assert count_cells(study, snapshot, [ask])[ask].fixed is fixed


SHARE_ONLY = """\
e,count,p. 5,,,nights != 'never',included,told == 'no',,243,respondents,{percent},,,percent_only,,,
"""


def reconstructed(to: Path, percent: str) -> tuple[Study, Snapshot]:
    """The study with one share published without its count, and its respondents."""
    lines = PUBLISHED.splitlines(keepends=True)
    rows = "".join([lines[0], lines[1], lines[4], SHARE_ONLY.format(percent=percent)])
    text = """# Nacht

{% call figure('told', of="nights != 'never'") %}Verteld{% endcall %}

{{ share("told == 'no'", of="asked(told)") }} zweeg, {{ count("told == 'no'") }} in getal.
"""
    study = study_with(to, {"published.csv": rows, "report/nl/10-a.md": text})
    people = (ResponseRecord(str(n), given) for n, given in enumerate(answers()))
    return study, write(study, people, to / "snapshot", origin=DataOrigin.REFERENCE)


@pytest.mark.parametrize(
    ("base", "rule", "percent", "share"),
    [
        ("nights != 'never'", "told == 'no'", "33", True),
        ("asked(told)", "nights != 'never' and told == 'no'", "33", True),
        # Another base, another answer, and respondents who do not agree with what was printed.
        ("True", "told == 'no'", "33", False),
        ("nights != 'never'", "nights == 'often'", "33", False),
        ("nights != 'never'", "told == 'no'", "34", False),
    ],
)
def test_a_published_share_fixes_itself_and_no_count(
    tmp_path: Path, base: str, rule: str, percent: str, *, share: bool
) -> None:
    study, snapshot = reconstructed(tmp_path, percent)
    ask = CellRequest(parse(base), parse(rule))
    cell = count_cells(study, snapshot, [ask])[ask]
    assert (cell.fixed, cell.share_fixed) == (False, share)


@pytest.mark.parametrize(
    ("percent", "share", "number"), [("33", "33%", "81*"), ("34", "33%*", "81")]
)
def test_a_published_share_is_printed_without_the_sign_of_its_count(
    tmp_path: Path, percent: str, share: str, number: str
) -> None:
    study, snapshot = reconstructed(tmp_path, percent)
    write_report(study, snapshot, tmp_path / "report", ("nl",), kinds=(Format.HTML,))
    page = (tmp_path / "report/report-nl.html").read_text(encoding="utf-8")
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert f"{share} is n={number}." in words
    assert f"Nee: {share} ({number} van 243)." in page
    assert f"{share}1 zweeg, 81* in getal." in words


PLAN = """tables:
  - key: made
    number: {{nl: "Tabel 1", en: "Table 1"}}
    title: {{nl: "x", en: "x"}}
    rows: [{rows}]
    columns: {columns}
    {more}
"""


def plan(columns: str, more: str = "", rows: str = "") -> dict[str, str]:
    return {"tables.yaml": PLAN.format(columns=columns, more=more, rows=rows)}


@pytest.mark.parametrize(
    ("columns", "base", "asked"),
    [
        ("told", "True", "nights != 'never'"),
        ("harm", "True", "nights != 'never'"),
        ("warned", "True", "nights != 'never'"),
        ("told", "role == 'cook'", "role == 'cook' and nights != 'never'"),
        (
            "told",
            "nights == 'often' or role == 'cook'",
            "(nights == 'often' or role == 'cook') and nights != 'never'",
        ),
        ("told", "not asked(told)", "not asked(told) and nights != 'never'"),
    ],
)
def test_a_base_beyond_who_was_asked_is_refused_with_the_base_that_was(
    tmp_path: Path, columns: str, base: str, asked: str
) -> None:
    with pytest.raises(Faults) as refused:
        study_with(tmp_path, plan(columns, f'base: "{base}"'))
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.line) == ("base-beyond-asked", "tables.yaml", 7)
    assert f'base: "{asked}"' in fault.mend


@pytest.mark.parametrize(
    ("columns", "more"),
    [
        ("told", "base: \"nights != 'never'\""),
        ("told", "base: \"nights in ('often', 'rarely')\""),
        ("told", "base: \"nights == 'rarely' and role == 'cook'\""),
        ("told", 'base: "answered(harm)"'),
        ("warned", 'base: "asked(told)"'),
        ("told", 'base: "True"\n    among: asked'),
        ("told", "base: \"told != 'dont_know'\""),
        ("told", 'base: "True"\n    exclude: {told: [dont_know]}'),
        ("nights", 'base: "True"'),
        ("role", 'base: "True"'),
    ],
)
def test_a_base_of_whom_all_were_asked_is_no_fault(tmp_path: Path, columns: str, more: str) -> None:
    assert study_with(tmp_path, plan(columns, more)).tables[0].columns == columns


@pytest.mark.parametrize("columns", ["told", "harm", "warned"])
def test_without_a_base_a_table_counts_who_was_asked(tmp_path: Path, columns: str) -> None:
    study = study_with(tmp_path, plan(columns))
    made = count_tables(study, taken(study, tmp_path))["made"]
    assert made.base_rule == parse(f"asked({columns})")
    assert {cell.base for cell in made.rows[-1].cells} == {243}


def test_without_a_base_everybody_is_counted_who_is_asked_always(tmp_path: Path) -> None:
    study = study_with(tmp_path, plan("nights"))
    made = count_tables(study, taken(study, tmp_path))["made"]
    assert made.base_rule == parse("True")
    assert {cell.base for cell in made.rows[-1].cells} == {351}


@pytest.mark.parametrize("columns", ["told", "warned"])
def test_who_was_not_asked_can_be_shown_and_then_a_row_adds_up(
    tmp_path: Path, columns: str
) -> None:
    study = study_with(tmp_path, plan(columns, 'base: "True"\n    not_asked: true', rows="domain"))
    made = count_tables(study, taken(study, tmp_path))["made"]
    keys = [column.key for column in made.columns]
    assert keys[-2:] == ["not_asked", "total"]
    for row in made.rows:
        *parts, whole = (cell.count for cell in row.cells)
        assert sum(parts) == whole
    assert made.rows[-1].cells[-2].count == 351 - 243


def test_who_was_not_asked_stands_beside_several_answers_too(tmp_path: Path) -> None:
    study = study_with(tmp_path, plan("harm", 'base: "True"\n    not_asked: true'))
    made = count_tables(study, taken(study, tmp_path))["made"]
    assert [cell.count for cell in made.rows[-1].cells][-2:] == [351 - 243, 351]


@pytest.mark.parametrize(
    "more",
    [
        "not_asked: true",
        'base: "True"\n    among: asked\n    not_asked: true',
        'base: "True"\n    exclude: {told: [dont_know]}\n    not_asked: true',
    ],
)
def test_who_is_not_in_the_base_cannot_be_shown(tmp_path: Path, more: str) -> None:
    with pytest.raises(Faults, match="Who was not asked is not in the base"):
        study_with(tmp_path, plan("told", more))


def test_who_was_not_asked_gives_no_small_count_away(tmp_path: Path) -> None:
    study = study_with(tmp_path, plan("told", 'base: "True"\n    not_asked: true'))
    few = [given for n, given in enumerate(answers()) if n % 9 and given["told"] != "yes"]
    some = [given for given in answers() if given["told"] == "yes"][:3]
    people = (ResponseRecord(str(n), given) for n, given in enumerate([*few, *some]))
    snapshot = write(study, people, tmp_path / "snapshot")
    (row,) = (
        release_tables(count_tables(study, snapshot).values(), {}, Policy()).tables["made"].rows
    )
    assert row.cells[0].suppressed
    assert sum(cell.suppressed for cell in row.cells) > 1


LEFT_OUT = """# Nacht

{% call figure('told') %}Verteld{% endcall %}

{% call figure_table('harm') %}Last{% endcall %}

{% call figure('nights') %}Nachten{% endcall %}

{{ rank('dont_know', 'told', 1) }}: {{ top_share('told') }}, {{ mean_answers('harm') }} ervan.
"""


def test_without_a_base_the_report_counts_who_was_asked(tmp_path: Path) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": LEFT_OUT})
    numbers = [one for one in printed(study, tmp_path) if one.count is not None]
    bases = {one.base for one in numbers if "told ==" in one.rule or " in harm" in one.rule}
    assert bases == {243}
    assert {one.base for one in numbers if "nights ==" in one.rule} == {351}
    # 87 of the 243 who were asked; of all 351 it would be 25%.
    assert "36%" in {one.printed for one in numbers}


SHARES_OF_ALL = """# Nacht

{{ share("told == 'no'") }}

{{ says("ruim de helft", "told == 'no' or told == 'dont_know'", of="role == 'cook'") }}

{% call figure('told', of="role == 'cook'") %}Verteld{% endcall %}
"""


def test_a_share_of_people_who_were_not_asked_is_refused_at_its_line(tmp_path: Path) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": SHARES_OF_ALL})
    with pytest.raises(Faults) as refused:
        printed(study, tmp_path)
    faults = refused.value.faults
    assert [(fault.code, fault.line) for fault in faults] == [
        ("base-beyond-asked", line) for line in (3, 5, 7)
    ]
    assert all("Add \"nights != 'never'\" to of=" in fault.mend for fault in faults)
    assert "Not everybody in \"role == 'cook'\" was asked" in faults[1].problem


SHARES_OF_WHO_WAS_ASKED = """# Nacht

{{ share("told == 'no'", of="nights != 'never'") }}

{{ share("nights != 'never' and told == 'no'") }}

{{ share("told == 'no'", not_asked=True) }}

{{ share("nights == 'never'") }}
"""


def test_a_share_of_all_is_printed_where_the_text_says_so(tmp_path: Path) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": SHARES_OF_WHO_WAS_ASKED})
    told = [(one.printed, one.base) for one in printed(study, tmp_path) if "no'" in one.rule]
    assert told == [("33%", 243), ("23%", 351), ("23%", 351)]
