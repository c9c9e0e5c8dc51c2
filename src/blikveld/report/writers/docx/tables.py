"""Tables whose head comes again on every page and whose groups of rows stay together."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from blikveld.report.model import ReportRow, RowGroup, TableBlock, TableCell
from blikveld.report.writers.docx.xml import element, paragraph, run
from blikveld.report.writers.paging import whole

_PAGE = 9070
"""Width of the text in twentieths of a point: 160 mm."""
_FILLS = {0: "DBE6EE", 1: "EEF3F7"}


def grid(table: TableBlock) -> etree._Element:
    """The rows of a table; its caption and notes stand around it."""
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
    tied = bool(group.label) or whole(table)
    for at, line in enumerate(group.lines):
        keep = tied and (at < last or (whole(table) and not ends))
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


def _number(cell: TableCell, width: int, level: int, *, keep: bool, beside: bool) -> etree._Element:
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
