"""The numbers of a chart as a table, where a drawing would take more room than it tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from blikveld.report import printed
from blikveld.report.charts.data import Bar, Plot, bars, plot
from blikveld.report.charts.figures import based_on
from blikveld.report.claims.facts import Facts
from blikveld.report.model import Inlines, ReportRow, RowGroup, TableBlock
from blikveld.results.cell import CellRequest
from blikveld.study.model import Study, VariableKind


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

    Takes what `plots.plot` takes. Raises as it does.
    """
    return FigureTable(plot(study, variable, **given), signs, numbered)


def listing(
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
        notes=tuple(_notes(wanted, facts, found)),
        beside=not several,
    )


def plain(wanted: Plot, facts: Facts, anchor: str) -> TableBlock:
    """The bare table of one question, to stand beside a drawing. Raises as `listing` does."""
    return replace(listing(FigureTable(wanted, signs=True), facts, (), "", anchor), subtitle="")


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


def _notes(wanted: FigureTable, facts: Facts, found: Sequence[Bar]) -> Iterator[str]:
    if wanted.signs:
        multiple = facts.study.variables[wanted.plot.variable].kind is VariableKind.MULTIPLE
        yield from printed.signs(facts, (bar.cell for bar in found), multiple=multiple)
