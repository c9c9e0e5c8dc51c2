"""The door for notebooks: the cleared tables of a study, by name, that show themselves.

`notebook.study(name).tables()[key]` is all there is to it; see docs/notebook.md.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property, partial
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

from blikveld.disclosure import Policy, SafeCell, SafeRow, SafeTable, release_tables
from blikveld.errors import BlikveldError
from blikveld.publish import sources, table_files
from blikveld.publish.clearing import people_of
from blikveld.publish.table_files import checked_language
from blikveld.results.cell import Column
from blikveld.results.formatting import INVENTED, count_or_range, percent
from blikveld.rules import EVERYBODY, Rule, describe_rule
from blikveld.rules.nodes import Asked
from blikveld.study.labels import Labels
from blikveld.study.load import load
from blikveld.study.model import Question, Study, TablePlan, VariableKind
from blikveld.tabulation.tables import count_tables as computed

_WORDS = {
    "nl": (
        "Basis",
        "Respondenten",
        "0–4: het aantal ligt daartussen; een precies aantal kan over mensen vertellen",
        "* verzonnen",
        "Niet voor publicatie: apart van rapport en tabellen vrijgegeven.",
    ),
    "en": (
        "Base",
        "Respondents",
        "0–4: the number lies within; an exact one could tell about people",
        "* invented",
        "Not for publication: cleared apart from report and tables.",
    ),
}


_NOT_PUBLISHED = "not for publication"


class NoSuchName(BlikveldError, KeyError):
    """A table is asked for by a name that neither a table nor a question has."""

    def __init__(self, study: Study, name: object, known: list[str]) -> None:
        near = get_close_matches(str(name), known, n=3, cutoff=0.5)
        names = ", ".join(repr(each) for each in near)
        super().__init__(
            "no-such-table",
            f"study {study.key!r}",
            f"It has no table and no question {name!r}.",
            f"Did you mean {names}?" if near else "List the tables to see their names.",
        )

    __str__ = BlikveldError.__str__


class NoPandas(BlikveldError):
    """A data frame is asked for where pandas is not installed."""


@dataclass(frozen=True)
class ClearedTable:
    """One table, small counts suppressed. A notebook shows it as a chart and a table.

    `safe` is what was released. A suppressed number is None in `rows` and empty in CSV.
    """

    study: Study = field(repr=False)
    safe: SafeTable = field(repr=False)
    language: str
    name: str

    @property
    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """A plain record a cell, with count, base, percent, rules and id.

        Each says that it is not for publication: it was cleared apart from report and tables.
        """
        cells = table_files.table_records(self.safe, self.language)
        return tuple({**cell, "publication": _NOT_PUBLISHED} for cell in cells)

    @property
    def base(self) -> str:
        """Who is in the base, in words."""
        return describe_rule(self.safe.base_rule, Labels(self.study, self.language), self.language)

    def to_csv(self, path: Path | str | None = None) -> str:
        """Return the records as CSV; written to `path` when there is one."""
        text = StringIO()
        fields = (*table_files.FIELDS, "publication")
        table_files.write_records(text, (dict(row) for row in self.rows), fields)
        if path is not None:
            Path(path).write_text(text.getvalue(), encoding="utf-8")
        return text.getvalue()

    def to_pandas(self) -> Any:
        """Return the records as a data frame. Raises NoPandas where pandas is not installed."""
        try:
            pandas = importlib.import_module("pandas")
        except ImportError:
            raise NoPandas(
                "no-pandas", "to_pandas", "pandas is not installed.", "Install it, or use .rows."
            ) from None
        return pandas.DataFrame.from_records(list(self.rows))

    def _repr_html_(self) -> str:
        return _figure(self)


class ClearedTables(Mapping[str, ClearedTable]):
    """Every planned table, and one of each question by the question's own name.

    All are counted and cleared together when the first is looked at: what one tells, another may
    not give away.
    """

    def __init__(self, study: Study, snapshot: Path | None, language: str) -> None:
        self._study, self._snapshot, self._language = study, snapshot, language
        own = {plan.key for plan in study.tables}
        asked = (plan for plan in _questions(study) if plan.key not in own)
        self._whole = replace(study, tables=(*study.tables, *asked))

    def __getitem__(self, name: str) -> ClearedTable:
        if name not in self:
            raise NoSuchName(self._study, name, list(self))
        return ClearedTable(self._study, self._cleared[name], self._language, name)

    def __contains__(self, name: object) -> bool:
        return any(plan.key == name for plan in self._whole.tables)

    def __iter__(self) -> Iterator[str]:
        return iter(plan.key for plan in self._whole.tables)

    def __len__(self) -> int:
        return len(self._whole.tables)

    @cached_property
    def _cleared(self) -> Mapping[str, SafeTable]:
        with sources.snapshot_or_reference(self._study, self._snapshot) as taken:
            found = computed(self._whole, taken)
            people = partial(people_of, self._study, taken)
        return release_tables(found.values(), {}, Policy.of(self._study), people=people).tables


@dataclass(frozen=True)
class NotebookStudy:
    """A study to look into. `language` is that of labels and titles."""

    study: Study = field(repr=False)
    language: str

    def tables(self, snapshot: Path | str | None = None) -> ClearedTables:
        """Return the tables of a snapshot's folder; without one those of the reference
        respondents.
        """
        return ClearedTables(
            self.study, None if snapshot is None else Path(snapshot), self.language
        )


def study(name: Path | str, language: str = "") -> NotebookStudy:
    """Open a study by the name of a shipped one, or its folder.

    Raises Faults for a study with faults, BlikveldError for a language that it does not have.
    """
    loaded = load(name)
    return NotebookStudy(loaded, checked_language(loaded, language))


def _questions(study: Study) -> Iterator[TablePlan]:
    """A table of each question with answers to choose from, among who were asked it."""
    for key, question in study.questions.items():
        variable = study.variables[key]
        if variable.codes and variable.kind is not VariableKind.TEXT:
            rule, several = _asked(study, question), variable.kind is VariableKind.MULTIPLE
            place = dict.fromkeys(study.languages, key)
            yield TablePlan(key, place, variable.label, rule, (), key, (), mentions=several)


def _asked(study: Study, question: Question) -> Rule:
    """Who is asked a question: by its own rule where a planned table has that as its base."""
    if question.ask_if == EVERYBODY:
        return EVERYBODY
    planned = any(plan.base == question.ask_if for plan in study.tables)
    return question.ask_if if planned else Asked(question.key)


def _figure(shown: ClearedTable) -> str:
    table, language = shown.safe, shown.language
    base, _, kept_back, invented, apart = _WORDS.get(language, _WORDS["en"])
    notes = [f"{base}: {shown.base}"]
    notes += [kept_back] if table.suppressed else []
    notes += [invented] if table.invented else []
    title = escape(table.title[language])
    note = escape(". ".join(notes))
    return (
        f"<figure style='margin:1em 0'><figcaption><strong>{title}</strong><br>"
        f"{apart}</figcaption>"
        f"{_chart(table, language)}"
        f"<div style='overflow-x:auto'><table>{_head(table, language)}{_body(table, language)}"
        f"</table></div><p>{note}.</p></figure>"
    )


def _chart(table: SafeTable, language: str) -> str:
    """Bars of the row of all together; a suppressed share has no bar and says x."""
    whole = next((row for row in table.rows if row.level == 0), table.rows[-1])
    pairs = zip(table.columns, whole.cells, strict=True)
    bars = [_bar(column, cell, language) for column, cell in pairs if not column.total]
    return f"<table role='presentation' style='width:100%;max-width:40em'>{''.join(bars)}</table>"


def _bar(column: Column, cell: SafeCell, language: str) -> str:
    wide = 100 * cell.count / cell.base if cell.count and cell.base else 0.0
    style = f"display:inline-block;height:.8em;background:#2a6f97;width:{wide:.1f}%"
    share = percent(cell.count, cell.base, language)
    if cell.count_band:
        share = count_or_range(cell.count, cell.count_band, language)
    return (
        f"<tr><td style='width:40%;text-align:left'>{escape(column.label[language])}</td>"
        f"<td style='width:50%;text-align:left'><span style='{style}'></span></td>"
        f"<td>{share}</td></tr>"
    )


def _head(table: SafeTable, language: str) -> str:
    cells = (f"<th scope='col'>{escape(c.label[language])}</th>" for c in table.columns)
    return f"<thead><tr><td></td>{''.join(cells)}</tr></thead>"


def _body(table: SafeTable, language: str) -> str:
    return f"<tbody>{''.join(_row(table, row, language) for row in table.rows)}</tbody>"


def _row(table: SafeTable, row: SafeRow, language: str) -> str:
    cells = (
        f"<td style='white-space:nowrap'>{_printed(column, cell, language)}</td>"
        for column, cell in zip(table.columns, row.cells, strict=True)
    )
    return f"<tr><th scope='row'>{escape(row.label[language])}</th>{''.join(cells)}</tr>"


def _printed(column: Column, cell: SafeCell, language: str) -> str:
    """A share with its count; in the column of totals the base itself."""
    mark = "" if cell.fixed or cell.suppressed else INVENTED
    number = count_or_range(cell.count, cell.count_band, language) + mark
    if column.total or cell.suppressed:
        return number
    return f"{percent(cell.count, cell.base, language)} ({number})"
