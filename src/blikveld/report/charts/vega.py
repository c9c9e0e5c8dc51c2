"""Charts as Vega-Lite specifications, drawn to SVG without a browser.

Title and subtitle stand outside the drawing, as text. Values are printed beside the bars, so there
is no axis to read them from; labels are wrapped and never cut. Two widths are drawn of each chart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

import vl_convert

from blikveld.report.charts import stacked
from blikveld.report.charts.data import INK, LETTER, LINES, Bar, Form, axis, datum, wrapped
from blikveld.report.writers import shared

FONT = "Source Sans Pro"
# Distinct under the three kinds of colour blindness, each 3:1 or more against white.
COLOURS = ("#1b4f72", "#c8553d", "#5b8c85", "#7a5195", "#8a6d1d", "#5f6b7a", "#2d9cdb")
_STEP = 27
_MANY = 24
# A share of which a range is known is empty in the data: a full bar up to its low end, and a
# hatched one from there to its high end, behind which the range is printed.
_BEGIN = [
    {"calculate": "datum.share === null ? datum.low || 0 : datum.share", "as": "length"},
    {"calculate": "isValid(datum.high) ? datum.high : datum.length", "as": "reach"},
]


def specification(bars: Sequence[Bar], form: Form, width: int) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart.

    `width` is that of the whole drawing in pixels.
    """
    makers = {
        Form.BARS: _single,
        Form.GROUPED: _grouped,
        Form.STACKED: stacked.stacked,
        Form.DIVERGING: stacked.diverging,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 1,
        "config": config(_anchor(bars, form, width)),
        "data": {"values": [datum(bar, width) for bar in bars]},
        "transform": _BEGIN,
        **makers[form](bars, width),
    }


def svg(drawing: Mapping[str, Any]) -> str:
    """Draw a specification. The same specification gives the same text, byte for byte."""
    _fonts()
    drawn = vl_convert.vegalite_to_svg(json.dumps(drawing), vl_version="5.20")
    # A chart is one picture with one description; its parts have roles without names.
    return _numbered(re.sub(r' (?:role|aria-roledescription)="[^"]*"', "", drawn))


def png(drawn: str, scale: float) -> bytes:
    """Turn a drawing into dots, `scale` of them for a CSS pixel."""
    _fonts()
    return vl_convert.svg_to_png(drawn, scale=scale)


def height(drawn: str) -> float:
    """Return how tall a drawing is, in CSS pixels."""
    found = re.search(r'<svg[^>]*? height="([0-9.]+)"', drawn)
    if found is None:
        raise ValueError("this is no drawing of Vega")
    return float(found[1])


def later(drawing: Mapping[str, Any]) -> Callable[[], str]:
    """`svg` for who may look: drawn once, and never where no file shows it, as paper no phone's."""
    return cache(partial(svg, drawing))


@lru_cache(maxsize=1)
def _fonts() -> None:
    vl_convert.register_font_directory(str(shared.find_fonts()))


def _numbered(drawing: str) -> str:
    """Clip paths are numbered by how many charts came before; here they begin at 0 again."""
    names = dict.fromkeys(re.findall(r'id="(clip\d+|gradient_\d+)"', drawing))
    for at, name in enumerate(names):
        drawing = re.sub(rf"\b{name}\b", f"part-{at}", drawing)
    return drawing


def _anchor(bars: Sequence[Bar], form: Form, width: int) -> str:
    """Where a legend begins: above the bars, or further left when its words need the room."""
    names = [bar.series if form is Form.GROUPED else bar.label for bar in bars]
    lines = [line for name in names for line in wrapped(name, width).split("\n")]
    return "end" if max(map(len, lines), default=0) * 6.2 + 20 > width * 0.42 else "start"


def config(anchor: str) -> dict[str, Any]:
    """Return how every drawing looks. A legend begins at `anchor`."""
    return {
        "font": FONT,
        "background": None,
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": LETTER,
            "labelColor": INK,
            "labelLimit": 0,
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
            "title": None,
        },
        "legend": {
            "title": None,
            "labelFontSize": LETTER,
            "labelColor": INK,
            "labelLimit": 0,
            "symbolType": "square",
            "symbolSize": 110,
            "orient": "top",
            "direction": "vertical",
            "offset": 6,
            "padding": 0,
            "layout": {"top": {"anchor": anchor}},
        },
        "text": {"fontSize": LETTER, "color": INK},
    }


def _room(bars: Sequence[Bar], width: int) -> float:
    """The end of the scale: room for the longest value behind the longest bar."""
    longest = max((_reach(bar) for bar in bars), default=0) or 1.0
    letters = max((len(bar.printed) for bar in bars), default=0)
    return longest * (1 + (letters + 1) * 7.5 / (width * 0.5))


def _reach(bar: Bar) -> float:
    return bar.ends[1] if bar.ends else bar.share or 0.0


def _single(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    names = [wrapped(bar.label, width) for bar in bars]
    tallest = max((label.count("\n") for label in names), default=0)
    return {
        "height": {"step": _STEP + 15 * tallest},
        "encoding": {
            "y": axis(names),
            "x": _length(bars, width),
        },
        "layer": [_mark(COLOURS[0], 18), *_hatched(bars, {"value": COLOURS[0]}, 18), _value()],
    }


def _grouped(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    series = list(dict.fromkeys(wrapped(bar.series, width) for bar in bars))
    names = [wrapped(bar.label, width) for bar in bars]
    # Many bars stand closer, so that the chart still fits on a page.
    step, between = (19, 0.3) if len(bars) <= _MANY else (16, 0.2)
    offset = {"field": "series", "type": "nominal", "sort": series}
    colour = {
        "field": "series",
        "type": "nominal",
        "sort": series,
        "scale": {"domain": series, "range": list(COLOURS[: len(series)])},
        "legend": dict(LINES),
    }
    return {
        "height": {"step": step, "for": "offset"},
        "encoding": {
            "y": axis(names) | {"scale": {"paddingInner": between}},
            "x": _length(bars, width),
            "yOffset": offset,
        },
        "layer": [
            _mark(None, step - 3) | {"encoding": {"color": colour}},
            *_hatched(bars, colour, step - 3),
            _value(),
        ],
    }


def _length(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    return {
        "field": "length",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, _room(bars, width)], "nice": False},
    }


def _mark(colour: str | None, height: int) -> dict[str, Any]:
    mark: dict[str, Any] = {"type": "bar", "height": height}
    return {"mark": mark if colour is None else mark | {"color": colour}}


def _hatched(bars: Sequence[Bar], colour: Mapping[str, Any], height: int) -> list[dict[str, Any]]:
    """A striped bar between the two ends of each range: a thick line of dashes."""
    if not any(bar.ends for bar in bars):
        return []
    mark: dict[str, Any] = {"type": "rule", "strokeWidth": height, "strokeDash": [2, 3]}
    return [
        {
            "transform": [{"filter": "isValid(datum.high)"}],
            "mark": mark,
            "encoding": {"x2": {"field": "reach"}, "color": colour},
        }
    ]


def _value() -> dict[str, Any]:
    return {
        "mark": {"type": "text", "align": "left", "dx": 5},
        "encoding": {"x": {"field": "reach", "type": "quantitative"}, "text": {"field": "printed"}},
    }
