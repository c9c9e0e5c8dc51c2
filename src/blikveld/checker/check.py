"""One report from beginning to end: its claims, each with a verdict."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from blikveld.checker import prose, text_tables
from blikveld.checker.arithmetic import changes, margins, parts, sample_sizes
from blikveld.checker.document import Box, Language, ParsedGrid, ReportDocument, Running
from blikveld.checker.findings import ReportedClaim, Result
from blikveld.checker.impossible_values import intervals, limits_of_values, means
from blikveld.checker.phrases import Phrases
from blikveld.checker.prose import Prose
from blikveld.checker.references import references
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
    tables = list(text_tables.torn(document, spoken, document.note_lines(document)))
    taken = frozenset(number for table in tables for number in table.lines)
    running = document.join_sentences(document, taken)
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
