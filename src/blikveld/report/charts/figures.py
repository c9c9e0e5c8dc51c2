"""A chart in its place: drawn in two widths, told in words, and with its numbers as a table.

Where a drawing would take more room than it tells, the table of its numbers stands alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from blikveld.report import printed
from blikveld.report.charts import data, vega
from blikveld.report.charts.data import Bar, Form, Plot, bars, description, plot
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.model import (
    FigureBlock,
    Inlines,
    ManifestEntry,
    ReportRow,
    RowGroup,
    TableBlock,
)
from blikveld.results.cell import CellRequest
from blikveld.rules import EVERYBODY
from blikveld.study.model import Study, VariableKind

TALLEST = 760
"""In CSS pixels: a page of 243 mm less 42 mm for caption and notes."""


def draw_figure(wanted: Plot, facts: Facts, title: Inlines, label: str, anchor: str) -> FigureBlock:
    """A chart that is ready to be drawn. Raises FalseClaim where a cell was not released."""
    found = bars(wanted, facts)
    _whole(wanted, found)
    wide, narrow = (vega.specification(found, wanted.form, w) for w in (data.WIDE, data.NARROW))
    subtitle, draw_wide = based_on(wanted, facts), vega.later(wide)
    _fits(vega.height(draw_wide()))
    return FigureBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=subtitle,
        specification=json.dumps(wide, ensure_ascii=False, indent=1),
        description=description(wanted, facts, found),
        data=_data(wanted, facts, found, anchor),
        draw_wide=draw_wide,
        draw_narrow=vega.later(narrow),
        notes=tuple(_notes(wanted, facts, found)),
    )


def _whole(wanted: Plot, found: Sequence[Bar]) -> None:
    """Parts that stand end to end would shift when one of them may not be printed."""
    if wanted.form in (Form.STACKED, Form.DIVERGING) and any(bar.cell.suppressed for bar in found):
        raise FalseClaim(
            f"A part of the chart of {wanted.variable!r} may not be printed.",
            "Draw bars beside each other, or take larger groups together.",
        )


def _fits(height: float) -> None:
    """A page cannot be turned inside a chart: what does not fit would be cut off."""
    if height > TALLEST:
        raise FalseClaim(
            f"This figure is {height:.0f} pixels tall and a page holds {TALLEST}; bars get lost.",
            "Leave answers out with without=, choose groups with groups=, or print the same as a "
            "table with figure_table().",
        )


def entries(wanted: Plot, facts: Facts, location: str) -> Iterator[ManifestEntry]:
    """What the manifest says of every bar."""
    for bar in bars(wanted, facts):
        at = ", ".join(part for part in (bar.series, bar.label) if part)
        yield printed.entry(bar.cell, f"{location}: {at}", bar.printed)


def based_on(wanted: Plot, facts: Facts) -> str:
    """Who is counted in a chart, and how many they are."""
    whole = facts.cell(CellRequest(wanted.of, EVERYBODY))
    who = printed.based(facts, wanted.of, whole.base)
    if not wanted.rule:
        return who
    part = facts.who(wanted.rule)
    return f"{part[:1].upper()}{part[1:]}. {facts.say('rows_base')}: {who[:1].lower()}{who[1:]}"


def _notes(wanted: Plot, facts: Facts, found: Sequence[Bar]) -> Iterator[str]:
    multiple = facts.study.variables[wanted.variable].kind is VariableKind.MULTIPLE
    yield from printed.signs(facts, (bar.cell for bar in found), multiple=multiple)


def _data(wanted: Plot, facts: Facts, found: Sequence[Bar], anchor: str) -> TableBlock:
    """The numbers of a chart: a line for each answer, a column for each group."""
    series = tuple(dict.fromkeys(bar.series for bar in found))
    labels = tuple(dict.fromkeys(bar.label for bar in found))
    cells = {(bar.label, bar.series): printed.cell_text(bar.cell, facts.language) for bar in found}
    lines = tuple(ReportRow(label, tuple(cells[label, s] for s in series)) for label in labels)
    heads = series if series != ("",) else (facts.say("count"),)
    return TableBlock(
        anchor=f"{anchor}-data",
        label="",
        title=(),
        subtitle="",
        corner=(facts.labels.label(wanted.variable),),
        heads=heads,
        groups=(RowGroup("", lines),),
    )


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table that a text asks for as it would ask for a chart.

    Without `signs` the table does not explain what *, x and – mean: the text does. With
    `numbered` it is one of the report's tables, with a number and a line in their list.
    """

    plot: Plot
    signs: bool
    numbered: bool = False

    @property
    def asks(self) -> tuple[CellRequest, ...]:
        """Everything that has to be counted."""
        return self.plot.asks


def figure_table(
    study: Study, variable: str, *, signs: bool = True, numbered: bool = False, **given: Any
) -> FigureTable:
    """A line for each answer, or for each group of `by` or statement of a grid a line of answers.

    Takes what `data.plot` takes. Raises as it does.
    """
    return FigureTable(plot(study, variable, **given), signs, numbered)


def list_numbers(
    wanted: FigureTable, facts: Facts, title: Inlines, label: str, anchor: str
) -> TableBlock:
    """The table. Raises FalseClaim where a cell was not released."""
    found = bars(wanted.plot, facts)
    several = found[0].series != ""
    labels = tuple(dict.fromkeys(bar.label for bar in found))
    return TableBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=based_on(wanted.plot, facts),
        corner=(_corner(wanted.plot, facts),),
        heads=labels if several else (facts.say("count"),),
        groups=(RowGroup("", tuple(_lines(found, facts.language, several=several))),),
        notes=tuple(_table_notes(wanted, facts, found)),
        beside=not several,
    )


def list_plainly(wanted: Plot, facts: Facts, anchor: str) -> TableBlock:
    """The bare table of one question, to stand beside a drawing. Raises as `list_numbers` does."""
    return replace(
        list_numbers(FigureTable(wanted, signs=True), facts, (), "", anchor), subtitle=""
    )


def _corner(wanted: Plot, facts: Facts) -> str:
    if wanted.rows:
        return facts.say("statement")
    return facts.labels.label(wanted.by or wanted.variable)


def _lines(found: Sequence[Bar], language: str, *, several: bool) -> Iterator[ReportRow]:
    if not several:
        for bar in found:
            yield ReportRow(bar.label, (printed.cell_text(bar.cell, language),))
        return
    for series, line in groupby(found, lambda bar: bar.series):
        yield ReportRow(series, tuple(printed.cell_text(bar.cell, language) for bar in line))


def _table_notes(wanted: FigureTable, facts: Facts, found: Sequence[Bar]) -> Iterator[str]:
    if wanted.signs:
        multiple = facts.study.variables[wanted.plot.variable].kind is VariableKind.MULTIPLE
        yield from printed.signs(facts, (bar.cell for bar in found), multiple=multiple)
