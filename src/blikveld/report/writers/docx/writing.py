"""From the report model to one DOCX file, charts as pictures with their long description."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from blikveld.atomic_files import whole
from blikveld.report.charts.data import WIDE
from blikveld.report.charts.drawing import dots_of
from blikveld.report.model import Block, Cover, FigureBlock, Heading, Report, TableBlock, plain
from blikveld.report.writers.docx import package as parts
from blikveld.report.writers.docx.package import (
    PICTURE,
    bare,
    element,
    field,
    paragraph,
    run,
    write_part,
)
from blikveld.report.writers.docx.text import (
    DocxParts,
    bookmark_name,
    footnotes,
    grid,
    heading,
    runs,
    text,
)
from blikveld.report.writers.shared import find_page_starts

_SCALE = 2.5
"""Dots for a CSS pixel, sharp enough for print: 240 to the inch."""
_WIDTH = 5_760_000
"""160 mm in English metric units, 36,000 to the millimetre."""


def write(report: Report, path: Path) -> None:
    """Write the report as DOCX. The same report gives the same bytes.

    Notes are the word processor's own, captions and contents are fields it can bring up to date,
    and every paragraph has a style that an editor can change in one place.
    """
    maker = _DocumentWriter(report)
    body = maker.body()
    notes = write_part(footnotes(report.notes, maker.package))
    with whole(path) as half:
        parts.save_package(
            half, report, write_part(body), notes, maker.pictures, maker.package.links
        )


class _DocumentWriter:
    def __init__(self, report: Report) -> None:
        self._report = report
        self.package = DocxParts()
        self.pictures: list[bytes] = []
        drawn = [figure.wide for figure in report.figures]
        drawn += [report.cover.drawing] if report.cover and report.cover.drawing else []
        self._dots = dict(zip(drawn, dots_of(drawn, _SCALE), strict=True))
        self._fresh = find_page_starts(report.blocks)

    def body(self) -> etree._Element:
        """Return the whole document, front page and contents first."""
        found = [*self._front(), *self._contents()]
        found += [made for block in self._report.blocks for made in self._block(block)]
        found += self._colophon()
        return element("w:document", element("w:body", *found, _page()))

    def _front(self) -> Iterator[etree._Element]:
        report = self._report
        yield paragraph([run(report.title)], "Title")
        if report.subtitle:
            yield paragraph([run(report.subtitle)], "Subtitle")
        if report.cover is not None:
            yield from self._cover(report.cover)
        if report.warning:
            yield paragraph([run(report.warning)], "Warning")
        for line in report.about:
            yield paragraph([run(line)], "BodyText")

    def _cover(self, cover: Cover) -> Iterator[etree._Element]:
        """Who made the report and when, and the picture on the first page."""
        if cover.drawing:
            self.pictures.append(self._dots[cover.drawing])
            dots, at = self.pictures[-1], len(self.pictures)
            yield paragraph([drawing("cover", cover.description, dots, at)], "Figure")
            yield paragraph([run(cover.key)], "Remark")
        for words in (cover.authors, cover.imprint):
            yield paragraph([run(words)], "BodyText")

    def _colophon(self) -> Iterator[etree._Element]:
        """What the report was made from, behind everything else."""
        for words in (self._report.version_line, self._report.snapshot_line):
            yield paragraph([run(words)], "Remark")

    def _contents(self) -> Iterator[etree._Element]:
        words, report = self._report.words, self._report
        first = [
            (f"TOC{h.level}", h.anchor, f"{h.number} {plain(h.parts)}".strip())
            for h in report.headings
            if h.level <= 2
        ]
        yield from self._list(words["contents"], 'TOC \\o "1-2" \\h', first, fresh=True)
        for name, label, blocks in (
            ("figures_list", "figure", report.figures),
            ("tables_list", "table", report.tables),
        ):
            lines = [("TableofFigures", b.anchor, f"{b.label}. {plain(b.title)}") for b in blocks]
            yield from self._list(words[name], f'TOC \\h \\c "{words[label]}"', lines)

    def _list(
        self, title: str, code: str, lines: list[tuple[str, str, str]], *, fresh: bool = False
    ) -> Iterator[etree._Element]:
        """A table of contents as a field, with what it holds now as links."""
        if not lines:
            return
        more = [element("w:pageBreakBefore")] if fresh else []
        yield paragraph([run(title)], "TOCHeading", *more)
        opening = field(code, "")[:3]
        for at, (style, anchor, words) in enumerate(lines):
            link = element("w:hyperlink", run(words), anchor=bookmark_name(anchor))
            before = opening if at == 0 else []
            after = field(code, "")[-1:] if at == len(lines) - 1 else []
            yield paragraph([*before, link, *after], style)

    def _block(self, block: Block) -> Iterator[etree._Element]:
        match block:
            case Heading():
                yield heading(block, self.package, fresh=block.anchor in self._fresh)
            case TableBlock():
                yield from self._caption(block)
                yield grid(block)
                yield from self._remarks(block.notes)
            case FigureBlock():
                yield from self._caption(block)
                self.pictures.append(self._dots[block.wide])
                dots, at = self.pictures[-1], len(self.pictures)
                picture = drawing(block.label, block.description, dots, at)
                yield paragraph([picture], "Figure")
                yield from self._remarks(block.notes)
            case _:
                yield from text(block, self.package)

    def _caption(self, block: TableBlock | FigureBlock) -> Iterator[etree._Element]:
        """The label with its own number as a field, the message, and who is counted."""
        begin, end = self.package.bookmark(block.anchor)
        kind, _, number = block.label.rpartition(" ")
        numbered = number.isdigit()
        label = [run(f"{kind} "), *field(f"SEQ {kind} \\* ARABIC", number)] if numbered else []
        if block.label and not numbered:
            label = [run(block.label)]
        between = [run(". ")] if label and block.title else []
        message = [*label, *between, *runs(block.title, self.package)]
        if message:
            yield paragraph([begin, *message, end], "Caption")
            yield paragraph([run(block.subtitle)] if block.subtitle else [], "CaptionBase")
        else:
            yield paragraph([begin, run(block.subtitle), end], "CaptionBase")

    def _remarks(self, notes: tuple[str, ...]) -> Iterator[etree._Element]:
        # Two tables without a paragraph between them would become one.
        for note in notes or ("",):
            yield paragraph([run(note)] if note else [], "Remark")


def _page() -> etree._Element:
    """A4 with the margins of the printed report, and the number of the page at its foot."""
    return element(
        "w:sectPr",
        element("w:footerReference", type="default", values={"r:id": "footer"}),
        element("w:pgSz", w="11906", h="16838"),
        element(
            "w:pgMar",
            top="1474",
            right="1418",
            bottom="1588",
            left="1418",
            header="709",
            footer="709",
            gutter="0",
        ),
        element("w:titlePg"),
    )


def drawing(name: str, description: str, dots: bytes, at: int) -> etree._Element:
    """Return a picture in the text; `at` is its number, from 1, and 'pictureN' the id of its
    file."""
    wide, high = struct.unpack(">II", dots[16:24])
    width = min(_WIDTH, round(_WIDTH * wide / (WIDE * _SCALE)))
    size = {"cx": str(width), "cy": str(width * high // wide)}
    named = {"id": str(at), "name": name, "descr": description}
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
