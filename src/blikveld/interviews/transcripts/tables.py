"""Tables of a transcript: a row a turn, with columns for who, when and what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from blikveld.interviews.transcripts.turns import (
    CLOCK,
    ParsedTranscript,
    SpeakerTurn,
    TranscriptRefused,
    joined,
    make_turn,
    milliseconds,
)

_WHO = frozenset(("speaker", "speakers", "spreker", "naam", "name", "wie", "participant"))
_WHAT = frozenset(("text", "tekst", "content", "inhoud", "transcript", "words", "woorden"))
_WHEN = frozenset(("start", "time", "tijd", "timespan", "timestamp", "begin", "starttime", "van"))
_CLOCK = re.compile(rf"\s*[\[(]?({CLOCK})")
Rows = Sequence[Sequence[str]]


def rows_of(text: str) -> Rows | None:
    """The rows of a text that is a table with a column for words; None for any other text."""
    first = text.split("\n", 1)[0]
    for mark in "\t;,":
        heads = {head.strip().strip('"').casefold() for head in first.split(mark)}
        if heads & _WHO and heads & _WHAT:
            return list(csv.reader(io.StringIO(text), delimiter=mark))
    return None


def workbook(raw: bytes, name: str) -> ParsedTranscript:
    """The turns of the first sheet of a workbook. Raises TranscriptRefused."""
    # Only who brings a workbook waits for its reader, not everybody who makes a report.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets[0]
        rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
    except (InvalidFileException, KeyError, ValueError, OSError, IndexError) as error:
        problem = f"This is no workbook that can be read ({type(error).__name__})."
        raise TranscriptRefused("no-xlsx", name, problem, "Save it again as .xlsx.") from None
    return read(rows, name)


def read(rows: Rows, name: str) -> ParsedTranscript:
    """The turns of a table whose first row names its columns. Raises TranscriptRefused."""
    heads = [head.strip().casefold() for head in (rows[0] if rows else ())]
    who, what, when = (_column(heads, names) for names in (_WHO, _WHAT, _WHEN))
    if what is None:
        problem = f"No column is for words; its columns are {', '.join(heads[:8]) or 'empty'}."
        raise TranscriptRefused("no-columns", name, problem, "Call one 'text' and one 'speaker'.")
    turns = (_turn(row, who, what, when) for row in rows[1:] if len(row) > what)
    return ParsedTranscript(tuple(joined(turns)))


def _column(heads: Sequence[str], names: frozenset[str]) -> int | None:
    return next((index for index, head in enumerate(heads) if head in names), None)


def _turn(row: Sequence[str], who: int | None, what: int, when: int | None) -> SpeakerTurn:
    speaker = row[who].strip() if who is not None and who < len(row) else ""
    clock = _CLOCK.match(row[when]) if when is not None and when < len(row) else None
    return make_turn(speaker or None, row[what], milliseconds(clock[1]) if clock else None)
