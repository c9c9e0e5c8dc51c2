"""Charts as Vega-Lite specifications, drawn to SVG without a browser.

Title and subtitle stand outside the drawing, as text. Values are printed beside the bars, so there
is no axis to read them from; labels are wrapped and never cut. Two widths are drawn of each chart.
Bars that are divided, into the parts of a whole or the two sides of a scale, come last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

import vl_convert

from blikveld.report.charts.data import (
    INK,
    LETTER,
    LINES,
    WIDE,
    Bar,
    Form,
    axis,
    datum,
    find_largest,
    wrapped,
)
from blikveld.report.writers import shared

FONT = "Source Sans Pro"
# Distinct under the three kinds of colour blindness, each 3:1 or more against white.
COLOURS = ("#1d5a8c", "#b8431a", "#5b8c85", "#7a5195", "#8a6d1d", "#5f6b7a", "#2d9cdb")
HIGHLIGHT, MUTED = "#b8431a", "#8295a8"
"""The one bar that a chart is about, and the others."""
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
        Form.STACKED: stacked,
        Form.DIVERGING: diverging,
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
    hot = [wrapped(bar.label, width) for bar in find_largest(bars)]
    test = f"indexof({json.dumps(hot)}, datum.label) >= 0"
    colour = {"condition": {"test": test, "value": HIGHLIGHT}, "value": MUTED}
    # Never by colour alone: what is highlighted is also semibold.
    heavy = {"condition": {"test": test, "value": 600}, "value": 400}
    label = axis(names)
    value = _value()
    value["encoding"] |= {
        "color": {"condition": {"test": test, "value": HIGHLIGHT}, "value": INK},
    }
    return {
        "height": {"step": _STEP + 15 * tallest},
        "encoding": {
            "y": label | {"axis": label["axis"] | {"labelFontWeight": heavy}},
            "x": _length(bars, width),
        },
        "layer": [
            _mark(None, 18) | {"encoding": {"color": colour}},
            *_hatched(bars, colour, 18),
            value,
        ],
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


# From much to little of one thing; the last two carry dark letters.
SHADES = ("#12395a", "#2c6592", "#4a7ba6", "#8fb3d1", "#b9cfe2", "#9a9a9a", "#c4c4c4")
# From the one end of a scale to the other, with its middle apart.
SIDES, MIDDLE = ("#a6491f", "#e0a37e", "#8fb3d1", "#1b4f72"), "#d3d3d3"
_DARK = ("#a6491f", "#1b4f72")


def stacked(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    """Return one bar a series, divided into answers, each with its value in it or right outside
    it.
    """
    return _divided(bars, width, [0.0] * len(bars), SHADES, light=(3, 4, 5, 6))


def diverging(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    """As stacked, but the middle of the scale stands in one place in every line.

    Answers beside the scale, such as 'don't know', come behind it in grey.
    """
    scale = [bar.label for bar in bars if not bar.beside and bar.series == bars[0].series]
    below, middle = scale[: len(scale) // 2], scale[len(scale) // 2] if len(scale) % 2 else ""
    shifts = {
        series: sum(
            (bar.share or 0) * (0.5 if bar.label == middle else 1)
            for bar in bars
            if bar.series == series and bar.label in (*below, middle)
        )
        for series in {bar.series for bar in bars}
    }
    tints = (*SIDES[: len(below)], MIDDLE, *SIDES[len(SIDES) - len(below) :])
    tints = tuple(tint for tint in tints if middle or tint != MIDDLE)
    rest = ("#9a9a9a",) * (len({bar.label for bar in bars}) - len(scale))
    light = tuple(at for at, tint in enumerate((*tints, *rest)) if tint not in _DARK)
    return _divided(bars, width, [shifts[bar.series] for bar in bars], (*tints, *rest), light=light)


def _divided(
    bars: Sequence[Bar],
    width: int,
    shifts: Sequence[float],
    tints: Sequence[str],
    *,
    light: Sequence[int],
) -> dict[str, Any]:
    """Lines of parts end to end. `shifts` moves the line of each bar to the left, in shares.

    Parts whose tint is in `light`, by place, carry dark letters.
    """
    answers = list(dict.fromkeys(wrapped(bar.label, width) for bar in bars))
    lines = [wrapped(bar.series, width) for bar in bars]
    values = [
        datum(bar, width)
        | {"line": line, "order": answers.index(wrapped(bar.label, width))}
        | _ends(bars, bar, shift)
        for bar, line, shift in zip(bars, lines, shifts, strict=True)
    ]
    colour = {
        "field": "label",
        "type": "nominal",
        "sort": answers,
        "scale": {"domain": answers, "range": list(tints[: len(answers)])},
        "legend": LINES | {"columns": _columns(answers, width), "direction": "horizontal"},
    }
    start, end = _span(values, shifts)
    values = _placed(values, width * (0.58 if width >= WIDE else 0.45) / (end - start))
    ends = [value["at"] + value["room"] / 2 for value in values if value["side"]]
    domain = [
        min([start, *(value["at"] - value["room"] / 2 for value in values)]),
        max([end, *ends]),
    ]
    whole = {"scale": {"domain": domain, "nice": False}}
    step = 38 if all(value["side"] == 0 for value in values) else 26 + 2 * LETTER + 8
    dark = {"test": f"indexof({list(light)}, datum.order) < 0", "value": "white"}
    return {
        "height": {"step": max(step, 38 + 15 * max((n.count("\n") for n in lines), default=0))},
        "data": {"values": values},
        "encoding": {"y": {**axis(lines), "field": "line"}},
        "layer": [
            {
                "mark": {"type": "bar", "height": 26, "stroke": "white", "strokeWidth": 1},
                "encoding": {
                    "x": {"field": "start", "type": "quantitative", "axis": None, **whole},
                    "x2": {"field": "end"},
                    "color": colour,
                },
            },
            *(_words(side, whole, dark) for side in (0, -1, 1)),
        ],
    }


def _span(values: Sequence[Mapping[str, Any]], shifts: Sequence[float]) -> tuple[float, float]:
    """Where the lines begin and end; lines that do not move are parts of one whole."""
    end: float = max(value["end"] for value in values)
    return -max(shifts), end if any(shifts) else max(1.0, end)


def _words(side: int, whole: Mapping[str, Any], dark: Mapping[str, Any]) -> dict[str, Any]:
    """The values that stand in their parts (side 0), above them (-1) or under them (1)."""
    inside = {"condition": dark, "value": INK}
    return {
        "transform": [{"filter": f"datum.share > 0 && datum.side === {side}"}],
        "mark": {"type": "text", "align": "center", "dy": side * (13 + LETTER // 2 + 2)},
        "encoding": {
            "x": {"field": "at", "type": "quantitative", **whole},
            "text": {"field": "printed"},
            "color": {"value": INK} if side else inside,
        },
    }


def _placed(values: Sequence[Mapping[str, Any]], pixels: float) -> list[dict[str, Any]]:
    """Where the value of each part stands: in it, or by turns above and under it.

    `pixels` is the length of a share of 1. Outside, a value moves to the right as far as the one
    before it needs.
    """
    made: list[dict[str, Any]] = []
    free: dict[tuple[str, int], float] = {}
    side = 1
    for value in values:
        wide = (7.6 * len(value["printed"]) + 2) / pixels
        line, share = value["line"], value["share"] or 0
        fits = share >= wide
        side = 1 if fits or not share else -side
        at = value["middle"]
        if not fits and share:
            at = max(at, free.get((line, side), -9.0) + wide / 2)
            free[line, side] = at + wide / 2
        made.append({**value, "at": at, "room": wide, "side": 0 if fits else side})
    return made


def _columns(labels: Sequence[str], width: int) -> int:
    """How many labels of a legend fit beside each other; at least one."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=1)
    return max(1, min(3, int(width // (longest * 7.2 + 32))))


def _ends(bars: Sequence[Bar], bar: Bar, shift: float) -> dict[str, float]:
    """Where a part of a line begins, ends and has its middle."""
    before = -shift
    for other in bars:
        if other is bar:
            break
        if other.series == bar.series:
            before += other.share or 0
    end = before + (bar.share or 0)
    return {"start": before, "end": end, "middle": (before + end) / 2}
