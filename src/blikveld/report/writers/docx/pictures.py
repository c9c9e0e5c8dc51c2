"""Charts as pictures with their long description."""

from __future__ import annotations

import struct
from functools import lru_cache

import vl_convert
from lxml import etree

from blikveld.report.charts.labels import WIDE
from blikveld.report.model import FigureBlock
from blikveld.report.writers import typefaces
from blikveld.report.writers.docx.xml import DRAWING, PICTURE, bare, element

_SCALE = 2.5
_WIDTH = 5_760_000
"""160 mm in English metric units, 36,000 to the millimetre."""


def png(svg: str) -> bytes:
    """A drawing in dots, sharp enough for print: 240 to the inch."""
    _fonts()
    return vl_convert.svg_to_png(svg, scale=_SCALE)


@lru_cache(maxsize=1)
def _fonts() -> None:
    vl_convert.register_font_directory(str(typefaces.complete()))


def drawing(figure: FigureBlock, dots: bytes, at: int) -> etree._Element:
    """A picture in the text; `at` is its number, from 1, and 'pictureN' the id of its file."""
    wide, high = struct.unpack(">II", dots[16:24])
    width = min(_WIDTH, round(_WIDTH * wide / (WIDE * _SCALE)))
    size = {"cx": str(width), "cy": str(width * high // wide)}
    named = {"id": str(at), "name": figure.label, "descr": figure.description}
    fill = element(
        "pic:blipFill",
        element("a:blip", values={"r:embed": f"picture{at}"}),
        bare("a:stretch", bare("a:fillRect")),
    )
    shape = bare(
        "pic:spPr",
        bare("a:xfrm", bare("a:off", x="0", y="0"), bare("a:ext", **size)),
        bare("a:prstGeom", bare("a:avLst"), prst="rect"),
    )
    about = bare("pic:nvPicPr", bare("pic:cNvPr", **named), bare("pic:cNvPicPr"))
    data = bare("a:graphicData", bare("pic:pic", about, fill, shape), uri=PICTURE)
    inline = bare(
        "wp:inline",
        bare("wp:extent", **size),
        bare("wp:docPr", **named),
        element("a:graphic", data),
        distT="0",
        distB="0",
        distL="0",
        distR="0",
    )
    return element("w:r", element("w:drawing", inline))


__all__ = ["DRAWING", "drawing", "png"]
