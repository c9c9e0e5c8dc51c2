"""Rules and scores from the outside: what is printed is what was asked, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.integration.shifts import meeting, printed, study_with, taken

from blikveld.disclosure import Policy, release_tables
from blikveld.errors import Faults
from blikveld.report import ReportFunnel, asks, build
from blikveld.report.model import ManifestEntry, plain
from blikveld.rules import Person, parse
from blikveld.tabulation.cell_counts import count_cells
from blikveld.tabulation.tables import count_tables

TEXT = """# Last

{{% call figure('harm', by='domain', of="{of}", not_asked=True) %}}Last{{% endcall %}}

Het meest: {{{{ highest('domain', "told == 'yes'", of="{of}", not_asked=True) }}}}.
"""
TABLE = """tables:
  - key: made
    number: {{nl: "Tabel 1", en: "Table 1"}}
    title: {{nl: "x", en: "x"}}
    base: "{base}"
    rows: [domain]
    columns: told
    {more}
"""
SPELLINGS = (
    "(nights == 'often') or (role == 'cook')",
    "(nights == 'often')or(role == 'cook')",
    "((nights=='often')or(role=='cook'))",
    "not (nights != 'often' and role != 'cook')",
)


def numbers(entries: tuple[ManifestEntry, ...]) -> list[tuple[int | None, int | None]]:
    return [(entry.count, entry.base) for entry in entries]


@pytest.mark.parametrize("of", SPELLINGS)
def test_a_rule_of_alternatives_means_the_same_however_it_is_spaced(
    tmp_path: Path, of: str
) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": TEXT.format(of=of)})
    entries = printed(study, tmp_path)
    persons = list(taken(study, tmp_path / "again").persons())
    plainly = meeting(persons, "nights == 'often' or role == 'cook'")
    by_domain = {len(meeting(plainly, f"domain == '{d}'")) for d in ("house", "kitchen")}
    assert {entry.base for entry in entries if "domain" in entry.base_rule} == by_domain
    assert by_domain == {81, 126}


@pytest.mark.parametrize("rule", SPELLINGS[:3])
def test_what_stands_in_the_manifest_counts_to_what_was_printed(tmp_path: Path, rule: str) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": TEXT.format(of=rule)})
    entries = printed(study, tmp_path)
    persons = list(taken(study, tmp_path / "again").persons())
    shown = [entry for entry in entries if entry.count is not None]
    assert len(shown) == 8
    for entry in shown:
        base = meeting(persons, entry.base_rule)
        assert (len(meeting(base, entry.rule)), len(base)) == (entry.count, entry.base)


@pytest.mark.parametrize(
    ("base", "more", "plainly"),
    [
        (
            "(nights == 'often')or(role == 'cook')",
            "exclude: {told: [dont_know]}",
            "(nights == 'often' or role == 'cook') and told != 'dont_know'",
        ),
        (
            "(nights == 'often')or(role == 'cook')",
            "among: answered",
            "(nights == 'often' or role == 'cook') and answered(told)",
        ),
        (
            "'fall'in harm or(role=='clerk')",
            "among: asked",
            "('fall' in harm or role == 'clerk') and asked(told)",
        ),
        (
            "(told=='yes')or(told=='no')",
            "for_each: role",
            "(told == 'yes' or told == 'no') and role == 'porter'",
        ),
    ],
)
def test_the_whole_base_of_a_table_is_kept_beside_what_is_added(
    tmp_path: Path, base: str, more: str, plainly: str
) -> None:
    study = study_with(tmp_path, {"tables.yaml": TABLE.format(base=base, more=more)})
    snapshot = taken(study, tmp_path)
    made = next(iter(count_tables(study, snapshot).values()))
    persons: list[Person] = list(snapshot.persons())
    assert made.rows[-1].cells[0].base == len(meeting(persons, plainly))
    for row in made.rows:
        for cell in row.cells:
            own = meeting(persons, cell.base_rule)
            assert (len(meeting(own, cell.rule)), len(own)) == (cell.count, cell.base)


def test_a_net_of_answers_is_counted_in_the_base_alone(tmp_path: Path) -> None:
    more = 'nets: [{key: any, label: {nl: A, en: A}, of: ["yes", "no"]}]'
    plan = TABLE.format(base="nights == 'often'", more=more)
    study = study_with(tmp_path, {"tables.yaml": plan})
    snapshot = taken(study, tmp_path)
    made = count_tables(study, snapshot)["made"]
    net = made.rows[-1].cells[[column.key for column in made.columns].index("any")]
    expected = meeting(list(snapshot.persons()), "nights == 'often' and told in ('yes', 'no')")
    assert (
        net.count
        == len(expected)
        == len(meeting(meeting(list(snapshot.persons()), net.base_rule), net.rule))
    )


def test_two_spellings_of_one_rule_are_one_number(tmp_path: Path) -> None:
    text = " ".join(f'{{{{ count("{rule}") }}}}' for rule in SPELLINGS[:2])
    entries = printed(study_with(tmp_path, {"report/nl/10-a.md": text}), tmp_path)
    assert len({entry.cell for entry in entries}) == 1
    assert len({entry.base_rule + entry.rule for entry in entries}) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # 75 said yes and 81 no: -2 × 75 + 81 = -69, over 156; 2.5 × 75 + 0.5 × 81 = 228.
        ("""{{ mean('loss', of="nights != 'never'") }}""", "-0,44"),
        ("""{{ mean('loss', of="nights != 'never'", decimals=0) }}""", "0"),
        ("""{{ mean('hours', of="nights != 'never'") }}""", "1,46"),
        ("""{{ lower_bound('hours', of="nights != 'never'") }}""", "228"),
        ("""{{ lower_bound('hours', of="nights != 'never'", step=100) }}""", "200"),
        ("""{{ lower_bound('loss', of="nights != 'never'", step=10) }}""", "-70"),
    ],
)
def test_what_a_score_prints(tmp_path: Path, text: str, shown: str) -> None:
    entries = printed(study_with(tmp_path, {"report/nl/10-a.md": text}), tmp_path)
    assert {entry.printed for entry in entries if entry.location.startswith("nl/")} == {shown}
    assert [entry.count for entry in entries][:2] == [75, 81]


def test_the_counts_behind_the_scores_are_as_written_here(tmp_path: Path) -> None:
    persons = list(taken(study_with(tmp_path, {}), tmp_path).persons())
    told = [len(meeting(persons, parse(f"told == '{code}'"))) for code in ("yes", "no")]
    assert told == [75, 81]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            """{{ lower_bound('hours', of="municipality == 'zand'") }}""",
            "Opgeteld is dit 105,5. Per antwoord telt het laagste aantal: 35 × 2,5, 36 × 0,5.",
        ),
        (
            """{{ mean('loss', of="municipality == 'zand'") }}""",
            "Gemiddelde van n=71: 35 × -2, 36 × 1.",
        ),
    ],
)
def test_a_footnote_tells_what_a_score_is_made_of(tmp_path: Path, text: str, note: str) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": text})
    cells = count_cells(study, taken(study, tmp_path), asks(study, "nl"))
    made = build(study, release_tables([], cells, Policy()), ReportFunnel(0, ()), "nl")
    assert [plain(found.parts) for found in made.notes] == [note]


@pytest.mark.parametrize("step", ["0", "-10", "2.5"])
@pytest.mark.parametrize("call", ["lower_bound('hours', step={})", "at_least('True', step={})"])
def test_a_step_that_nothing_is_rounded_to_is_refused(tmp_path: Path, call: str, step: str) -> None:
    study = study_with(tmp_path, {"report/nl/10-a.md": f"{{{{ {call.format(step)} }}}}"})
    with pytest.raises(Faults, match="cannot be rounded down to"):
        asks(study, "nl")
