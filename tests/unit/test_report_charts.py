"""Every form of chart at 160 and 76 mm: nothing overlaps or is cut, every value is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import pytest
from lxml import etree
from PIL import ImageFont

from blikveld.disclosure import Policy, SafeCell, release_tables
from blikveld.report.charts import data, vega
from blikveld.report.charts.data import Bar, Form
from blikveld.report.writers import shared
from blikveld.results.cell import Cell, CellRequest, CellSource
from blikveld.rules import EVERYBODY, parse

WIDTHS = (data.WIDE, data.NARROW)
LONG = "Een antwoord waarvan de woorden samen veel langer zijn dan een halve regel"
ANSWERS = ("Helemaal mee eens", "Mee eens", "Neutraal", "Niet mee eens", "Helemaal niet mee eens")
GROUPS = ("Jeugd, zorg en welzijn (n=577)", "Onderwijs (n=400)", "Wijk (n=71)", LONG)
SHARES = (
    (52, 40, 3, 4, 1),
    (2, 3, 3, 2, 90),
    (20, 20, 20, 20, 20),
    (0, 100, 0, 0, 0),
)


@dataclass(frozen=True)
class Box:
    """Where a line of text stands, in pixels from the upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        beside = min(self.right, other.right) - max(self.left, other.left)
        under = min(self.bottom, other.bottom) - max(self.top, other.top)
        return beside > 0.5 and under > 0.5


def cell_of(count: int) -> SafeCell:
    """A cleared cell, of a hundred made-up respondents."""
    ask = CellRequest(EVERYBODY, EVERYBODY)
    cell = Cell(
        count, 100, EVERYBODY, parse("job == 'nurse'"), CellSource("made_up", "1", "0" * 64)
    )
    return release_tables([], {ask: cell}, Policy(2)).cells[ask]


def made(form: Form) -> list[Bar]:
    """Bars with what is hard to place: long words, all, nothing, and small parts in a row."""
    if form is Form.BARS:
        shares = zip((*ANSWERS, LONG), (100, 52, 7, 3, 1, 0), strict=True)
        return [Bar(label, "", cell_of(n), f"{n}%*") for label, n in shares]
    return [
        Bar(label, group, cell_of(n), f"{n}%*", label == ANSWERS[-1])
        for group, line in zip(GROUPS, SHARES, strict=True)
        for label, n in zip(ANSWERS, line, strict=True)
    ]


def texts(drawing: str) -> tuple[Box, list[Box]]:
    """The frame of a drawing and the box of each line of text in it, by the letters' own widths."""
    root = etree.fromstring(drawing.encode())
    frame = Box("", 0, 0, float(root.get("width")), float(root.get("height")))
    return frame, [box for node in root.iter("{*}text") for box in _lines(node)]


def _lines(node: etree._Element) -> Iterator[Box]:
    left, top = _moved(node)
    parts = node.findall("{*}tspan") or [node]
    font = ImageFont.truetype(
        str(shared.FOLDER / "SourceSansPro-Regular.otf"),
        float(node.get("font-size").rstrip("px")),
        layout_engine=ImageFont.Layout.BASIC,
    )
    for part in parts:
        top += float(part.get("dy") or 0)
        words = part.text or ""
        wide = font.getlength(words)
        start = left - {"end": wide, "middle": wide / 2}.get(node.get("text-anchor"), 0.0)
        yield Box(words, start, top - 9, start + wide, top + 1)


def _moved(node: etree._Element) -> tuple[float, float]:
    x = y = 0.0
    for one in (node, *node.iterancestors()):
        found = re.match(r"translate\(([-\d.]+),\s*([-\d.]+)\)", one.get("transform") or "")
        if found:
            x, y = x + float(found[1]), y + float(found[2])
    return x, y


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("form", Form)
def test_no_text_overlaps_another_or_leaves_the_drawing(form: Form, width: int) -> None:
    frame, boxes = texts(vega.svg(vega.specification(made(form), form, width)))
    assert len(boxes) > 10
    assert [(a.text, b.text) for a, b in combinations(boxes, 2) if a.meets(b)] == []
    assert [box.text for box in boxes if not _inside(box, frame)] == []


def _inside(box: Box, frame: Box) -> bool:
    across = frame.left <= box.left and box.right <= frame.right
    return across and frame.top <= box.top and box.bottom <= frame.bottom


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("form", Form)
def test_every_value_is_printed(form: Form, width: int) -> None:
    bars = made(form)
    _, boxes = texts(vega.svg(vega.specification(bars, form, width)))
    parts = form in (Form.STACKED, Form.DIVERGING)
    wanted = [bar.printed for bar in bars if bar.cell.count or not parts]
    found = [box.text for box in boxes if box.text.endswith("%*")]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("form", Form)
def test_labels_are_whole(form: Form, width: int) -> None:
    bars = made(form)
    _, boxes = texts(vega.svg(vega.specification(bars, form, width)))
    shown = " ".join(box.text for box in boxes)
    assert _missing((bar.label for bar in bars), shown) == []
    assert _missing((bar.series for bar in bars), shown) == []


def _missing(labels: Iterator[str], shown: str) -> Sequence[str]:
    return [label for label in labels if label not in shown]
