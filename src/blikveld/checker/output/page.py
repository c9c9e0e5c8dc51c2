"""A result as one HTML page: the document as it was read, with every finding marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from blikveld.checker.document import Box, ParsedGrid, ReportDocument
from blikveld.checker.findings import Grade, ReportedClaim, Result
from blikveld.checker.output.lines import coverage, notice_text, place, said
from blikveld.checker.phrases import Phrases

STYLE = """
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#595959;--rule:#767676;
--mark:#ffe08a;--box:#f6f3ea;--sure:#a4001d;--likely:#8a4b00;--look:#1f5a96}
@media(prefers-color-scheme:dark){:root{--ink:#eee;--paper:#161616;--soft:#b5b5b5;--rule:#8a8a8a;
--mark:#5c4a00;--box:#242220;--sure:#ff9aa5;--likely:#ffbf69;--look:#9cc9ff}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem;
color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;overflow-wrap:anywhere}a{color:inherit}
.findings{padding-left:1.2rem}.findings li{margin:.4rem 0;overflow-wrap:anywhere}
.why{display:block;border-left:.25rem solid var(--rule);margin:.3rem 0 .7rem;padding:.3rem .7rem;
background:var(--box);overflow-wrap:anywhere}
.grade{font-weight:600}.g-impossible{color:var(--sure)}.g-misprint{color:var(--likely)}
.g-note{color:var(--look)}
mark{background:var(--mark);color:inherit;padding:0 .15em;outline:1px solid var(--rule)}
.text{border-top:1px solid var(--rule);padding-top:1rem}
.line{display:grid;grid-template-columns:3.2rem 1fr;gap:.5rem;margin:0;overflow-wrap:anywhere}
.line>span:first-child,.num{color:var(--soft);font-size:.85rem;text-align:right}
.scroll{overflow-x:auto;margin:.6rem 0 .6rem 3.7rem}
table{border-collapse:collapse}td,th{border:1px solid var(--rule);padding:.15rem .5rem;
text-align:left;font-weight:400}caption{text-align:left;font-weight:600}
.sheet{display:block;max-width:100%;height:auto;margin:.6rem 0;border:1px solid var(--rule);
background:#fff}.sheet text{fill:#1a1a1a;font-family:system-ui,sans-serif}
.sheet rect{fill:#ffe08a;fill-opacity:.55;stroke:#a4001d;stroke-width:1.5}
.sheet .number{fill:#a4001d;font-weight:600}
@media(max-width:40rem){.line{grid-template-columns:2.2rem 1fr}.scroll{margin-left:0}}
"""


def page(document: ReportDocument, result: Result, phrases: Phrases, before: str = "") -> str:
    """The whole page. It loads nothing from elsewhere, and all text of the document is escaped.

    `before` is HTML of our own that stands above the findings.
    """
    title = phrases.say(f"Controle van {result.name}", f"Check of {result.name}")
    body = [
        f"<main><h1>{escape(title)}</h1>{before}<p>{escape(coverage(result, phrases))}</p>",
        *(f"<p>{escape(notice_text(notice, phrases))}</p>" for notice in result.notices),
        *_list(result, phrases),
        f'<div class="text"><h2>{phrases.say("Het document", "The document")}</h2>',
        *_Text(document, result, phrases).blocks(),
        "</div></main>",
    ]
    return html_page(title, phrases.language.value, "\n".join(body))


def html_page(title: str, language: str, body: str) -> str:
    """A page around a body, with the style of all pages here."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )


def _list(result: Result, phrases: Phrases) -> Iterator[str]:
    """The findings, the surest first, each with a link to where it stands."""
    if not result.findings:
        return
    yield f"<h2>{phrases.say('Bevindingen', 'Findings')}</h2><ol class='findings'>"
    numbered = list(enumerate(result.findings, start=1))
    for grade in Grade:
        for number, claim in numbered:
            if claim.grade is grade:
                where = escape(place(result.name, claim, phrases))
                link = f'<a href="#finding-{number}">{where}</a>'
                yield f"<li>{link}: {_reason(claim, phrases)}</li>"
    yield "</ol>"


def _reason(claim: ReportedClaim, phrases: Phrases) -> str:
    grade = claim.grade or Grade.NOTE
    name = f'<span class="grade g-{grade.name.lower()}">{escape(phrases.grade(grade))}</span>'
    text = f"{phrases.name(claim.verdict)}: {said(claim)}. {claim.explanation}"
    return f"{name}: {escape(text)} <small>[{claim.fingerprint}]</small>"


class _Text:
    """The document from top to bottom: lines of text, and tables as tables."""

    def __init__(self, document: ReportDocument, result: Result, phrases: Phrases) -> None:
        self._document, self._phrases = document, phrases
        self._marked: dict[int, list[tuple[int, ReportedClaim]]] = {}
        for number, claim in enumerate(result.findings, start=1):
            self._marked.setdefault(claim.line, []).append((number, claim))
        self._grids = {grid.line: grid for grid in document.grids}
        self._sheets = _sheets(document, result)

    def blocks(self) -> Iterator[str]:
        """Each line with words in it, each table where it stands, and each change of page."""
        page, skip = None, 0
        for line in self._document.lines:
            if line.page != page and line.page is not None:
                page = line.page
                name = self._phrases.say("bladzijde", "page")
                yield f'<p class="num">{name} {page}</p>'
                yield from self._sheet(page)
            if line.number < skip:
                continue
            grid = self._grids.get(line.number)
            if grid is not None:
                skip = line.number + len(grid.rows)
                yield from self._table(grid)
            elif line.text.strip() or line.number in self._marked:
                shown = line.number if line.file_line is None else line.file_line
                yield self._line(shown, line.text, self._marked.get(line.number, ()))

    def _sheet(self, page: int) -> Iterator[str]:
        """A picture of a page with findings: its text where it stands, each finding in a box."""
        found = self._sheets.get(page, ())
        if not found or page not in self._document.page_sizes:
            return
        width, height = self._document.page_sizes[page]
        numbers = ", ".join(str(number) for number, _ in found)
        name = self._phrases.say(
            f"Bladzijde {page} met bevinding {numbers} gemarkeerd",
            f"Page {page} with finding {numbers} marked",
        )
        yield (
            f'<svg class="sheet" role="img" aria-label="{name}" width="{width:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}">'
        )
        for number, (left, top, right, bottom) in found:
            yield f'<rect x="{left - 2}" y="{top - 2}" width="{right - left + 4:.1f}" '
            yield f'height="{bottom - top + 4:.1f}"/><text class="number" x="{right + 4:.1f}" '
            yield f'y="{bottom}" font-size="{bottom - top:.1f}">{number}</text>'
        yield from _printed(self._document, page)
        yield "</svg>"

    def _line(self, number: int, text: str, found: Sequence[tuple[int, ReportedClaim]]) -> str:
        shown = escape(text.strip())
        inner = f"<mark>{shown}</mark>" if found else shown
        return f'<p class="line"><span>{number}</span><span>{inner}</span></p>{self._notes(found)}'

    def _notes(self, found: Sequence[tuple[int, ReportedClaim]]) -> str:
        return "".join(
            f'<span class="why" id="finding-{number}">{_reason(claim, self._phrases)}</span>'
            for number, claim in found
        )

    def _table(self, grid: ParsedGrid) -> Iterator[str]:
        lines = range(grid.line, grid.line + len(grid.rows))
        found = [each for line in lines for each in self._marked.get(line, ())]
        cells = {(c.cell[0], c.cell[1]): n for n, c in found if c.cell is not None}
        name = escape(grid.title) or self._phrases.say("Tabel", "Table")
        yield f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table>'
        if grid.title:
            yield f"<caption>{escape(grid.title)}</caption>"
        for row, texts in enumerate(grid.rows):
            yield f"<tr>{''.join(_cell(t, (row, c), cells) for c, t in enumerate(texts))}</tr>"
        yield f"</table></div>{self._notes(found)}"


def _cell(text: str, place: tuple[int, int], marked: Mapping[tuple[int, int], int]) -> str:
    shown = escape(text.strip())
    if place in marked:
        shown = f'<a href="#finding-{marked[place]}"><mark>{shown}</mark></a>'
    return f"<td>{shown}</td>"


def _sheets(document: ReportDocument, result: Result) -> dict[int, list[tuple[int, Box]]]:
    """For each page the findings on it whose place is known, by their number."""
    found: dict[int, list[tuple[int, Box]]] = {}
    for number, claim in enumerate(result.findings, start=1):
        if claim.page is not None and claim.box is not None:
            found.setdefault(claim.page, []).append((number, claim.box))
    return found


def _printed(document: ReportDocument, page: int) -> Iterator[str]:
    """The words of a page as pieces of a drawing."""
    for line in document.lines:
        if line.page == page and line.box is not None:
            yield _piece(line.text, line.box)
    pages = {line.number: line.page for line in document.lines}
    for grid in document.grids:
        for row, texts in enumerate(grid.rows):
            if pages.get(grid.line + row) == page:
                for column, text in enumerate(texts):
                    box = grid.box(row, column)
                    if box is not None and text:
                        yield _piece(text, box, fill=False)


def _piece(text: str, box: Box, *, fill: bool = True) -> str:
    """A line as wide as it was printed, or a cell that begins where it was printed."""
    left, top, right, bottom = box
    size = 0.75 * (bottom - top)
    wide = f' textLength="{right - left:.1f}" lengthAdjust="spacingAndGlyphs"' if fill else ""
    return (
        f'<text x="{left}" y="{bottom - (bottom - top) / 4:.1f}" font-size="{size:.1f}"{wide}>'
        f"{escape(text)}</text>"
    )
