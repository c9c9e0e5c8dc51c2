"""A map with a dot for each municipality: where a study was held, without borders or roads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blikveld.figures.cell import Ask
from blikveld.figures.manifest import Entry
from blikveld.figures.printing import number
from blikveld.report import charts, drawing, lettering, listing
from blikveld.report.facts import Facts, Untrue
from blikveld.report.model import FigureBlock, Inlines
from blikveld.report.plots import Plot, plot
from blikveld.study.model import Study

VARIABLE = "municipality"
_LETTER = 7.4
"""How wide a letter of a name is drawn, in pixels."""
_HEIGHT = 1.15
"""How much taller than wide the drawing is."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map that a text asks for. Its numbers, how many took part where, stand in its table."""

    plot: Plot

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Everything that has to be counted."""
        return self.plot.asks


def places_map(study: Study, key: str = "map") -> Mapped:
    """A dot for each municipality, at the place that report.yaml gives it under `map`."""
    return Mapped(plot(study, VARIABLE, key=key))


def figure(wanted: Mapped, facts: Facts, title: Inlines, label: str, anchor: str) -> FigureBlock:
    """The map, ready to be drawn. Raises Untrue for a municipality that has no place on it."""
    spots = tuple(_spots(facts))
    wide, narrow = (_specification(spots, width) for width in (lettering.WIDE, lettering.NARROW))
    amount = number(len(spots), facts.language)
    told = facts.say("map", amount=amount)
    return FigureBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=facts.say("map_base", amount=amount),
        specification=json.dumps(wide, ensure_ascii=False, indent=1),
        description=f"{told} {'; '.join(spot.name for spot in spots)}.",
        data=listing.plain(wanted.plot, facts, f"{anchor}-data"),
        draw_wide=charts.later(wide),
        draw_narrow=charts.later(narrow),
    )


def entries(wanted: Mapped, facts: Facts, place: str) -> Iterator[Entry]:
    """What the manifest says of every number beside the map."""
    yield from drawing.entries(wanted.plot, facts, place)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A municipality and its place: x to the east and y to the north, on any one scale."""

    name: str
    x: float
    y: float


def _spots(facts: Facts) -> Iterator[_Spot]:
    for city in facts.study.municipalities:
        if city.key not in facts.settings.places:
            raise Untrue(
                f"{city.name} has no place on the map.",
                f"Give report.yaml, under `map`, a line such as `{city.key}: [x, y]`.",
            )
        yield _Spot(city.name, *facts.settings.places[city.key])


def _specification(spots: tuple[_Spot, ...], width: int) -> dict[str, Any]:
    """The Vega-Lite specification. Names stand to the right of their dot, or left of it."""
    height = round(min(width, 400) * _HEIGHT)
    room = max(len(spot.name) for spot in spots) * _LETTER + 12
    # One scale both ways, or the map would be stretched; names need room at both sides.
    across = max(spot.x for spot in spots) - min(spot.x for spot in spots) or 1
    up = max(spot.y for spot in spots) - min(spot.y for spot in spots) or 1
    pixels = min((width - 2 * room) / across, (height - 40) / up)
    middle = (max(s.x for s in spots) + min(s.x for s in spots)) / 2
    half = width / pixels / 2
    low = min(spot.y for spot in spots) - 20 / pixels
    values = [{"x": s.x, "y": s.y, "name": s.name, "left": _left(s, spots, pixels)} for s in spots]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": round(up * pixels + 40),
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 1,
        "config": charts.config("start"),
        "data": {"values": values},
        "encoding": {
            "x": _along("x", middle - half, middle + half),
            "y": _along("y", low, low + (up * pixels + 40) / pixels),
        },
        "layer": [
            {"mark": {"type": "circle", "size": 90, "opacity": 1, "color": charts.COLOURS[0]}},
            _names(left=False),
            _names(left=True),
        ],
    }


def _along(field: str, low: float, high: float) -> Mapping[str, Any]:
    scale = {"domain": [low, high], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _names(*, left: bool) -> Mapping[str, Any]:
    align, away = ("right", -9) if left else ("left", 9)
    return {
        "transform": [{"filter": f"datum.left === {str(left).lower()}"}],
        "mark": {"type": "text", "align": align, "dx": away},
        "encoding": {"text": {"field": "name"}},
    }


def _left(spot: _Spot, spots: tuple[_Spot, ...], pixels: float) -> bool:
    """Whether a dot stands where the name would come, to the right."""
    reach = len(spot.name) * _LETTER + 12
    return any(
        0 < (other.x - spot.x) * pixels < reach and abs(other.y - spot.y) * pixels < 14
        for other in spots
    )
