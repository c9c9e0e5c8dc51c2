"""Words of a PDF page with their boxes, from PDFium's characters."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pypdfium2.raw as pdfium

_NUMBER = re.compile(
    r"[(\[]?[<>≤≥~±]?\s?[-−–+]?(?:\d(?:[\d.,\u00a0\u2009\u202f]*\d)?|[.,]\d+)\s?(?:%|pp|‰)?"
    r"(?:;\s?[-−–+]?(?:\d[\d.,]*|[.,]\d+))?[)\]*†‡]*,?"
    r"(?:\s(?:of|van|von|sur|/)\s\d(?:[\d.,]*\d)?[)\]*†‡]*|(?:[(\[]?\d(?:[\d.,]*\d)?\s?%?[)\]]))?"
)
_SAMPLE = 20
_GAP = 0.22
"""Of the type size: a wider gap between two characters parts words."""
_SAME_LINE = 0.3
_TURNED = 0.5
_SIDE = 0.1
"""Of the page's width: the margins, where some print a note that runs upwards."""
_SMALL = 0.85


@dataclass(frozen=True)
class PageWord:
    """A word and its box in points; y grows downwards. `line` is its line in reading order."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    line: int

    @property
    def size(self) -> float:
        """Height of its box: about the type size."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.top + self.bottom) / 2

    @cached_property
    def is_number(self) -> bool:
        """Whether it is a number, perhaps bracketed, with a sign or a percent sign."""
        return bool(_NUMBER.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class _Glyph:
    text: str
    left: float
    right: float
    top: float
    bottom: float


def page_words(textpage: pdfium.FPDF_TEXTPAGE, width: float, height: float) -> list[PageWord]:
    """The words of a page in reading order. A page whose characters are turned is turned back."""
    count = pdfium.FPDFText_CountChars(textpage)
    turned = _turn(textpage, count)
    words: list[PageWord] = []
    line = 0
    pending: list[_Glyph] = []
    for glyph in _glyphs(textpage, count, turned, width, height):
        ends = glyph is None or glyph.text.isspace()
        if pending and (ends or _apart(pending[-1], glyph) or _is_marker(pending, glyph)):
            words.append(_word(pending, line))
            pending = []
        if glyph is None or glyph.text in "\r\n":
            line += 1
        elif not ends:
            if words and not pending and words[-1].line == line and _below(words[-1], glyph):
                line += 1
            pending.append(glyph)
    return words + ([_word(pending, line)] if pending else [])


def _glyphs(
    textpage: pdfium.FPDF_TEXTPAGE, count: int, turned: int, width: float, height: float
) -> Iterator[_Glyph | None]:
    box = pdfium.FS_RECTF()
    at = ctypes.byref(box)
    high = 0
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
            high = 0
        if code in (0, 0xFFFE, 0xFFFF):
            continue
        if code == 10:
            yield None
            continue
        if code == 2:  # PDFium's sign for a hyphen at the end of a line
            code = 0x2D
        if not pdfium.FPDFText_GetLooseCharBox(textpage, index, at):
            continue
        if _is_beside(box, turned, width, height) and _quarter(textpage, index) != turned:
            continue  # a note up the side of the page crosses the lines of the text
        sides = _turned_back(box, turned, width, height)
        yield _Glyph(chr(code), *sides)


def _turn(textpage: pdfium.FPDF_TEXTPAGE, count: int) -> int:
    """Quarter turns of most characters, looked up on a sample."""
    angles = [_quarter(textpage, index) for index in range(0, count, _SAMPLE)]
    for quarter in (1, 2, 3):
        if angles and angles.count(quarter) > _TURNED * len(angles):
            return quarter
    return 0


def _quarter(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> int:
    """Quarter turns of a character, clockwise."""
    angle = float(pdfium.FPDFText_GetCharAngle(textpage, index))
    return round(angle / 1.5707963) % 4


def _is_beside(box: pdfium.FS_RECTF, turned: int, width: float, height: float) -> bool:
    """Whether a character stands in the margins beside the lines, as the page is read.

    Beside the lines of a page that is turned a quarter stand its own head and foot.
    """
    if turned % 2:
        return bool(box.top < _SIDE * height or box.bottom > (1 - _SIDE) * height)
    return bool(box.right < _SIDE * width or box.left > (1 - _SIDE) * width)


def _turned_back(
    box: pdfium.FS_RECTF, turned: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a box, with the text upright."""
    if turned == 3:  # PDFium counts clockwise: the lines run from the foot of the page to its head
        return box.bottom, box.top, box.left, box.right
    if turned == 1:
        return height - box.top, height - box.bottom, width - box.right, width - box.left
    if turned == 2:
        return width - box.right, width - box.left, box.bottom, box.top
    return box.left, box.right, height - box.top, height - box.bottom


def _apart(before: _Glyph, glyph: _Glyph | None) -> bool:
    if glyph is None:
        return True
    size = max(before.bottom - before.top, 1.0)
    gap = glyph.left - before.right
    away = abs(glyph.bottom - before.bottom) > _SAME_LINE * size
    return gap > _GAP * size or gap < -size or (away and abs(glyph.top - before.top) > size)


def _is_marker(pending: Sequence[_Glyph], glyph: _Glyph | None) -> bool:
    """Whether small raised figures stand before the words of their footnote."""
    small = glyph is not None and pending[-1].bottom - pending[-1].top < _SMALL * (
        glyph.bottom - glyph.top
    )
    return small and all(each.text.isdigit() for each in pending)


def _below(word: PageWord, glyph: _Glyph) -> bool:
    return glyph.top > word.bottom or glyph.bottom < word.top


def _word(glyphs: Sequence[_Glyph], line: int) -> PageWord:
    return PageWord(
        "".join(glyph.text for glyph in glyphs),
        min(glyph.left for glyph in glyphs),
        max(glyph.right for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
        line,
    )
