"""Words in charts: their sizes, where they are wrapped, and what a bar is called."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from blikveld.report.charts.data import Bar

WIDE, NARROW = 605, 288
"""Widths in CSS pixels: 160 and 76 mm at 96 to the inch."""
INK = "#1f2a33"
LETTER = 13
# A label of several lines, on an axis or in a legend.
LINES = {"labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 15}


def datum(bar: Bar, width: int) -> dict[str, Any]:
    """What a drawing is told of a bar; `width` is that of the drawing in pixels."""
    return {
        "label": wrapped(bar.label, width),
        "series": wrapped(bar.series, width),
        # Empty, not nought: what is suppressed is not nobody, in the data of a chart either.
        "share": bar.share,
        **({"low": bar.ends[0], "high": bar.ends[1]} if bar.ends else {}),
        "printed": bar.printed,
    }


def wrapped(label: str, width: int) -> str:
    """A label in lines that leave room for the bars; no word is cut."""
    return "\n".join(textwrap.wrap(label, 40 if width >= WIDE else 18, break_long_words=False))


def axis(values: Sequence[str]) -> dict[str, Any]:
    """The axis of labels, in the order of `values`."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": list(dict.fromkeys(values)),
        "axis": dict(LINES),
    }
