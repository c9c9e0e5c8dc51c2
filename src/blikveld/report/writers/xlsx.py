"""The table book: every table and every chart on a sheet of its own, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from blikveld.atomic_files import whole
from blikveld.disclosure import Release, SafeCell, SafeTable
from blikveld.report import printed
from blikveld.report.claims.facts import Facts
from blikveld.report.interviews import NONE, Interviews, spoken
from blikveld.report.model import FigureBlock, FigureNumber, Report, ReportFunnel, plain
from blikveld.report.text.files import find_words, read_settings
from blikveld.results.cell import Column, DataOrigin
from blikveld.results.formatting import NOTHING, SUPPRESSED, percentage
from blikveld.study.model import Study

_HEAD_ROW = 4
_LONGEST_NAME = 31


def write(
    study: Study,
    release: Release,
    language: str,
    path: Path,
    interviews: Interviews = NONE,
    standing: DataOrigin = DataOrigin.FIELDWORK,
    report: Report | None = None,
) -> None:
    """Write the table book in one language. The same release gives the same bytes.

    With a `report` it also holds the numbers of its charts, and says who made it and from what.

    Of a suppressed number both ends of its range stand in columns beside each other; an invented
    one carries a *; percentages are numbers that show as
    printed in the report. Quotes of interviews stand on a sheet of their own.
    """
    facts = Facts(
        study, release, ReportFunnel(0, ()), language, read_settings(study), interviews, standing
    )
    with whole(path) as half:
        _book(facts, report, half)


def _book(facts: Facts, report: Report | None, path: Path) -> None:
    study, language = facts.study, facts.language
    # What a label or title begins with makes no formula and no link of it.
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(str(path), safe)
    book.set_properties(
        {
            "title": f"{study.title[language]}. {find_words(language)['book']}",
            # The clock would make every file another one.
            "created": datetime.combine(study.fieldwork.last, time()),
        }
    )
    styles = _styles(book)
    contents = book.add_worksheet(find_words(language)["contents"])
    names = [
        _sheet(book, styles, facts, table, at)
        for at, table in enumerate(facts.release.tables.values(), 1)
    ]
    figures = [
        (_figure_sheet(book, styles, facts, figure), plain(figure.title))
        for figure in (report.figures if report else ())
    ]
    listed = [
        *zip(names, (t.title[language] for t in facts.release.tables.values()), strict=True),
        *figures,
    ]
    _contents(contents, styles, facts, listed, tuple(_sources(report)) if report else ())
    if facts.interviews.quotes:
        _quotes(book.add_worksheet(facts.say("quotes")), styles, facts)
    book.close()


@dataclass(frozen=True, slots=True)
class _Styles:
    """Looks by what they are for: (kind, level of the row, invented)."""

    made: dict[tuple[str, int, bool], Format]
    title: Format
    plain: Format
    wrapped: Format
    head: Format
    head_label: Format
    link: Format

    def of(self, kind: str, level: int, *, invented: bool = False) -> Format:
        return self.made[kind, level, invented]


_LOOKS = {"label": "", "count": "#,##0", "base": "#,##0", "low": '#,##0"–"', "share": "0%"}
_FILLS = {0: "#dbe6ee", 1: "#eef3f7"}


def _styles(book: Workbook) -> _Styles:
    made = {}
    for level in (0, 1, 2):
        for kind, number in _LOOKS.items():
            for invented in (False, True):
                look: dict[str, Any] = {"bold": level < 2, "valign": "top", "bottom": 4}
                if level in _FILLS:
                    look["bg_color"] = _FILLS[level]
                if kind != "label":
                    look |= {"align": "right", "num_format": number + ('"*"' * invented)}
                made[kind, level, invented] = book.add_format(look)
    head = {"bold": True, "bg_color": "#1b4f72", "font_color": "#ffffff", "text_wrap": True}
    return _Styles(
        made,
        title=book.add_format({"bold": True, "font_size": 14, "font_color": "#1b4f72"}),
        plain=book.add_format({"text_wrap": False}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        head=book.add_format({**head, "align": "right", "valign": "bottom"}),
        head_label=book.add_format({**head, "valign": "bottom"}),
        link=book.add_format({"font_color": "#1b4f72", "underline": 1}),
    )


def _sheet(book: Workbook, styles: _Styles, facts: Facts, table: SafeTable, at: int) -> str:
    """One table on one sheet. Returns the name of the sheet."""
    language = facts.language
    name = _name(table.number[language], at, [sheet.get_name() for sheet in book.worksheets()])
    sheet = book.add_worksheet(name)
    shown = printed.table(facts, table, "", table.name)
    sheet.write(0, 0, f"{table.number[language]}. {plain(shown.title)}", styles.title)
    sheet.write(1, 0, shown.subtitle, styles.plain)
    sheet.write(2, 0, f"{facts.say('unit')}: {facts.say('respondents')}, %", styles.plain)
    ranged = _ranged(table)
    _head(sheet, styles, facts, table, ranged=ranged)
    lines = tuple(_lines(table, language))
    for row, line in enumerate(lines, _HEAD_ROW + 1):
        _line(sheet, styles, table, line, row, ranged=ranged)
    for row, note in enumerate(shown.notes, _HEAD_ROW + len(lines) + 2):
        sheet.write(row, 0, note, styles.plain)
    _lay_out(sheet, table)
    return name


def _lay_out(sheet: Worksheet, table: SafeTable) -> None:
    labels = _label_columns(table)
    sheet.set_column(0, labels - 1, 30)
    sheet.set_column(labels, labels + 3 * len(table.columns), 11)
    sheet.freeze_panes(_HEAD_ROW + 1, labels)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)


@dataclass(frozen=True, slots=True)
class _SheetRow:
    labels: tuple[str, ...]
    level: int
    cells: tuple[SafeCell, ...]


def _ranged(table: SafeTable) -> bool:
    """Whether a range stands somewhere in a table: then every count has room for two ends."""
    return any(cell.count_band for row in table.rows for cell in row.cells)


def _label_columns(table: SafeTable) -> int:
    return max(1, len(table.row_labels))


def _head(
    sheet: Worksheet, styles: _Styles, facts: Facts, table: SafeTable, *, ranged: bool
) -> None:
    corner = [text[facts.language] for text in table.row_labels] or [facts.say("group")]
    for at, text in enumerate(corner):
        sheet.write(_HEAD_ROW, at, text, styles.head_label)
    at = len(corner)
    for column in table.columns:
        label = column.label[facts.language]
        sheet.write(_HEAD_ROW, at, label, styles.head)
        at += 1
        if ranged:
            sheet.write(_HEAD_ROW, at, facts.say("up_to", label=label), styles.head)
            at += 1
        if not column.total:
            sheet.write(_HEAD_ROW, at, facts.say("percent_head", label=label), styles.head)
            at += 1


def _lines(table: SafeTable, language: str) -> Iterator[_SheetRow]:
    """Every row with all its labels, so that a sheet can be sorted and filtered."""
    width = _label_columns(table)
    for at, row in enumerate(table.rows):
        label = row.label[language]
        above = _above(table, at, language) if row.level == width and width > 1 else ()
        labels = (*above, label) if above else (label, *[""] * (width - 1))
        yield _SheetRow(labels, row.level if row.level < width else 2, row.cells)


def _above(table: SafeTable, at: int, language: str) -> tuple[str, ...]:
    """The label of the subtotal that follows a row."""
    after = (row for row in table.rows[at:] if row.level == 1)
    found = next(after, None)
    return (found.label[language],) if found is not None else ()


def _line(
    sheet: Worksheet,
    styles: _Styles,
    table: SafeTable,
    line: _SheetRow,
    row: int,
    *,
    ranged: bool,
) -> None:
    for at, label in enumerate(line.labels):
        sheet.write(row, at, label, styles.of("label", line.level))
    at = len(line.labels)
    for column, cell in zip(table.columns, line.cells, strict=True):
        for kind, value in _values(column, cell, ranged=ranged):
            known = cell.share_fixed if kind == "share" else cell.fixed
            invented = not known and kind != "low" and bool(value)
            sheet.write(row, at, value, styles.of(kind, line.level, invented=invented))
            at += 1


def _values(
    column: Column, cell: SafeCell, *, ranged: bool
) -> Iterator[tuple[str, int | float | str | None]]:
    """A count and its share: numbers, or nothing where there is none to print.

    With `ranged` a count has two columns: the number, or both ends of a range.
    """
    band = cell.count_band
    shown = SUPPRESSED if cell.count is None else cell.count
    yield ("count", shown) if band is None else ("low", band.low)
    if ranged:
        yield "count", "" if band is None else band.high
    if column.total:
        return
    if cell.count is None or cell.base is None:
        yield "share", ""
        return
    share = percentage(cell.count, cell.base)
    yield "share", NOTHING if share is None else int(share) / 100


def _figure_sheet(book: Workbook, styles: _Styles, facts: Facts, figure: FigureBlock) -> str:
    """The numbers of one chart as a named table. Returns the name of the sheet."""
    taken = [sheet.get_name() for sheet in book.worksheets()]
    name = _name(figure.label, len(taken), taken)
    sheet = book.add_worksheet(name)
    sheet.write(0, 0, f"{figure.label}. {plain(figure.title)}", styles.title)
    sheet.write(1, 0, figure.subtitle, styles.plain)
    heads = ("group", "answer", "count", "until_count", "base_count", "share")
    last = _HEAD_ROW + len(figure.numbers)
    columns = [{"header": facts.say(head)} for head in heads]
    sheet.add_table(
        _HEAD_ROW,
        0,
        last,
        len(heads) - 1,
        {"name": figure.anchor.replace("-", "_"), "columns": columns, "style": None},
    )
    for at, column in enumerate(columns):
        look = styles.head if at > 1 else styles.head_label
        sheet.write(_HEAD_ROW, at, column["header"], look)
    for row, found in enumerate(figure.numbers, _HEAD_ROW + 1):
        for at, (kind, value) in enumerate(_figure_values(found)):
            invented = found.invented and kind in ("count", "share")
            sheet.write(row, at, value, styles.of(kind, 2, invented=invented and value != ""))
    for row, note in enumerate(figure.notes, last + 2):
        sheet.write(row, 0, note, styles.plain)
    sheet.set_column(0, 1, 36)
    sheet.set_column(2, len(heads) - 1, 12)
    sheet.freeze_panes(_HEAD_ROW + 1, 2)
    return name


def _figure_values(found: FigureNumber) -> Iterator[tuple[str, int | float | str]]:
    """What stands in a line: both ends of a range, or a count and the share as it is printed."""
    ranged = found.count is None and found.low is not None
    yield "label", found.group
    yield "label", found.answer
    yield ("low", found.low or 0) if ranged else ("count", _told(found.count))
    yield "count", _told(found.high) if ranged else ""
    yield "base", _told(found.base)
    share = percentage(found.count, found.base) if found.count is not None and found.base else None
    yield "share", "" if share is None else int(share) / 100


def _told(number: int | None) -> int | str:
    return "" if number is None else number


def _sources(report: Report) -> Iterator[str]:
    """Who made the numbers, when, and from what."""
    if report.cover is not None:
        yield f"{report.cover.authors}. {report.cover.imprint}"
    yield report.version_line
    yield report.snapshot_line
    yield from filter(None, (report.warning,))


def _quotes(sheet: Worksheet, styles: _Styles, facts: Facts) -> None:
    """Every quote of the report with its theme and who is quoted."""
    found, language = facts.interviews, facts.language
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 50)
    sheet.write(0, 0, facts.say("quotes"), styles.title)
    for at, head in enumerate(("theme", "quote", "who_said")):
        sheet.write(2, at, facts.say(head), styles.head_label)
    for row, quote in enumerate(found.quotes, 3):
        said = spoken(quote, language, invented=found.invented)
        name = facts.theme(quote.theme).name[language]
        for at, text in enumerate((name, said.words, said.by)):
            sheet.write_string(row, at, text, styles.wrapped)
    sheet.freeze_panes(3, 0)


def _name(number: str, at: int, taken: Sequence[str]) -> str:
    """A name that a sheet can have: no forbidden signs, not too long, not twice."""
    name = "".join(sign for sign in number if sign not in "[]:*?/\\'")[: _LONGEST_NAME - 5].strip()
    return name if name and name not in taken else f"{name} ({at})".strip()


def _contents(
    sheet: Worksheet,
    styles: _Styles,
    facts: Facts,
    listed: Sequence[tuple[str, str]],
    sources: Sequence[str],
) -> None:
    language = facts.language
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, f"{facts.study.title[language]}. {facts.say('book')}", styles.title)
    for row, words in enumerate(sources, 1):
        sheet.write(row, 0, words, styles.plain)
    top = 2 + len(sources)
    sheet.write(top, 0, facts.say("sheet"), styles.head_label)
    sheet.write(top, 1, facts.say("table"), styles.head_label)
    for row, (name, title) in enumerate(listed, top + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link, name)
        sheet.write(row, 1, title, styles.plain)
    after = top + len(listed) + 3
    sheet.write(after, 0, facts.say("signs"), styles.head_label)
    sheet.write(after, 1, "", styles.head_label)
    if facts.interviews.quotes:
        name = facts.say("quotes")
        sheet.write_url(after - 2, 0, f"internal:'{name}'!A1", styles.link, name)
    signs = (
        printed.protected(facts),
        facts.why_invented,
        facts.say("nothing"),
    )
    for row, text in enumerate(signs, after + 1):
        sheet.write(row, 1, text, styles.plain)
    sheet.freeze_panes(top + 1, 0)
