"""A result as one HTML page: the document as it was read, with every finding marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from blikveld.checker.document import ParsedGrid, ReportDocument
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

    def blocks(self) -> Iterator[str]:
        """Each line with words in it, each table where it stands, and each change of page."""
        page, skip = None, 0
        for line in self._document.lines:
            if line.page != page and line.page is not None:
                page = line.page
                name = self._phrases.say("bladzijde", "page")
                yield f'<p class="num">{name} {page}</p>'
            if line.number < skip:
                continue
            grid = self._grids.get(line.number)
            if grid is not None:
                skip = line.number + len(grid.rows)
                yield from self._table(grid)
            elif line.text.strip() or line.number in self._marked:
                shown = line.number if line.file_line is None else line.file_line
                yield self._line(shown, line.text, self._marked.get(line.number, ()))

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
