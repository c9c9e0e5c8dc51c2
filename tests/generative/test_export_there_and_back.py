"""Random studies and answers come back from .sav and .dta as they went. Everything is invented."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyreadstat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blikveld.kinds import Multiple, OpenText, Single
from blikveld.responses.export.dta import write_dta
from blikveld.responses.export.labels import missing_letter
from blikveld.responses.export.limits import SPSS, STATA
from blikveld.responses.export.sav import write_sav
from blikveld.responses.export.table import ExportCell, ExportColumn, ExportTable, build_table
from blikveld.responses.schema import ColumnClash, ResponseRecord, raw_names
from blikveld.responses.snapshot import AS_WRITTEN, write
from blikveld.rules import Missing, Value
from blikveld.study.model import (
    Mode,
    Option,
    Period,
    Question,
    Score,
    Section,
    Study,
    Variable,
    VariableKind,
)
from blikveld.study.sites import Site, Sites

SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
# A study has no label of spaces alone.
LABELS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400).filter(
    str.strip
)
DAY = Period(date(2026, 1, 1), date(2026, 12, 31))
KEYS = st.from_regex(re.compile("[a-z][a-z0-9]{0,39}(_[a-z0-9]{1,30})?", re.ASCII), fullmatch=True)
CODES = st.from_regex(re.compile("[A-Za-z0-9][A-Za-z0-9_.+-]{0,20}", re.ASCII), fullmatch=True)
# Around the widths at which a text gets another segment, or another place in the file.
LENGTHS = st.sampled_from((0, 1, 7, 8, 9, 251, 252, 253, 255, 256, 504, 505, 765, 2045, 2046, 4000))


@st.composite
def _texts(draw: st.DrawFn) -> str:
    length = draw(LENGTHS)
    unit = draw(st.text(SIGNS, min_size=1, max_size=9))
    return (unit * (length // len(unit) + 1))[:length]


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Question, ...]:
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    return tuple(draw(_question(key)) for key in keys)


@st.composite
def _question(draw: st.DrawFn, key: str) -> Question:
    kind, label = draw(st.sampled_from((Single(), Multiple(), OpenText()))), draw(LABELS)
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    words = [draw(LABELS) for _ in codes]
    options = tuple(Option(c, {"en": w}, {"en": w}) for c, w in zip(codes, words, strict=True))
    shown = () if kind.variable_kind is VariableKind.TEXT else options
    return Question(key, "1", kind, {"en": label}, {"en": label}, options=shown)


@dataclass(frozen=True)
class Asked:
    """A study and the answers that were drawn for it."""

    study: Study
    people: Sequence[dict[str, Value]]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    study = _study(draw(_questions()), draw(st.lists(st.floats(-1e9, 1e9), min_size=4)))
    values = {name: _values(study.variables[name]) for name in raw_names(study)}
    return Asked(study, draw(st.lists(st.fixed_dictionaries(values), max_size=6)))


def _study(questions: tuple[Question, ...], numbers: Sequence[float]) -> Study:
    single = next((q for q in questions if q.variable_kind is VariableKind.SINGLE), None)
    codes = [] if single is None else [option.code for option in single.options]
    points = dict(zip(codes, numbers, strict=False))
    scores = () if single is None else (Score("points_9", {"en": "x"}, single.key, points),)
    return Study(
        key="generated",
        version="1",
        languages=("en",),
        title={"en": "Generated"},
        period=DAY,
        fieldwork=DAY,
        modes=(Mode.WEB,),
        sites=Sites(
            "municipality",
            "municipalities",
            {"en": "Town"},
            {"en": "Towns"},
            (Site("here", "Here"),),
        ),
        classifications=(),
        sections=(Section("all", {"en": "All"}, questions),),
        coded=(),
        derived=(),
        scores=scores,
        inclusion=(),
        tables=(),
    )


def _values(variable: Variable) -> st.SearchStrategy[Value]:
    codes = tuple(code.code for code in variable.codes)
    match variable.kind:
        case VariableKind.SINGLE:
            some: st.SearchStrategy[Value] = st.sampled_from(codes)
        case VariableKind.MULTIPLE:
            some = st.sets(st.sampled_from(codes)).map(
                lambda chosen: tuple(code for code in codes if code in chosen)
            )
        case VariableKind.TEXT:
            some = _texts()
        case _:
            some = st.booleans()
    return st.one_of(some, some, st.sampled_from(Missing))


def _table(this: Asked, folder: Path) -> ExportTable | None:
    people = (ResponseRecord(str(number), person) for number, person in enumerate(this.people))
    try:
        snapshot = write(this.study, people, folder / "snapshot", texts=AS_WRITTEN)
    except ColumnClash:
        # The study's own check refuses such names.
        return None
    return build_table(snapshot, [True] * snapshot.rows, "en")


def _as_spss(column: ExportColumn, cell: ExportCell) -> float | str:
    # A text in SPSS ends before its last spaces: it is as wide as its variable.
    return cell.rstrip(" ") if isinstance(cell, str) else column.number(cell)


def _as_stata(cell: ExportCell) -> float | str:
    return missing_letter(cell) if isinstance(cell, Missing) else cell


@given(asked())
@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
def test_every_value_comes_back(this: Asked) -> None:
    with tempfile.TemporaryDirectory() as room:
        table = _table(this, Path(room))
        if table is None:
            return
        write_sav(table, Path(room) / "x.sav")
        write_dta(table, Path(room) / "x.dta")
        _check_sav(table, Path(room) / "x.sav")
        _check_dta(table, Path(room) / "x.dta")


def _check_sav(table: ExportTable, path: Path) -> None:
    found, about = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
    names = SPSS.fit_names(column.name for column in table.columns)
    for column, cells in zip(table.columns, table.cells, strict=True):
        name = names[column.name]
        assert _listed(found[name]) == [_as_spss(column, cell) for cell in cells], name
        # A label, like a text, ends before its last spaces: the reader drops them.
        assert about.column_names_to_labels[name] == SPSS.cut_label(column.label).rstrip(" ")
        assert about.variable_value_labels.get(name, {}) == {
            float(value.number): SPSS.cut_value_label(value.label).rstrip(" ")
            for value in (*column.values, *column.missing)
        }
        low, high = column.missing_range if column.missing else (0, 0)
        expected = [{"lo": low, "hi": high}] if column.missing else None
        assert about.missing_ranges.get(name) == expected
    assert len(about.mr_sets or {}) == len(table.sets)


def _check_dta(table: ExportTable, path: Path) -> None:
    found, about = pyreadstat.read_dta(path, output_format="dict", user_missing=True)
    names = STATA.fit_names(column.name for column in table.columns)
    for column, cells in zip(table.columns, table.cells, strict=True):
        name = names[column.name]
        assert _listed(found[name]) == [_as_stata(cell) for cell in cells], name
        assert about.column_names_to_labels[name] == STATA.cut_label(column.label).rstrip(" ")


def _listed(values: Any) -> list[float | str]:
    return list(values)
