"""The codebook, the coded passages and the matrices as tables: on paper, in .docx and in .xlsx."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter  # type: ignore[import-untyped]
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from lxml import etree

from blikveld.atomic_files import write_zip
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import write
from blikveld.desk.error_pages import show_error_page
from blikveld.desk.interviews.coding import tree
from blikveld.desk.interviews.showing import coding_project, leads, render, traits
from blikveld.desk.roles import Permission
from blikveld.desk.words import texts
from blikveld.interviews.coding import CodingState
from blikveld.interviews.coding.retrieval import (
    Frequency,
    by_attribute,
    framework,
    frequencies,
    together,
)
from blikveld.report.writers.docx.package import element, paragraph, run, write_part

WORDS = texts("interviews")

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_SHEET_NAME = 31
_LONGEST_CELL = 32_000


@dataclass(frozen=True, slots=True)
class DownloadTable:
    """A table with a title: the heads of its columns and its rows, as words and numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@requires(Permission.CODE_INTERVIEWS)
@require_safe
@show_error_page
def show_tables(request: HttpRequest, language: str) -> HttpResponse:
    """All tables on one page, to read and to print."""
    return render(request, "tables", language, tables=_tables(request, language))


@requires(Permission.PREPARE_INTERVIEWS)
@require_safe
@show_error_page
def download_tables(request: HttpRequest, language: str, form: str) -> HttpResponse:
    """The same tables as a file."""
    if form not in _TYPES:
        raise Http404
    tables = _tables(request, language)
    write(current_account(request).name, "interviews.exported", form)
    raw = write_docx(tables) if form == "docx" else write_xlsx(tables)
    headers = {"Content-Disposition": f'attachment; filename="interviews.{form}"'}
    return HttpResponse(raw, content_type=_TYPES[form], headers=headers)


def _tables(request: HttpRequest, language: str) -> tuple[DownloadTable, ...]:
    """What this person may count, as tables."""
    me = current_account(request).name
    state = coding_project().log().state.seen_by(me, lead=leads(request))
    t = {key: text[language] for key, text in WORDS.items()}
    return (
        _codebook(state, t),
        _passages(state, t, language),
        _pairs(state, t),
        *_by_speaker(state, t, language),
        _framework(state, t),
    )


def _codebook(state: CodingState, t: dict[str, str]) -> DownloadTable:
    counts = frequencies(state)
    heads = ("code_name", "parent", "definition", "include", "exclude", "example")
    numbers = ("theme_count", "passages", "coders")
    rows = tuple(
        (
            code.name,
            state.codes[code.parent].name if code.parent else "",
            *(code.definition, code.include, code.exclude, code.example),
            *_counted(counts[code.key]),
        )
        for _, code in tree(state)
    )
    return DownloadTable(t["interviews_codes"], tuple(t[key] for key in (*heads, *numbers)), rows)


def _counted(count: Frequency) -> tuple[int, int, int]:
    return count.interviews, count.passages, count.coders


def _passages(state: CodingState, t: dict[str, str], language: str) -> DownloadTable:
    texts, about = coding_project().texts(), coding_project().about()
    known = traits(language)
    order = {code.key: index for index, (_, code) in enumerate(tree(state))}
    found = sorted(state.segments, key=lambda p: (order[p.code], p))
    labels = (known["role"].label, known["site"].label)
    heads = (t["code"], t["text"], *labels, t["coder"], t["begin"], t["words"])
    rows = []
    for p in found:
        speaker = about.get(p.text)
        role = known["role"].names.get(speaker.role, speaker.role) if speaker else ""
        site = known["site"].names.get(speaker.site, speaker.site) if speaker else ""
        words = texts[p.text].text[p.start : p.end] if p.text in texts else ""
        rows.append((state.codes[p.code].name, p.text, role, site, p.author, p.start, words))
    return DownloadTable(t["passages"], heads, tuple(rows))


def _pairs(state: CodingState, t: dict[str, str]) -> DownloadTable:
    rows = tuple(
        (state.codes[one].name, state.codes[other].name, count)
        for (one, other), count in together(state).items()
    )
    return DownloadTable(t["together"], (t["code"], t["code"], t["times"]), rows)


def _by_speaker(state: CodingState, t: dict[str, str], language: str) -> Iterator[DownloadTable]:
    about = coding_project().about()
    for trait, known in traits(language).items():
        names = known.names
        of_text = {text: str(getattr(found, trait)) for text, found in about.items()}
        columns = sorted(set(of_text.values()))
        counts = by_attribute(state, of_text)
        heads = (t["code"], *(names.get(column, column) for column in columns))
        rows: list[tuple[str | int, ...]] = [
            (code.name, *(counts.get((code.key, column), 0) for column in columns))
            for _, code in tree(state)
        ]
        yield DownloadTable(t["by_trait"].format(known.label), heads, tuple(rows))


def _framework(state: CodingState, t: dict[str, str]) -> DownloadTable:
    """A row an interview, a column a code, and in each cell what was said."""
    texts = coding_project().texts()
    cells = framework(state)
    columns = [code for _, code in tree(state) if any((key, code.key) in cells for key in texts)]
    rows = tuple(
        (
            key,
            *(
                " … ".join(text.text[p.start : p.end] for p in cells.get((key, code.key), ()))
                for code in columns
            ),
        )
        for key, text in texts.items()
    )
    return DownloadTable(t["framework"], (t["text"], *(code.name for code in columns)), rows)


def write_xlsx(tables: Sequence[DownloadTable]) -> bytes:
    """A workbook with a sheet a table. Nothing that somebody wrote becomes a formula."""
    file = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, safe) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title))
            sheet.set_column(0, max(len(table.heads) - 1, 0), 24, wrapped)
            sheet.freeze_panes(1, 1)
            for column, head in enumerate(table.heads):
                sheet.write_string(0, column, head, bold)
            for number, row in enumerate(table.rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        sheet.write_number(number, column, value)
                    else:
                        sheet.write_string(number, column, value[:_LONGEST_CELL])
    return file.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:_LONGEST_SHEET_NAME]


def write_docx(tables: Sequence[DownloadTable]) -> bytes:
    """A document with a heading and a table for each table."""
    parts = []
    for table in tables:
        parts.append(paragraph([run(table.title)], "Heading1"))
        parts.append(_docx_table(table) if table.rows else paragraph([run("–")]))
        parts.append(paragraph([]))
    page = element("w:pgSz", w="16838", h="11906", orient="landscape")
    body = element("w:body", *parts, element("w:sectPr", page))
    named = {
        "[Content_Types].xml": _CONTENT_TYPES.encode(),
        "_rels/.rels": _RELATIONS.format("officeDocument", "word/document.xml").encode(),
        "word/_rels/document.xml.rels": _RELATIONS.format("styles", "styles.xml").encode(),
        "word/document.xml": write_part(element("w:document", body)),
        "word/styles.xml": write_part(_styles()),
    }
    file = io.BytesIO()
    write_zip(file, named.items())
    return file.getvalue()


def _docx_table(table: DownloadTable) -> etree._Element:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = [element(f"w:{edge}", val="single", sz="4", color="999999") for edge in edges]
    width = element("w:tblW", w="5000", type="pct")
    look = element("w:tblPr", width, element("w:tblBorders", *lines))
    grid = element("w:tblGrid", *(element("w:gridCol") for _ in table.heads))
    bold = (_cell(head, element("w:b")) for head in table.heads)
    head = element("w:tr", element("w:trPr", element("w:tblHeader")), *bold)
    rows = (element("w:tr", *(_cell(str(value)) for value in row)) for row in table.rows)
    return element("w:tbl", look, grid, head, *rows)


def _cell(words: str, *look: etree._Element) -> etree._Element:
    shown = "".join(sign if sign.isprintable() else " " for sign in words)
    width = element("w:tcPr", element("w:tcW", w="0", type="auto"))
    return element("w:tc", width, paragraph([run(shown, "", *look)]))


def _styles() -> etree._Element:
    heading = element(
        "w:style",
        element("w:name", val="heading 1"),
        element("w:pPr", element("w:keepNext"), element("w:outlineLvl", val="0")),
        element("w:rPr", element("w:b"), element("w:sz", val="28")),
        type="paragraph",
        styleId="Heading1",
    )
    return element("w:styles", heading)


_FORMATS = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_FORMATS}/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_FORMATS}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_FORMATS}/officeDocument/2006/relationships/{{}}" '
    'Target="{}"/></Relationships>'
)
