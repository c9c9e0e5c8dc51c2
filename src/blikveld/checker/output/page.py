"""A result as one HTML page: the report's text with every finding marked and explained."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from blikveld.checker.document import ReportDocument
from blikveld.checker.findings import ReportedClaim, Result
from blikveld.checker.output.lines import coverage, notice_text, place, said
from blikveld.checker.phrases import Phrases

_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}
ol.text{font:.9rem/1.45 ui-monospace,monospace;white-space:pre-wrap;padding-left:4.5rem}
ol.text li::marker{color:#595959}
mark{background:#ffe08a;color:#1a1a1a;padding:0 .15em}
.why{display:block;font-family:system-ui,sans-serif;border-left:.25rem solid #b00020;
margin:.2rem 0 .6rem;padding:.1rem .6rem;background:#fdf0f1}
table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #767676;padding:.15rem .5rem;
text-align:left}
"""


def page(document: ReportDocument, result: Result, phrases: Phrases) -> str:
    """The whole page. It loads nothing from elsewhere, and all text in it is escaped."""
    title = phrases.say(f"Controle van {result.name}", f"Check of {result.name}")
    parts = [
        f'<!doctype html><html lang="{phrases.language.value}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1><p>{escape(coverage(result, phrases))}</p>",
        *(f"<p>{escape(notice_text(notice, phrases))}</p>" for notice in result.notices),
        *_list(result, phrases),
        f"<h2>{phrases.say('De tekst', 'The text')}</h2>",
        *_text(document, result, phrases),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _list(result: Result, phrases: Phrases) -> Iterator[str]:
    if not result.findings:
        return
    heading = phrases.say("Bevindingen", "Findings")
    yield f"<h2>{heading}</h2><ul>"
    for number, claim in enumerate(result.findings, start=1):
        where = escape(place(result.name, claim, phrases))
        yield f'<li><a href="#finding-{number}">{where}</a>: {_reason(claim, phrases)}</li>'
    yield "</ul>"


def _reason(claim: ReportedClaim, phrases: Phrases) -> str:
    name, text = phrases.name(claim.verdict), said(claim)
    return f"<strong>{escape(name)}</strong>: {escape(text)}. {escape(claim.explanation)}"


def _text(document: ReportDocument, result: Result, phrases: Phrases) -> Iterator[str]:
    """The lines with words in them; each table row where it stands."""
    marked: dict[int, list[tuple[int, ReportedClaim]]] = {}
    for number, claim in enumerate(result.findings, start=1):
        marked.setdefault(claim.line, []).append((number, claim))
    rows = {
        grid.line + index: row for grid in document.grids for index, row in enumerate(grid.rows)
    }
    yield '<ol class="text">'
    for line in document.lines:
        text = " | ".join(rows[line.number]) if line.number in rows else line.text
        if text.strip() or line.number in marked:
            shown = line.number if line.file_line is None else line.file_line
            yield _line(shown, text, marked.get(line.number, []), phrases)
    yield "</ol>"


def _line(number: int, text: str, found: list[tuple[int, ReportedClaim]], phrases: Phrases) -> str:
    shown = escape(text.strip())
    if not found:
        return f'<li value="{number}">{shown}</li>'
    notes = "".join(
        f'<span class="why" id="finding-{index}">{_reason(claim, phrases)}</span>'
        for index, claim in found
    )
    return f'<li value="{number}"><mark>{shown}</mark>{notes}</li>'
