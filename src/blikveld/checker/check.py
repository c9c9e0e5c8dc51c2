"""One report from beginning to end: its claims, each with a verdict.

What needs the whole of it is judged here: cross-references to figures, tables and sections that do
not exist.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from blikveld.checker import prose, text_tables
from blikveld.checker.arithmetic import changes, margins, parts, sample_sizes
from blikveld.checker.document import (
    Box,
    Flow,
    Language,
    ParsedGrid,
    ReportDocument,
    Running,
    join_sentences,
    note_lines,
)
from blikveld.checker.findings import ClaimKind, ReportedClaim, Result, Verdict
from blikveld.checker.impossible_values import intervals, limits_of_values, means
from blikveld.checker.phrases import Phrases
from blikveld.checker.prose import Prose
from blikveld.checker.share_phrases import words
from blikveld.checker.statistics import statistics
from blikveld.checker.tables import judge_tables, typed_tables
from blikveld.checker.text_table_checks import TextTables

_DUTCH = frozenset({"de", "het", "een", "van", "en", "niet", "dat", "zijn", "met", "voor", "bij"})
_ENGLISH = frozenset({"the", "of", "and", "to", "that", "with", "for", "are", "was", "by", "not"})


def language_of(document: ReportDocument) -> Language:
    """Dutch or English, by their commonest little words."""
    text = " ".join(line.text for line in document.lines[:4000])
    cells = " ".join(cell for grid in document.grids for row in grid.rows for cell in row)
    words = re.findall(r"[a-z]+", f"{text} {cells}".lower())[:40_000]
    dutch = sum(word in _DUTCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    return Language.ENGLISH if english > dutch else Language.DUTCH


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a reader may ask for besides the usual.

    `one_sided` allows half the p everywhere, as statcheck does when asked. `means` holds means of
    whole numbers against their n, which is right only for answers in whole numbers.
    """

    one_sided: bool = False
    means: bool = False


def check(
    document: ReportDocument,
    language: Language | None = None,
    settings: CheckSettings = CheckSettings(),
) -> Result:
    """Find and judge every claim of a document. Without a language: the one it seems to be in."""
    spoken = language or language_of(document)
    phrases = Phrases(spoken)
    tables = list(text_tables.torn(document, spoken, note_lines(document)))
    taken = frozenset(number for table in tables for number in table.lines)
    running = join_sentences(document, taken)
    text = Prose(running, spoken, phrases, paragraphs=document.paragraphs)
    claims = [
        *text.claims(),
        *words(text.tied(), running.main, spoken, phrases),
        *prose.fractions(running, spoken, phrases),
        *TextTables(tables, phrases).claims(),
        *judge_tables(typed_tables(document, spoken), phrases),
        *references(document, running, phrases),
        *changes(running.main, spoken, phrases),
        *parts(running.main, spoken, phrases),
        *margins(running.main, spoken, phrases),
        *sample_sizes(running.main, spoken, phrases),
        *_scientific(running, spoken, phrases, settings),
    ]
    ordered = sorted(claims, key=lambda claim: claim.line)
    return Result(document.name, tuple(_placed(document, ordered)), document.notices)


def _scientific(
    running: Running, language: Language, phrases: Phrases, settings: CheckSettings
) -> Iterator[ReportedClaim]:
    """Tests, intervals and values, in the text and in the footnotes."""
    for note, flow in ((None, running.main), *running.notes.items()):
        claims = [
            *statistics(flow, language, phrases, one_sided=settings.one_sided),
            *intervals(flow, language, phrases),
            *limits_of_values(flow, phrases),
        ]
        if settings.means:
            claims += means(flow, phrases)
        yield from (replace(claim, note=note) for claim in claims)


def _placed(document: ReportDocument, claims: Iterable[ReportedClaim]) -> Iterator[ReportedClaim]:
    """Claims with the line of the file, and the page and the place on it, where they stand."""
    lines = {line.number: line for line in document.lines}
    starts = [grid.line for grid in document.grids]
    for claim in claims:
        line = lines.get(claim.line)
        if line is None:
            yield claim
            continue
        index = bisect_right(starts, claim.line) - 1
        box = line.box or (_box(document.grids[index], claim) if index >= 0 else None)
        yield replace(claim, page=line.page, file_line=line.file_line, box=box)


def _box(grid: ParsedGrid, claim: ReportedClaim) -> Box | None:
    row, column = claim.cell or (claim.line - grid.line, None)
    return grid.box(row, column)


_CAPTION = re.compile(
    r"\s{0,3}(?P<kind>Figuur|Tabel|Figure|Table)\s+(?P<number>\d{1,3})(?:\s?[.:]|\s*$|\s+(?-i:[A-Z(]))",
    re.IGNORECASE,
)
_POINT = re.compile(
    r"\b(?P<kind>[Ff]iguur|[Tt]abel|[Ff]igure|[Tt]able)[ \u00a0]+(?P<number>\d{1,3})"
    r"(?![\d.:]*\d)(?!\s?[.:]\s+[A-Z])"
)
_HEADING = re.compile(r"\s{0,3}#{0,6}\s*(?P<number>\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+[^\W\d]")
_SECTION = re.compile(
    r"(?:§\s?|\b(?:[Pp]aragraaf|[Ss]ection)\s+)(?P<number>\d{1,2}(?:[.,]\d{1,2}){1,4})(?![\d%])"
)
_KINDS = {"figuur": "figure", "figure": "figure", "tabel": "table", "table": "table"}


def references(
    document: ReportDocument, running: Running, phrases: Phrases
) -> Iterator[ReportedClaim]:
    """Every reference whose target could exist in this document, and does not.

    Figures count only if the document captions every figure up to its last (a picture's caption
    may be lost), and likewise tables; a section counts only if its chapter has numbered sections.
    """
    captions = {
        (_KINDS[m["kind"].lower()], int(m["number"]))
        for line in document.lines
        if (m := _CAPTION.match(line.text))
    }
    captions |= {
        (_KINDS[m["kind"].lower()], int(m["number"]))
        for grid in document.grids
        if (m := _CAPTION.match(grid.title + " "))
    }
    sections = {m["number"] for line in document.lines if (m := _HEADING.match(line.text))}
    for flow in (running.main, *running.notes.values()):
        yield from _figures(flow, captions, phrases)
        yield from _sections(flow, sections, phrases)


def _figures(
    flow: Flow, captions: set[tuple[str, int]], phrases: Phrases
) -> Iterator[ReportedClaim]:
    whole = {kind: _all_captioned(captions, kind) for kind in ("figure", "table")}
    for match in _POINT.finditer(flow.text):
        kind = _KINDS[match["kind"].lower()]
        if not whole[kind]:
            continue
        exists = (kind, int(match["number"])) in captions
        yield _claim(match, flow, phrases, exists=exists)


def _all_captioned(captions: set[tuple[str, int]], kind: str) -> bool:
    """Whether captions run from 1 without a gap: a gap tells that one was not read."""
    numbers = {number for each, number in captions if each == kind}
    return len(numbers) > 1 and numbers == set(range(1, max(numbers) + 1))


def _sections(flow: Flow, sections: set[str], phrases: Phrases) -> Iterator[ReportedClaim]:
    for match in _SECTION.finditer(flow.text):
        number = match["number"].replace(",", ".")
        above = number.rpartition(".")[0]
        siblings = sum(s.rpartition(".")[0] == above for s in sections)
        known = number in sections or any(s.startswith(number + ".") for s in sections)
        if siblings >= 2 or known:
            yield _claim(match, flow, phrases, exists=known)


def _claim(match: re.Match[str], flow: Flow, phrases: Phrases, *, exists: bool) -> ReportedClaim:
    claim = ReportedClaim(ClaimKind.REFERENCE, match[0], flow.line(match.start()), Verdict.RIGHT)
    if exists:
        return claim
    why = phrases.say(
        f"‘{match[0]}’ staat niet in dit rapport.", f"'{match[0]}' is not in this report."
    )
    return replace(claim, verdict=Verdict.NO_TARGET, explanation=why)
