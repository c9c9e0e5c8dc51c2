"""How the printed report fills its pages: measured on the pages as they are drawn."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from blikveld.report.charts import forms

LANGUAGES = ("nl", "en")
MOST = 1 / 3
"""So much of the height for text may be blank, but at the end of a chapter."""
TOP, BOTTOM, HEIGHT = 25.0, 24.0, 297.0
"""Margins and height of a page, in millimetres."""
INK = 235
"""Lighter grey than this is paper."""


@dataclass(frozen=True)
class Gap:
    """A blank stretch: its page from 1, and its part of the height for text."""

    page: int
    part: float


def find_gaps(path: Path) -> Iterator[Gap]:
    """Yield the largest blank stretch of every page that is not the last of its chapter."""
    ends = {page - 1 for page in chapter_pages(path)}
    document = pypdfium2.PdfDocument(path)
    for at in range(1, len(document) - 1):
        if at not in ends:
            picture = document[at].render(scale=0.5, grayscale=True).to_numpy()
            yield Gap(at + 1, _largest(np.squeeze(picture)))


def _largest(picture: np.ndarray) -> float:
    """The longest run of rows without ink between the margins."""
    tall = picture.shape[0]
    area = picture[int(tall * TOP / HEIGHT) : int(tall * (1 - BOTTOM / HEIGHT))]
    inked = np.flatnonzero((area < INK).any(axis=1))
    edges = np.concatenate([[-1], inked, [len(area)]])
    return float(np.diff(edges).max() - 1) / len(area)


def chapter_pages(path: Path) -> frozenset[int]:
    """The pages, from 0, on which a chapter begins, and those of the annexes under theirs."""
    with pikepdf.open(path) as document:
        numbers = {page.objgen: at for at, page in enumerate(document.pages)}
        with document.open_outline() as outline:
            items = [*outline.root, *(sub for top in outline.root[-4:] for sub in top.children)]
            return frozenset(numbers[_page(item).objgen] for item in items)


def _page(item: pikepdf.OutlineItem) -> pikepdf.Object:
    found = item.destination if item.destination is not None else item.action.D
    return found[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_gap_of_more_than_a_third(published: Path, language: str) -> None:
    gaps = list(find_gaps(published / f"report-{language}.pdf"))
    assert len(gaps) > 40
    too_large = [gap for gap in gaps if gap.part > MOST]
    assert too_large == []


def test_a_gap_is_measured(tmp_path: Path) -> None:
    picture = np.full((297, 210), 255, dtype=np.uint8)
    picture[40:50, 50:100] = 0
    picture[250:260, 50:100] = 0
    assert _largest(picture) == pytest.approx(200 / 248)


BARS = {forms.HIGHLIGHT, forms.MUTED, forms.SECOND, *forms.SHADES, *forms.SIDES, forms.MIDDLE}
ROOM = 6
_NOTE = re.compile(r"\[\d+\]")


def _bars_at_notes(page: pypdfium2.PdfPage) -> list[float]:
    """How far bars that all but touch the first footnote of a page stand above it, in points."""
    words = page.get_textpage()
    starts = [
        box[3]
        for box in (words.get_rect(at) for at in range(words.count_rects()))
        if _NOTE.match(words.get_text_bounded(*box)) and box[0] < 80
    ]
    bottoms = [_bottom(one) for one in page.get_objects(max_depth=4) if _fill(one) in BARS]
    return [low for low in (b - max(starts, default=0.0) for b in bottoms) if low < ROOM]


def _bottom(one: pypdfium2.PdfObject) -> float:
    return float(one.get_bounds()[1])


def _fill(one: pypdfium2.PdfObject) -> str:
    if one.type != raw.FPDF_PAGEOBJ_PATH:
        return ""
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(one, *parts)
    return f"#{''.join(f'{part.value:02x}' for part in parts[:3])}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_footnote_stands_on_a_chart(published: Path, language: str) -> None:
    document = pypdfium2.PdfDocument(published / f"report-{language}.pdf")
    assert sum(_fill(one) in BARS for page in document for one in page.get_objects()) > 200
    assert {
        at + 1: found for at, page in enumerate(document) if (found := _bars_at_notes(page))
    } == {}
