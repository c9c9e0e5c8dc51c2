"""Drawings as SVG, with every letter measured: how wide words are, where lines break, what is put
where.

Lengths are CSS pixels. Every element has a class beside its colour, so that a page can restyle it
in the dark. One drawing gives dots, through the typesetter that makes the PDF.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import typst
from PIL import ImageFont

from blikveld.report.writers import shared

FONT = "Source Sans Pro"
INK, NAVY = "#1f2a33", "#0f2f4f"
LETTER, LINE = 13.0, 15.0
"""The size of letters, and how far lines are apart."""
_FILES = {400: shared.PAPER[0], 600: shared.PAPER[1]}
_BASELINE = 0.34
"""How far the middle of a line lies above the foot of its letters, of the size of letters."""
_TEMPLATE = Path(shared.__file__).parent / "templates" / "pictures.typ"


def wide(words: str, weight: int = 400, size: float = LETTER) -> float:
    """Return how wide words are in one line, by the font's own letters."""
    return _measured(words, weight) * size / 100


@lru_cache(maxsize=10_000)
def _measured(words: str, weight: int) -> float:
    return float(_font(weight).getlength(words))


@lru_cache(maxsize=2)
def _font(weight: int) -> ImageFont.FreeTypeFont:
    path = shared.find_fonts() / _FILES[weight]
    return ImageFont.truetype(str(path), 100, layout_engine=ImageFont.Layout.BASIC)


def lines_of(words: str, room: float, weight: int = 400) -> list[str]:
    """Return words in lines no wider than `room`. A word that is wider is broken, never cut."""
    made: list[str] = []
    for word in words.split():
        if made and wide(f"{made[-1]} {word}", weight) <= room:
            made[-1] += f" {word}"
            continue
        made.append(word)
        while wide(made[-1], weight) > room and len(made[-1]) > 1:
            fits = _fitting(made[-1], room, weight)
            made[-1:] = [made[-1][:fits], made[-1][fits:]]
    return made or [""]


def _fitting(word: str, room: float, weight: int) -> int:
    """How many letters of a word fit; at least one."""
    return max((n for n in range(1, len(word)) if wide(word[:n], weight) <= room), default=1)


@dataclass(slots=True)
class Drawing:
    """What is drawn so far, and how tall it is."""

    width: float
    height: float = 0.0
    _parts: list[str] = field(default_factory=list)

    def bar(self, at: tuple[float, float], size: tuple[float, float], fill: str, name: str) -> None:
        """A filled bar; `at` is its upper left corner."""
        (x, y), (across, down) = at, size
        if across > 0:
            self._parts.append(
                f'<rect class="{name}" x="{_n(x)}" y="{_n(y)}" width="{_n(across)}" '
                f'height="{_n(down)}" fill="{fill}"/>'
            )
        self.reach(y + down)

    def hatched(
        self, start: tuple[float, float], end: float, thick: float, fill: str, name: str
    ) -> None:
        """A striped bar from a point to the right: where the end of a bar may lie."""
        x, y = start
        if end > x:
            self._parts.append(
                f'<path class="{name}" d="M{_n(x)} {_n(y)}H{_n(end)}" stroke="{fill}" '
                f'stroke-width="{_n(thick)}" stroke-dasharray="2 3" fill="none"/>'
            )

    def line(self, start: tuple[float, float], end: tuple[float, float], fill: str) -> None:
        """A thin line."""
        (x, y), (x2, y2) = start, end
        self._parts.append(
            f'<path class="line" d="M{_n(x)} {_n(y)}L{_n(x2)} {_n(y2)}" '
            f'stroke="{fill}" fill="none"/>'
        )

    def dot(self, at: tuple[float, float], radius: float, fill: str, name: str) -> None:
        """A disc."""
        x, y = at
        self._parts.append(
            f'<circle class="{name}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"/>'
        )
        self.reach(y + radius)

    def text(
        self,
        at: tuple[float, float],
        lines: str | Sequence[str],
        *,
        anchor: str = "start",
        weight: int = 400,
        fill: str = INK,
        name: str = "ink",
    ) -> None:
        """Lines of text; `at` is the middle of their height, at the side of `anchor`."""
        x, y = at
        told = [lines] if isinstance(lines, str) else lines
        top = y - (len(told) - 1) * LINE / 2
        heavy = "" if weight == 400 else f' font-weight="{weight}"'
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        for place, line in enumerate(told):
            foot = top + place * LINE + _BASELINE * LETTER
            self._parts.append(
                f'<text class="{name}" x="{_n(x)}" y="{_n(foot)}" fill="{fill}"{heavy}{where}>'
                f"{escape(line)}</text>"
            )
        self.reach(top + (len(told) - 0.5) * LINE)

    def reach(self, bottom: float) -> None:
        """Make the drawing at least so tall."""
        self.height = max(self.height, bottom)

    def svg(self) -> str:
        """Return the drawing as an SVG file. The same drawing gives the same text."""
        across, down = _n(self.width), _n(self.height + 2)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" '
            f'viewBox="0 0 {across} {down}" font-family="{FONT}" font-size="{_n(LETTER)}">'
            f"{''.join(self._parts)}</svg>"
        )


def _n(number: float) -> str:
    """A length in tenths of a pixel, without noughts at its end."""
    return f"{number:.1f}".removesuffix(".0")


def dots_of(drawings: Sequence[str], scale: float) -> list[bytes]:
    """Return drawings as PNG files, `scale` dots for a CSS pixel. The same give the same bytes."""
    if not drawings:
        return []
    with tempfile.TemporaryDirectory(prefix="blikveld-") as folder:
        typst.compile(
            _TEMPLATE,
            Path(folder) / "{0p}.png",
            sys_inputs={"pictures": json.dumps(drawings)},
            font_paths=[shared.find_fonts()],
            ignore_system_fonts=True,
            format="png",
            ppi=96 * scale,
        )
        return [path.read_bytes() for path in sorted(Path(folder).iterdir())]


def height_of(drawn: str) -> float:
    """Return how tall a drawing is, in CSS pixels."""
    found = re.search(r'<svg[^>]*? height="([0-9.]+)"', drawn)
    if found is None:
        raise ValueError("this is no drawing of ours")
    return float(found[1])
