"""Every form of chart at 160 and 76 mm: nothing overlaps or is cut, every value is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import combinations

import pytest
from lxml import etree
from PIL import Image, ImageFont

from blikveld.disclosure import Policy, SafeCell, release_tables
from blikveld.report.charts import data, drawing, forms
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
    return frame, [_box(node) for node in root.iter("{*}text")]


def _box(node: etree._Element) -> Box:
    heavy, words = node.get("font-weight") == "600", node.text or ""
    font = ImageFont.truetype(
        str(shared.FOLDER / shared.PAPER[1 if heavy else 0]),
        13,
        layout_engine=ImageFont.Layout.BASIC,
    )
    wide, left, foot = font.getlength(words), float(node.get("x")), float(node.get("y"))
    left -= {"end": wide, "middle": wide / 2}.get(node.get("text-anchor"), 0.0)
    return Box(words, left, foot - 9, left + wide, foot + 1)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("form", Form)
def test_no_text_overlaps_another_or_leaves_the_drawing(form: Form, width: int) -> None:
    frame, boxes = texts(forms.draw(made(form), form, width))
    assert len(boxes) > 10
    assert [(a.text, b.text) for a, b in combinations(boxes, 2) if a.meets(b)] == []
    assert [box.text for box in boxes if not _inside(box, frame)] == []


def _inside(box: Box, frame: Box) -> bool:
    across = frame.left - 0.1 <= box.left and box.right <= frame.right + 0.5
    return across and frame.top <= box.top and box.bottom <= frame.bottom


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("form", Form)
def test_every_value_is_printed(form: Form, width: int) -> None:
    bars = made(form)
    _, boxes = texts(forms.draw(bars, form, width))
    parts = form in (Form.STACKED, Form.DIVERGING)
    wanted = [bar.printed for bar in bars if bar.cell.count or not parts]
    found = [box.text for box in boxes if box.text.endswith("%*")]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("form", Form)
def test_labels_are_whole(form: Form, width: int) -> None:
    bars = made(form)
    _, boxes = texts(forms.draw(bars, form, width))
    shown = " ".join(box.text for box in boxes)
    assert _missing((bar.label for bar in bars), shown) == []
    assert _missing((bar.series for bar in bars), shown) == []


def _missing(labels: Iterable[str], shown: str) -> Sequence[str]:
    return [label for label in labels if label not in shown]


@pytest.mark.parametrize("width", WIDTHS)
def test_two_groups_are_dots_on_one_line_an_answer(width: int) -> None:
    shares = ((52, 40, 30, 14, 11), (12, 23, 30, 22, 90))
    pair = [
        Bar(label, group, cell_of(n), f"{n}%")
        for group, line in zip(GROUPS, shares, strict=False)
        for label, n in zip(ANSWERS, line, strict=True)
    ]
    drawn = forms.draw(pair, Form.GROUPED, width)
    assert drawn.count("<circle") == len(pair)
    # Who is equal stands in one place, and both dots are seen.
    (equal,) = {b.label for b in pair if b.printed == "30%"}
    assert equal in drawn
    frame, boxes = texts(drawn)
    assert sorted(box.text for box in boxes if "%" in box.text) == sorted(b.printed for b in pair)
    assert [(a.text, b.text) for a, b in combinations(boxes, 2) if a.meets(b)] == []
    assert [box.text for box in boxes if not _inside(box, frame)] == []


def test_a_range_in_one_of_two_groups_gives_each_a_panel() -> None:
    pair = [bar for bar in made(Form.GROUPED) if bar.series in GROUPS[:2]]
    assert any(bar.ends for bar in pair)
    assert "<circle" not in forms.draw(pair, Form.GROUPED, data.WIDE)


def test_panels_have_one_scale() -> None:
    drawn = etree.fromstring(forms.draw(made(Form.GROUPED), Form.GROUPED, data.WIDE).encode())
    bars = sorted(float(bar.get("width")) for bar in drawn.iter("{*}rect"))
    # 100 and 52 of a hundred, in different panels.
    assert bars[-1] / 100 == pytest.approx(next(b for b in bars if b > bars[-1] * 0.51) / 52, 0.01)


def test_forty_answers_of_a_hundred_letters_are_whole() -> None:
    many = [
        Bar(f"{n} {LONG} en {LONG.lower()[:40]}", "", cell_of(n), f"{n}%") for n in range(10, 50)
    ]
    frame, boxes = texts(forms.draw(many, Form.BARS, data.NARROW))
    words = " ".join(box.text for box in boxes)
    assert _missing((bar.label for bar in many), words) == []
    assert [(a.text, b.text) for a, b in combinations(boxes, 2) if a.meets(b)] == []
    assert [box.text for box in boxes if not _inside(box, frame)] == []


def test_a_word_wider_than_its_room_is_broken_and_loses_no_letter() -> None:
    word = "arbeidsongeschiktheidsverzekeringsmaatschappij"
    lines = drawing.lines_of(f"een {word}", 60)
    assert "".join(lines) == f"een{word}"
    assert all(drawing.wide(line) <= 60 for line in lines)


def test_the_same_drawings_give_the_same_dots() -> None:
    drawn = [forms.draw(made(form), form, data.WIDE) for form in Form]
    first = drawing.dots_of(drawn, 2)
    assert len(set(first)) == len(drawn)
    assert first == drawing.dots_of(drawn, 2)
    for dots, one in zip(first, drawn, strict=True):
        with Image.open(BytesIO(dots)) as picture:
            assert picture.size == (2 * data.WIDE, pytest.approx(2 * drawing.height_of(one), abs=1))
