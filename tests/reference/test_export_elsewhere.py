"""The export of the reference respondents in programs that are not ours: PSPP, R, pandas.

Everything in it is of nobody: respondents reconstructed from published counts. Texts that the test
adds are invented.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyreadstat
import pytest

from blikveld import inclusion
from blikveld.cli import steps
from blikveld.responses.export.table import ExportTable, build_table
from blikveld.responses.export.write import ExportFormat, write_export
from blikveld.responses.record import raw_names
from blikveld.responses.snapshot import AS_WRITTEN, Snapshot, write
from blikveld.rules import Missing, Person, Rule, Value, evaluate
from blikveld.study.model import Study, VariableKind
from blikveld.tabulation.layout import layout
from blikveld.tabulation.tables import tables

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
    responses = list(steps.responses(flagship, steps.reference(flagship)))
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
    ours = tables(study, exported.snapshot)
    bases = 0
    for plan in study.tables:
        laid_out = layout(study, plan)
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
