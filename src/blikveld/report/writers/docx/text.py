"""The blocks of a report in WordprocessingML: paragraphs, lists, headings, notes and tables.

Notes stand at the foot of the page. The head of a table comes again on every page, and its groups
of rows stay together. Pictures and the order of the document are in `writing`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from blikveld.report.model import (
    Emphasis,
    Footnote,
    FootnoteReference,
    Heading,
    Hyperlink,
    Inlines,
    KeyFigure,
    KeyMessage,
    Listing,
    Number,
    Paragraph,
    PrintedCell,
    Quotation,
    ReportRow,
    RowGroup,
    Spoken,
    TableBlock,
    TextRun,
)
from blikveld.report.writers.docx.package import TAGS, element, paragraph, run
from blikveld.report.writers.shared import stays_whole

BULLETS, NUMBERS = "1", "2"


class DocxParts:
    """What the text refers to in other parts of the file: bookmarks, links outside, lists."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self._marks = 0

    def link(self, target: str) -> str:
        """Return the id of a link to outside."""
        if target not in self.links:
            self.links.append(target)
        return f"link{self.links.index(target) + 1}"

    def bookmark(self, anchor: str) -> tuple[etree._Element, etree._Element]:
        """Return where a link inside the document leads: its begin and end."""
        self._marks += 1
        number = str(self._marks)
        begin = element("w:bookmarkStart", id=number, name=bookmark_name(anchor))
        return begin, element("w:bookmarkEnd", id=number)


def bookmark_name(anchor: str) -> str:
    """Return a name that the format allows: forty letters, digits and underscores, a letter
    first."""
    text = "b_" + anchor.replace("-", "_")
    if len(text) <= 40:
        return text
    # A name that is cut could be another's; the sum of its letters tells them apart.
    return f"{text[:31]}_{sum(ord(sign) * at for at, sign in enumerate(text, 1)):08d}"


def runs(parts: Inlines, package: DocxParts, *looks: etree._Element) -> Iterator[etree._Element]:
    """Inlines in the looks of what they stand in."""
    for part in parts:
        match part:
            case TextRun(text) | Number(text):
                yield run(text, "", *map(_copy, looks))
            case FootnoteReference(note):
                mark = element("w:footnoteReference", id=str(note))
                style = element("w:rPr", element("w:rStyle", val="FootnoteReference"))
                yield element("w:r", style, mark)
            case Emphasis(inside, strong):
                look = element("w:b") if strong else element("w:i")
                yield from runs(inside, package, *looks, look)
            case Hyperlink(inside, target):
                yield _link(inside, target, package)


def _copy(node: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(node))


def _link(inside: Inlines, target: str, package: DocxParts) -> etree._Element:
    style = element("w:rStyle", val="Hyperlink")
    content = list(runs(inside, package, style))
    if target.startswith("#"):
        return element("w:hyperlink", *content, anchor=bookmark_name(target[1:]))
    return element("w:hyperlink", *content, values={"r:id": package.link(target)})


def heading(found: Heading, package: DocxParts, *, fresh: bool = False) -> etree._Element:
    """Return a heading in the style of its level, with a bookmark to link to; `fresh` begins a
    page.
    """
    begin, end = package.bookmark(found.anchor)
    number = [run(f"{found.number} ")] if found.number else []
    content = [begin, *number, *runs(found.parts, package), end]
    more = [element("w:pageBreakBefore")] if fresh else []
    return paragraph(content, f"Heading{found.level}", *more)


def text(
    block: Paragraph | Listing | Quotation | Spoken | KeyMessage | KeyFigure, package: DocxParts
) -> Iterator[etree._Element]:
    """Running text as paragraphs."""
    match block:
        case Paragraph(parts, aside):
            yield paragraph(runs(parts, package), "Aside" if aside else "BodyText")
        case Quotation(blocks, aside):
            for inside in blocks:
                if isinstance(inside, Paragraph):
                    yield paragraph(runs(inside.parts, package), "Aside" if aside else "Quote")
                elif isinstance(inside, Listing):
                    yield from _listing(inside, package, 0)
        case KeyMessage(label, title, parts):
            number = [run(f"{label}. ", "", element("w:b"))] if label else []
            bold = runs((Emphasis((*title, TextRun(". ")), strong=True), *parts), package)
            yield paragraph([*number, *bold], "BodyText")
        case KeyFigure(value, _, parts, base):
            large = run(f"{value.text} ", "", element("w:b"))
            told = (*parts, TextRun(" ("), *base, TextRun(")")) if base else parts
            yield paragraph([large, *runs(told, package)], "BodyText")
        case Spoken(words, language, by):
            tongue = [element("w:lang", val=TAGS.get(language, language))] if language else []
            yield paragraph([run(f"“{words}”", "", *tongue), run(f" {by}")], "Quote")
        case Listing():
            yield from _listing(block, package, 0)


def _listing(block: Listing, package: DocxParts, depth: int) -> Iterator[etree._Element]:
    style = "ListNumber" if block.ordered else "ListBullet"
    for item in block.items:
        for inside in item:
            if isinstance(inside, Paragraph):
                level = element(
                    "w:numPr",
                    element("w:ilvl", val=str(depth)),
                    element("w:numId", val=NUMBERS if block.ordered else BULLETS),
                )
                yield paragraph(runs(inside.parts, package), style, level)
            elif isinstance(inside, Listing):
                yield from _listing(inside, package, depth + 1)


def footnotes(notes: tuple[Footnote, ...], package: DocxParts) -> etree._Element:
    """Return the part that holds all notes; the first two draw the line above them."""
    kinds = (("-1", "separator"), ("0", "continuationSeparator"))
    lines = [
        element("w:footnote", paragraph([element("w:r", element(f"w:{kind}"))]), id=at, type=kind)
        for at, kind in kinds
    ]
    return element("w:footnotes", *lines, *(_note(note, package) for note in notes))


def _note(note: Footnote, package: DocxParts) -> etree._Element:
    style = element("w:rPr", element("w:rStyle", val="FootnoteReference"))
    sign = element("w:r", style, element("w:footnoteRef"))
    content = [sign, run(" "), *runs(note.parts, package)]
    return element("w:footnote", paragraph(content, "FootnoteText"), id=str(note.number))


_PAGE = 9070
"""Width of the text in twentieths of a point: 160 mm."""
_FILLS = {0: "DBE6EE", 1: "EEF3F7"}


def grid(table: TableBlock) -> etree._Element:
    """Return the rows of a table; its caption and notes stand around it."""
    widths = _widths(table)
    look = element("w:tblLook", firstRow="1", firstColumn="1", noHBand="1", noVBand="1")
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val="ReportTable"),
        element("w:tblW", w=str(sum(widths)), type="dxa"),
        element("w:tblLayout", type="fixed"),
        look,
        element("w:tblCaption", val=f"{table.label} {table.subtitle}".strip() or table.anchor),
    )
    columns = element("w:tblGrid", *(element("w:gridCol", w=str(width)) for width in widths))
    rows = [row for group in table.groups for row in _group(table, group, widths)]
    return element("w:tbl", properties, columns, _head(table, widths), *rows)


def _widths(table: TableBlock) -> list[int]:
    labels = 2 if table.grouped else 1
    # Many columns leave less room for the labels of rows.
    part = min(0.42, max(0.22 * labels, 0.85 - 0.09 * len(table.heads)))
    label = int(_PAGE * part / labels)
    number = (_PAGE - label * labels) // max(1, len(table.heads))
    return [label] * labels + [number] * len(table.heads)


def _head(table: TableBlock, widths: list[int]) -> etree._Element:
    labels = len(widths) - len(table.heads)
    corner = [*table.corner, *[""] * labels][:labels]
    cells = [_cell(text, width, "TableHead") for text, width in zip(corner, widths, strict=False)]
    cells += [
        _cell(text, width, "TableHeadNumber")
        for text, width in zip(table.heads, widths[labels:], strict=True)
    ]
    again = element("w:trPr", element("w:cantSplit"), element("w:tblHeader"))
    return element("w:tr", again, *cells)


def _group(table: TableBlock, group: RowGroup, widths: list[int]) -> Iterator[etree._Element]:
    last = len(group.lines) - 1
    ends = group is table.groups[-1]
    # The rows of a group stay on one page, and those of a short table all of them.
    tied = bool(group.label) or stays_whole(table)
    for at, line in enumerate(group.lines):
        keep = tied and (at < last or (stays_whole(table) and not ends))
        cells = list(_labels(table, group, line, at, widths, keep=keep))
        labels = len(widths) - len(table.heads)
        cells += [
            _number(cell, width, line.level, keep=keep, beside=table.beside)
            for cell, width in zip(line.cells, widths[labels:], strict=True)
        ]
        yield element("w:tr", element("w:trPr", element("w:cantSplit")), *cells)


def _labels(
    table: TableBlock, group: RowGroup, line: ReportRow, at: int, widths: list[int], *, keep: bool
) -> Iterator[etree._Element]:
    """The name of the group over all its rows, and the row's own."""
    fill = _FILLS.get(line.level, "")
    style = "TableTotal" if line.level < 2 else "TableText"
    if not table.grouped:
        yield _cell(line.label, widths[0], style, fill=fill, keep=keep)
    elif not group.label:
        wide = element("w:gridSpan", val="2")
        yield _cell(line.label, sum(widths[:2]), style, wide, fill=fill, keep=keep)
    else:
        merge = element("w:vMerge", val="restart") if at == 0 else element("w:vMerge")
        words = group.label if at == 0 else ""
        yield _cell(words, widths[0], "TableTotal", merge, fill=_FILLS[1], keep=keep)
        yield _cell(line.label, widths[1], style, fill=fill, keep=keep)


def _cell(
    text: str, width: int, style: str, *more: etree._Element, fill: str = "", keep: bool = False
) -> etree._Element:
    content = paragraph([run(text)] if text else [], style, *_kept(keep))
    return element("w:tc", _properties(width, *more, fill=fill), content)


def _kept(keep: bool) -> list[etree._Element]:
    """What holds a paragraph on the page of the next."""
    return [element("w:keepNext")] if keep else []


def _properties(width: int, *more: etree._Element, fill: str) -> etree._Element:
    shade = [element("w:shd", val="clear", color="auto", fill=fill)] if fill else []
    return element("w:tcPr", element("w:tcW", w=str(width), type="dxa"), *more, *shade)


def _number(
    cell: PrintedCell, width: int, level: int, *, keep: bool, beside: bool
) -> etree._Element:
    """A count, and under it or behind it its share."""
    style = "TableTotalNumber" if level < 2 else "TableNumber"
    count = [run(cell.count)] if cell.count else []
    if beside and cell.share:
        content = [paragraph([*count, run(f"\u2003{cell.share}")], style, *_kept(keep))]
    else:
        content = [paragraph(count, style, *_kept(keep))]
        if cell.share:
            content.append(paragraph([run(cell.share)], "TableShare", *_kept(keep)))
    return element("w:tc", _properties(width, fill=_FILLS.get(level, "")), *content)
