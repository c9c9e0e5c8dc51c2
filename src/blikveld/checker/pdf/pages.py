"""All pages of a PDF: lines of text without running heads, tables, and pages without text.

    python -m blikveld.checker.pdf.pages FILE

is the process that opens a stranger's PDF: limited in memory and time, it writes no file. It prints
a JSON object a line: a page, or at the end what went wrong. Its exit code says nothing.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from blikveld.checker.pdf.blocks import PageTable, is_title, page_tables
from blikveld.checker.pdf.layout import page_rows
from blikveld.checker.pdf.words import PageWord, page_words

_EDGE = 3
"""Lines at the head and the foot of a page that may be running ones."""
_MARGIN = 0.15
"""Of the page's height: further in stand the last rows of short tables, alike on many pages."""
_REPEATED = 3
_LEVEL = 4
"""Points within which a running line stands equally high on every page."""
_PAGE_NUMBER = re.compile(
    r"^(?:\d{1,4}|[ivxlc]{1,6})(?=\s|$)"
    r"|(?:(?<=\s)|^)(?:\d{1,4}(?:\s?(?:/|of|van|von|sur)\s?\d{1,4})?|[ivxlc]{1,6})$"
)
_Box = tuple[float, float, float, float]
_LARGE = 0.9
"""Of a table's type: smaller words between its halves are footnotes."""


@dataclass(frozen=True)
class PdfPage:
    """A page: its lines of text in reading order, and its tables. `size` is in points."""

    number: int
    size: tuple[float, float]
    words: tuple[PageWord, ...]
    tables: tuple[PageTable, ...] = ()
    pictures: bool = False


def read_pages(document: pdfium.PdfDocument) -> list[PdfPage]:
    """Every page, running heads and feet dropped."""
    pages = [_page(document, index) for index in range(len(document))]
    running = _running(pages)
    found: list[PdfPage] = []
    for page in pages:
        carried = _open_columns(found[-1]) if found else ()
        following = _with_tables(_without(page, running), carried)
        found.append(_titled(following, found[-1]) if found else following)
    return found


def _titled(page: PdfPage, before: PdfPage) -> PdfPage:
    """The page, its first table with the caption at the foot of the page before."""
    if not page.tables or page.tables[0].title:
        return page
    first = page.tables[0]
    body = [w for w in before.words if w.size >= _LARGE * first.size]
    last = max((w.line for w in body), default=None)
    text = " ".join(w.text for w in body if w.line == last)
    if not is_title(text):
        return page
    return replace(page, tables=(replace(first, title=text, titled=True), *page.tables[1:]))


def _open_columns(page: PdfPage) -> tuple[tuple[float, float], ...]:
    """The columns of a page's last table when nothing of its size stands below it."""
    if not page.tables:
        return ()
    table = page.tables[-1]
    size = _LARGE * table.size
    below = any(w.top > table.box[3] and w.size >= size for w in page.words)
    return () if below else table.columns


def _page(document: pdfium.PdfDocument, index: int) -> PdfPage:
    page = document[index]
    try:
        textpage = page.get_textpage()
        try:
            width, height = page.get_size()
            words = tuple(page_words(textpage.raw, width, height))
        finally:
            textpage.close()
        if any(w.right > width + 1 or w.bottom > height + 1 for w in words):
            width, height = height, width  # its text was turned, and so is what is told of it
        pictures = not words and raw.FPDFPage_CountObjects(page.raw) > 0
        return PdfPage(index + 1, (width, height), words, pictures=pictures)
    finally:
        page.close()


def _edge_lines(page: PdfPage) -> Iterator[tuple[tuple[str, int], tuple[PageWord, ...]]]:
    """The uppermost and lowest lines, with their figures masked."""
    ordered = sorted(page.words, key=lambda w: (round(w.middle), w.left))
    lines = [tuple(line) for _, line in groupby(ordered, key=lambda w: round(w.middle))]
    head, foot = _MARGIN * page.size[1], (1 - _MARGIN) * page.size[1]
    outer = [line for line in lines[:_EDGE] if line[0].middle < head]
    outer += [line for line in lines[-_EDGE:] if line[0].middle > foot]
    for line in dict.fromkeys(outer):
        yield _masked(line), line


def _masked(line: Sequence[PageWord]) -> tuple[str, int]:
    """A line without the page number it begins or ends with, and how high it stands.

    Other figures stay: footnotes of one make differ by nothing else.
    """
    text = _PAGE_NUMBER.sub("#", " ".join(word.text for word in line))
    return text, round(line[0].middle / _LEVEL)


def _running(pages: Sequence[PdfPage]) -> frozenset[tuple[str, int]]:
    """Lines that stand at the same edge of three pages, page numbers aside."""
    seen = Counter(text for page in pages for text in {text for text, _ in _edge_lines(page)})
    return frozenset(text for text, often in seen.items() if often >= _REPEATED)


def _without(page: PdfPage, running: frozenset[tuple[str, int]]) -> PdfPage:
    dropped = {w for text, line in _edge_lines(page) if text in running for w in line}
    return replace(page, words=tuple(w for w in page.words if w not in dropped))


def _with_tables(page: PdfPage, carried: tuple[tuple[float, float], ...]) -> PdfPage:
    """The page with its tables; only its first column of print goes on with the page before."""
    tables: list[PageTable] = []
    for number, rows in enumerate(page_rows(page.words)):
        tables += page_tables(rows, () if number else carried)
    return replace(page, tables=tuple(tables))


def as_data(pages: Sequence[PdfPage]) -> Iterator[dict[str, Any]]:
    """Each page as plain data: lines, and tables at the line where they stand."""
    joined: set[tuple[int, int]] = set()
    for number, page in enumerate(pages):
        tables = list(page.tables)
        if tables:
            tables[-1] = _whole(pages, number, joined)
        yield _page_data(page, [None if (number, i) in joined else t for i, t in enumerate(tables)])


def _whole(pages: Sequence[PdfPage], number: int, joined: set[tuple[int, int]]) -> PageTable:
    """The last table of a page with all that goes on overleaf; what it takes is marked joined."""
    page = pages[number]
    table = replace(page.tables[-1], pages=(page.number,) * len(page.tables[-1].rows))
    if (number, len(page.tables) - 1) in joined:
        return table
    while number + 1 < len(pages) and _goes_on(pages[number], pages[number + 1]):
        number += 1
        after = pages[number].tables[0]
        joined.add((number, 0))
        same = after.rows[: after.heads] == table.rows[: after.heads]
        rows = after.rows[after.heads :] if same else after.rows
        table = replace(
            table,
            rows=table.rows + rows,
            tops=table.tops + after.tops[len(after.tops) - len(rows) :],
            pages=table.pages + (pages[number].number,) * len(rows),
        )
        if len(pages[number].tables) > 1:
            break
    return table


def _goes_on(page: PdfPage, after: PdfPage) -> bool:
    """Whether a table goes on overleaf: nothing of its size below or above, the same columns."""
    if not page.tables or not after.tables or after.tables[0].titled:
        return False
    one, other = page.tables[-1], after.tables[0]
    size = _LARGE * one.size
    above = any(w.bottom < other.box[1] and w.size >= size for w in after.words)
    alike = len(one.columns) == len(other.columns) and not _is_headed_otherwise(one, other)
    return bool(_open_columns(page)) and not above and alike


def _is_headed_otherwise(one: PageTable, other: PageTable) -> bool:
    """Whether the second table names all its columns of numbers, in other words than the first."""
    if not other.heads:
        return False
    names = other.rows[other.heads - 1]
    return all(names[1:]) and names not in one.rows[: one.heads]


def _page_data(page: PdfPage, tables: Sequence[PageTable | None]) -> dict[str, Any]:
    """A page as plain data; None stands for a table that was told with the page before."""
    lines: list[tuple[str, _Box]] = []
    places: list[int] = []
    for _, group in groupby(page.words, key=lambda w: w.line):
        words = list(group)
        rest = [w for w in words if not any(_covers(table, w) for table in page.tables)]
        while len(places) < len(tables) and any(
            _covers(page.tables[len(places)], w) for w in words
        ):
            places.append(len(lines))
        if rest:
            lines.append((" ".join(w.text for w in rest), _box(rest)))
    places += [len(lines)] * (len(tables) - len(places))
    return {
        "page": page.number,
        "size": page.size,
        "lines": lines,
        "pictures": page.pictures,
        "tables": [
            _table_data(table, index, page.number)
            for table, index in zip(tables, places, strict=True)
            if table is not None
        ],
    }


def _table_data(table: PageTable, index: int, page: int) -> dict[str, Any]:
    return {
        "at": index,
        "title": table.title,
        "rows": table.rows,
        "pages": table.pages or (page,) * len(table.rows),
        "tops": [tuple(round(side, 1) for side in row) for row in table.tops],
        "columns": [tuple(round(side, 1) for side in column) for column in table.columns],
    }


def _box(words: Sequence[PageWord]) -> _Box:
    """Around words of a line."""
    left, top = min(w.left for w in words), min(w.top for w in words)
    right, bottom = max(w.right for w in words), max(w.bottom for w in words)
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)


def _covers(table: PageTable, word: PageWord) -> bool:
    left, top, right, bottom = table.box
    middle = (word.left + word.right) / 2
    return left - 1 <= middle <= right + 1 and top - 1 <= word.middle <= bottom + 1


MEMORY = 1 << 30
SECONDS = 120
PAGES = 5_000


def limit() -> None:
    """Take from this process what reading a PDF does not need."""
    _at_most(resource.RLIMIT_AS, MEMORY)
    _at_most(resource.RLIMIT_CPU, SECONDS)
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_CORE, 0)


def _at_most(what: int, amount: int) -> None:
    _, hard = resource.getrlimit(what)
    most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def main(path: str) -> None:
    """Read a file and print its pages."""
    limit()
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        _tell({"error": "encrypted" if "assword" in str(error) else "broken"})
        return
    if len(document) > PAGES:
        _tell({"error": "pages"})
        return
    try:
        for page in as_data(read_pages(document)):
            _tell(page)
        _tell({"done": True})
    except MemoryError:
        _tell({"error": "memory"})


def _tell(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
