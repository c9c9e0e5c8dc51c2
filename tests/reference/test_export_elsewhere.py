"""The export of the reference respondents in programs that are not ours: PSPP, R, pandas.

Everything in it is of nobody: respondents reconstructed from published counts. Texts that the test
adds are invented.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyreadstat
import pytest

from blikveld import inclusion
from blikveld.publish import sources
from blikveld.responses.export.table import ExportTable, build_table
from blikveld.responses.export.write import ExportFormat, write_export
from blikveld.responses.schema import raw_names
from blikveld.responses.snapshot import AS_WRITTEN, Snapshot, write
from blikveld.rules import Missing, Person, Rule, Value, evaluate
from blikveld.study.model import Study, VariableKind
from blikveld.tabulation.planning import lay_out
from blikveld.tabulation.tables import count_tables

LONG = "Verzonnen: \u201eé\u201d 'a', \"b\"\n=1+1 \\ " * 20
UTF8 = {**os.environ, "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Exported:
    """The reference respondents, with some long texts, and the folder of their export."""

    study: Study
    snapshot: Snapshot
    table: ExportTable
    folder: Path

    def file(self, suffix: str) -> Path:
        return self.folder / f"{self.study.key}-{self.table.language}.{suffix}"


@pytest.fixture(scope="module")
def exported(flagship: Study, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    room = tmp_path_factory.mktemp("exported")
    responses = list(sources.complete_records(flagship, sources.load_reference(flagship)))
    text = next(
        name
        for name in raw_names(flagship)
        if flagship.variables[name].kind is VariableKind.TEXT
        and any(isinstance(r.values[name], str) for r in responses)
    )
    long = [
        replace(r, values={**r.values, text: f"{LONG} {n}"}) if n % 9 == 0 else r
        for n, r in enumerate(responses)
    ]
    snapshot = write(flagship, long, room / "snapshot", texts=AS_WRITTEN)
    counted = [bool(mark) for mark in inclusion.funnel(flagship, snapshot).included]
    table = build_table(snapshot, counted, "nl")
    write_export(table, tuple(ExportFormat), room / "out")
    return Exported(flagship, snapshot, table, room / "out")


def _codes(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The attribute `blikveld` of each variable, read from the file's own bytes."""
    whole = path.read_bytes()
    found = re.findall(rb"([A-Za-z0-9_]+):blikveld\(((?:'[^\n]*'\n)+)\)", whole)
    return {
        name.decode(): tuple(part.strip("'") for part in parts.decode().splitlines())
        for name, parts in found
    }


@dataclass(frozen=True)
class Rebuilt:
    """Everybody as the .sav alone tells, and who counts."""

    persons: Sequence[Person]
    included: Sequence[bool]


@pytest.fixture(scope="module")
def rebuilt(exported: Exported) -> Rebuilt:
    numbers, _ = pyreadstat.read_sav(exported.file("sav"), output_format="dict", user_missing=True)
    told = _codes(exported.file("sav"))
    columns = {name: _values(told[name], list(numbers[name])) for name in numbers}
    rows = range(len(columns["included"]))
    persons = [
        _person(told, {name: column[row] for name, column in columns.items()}) for row in rows
    ]
    return Rebuilt(persons, [value is True for value in columns["included"]])


def _values(told: Sequence[str], numbers: Sequence[float | str]) -> list[Value]:
    meaning: dict[float | str, Value] = {}
    missing = {kind.value: kind for kind in Missing}
    for part in told:
        number, equals, code = part.partition("=")
        if equals and re.fullmatch("-?[0-9]+", number):
            truth = {"true": True, "false": False}
            meaning[float(number)] = missing.get(code, truth.get(code, code))
    return [meaning.get(number, number) for number in numbers]


def _person(told: Mapping[str, Sequence[str]], row: Mapping[str, Value]) -> Person:
    person: dict[str, Value] = {}
    for name, value in row.items():
        variable, *more = told[name]
        if name.endswith("_why"):
            if isinstance(value, Missing):
                person[variable] = value
        elif not more or "=" in more[0] or isinstance(value, Missing):
            person.setdefault(variable, value)
        else:
            chosen = person.setdefault(variable, ())
            if value is True and isinstance(chosen, tuple):
                person[variable] = (*chosen, more[0])
    return person


def test_everybody_comes_back_from_the_sav_alone(exported: Exported, rebuilt: Rebuilt) -> None:
    names = exported.study.variables
    found = [{name: person[name] for name in names} for person in rebuilt.persons]
    assert found == list(exported.snapshot.persons())


def test_every_table_comes_out_of_the_sav_alone(exported: Exported, rebuilt: Rebuilt) -> None:
    study = exported.study
    everybody = zip(rebuilt.persons, rebuilt.included, strict=True)
    people = [person for person, counts in everybody if counts]
    ours = count_tables(study, exported.snapshot)
    bases = 0
    for plan in study.tables:
        laid_out = lay_out(study, plan)
        inside = {line.key: line.rule for line in laid_out.lines}
        asked = _select(people, plan.base)
        for row in ours[plan.key].rows:
            base = _select(asked, inside[row.key])
            expected = [(len(_select(base, head.rule)), len(base)) for head in laid_out.heads]
            assert [(cell.count, cell.base) for cell in row.cells] == expected, plan.key
            bases += 1
    assert (len(study.tables), bases) == (277, 623)


def _select(people: Sequence[Person], rule: Rule) -> Sequence[Person]:
    return [person for person in people if evaluate(rule, person) is True]


def _pspp(exported: Exported, *commands: str) -> list[list[list[str]]]:
    """What PSPP prints about the .sav, as tables of cells; values and names, no labels."""
    syntax = exported.folder.parent / "commands.sps"
    head = ("SET TNUMBERS=VALUES TVARS=NAMES.", f"GET FILE='{exported.file('sav')}'.")
    syntax.write_text("\n".join((*head, *commands)) + "\n", encoding="utf-8")
    printed = syntax.with_suffix(".csv")
    command = ["pspp", "-O", "format=csv", "-o", str(printed), str(syntax)]
    subprocess.run(command, env=UTF8, check=True)
    found: list[list[list[str]]] = []
    for row in csv.reader(io.StringIO(printed.read_text(encoding="utf-8"))):
        if row and row[0].startswith("Table: "):
            found.append([])
        if row and not row[0].startswith("Footnote: "):
            # PSPP marks a missing value with a letter of a footnote.
            found[-1].append([re.sub(r"\[[a-z]\]$", "", cell) for cell in row])
    return found


def _counted(exported: Exported, *names: str) -> Counter[tuple[int, ...]]:
    """How many of those who count have each combination of numbers, the missing ones too."""
    place = {column.name: number for number, column in enumerate(exported.table.columns)}
    columns = [exported.table.columns[place[name]] for name in names]
    cells = [exported.table.cells[place[name]] for name in (*names, "included")]
    return Counter(
        tuple(int(c.number(v)) for c, v in zip(columns, row, strict=True) if not isinstance(v, str))
        for *row, counts in zip(*cells, strict=True)
        if counts
    )


def _labelled(exported: Exported) -> Iterator[str]:
    for column in exported.table.columns:
        if column.missing and column.values and column.option is None:
            yield column.name


@pytest.mark.pspp
def test_frequencies_of_pspp_agree(exported: Exported) -> None:
    names = list(_labelled(exported))
    told = _pspp(exported, "SELECT IF included = 1.", f"FREQUENCIES {' '.join(names)}.")
    compared = 0
    for name in names:
        table = next(t for t in told if t[0] == [f"Table: {name}"])
        rows = [row for row in table[2:] if row[0] != "Total"]
        found = {(int(row[1]),): int(row[2]) for row in rows}
        assert found == dict(_counted(exported, name)), name
        numbers = {int(row[1]) for row in rows[_first_missing(rows) :]}
        assert all(number < 0 for number in numbers), name
        compared += len(found)
    assert compared > 200


def _first_missing(rows: Sequence[Sequence[str]]) -> int:
    return next((n for n, row in enumerate(rows) if row[0] == "Missing"), len(rows))


@pytest.mark.pspp
def test_crosstabs_of_pspp_agree(exported: Exported) -> None:
    across = ("mode", "training_ce")
    told = _pspp(
        exported,
        "SELECT IF included = 1.",
        f"CROSSTABS /TABLES={across[0]} BY {across[1]} /MISSING=INCLUDE /CELLS=COUNT.",
    )
    _, _, heads, *rows = next(t for t in told if " × ".join(across) in t[0][0] and len(t[1]) > 7)
    found = Counter[tuple[int, ...]]()
    for row in rows:
        if row[0] != "Total":
            for head, cell in zip(heads[3:-1], row[3:-1], strict=True):
                found[int(row[1]), int(head)] = int(cell)
    assert +found == _counted(exported, *across)


@pytest.mark.pspp
def test_sets_stand_in_pspp(exported: Exported) -> None:
    (table,) = _pspp(exported, "MRSETS /DISPLAY NAME=ALL.")
    found = {row[0]: (row[1], row[2], row[3], tuple(row[4].split())) for row in table[2:]}
    assert found == {
        f"${each.name}": (each.label, "Dichotomies", "1", each.columns)
        for each in exported.table.sets
    }
    assert len(found) == 6


@pytest.mark.pspp
def test_the_syntax_for_pspp_gives_the_same_table(exported: Exported) -> None:
    subprocess.run(["pspp", "read-csv.sps"], cwd=exported.folder, env=UTF8, check=True)
    read = exported.file("sav").with_name(f"{exported.file('sav').stem}-from-csv.sav")
    ours, about = pyreadstat.read_sav(exported.file("sav"), output_format="dict", user_missing=True)
    theirs, as_well = pyreadstat.read_sav(read, output_format="dict", user_missing=True)
    assert {n: list(v) for n, v in theirs.items()} == {n: list(v) for n, v in ours.items()}
    assert as_well.column_names_to_labels == about.column_names_to_labels
    assert as_well.variable_value_labels == about.variable_value_labels
    assert as_well.missing_ranges == about.missing_ranges
    assert as_well.mr_sets == about.mr_sets
    assert as_well.variable_measure == about.variable_measure


R_SAME = """
options(warn = 1)
source("read-csv.R")
s <- read_sav("{stem}.sav", user_na = TRUE)
told <- function(x, what) {{ x <- attr(x, what, exact = TRUE); if (is.numeric(x)) sort(x) else x }}
same <- function(a, b) identical(as.vector(unclass(a)), as.vector(unclass(b))) &&
  identical(told(a, "label"), told(b, "label")) &&
  isTRUE(all.equal(told(a, "labels"), told(b, "labels"))) &&
  isTRUE(all.equal(told(a, "na_range"), told(b, "na_range")))
stopifnot(identical(names(s), names(d)), nrow(s) == nrow(d))
cat(sum(mapply(same, s, d)), sum(is.na(s$training_ce)), label_of(s$training_ce), sep = "|")
"""


def _r(exported: Exported, code: str) -> str:
    label = 'label_of <- function(x) attr(x, "label", exact = TRUE)\n'
    done = subprocess.run(
        ["Rscript", "-e", label + code],
        cwd=exported.folder,
        env=UTF8,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.haven
def test_haven_and_the_script_for_r_see_the_same(exported: Exported) -> None:
    found = _r(exported, R_SAME.format(stem=exported.file("sav").stem)).split("|")
    missing = _missing(exported, "training_ce")
    label = exported.study.variables["training_ce"].label["nl"]
    assert found == [str(len(exported.table.columns)), str(sum(missing.values())), label]


def _missing(exported: Exported, name: str) -> Counter[str]:
    cells = next(
        cells
        for column, cells in zip(exported.table.columns, exported.table.cells, strict=True)
        if column.name == name
    )
    return Counter(cell.value for cell in cells if isinstance(cell, Missing))


@pytest.mark.haven
def test_haven_sees_the_kinds_of_missing_in_stata(exported: Exported) -> None:
    code = f"""
library(haven)
t <- read_dta("{exported.file("dta").name}")
x <- t$training_ce
cat(nrow(t), label_of(x), sum(!is.na(x)), sep = "|")
for (tag in sort(unique(na_tag(x)))) cat("", tag, sum(na_tag(x) == tag, na.rm = TRUE), sep = "|")
"""
    rows, label, answered, *tags = _r(exported, code).split("|")
    missing = _missing(exported, "training_ce")
    assert int(rows) == exported.table.rows
    assert label == exported.study.variables["training_ce"].label["nl"]
    assert int(answered) == exported.table.rows - sum(missing.values())
    letters = {"not_asked": "a", "skipped": "b", "refused": "d", "broken_off": "e", "uncoded": "f"}
    assert dict(zip(tags[::2], map(int, tags[1::2]), strict=True)) == {
        letters[kind]: number for kind, number in missing.items()
    }


PANDAS_SAME = """
import json, sys
sys.path.insert(0, ".")
import pandas as pd
import read_csv_pandas as script
d = script.read()
t = pd.read_stata(sys.argv[1], convert_categoricals=False)
labels = pd.read_stata(sys.argv[1], iterator=True).variable_labels()
print(json.dumps({
    "csv": {name: d[name].tolist() for name in d},
    "labels": script.LABELS, "stata": labels,
    "answered": {name: int(n) for name, n in script.without_missing(d).count().items()},
    "answered_stata": {name: int(t[name].count()) for name in t},
    "texts": {name: t[name].tolist() for name in script.TEXTS},
}))
"""


@pytest.mark.pandas
def test_pandas_reads_the_same(exported: Exported) -> None:
    done = subprocess.run(
        ["/usr/bin/python3", "-c", PANDAS_SAME, exported.file("dta").name],
        cwd=exported.folder,
        env=UTF8,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    for column, cells in zip(exported.table.columns, exported.table.cells, strict=True):
        expected = [v if isinstance(v, str) else column.number(v) for v in cells]
        assert found["csv"][column.name] == expected, column.name
        assert found["labels"][column.name] == found["stata"][column.name] == column.label
        answered = sum(not isinstance(value, Missing) for value in cells)
        assert found["answered"][column.name] == answered
        assert found["answered_stata"][column.name] == answered
        if column.is_text:
            assert found["texts"][column.name] == expected
