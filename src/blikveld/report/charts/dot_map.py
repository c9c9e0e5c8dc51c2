"""A map with a dot for each municipality: where a study was held, without borders or roads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blikveld.report.charts import data, figures, vega
from blikveld.report.charts.data import Plot, plot
from blikveld.report.claims.facts import Facts, FalseClaim
from blikveld.report.model import FigureBlock, Inlines, ManifestEntry
from blikveld.results.cell import CellRequest
from blikveld.results.formatting import number
from blikveld.study.model import Study

VARIABLE = "municipality"
_LETTER = 7.4
"""How wide a letter of a name is drawn, in pixels."""
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
    """A dot for each municipality, at the place that report.yaml gives it under `map`."""
    return DotMap(plot(study, VARIABLE, key=key))


def dot_figure(
    wanted: DotMap, facts: Facts, title: Inlines, label: str, anchor: str
) -> FigureBlock:
    """The map, ready to be drawn. Raises FalseClaim for a municipality that has no place on it."""
    spots = tuple(_spots(facts))
    wide, narrow = (_specification(spots, width) for width in (data.WIDE, data.NARROW))
    amount = number(len(spots), facts.language)
    told = facts.say("map", amount=amount)
    return FigureBlock(
        anchor=anchor,
        label=label,
        title=title,
        subtitle=facts.say("map_base", amount=amount),
        specification=json.dumps(wide, ensure_ascii=False, indent=1),
        description=f"{told} {'; '.join(spot.name for spot in spots)}.",
        data=figures.list_plainly(wanted.plot, facts, f"{anchor}-data"),
        draw_wide=vega.later(wide),
        draw_narrow=vega.later(narrow),
    )


def entries(wanted: DotMap, facts: Facts, location: str) -> Iterator[ManifestEntry]:
    """What the manifest says of every number beside the map."""
    yield from figures.entries(wanted.plot, facts, location)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A municipality and its place: x to the east and y to the north, on any one scale."""

    name: str
    x: float
    y: float


def _spots(facts: Facts) -> Iterator[_Spot]:
    for city in facts.study.municipalities:
        if city.key not in facts.settings.positions:
            raise FalseClaim(
                f"{city.name} has no place on the map.",
                f"Give report.yaml, under `map`, a line such as `{city.key}: [x, y]`.",
            )
        yield _Spot(city.name, *facts.settings.positions[city.key])


def _specification(spots: tuple[_Spot, ...], width: int) -> dict[str, Any]:
    """The Vega-Lite specification. One scale holds both ways, or the map would be stretched."""
    pixels, left, right = _fitting(spots, width)
    low, up = min(spot.y for spot in spots), max(spot.y for spot in spots)
    height = round((up - low) * pixels + 2 * _EDGE)
    values = [{"x": s.x, "y": s.y, "name": s.name, "left": _left(s, spots, pixels)} for s in spots]
    spare = (width - (right - left)) / 2
    begin = min(spot.x for spot in spots) + (left - spare) / pixels
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 1,
        "config": vega.config("start"),
        "data": {"values": values},
        "encoding": {
            "x": _along("x", begin, begin + width / pixels),
            "y": _along("y", low - _EDGE / pixels, low + (height - _EDGE) / pixels),
        },
        "layer": [
            {"mark": {"type": "circle", "size": 90, "opacity": 1, "color": vega.COLOURS[0]}},
            _names(left=False),
            _names(left=True),
        ],
    }


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
    """Whether a name stands left of its dot: another dot stands to the right, or nothing does."""
    others = [s for s in spots if abs(s.y - spot.y) * pixels < _LINE and s is not spot]
    after = any(0 <= (s.x - spot.x) * pixels < _reach(spot) for s in others)
    before = any(0 <= (spot.x - s.x) * pixels < 2 * _reach(spot) for s in others)
    return after or (not before and spot.x == max(s.x for s in spots))


def _reach(spot: _Spot) -> float:
    """How far a name reaches from its dot, in pixels."""
    return len(spot.name) * _LETTER + 12
