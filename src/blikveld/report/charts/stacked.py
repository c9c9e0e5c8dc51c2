"""Charts whose bars are divided: the parts of a whole, and the two sides of a scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blikveld.report.charts.data import INK, LETTER, LINES, WIDE, Bar, axis, datum, wrapped

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
