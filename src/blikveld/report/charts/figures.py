"""A chart in its place: drawn in two widths, told in words, and with its numbers as a table.

Where a drawing would take more room than it tells, the table of its numbers stands alone. A map has
a dot for each site: where a study was held, without borders or roads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from typing import Any

from blikveld.report import printed
from blikveld.report.charts import data, forms
from blikveld.report.charts.data import Bar, Form, Plot, bars, description, plot
from blikveld.report.charts.drawing import Drawing, height_of, wide
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.model import (
    FigureBlock,
    FigureNumber,
    Inlines,
    ManifestEntry,
    ReportRow,
    RowGroup,
    TableBlock,
)
from blikveld.results.cell import CellRequest
from blikveld.results.formatting import number
from blikveld.rules import EVERYBODY
from blikveld.study.model import Study, VariableKind

TALLEST = 760
"""In CSS pixels: a page of 243 mm less 42 mm for caption and notes."""


def draw_figure(wanted: Plot, facts: Facts, title: Inlines, label: str, anchor: str) -> FigureBlock:
    """Return a chart that is ready to be drawn. Raises FalseClaim where a cell was not released."""
    found = bars(wanted, facts)
    _whole(wanted, found)
    # No file of a kind shows both widths of every chart, so each is drawn when it is looked at.
    draw_wide, draw_narrow = (
        cache(partial(forms.draw, found, wanted.form, w)) for w in (data.WIDE, data.NARROW)
    )
    _fits(height_of(draw_wide()))
    return FigureBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=tell_base(wanted, facts),
        numbers=tuple(_numbers(found)),
        description=description(wanted, facts, found),
        data=_data(wanted, facts, found, anchor),
        draw_wide=draw_wide,
        draw_narrow=draw_narrow,
        notes=tuple(_notes(wanted, facts, found)),
        half=wanted.half,
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


def list_bar_entries(wanted: Plot, facts: Facts, location: str) -> Iterator[ManifestEntry]:
    """Yield what the manifest says of every bar."""
    for bar in bars(wanted, facts):
        at = ", ".join(part for part in (bar.series, bar.label) if part)
        yield printed.entry(bar.cell, f"{location}: {at}", bar.printed)


def tell_base(wanted: Plot, facts: Facts) -> str:
    """Return who is counted in a chart, and how many they are."""
    whole = facts.cell(CellRequest(wanted.of, EVERYBODY))
    who = printed.based(facts, wanted.of, whole.base)
    if not wanted.rule:
        return who
    part = facts.who(wanted.rule)
    return f"{part[:1].upper()}{part[1:]}. {facts.say('rows_base')}: {who[:1].lower()}{who[1:]}"


def _notes(wanted: Plot, facts: Facts, found: Sequence[Bar]) -> Iterator[str]:
    multiple = facts.study.variables[wanted.variable].kind is VariableKind.MULTIPLE
    yield from printed.signs(facts, (bar.cell for bar in found), multiple=multiple)


def _numbers(found: Sequence[Bar]) -> Iterator[FigureNumber]:
    for bar in found:
        cell, band = bar.cell, bar.cell.count_band
        low, high = (band.low, band.high) if band else (cell.count, cell.count)
        told = (cell.count, low, high, cell.base)
        yield FigureNumber(bar.series, bar.label, *told, not cell.fixed, bar.printed)


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
    """Return a line for each answer, or for each group of `by` or statement of a grid a line of
    answers.

    Takes what `data.plot` takes. Raises as it does.
    """
    return FigureTable(plot(study, variable, **given), signs, numbered)


def list_numbers(
    wanted: FigureTable, facts: Facts, title: Inlines, label: str, anchor: str
) -> TableBlock:
    """Return the table. Raises FalseClaim where a cell was not released."""
    found = bars(wanted.plot, facts)
    several = found[0].series != ""
    labels = tuple(dict.fromkeys(bar.label for bar in found))
    return TableBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=tell_base(wanted.plot, facts),
        corner=(_corner(wanted.plot, facts),),
        heads=labels if several else (facts.say("count"),),
        groups=(RowGroup("", tuple(_lines(found, facts.language, several=several))),),
        notes=tuple(_table_notes(wanted, facts, found)),
        beside=not several,
    )


def list_plainly(wanted: Plot, facts: Facts, anchor: str) -> TableBlock:
    """Return the bare table of one question, to stand beside a drawing.

    Raises as `list_numbers` does.
    """
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


_HEIGHT = 1.15
"""How much taller than wide the drawing is at most."""
_WIDEST, _SMALLEST, _EDGE, _LINE = 400, 0.01, 12, 16
"""In pixels: what height is taken from, the smallest scale, room around a dot, room for a name."""


@dataclass(frozen=True, slots=True)
class DotMap:
    """A map that a text asks for. Its numbers, how many took part where, stand in its table."""

    plot: Plot

    @property
    def asks(self) -> tuple[CellRequest, ...]:
        """Everything that has to be counted."""
        return self.plot.asks


def dot_map(study: Study, key: str = "map") -> DotMap:
    """Return a dot for each site, at the place that report.yaml gives it under `map`."""
    return DotMap(plot(study, study.sites.name, key=key))


def draw_dots(wanted: DotMap, facts: Facts, title: Inlines, label: str, anchor: str) -> FigureBlock:
    """Return the map, ready to be drawn.

    Raises FalseClaim for a site that has no place on it.
    """
    spots = tuple(_spots(facts))
    draw_wide, draw_narrow = (
        cache(partial(_draw_spots, spots, width)) for width in (data.WIDE, data.NARROW)
    )
    amount = number(len(spots), facts.language)
    told = facts.say("map", amount=amount)
    return FigureBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=facts.say("map_base", amount=amount),
        numbers=tuple(_numbers(bars(wanted.plot, facts))),
        description=f"{told} {'; '.join(spot.name for spot in spots)}.",
        data=list_plainly(wanted.plot, facts, f"{anchor}-data"),
        draw_wide=draw_wide,
        draw_narrow=draw_narrow,
    )


def list_dot_entries(wanted: DotMap, facts: Facts, location: str) -> Iterator[ManifestEntry]:
    """Yield what the manifest says of every number beside the map."""
    yield from list_bar_entries(wanted.plot, facts, location)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A site and its place: x to the east and y to the north, on any one scale."""

    name: str
    x: float
    y: float


def _spots(facts: Facts) -> Iterator[_Spot]:
    for site in facts.study.sites:
        if site.key not in facts.settings.positions:
            raise FalseClaim(
                f"{site.name} has no place on the map.",
                f"Give report.yaml, under `map`, a line such as `{site.key}: [x, y]`.",
            )
        yield _Spot(site.name, *facts.settings.positions[site.key])


def _draw_spots(spots: tuple[_Spot, ...], width: int) -> str:
    """A dot and a name for each. One scale holds both ways, or the map would be stretched."""
    pixels, left, right = _fitting(spots, width)
    west, north = min(spot.x for spot in spots), max(spot.y for spot in spots)
    begin = (width - (right - left)) / 2 - left
    drawing = Drawing(width)
    for spot in spots:
        x, y = begin + (spot.x - west) * pixels, _EDGE + (north - spot.y) * pixels
        drawing.dot((x, y), 5.4, forms.SECOND, "second")
        aside = _left(spot, spots, pixels)
        away, anchor = (-9, "end") if aside else (9, "start")
        drawing.text((x + away, y), spot.name, anchor=anchor)
    return drawing.svg()


def _fitting(spots: tuple[_Spot, ...], width: int) -> tuple[float, float, float]:
    """The largest scale at which all names fit, and how far names reach left and right then.

    Both are in pixels from the most western dot.
    """
    west, up = min(s.x for s in spots), max(s.y for s in spots) - min(s.y for s in spots)
    pixels = min(width, _WIDEST) * _HEIGHT / (up or 1)
    while True:
        at = [((s.x - west) * pixels, _reach(s), _left(s, spots, pixels)) for s in spots]
        left = min(x - (reach if aside else _EDGE) for x, reach, aside in at)
        right = max(x + (_EDGE if aside else reach) for x, reach, aside in at)
        if right - left <= width or pixels < _SMALLEST:
            return pixels, left, right
        pixels *= 0.98


def _left(spot: _Spot, spots: tuple[_Spot, ...], pixels: float) -> bool:
    """Whether a name stands left of its dot: another dot stands to the right, or nothing does."""
    others = [s for s in spots if abs(s.y - spot.y) * pixels < _LINE and s is not spot]
    after = any(0 <= (s.x - spot.x) * pixels < _reach(spot) for s in others)
    before = any(0 <= (spot.x - s.x) * pixels < 2 * _reach(spot) for s in others)
    return after or (not before and spot.x == max(s.x for s in spots))


def _reach(spot: _Spot) -> float:
    """How far a name reaches from its dot, in pixels."""
    return wide(spot.name) + 12
