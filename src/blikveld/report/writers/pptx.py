"""Slides for who tells about the report: its messages, the charts of its summary, its key figures.

Every slide has a title that says the message, and says in its notes what its chart shows. A report
without a summary gives a slide for each of its charts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date as day
from datetime import datetime, time
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from zipfile import ZipFile

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as PresentationFile
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from blikveld.atomic_files import whole, write_zip
from blikveld.report.charts.data import WIDE
from blikveld.report.charts.drawing import INK, NAVY, dots_of, height_of
from blikveld.report.charts.forms import HIGHLIGHT
from blikveld.report.model import (
    Block,
    FigureBlock,
    Heading,
    KeyFigure,
    KeyMessage,
    Report,
    plain,
)
from blikveld.report.writers.docx.package import TAGS

_WIDE, _TALL, _EDGE = 13.333, 7.5, 0.85
"""Inches: the sheet, 16 by 9, and its margin."""
_SOFT = "#4d5b69"
_SCALE = 3.0
"""Dots of a picture for a CSS pixel."""
_TITLE_ONLY = 5
"""The place of this layout in the library's own template."""
_IN_A_ROW, _ON_A_SLIDE = 4, 8


def write(report: Report, path: Path) -> None:
    """Write the slides as PPTX. The same report gives the same bytes."""
    maker = _SlideMaker(report)
    maker.cover()
    told = list(_summary(report))
    messages = [block for block in told if isinstance(block, KeyMessage)]
    figures = [block for block in told if isinstance(block, FigureBlock)]
    for message in messages:
        maker.message(message)
    maker.charts(figures if messages or figures else report.figures)
    for title, keys in _key_figures(report):
        for start in range(0, len(keys), _ON_A_SLIDE):
            maker.keys(title, keys[start : start + _ON_A_SLIDE])
    with whole(path) as half:
        _save(maker.file, half)


def _summary(report: Report) -> Iterator[Block]:
    """What stands before the first numbered chapter."""
    return takewhile(
        lambda block: not (isinstance(block, Heading) and block.level == 1 and block.number),
        report.blocks,
    )


def _key_figures(report: Report) -> Iterator[tuple[str, list[KeyFigure]]]:
    """Key figures with the heading they stand under."""
    title, found = report.title, list[KeyFigure]()
    for block in report.blocks:
        match block:
            case KeyFigure():
                found.append(block)
            case Heading():
                if found:
                    yield title, found
                title, found = plain(block.parts), []
            case _:
                continue
    if found:
        yield title, found


class _SlideMaker:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.file: PresentationFile = Presentation()
        self.file.slide_width, self.file.slide_height = Inches(_WIDE), Inches(_TALL)
        about = self.file.core_properties
        about.title, about.language = report.title, TAGS.get(report.language, report.language)
        about.author = report.cover.authors if report.cover else ""
        self._imprint = report.cover.imprint if report.cover else ""
        about.created = about.modified = datetime.combine(day.fromisoformat(report.date), time())

    def cover(self) -> None:
        """What the report is called, who made it, and what its numbers are when not of people."""
        slide = self._slide(self.report.title, top=2.1, size=40)
        lines = [self.report.subtitle, self._imprint, self.report.warning]
        self._text(slide, [line for line in lines if line], (_EDGE, 3.7), 2.6, 18, _SOFT)

    def message(self, message: KeyMessage) -> None:
        """A message, and under it why."""
        slide = self._slide(plain(message.title))
        self._text(slide, [plain(message.parts)], (_EDGE, 2.3), 4.2, 24, INK)

    def charts(self, figures: Sequence[FigureBlock]) -> None:
        """A chart with its message; its notes say what it shows."""
        drawn = [figure.wide for figure in figures]
        for figure, drawing, dots in zip(figures, drawn, dots_of(drawn, _SCALE), strict=True):
            slide = self._slide(plain(figure.title) or figure.label, figure.label)
            self._text(slide, [figure.subtitle], (_EDGE, 1.75), 0.6, 16, _SOFT)
            tall = height_of(drawing) / WIDE
            wide = min(_WIDE - 2 * _EDGE, 4.2 / tall)
            picture = slide.shapes.add_picture(
                BytesIO(dots), Inches(_EDGE), Inches(2.4), width=Inches(wide)
            )
            next(picture._element.iter("{*}cNvPr")).set("descr", figure.description)
            told = "\n".join((figure.description, *figure.notes))
            self._say(slide.notes_slide.notes_text_frame, told)

    def keys(self, title: str, figures: Sequence[KeyFigure]) -> None:
        """Key figures, four in a row, each with the count and base under its words."""
        slide = self._slide(title)
        room = (_WIDE - 2 * _EDGE) / _IN_A_ROW
        for at, figure in enumerate(figures):
            place = (_EDGE + at % _IN_A_ROW * room, 1.9 + at // _IN_A_ROW * 2.4)
            box = self._box(slide, place, (room - 0.2, 2.2))
            self._run(box, figure.value.text, 44, HIGHLIGHT, first=True, bold=True)
            self._run(box, plain(figure.parts), 18, INK)
            self._run(box, plain(figure.base), 14, _SOFT)

    def _slide(self, title: str, source: str = "", *, top: float = 0.5, size: int = 30) -> Slide:
        slide: Slide = self.file.slides.add_slide(self.file.slide_layouts[_TITLE_ONLY])
        shape = slide.shapes.title
        if shape is None:
            raise ValueError("the template has no title on this layout")
        shape.left, shape.top = Inches(_EDGE), Inches(top)
        shape.width, shape.height = Inches(_WIDE - 2 * _EDGE), Inches(1.2)
        frame = shape.text_frame
        frame.word_wrap, frame.margin_left = True, Emu(0)
        frame.vertical_anchor = MSO_ANCHOR.TOP
        self._run(frame, title, size, NAVY, first=True, bold=True)
        foot = " · ".join(filter(None, (self.report.title, self._imprint, source)))
        self._text(slide, [foot], (_EDGE, 6.85), 0.4, 11, _SOFT, wide=_WIDE - 2 * _EDGE - 1)
        number = self._box(slide, (_WIDE - _EDGE - 0.9, 6.85), (0.9, 0.4))
        self._run(number, str(len(self.file.slides)), 12, NAVY, first=True, bold=True)
        number.paragraphs[0].alignment = PP_ALIGN.RIGHT
        return slide

    def _text(
        self,
        slide: Slide,
        lines: Sequence[str],
        corner: tuple[float, float],
        tall: float,
        size: int,
        colour: str,
        wide: float = _WIDE - 2 * _EDGE,
    ) -> None:
        box = self._box(slide, corner, (wide, tall))
        for at, line in enumerate(lines):
            self._run(box, line, size, colour, first=at == 0)

    def _box(
        self, slide: Slide, corner: tuple[float, float], size: tuple[float, float]
    ) -> TextFrame:
        where = (Inches(length) for length in (*corner, *size))
        frame: TextFrame = slide.shapes.add_textbox(*where).text_frame
        frame.word_wrap = True
        # Words begin right at the margin, under the title and the chart.
        frame.margin_left = Emu(0)
        return frame

    def _run(
        self,
        frame: TextFrame,
        words: str,
        size: int,
        colour: str,
        *,
        first: bool = False,
        bold: bool = False,
    ) -> None:
        """A paragraph in one look, in the language of the report."""
        paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        if not first:
            paragraph.space_before = Pt(6)
        run = paragraph.add_run()
        run.text = words
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        self._in_language(run._r.get_or_add_rPr())

    def _say(self, frame: TextFrame | None, words: str) -> None:
        if frame is not None:
            frame.text = words
            for run in (run for line in frame.paragraphs for run in line.runs):
                self._in_language(run._r.get_or_add_rPr())

    def _in_language(self, properties: object) -> None:
        properties.set("lang", TAGS.get(self.report.language, self.report.language))  # type: ignore[attr-defined]


def _save(file: PresentationFile, path: Path) -> None:
    """Pack the parts again: the library gives each the time of day."""
    made = BytesIO()
    file.save(made)
    with ZipFile(made) as found:
        write_zip(path, ((name, found.read(name)) for name in found.namelist()))
