"""Tables of a page: rows whose numbers stand under each other, with the heads above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

from blikveld.checker.pdf.layout import PageCell, PageRow

_FEWEST_ROWS, _FEWEST_TITLED = 3, 2
_CAPTION_ROWS = 7
_WORDS_BETWEEN = 3
"""Lines of words between two rows of numbers at most."""
_SHARED = 0.5
_RARE = 0.2
"""Columns in fewer of the rows are dropped."""
_TOUCHING = 1.3
"""Of the row's height: heads stand no further above it."""
_LOOSE = 2.6
"""The same for a row that names every column: an empty line may follow it."""
_MOST_HEADS = 6
_LONGEST_HEAD = 60
_TOUCH = 0.5
"""Points that two spans share when they stand under each other."""
_LEVEL = 2.0
"""Points within which two lines begin at one edge."""
_FAR = 2.5
_OTHER_SIZE = 0.12
_LONGEST_NAME = 90
_TITLE = re.compile(
    r"\s*(?:tab(?:el|le|elle|leau)?|fig(?:uur|ure|\.)?|bijlage|annex|appendix)\s*\.?\s*\w", re.I
)
_YEAR = re.compile(r"(?:19|20)\d\d")

Span = tuple[float, float]


@dataclass(frozen=True)
class PageTable:
    """A table as texts. `rows` begin with the heads; `tops` has top and bottom of each row."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    tops: tuple[Span, ...]
    columns: tuple[Span, ...]
    heads: int
    titled: bool
    pages: tuple[int, ...] = ()
    """The page of each row, where the table goes on overleaf."""

    @property
    def size(self) -> float:
        """Height of its last row."""
        return self.tops[-1][1] - self.tops[-1][0]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom on the page."""
        left = min(column[0] for column in self.columns)
        right = max(column[1] for column in self.columns)
        return left, self.tops[0][0], right, self.tops[-1][1]


def is_title(text: str) -> bool:
    """Whether a line begins like the caption of a table or a figure."""
    return bool(_TITLE.match(text))


def page_tables(rows: Sequence[PageRow], carried: Sequence[Span] = ()) -> Iterator[PageTable]:
    """Every table of a column of print.

    `carried` are the columns of a table that the page before ends with: rows at the top that stand
    in them go on with it, however few they are.
    """
    before = _carried_rows(rows, carried)
    if before:
        yield _table(rows[:before], carried, 0, "", titled=False)
    blocks = [(first + before, last + before) for first, last in _blocks(rows[before:])]
    starts = [first for first, _ in blocks[1:]] + [len(rows) + _MOST_HEADS]
    for (first, last), following in zip(blocks, starts, strict=False):
        body = rows[first : last + 1]
        columns = _columns(body)
        if not columns:
            continue
        heads = _heads(rows, max(before, 0), first, columns)
        title, titled = _title(rows, max(before, 0), heads)
        below = last + 1 < len(rows) and following - last > _MOST_HEADS
        if not titled and below and is_title(rows[last + 1].text):
            title, titled = rows[last + 1].text, True
        before = last + 1
        yield _table(rows[heads : last + 1], columns, first - heads, title, titled=titled)


def _carried_rows(rows: Sequence[PageRow], columns: Sequence[Span]) -> int:
    """How many rows at the top stand in the columns of the page before."""
    count = 0
    for row in rows:
        numbers = [cell for cell in row.numbers if _in(cell, columns[1:])]
        few = len(numbers) < max(2, _SHARED * (len(columns) - 1))
        if few or len(numbers) < len(row.numbers) or _is_prose(row):
            break
        count += 1
    return count


def _blocks(rows: Sequence[PageRow]) -> Iterator[tuple[int, int]]:
    """First and last row of every stretch whose numbers stand under each other."""
    index = 0
    while index < len(rows):
        if not _begins(rows[index]):
            index += 1
            continue
        last = _end(rows, index)
        counted = sum(bool(row.numbers) for row in rows[index : last + 1])
        titled = any(is_title(row.text) for row in rows[max(0, index - _CAPTION_ROWS) : index])
        enough = counted >= (_FEWEST_TITLED if titled else _FEWEST_ROWS)
        if enough:
            yield index, last
        index = last + 1 if enough else index + 1


def _begins(row: PageRow) -> bool:
    return bool(row.numbers) and (len(row.cells) > 1 or len(row.numbers) > 1)


def _end(rows: Sequence[PageRow], first: int) -> int:
    """The last row that goes on with the columns of the first ones."""
    spans = [(cell.left, cell.right) for cell in rows[first].numbers]
    last, words = first, 0
    for index in range(first + 1, len(rows)):
        row = rows[index]
        if row.top - rows[index - 1].bottom > _FAR * max(row.size, 1.0):
            break
        if abs(_type_size(row) - _type_size(rows[first])) > _OTHER_SIZE * _type_size(rows[first]):
            break
        prose = _is_prose(row) and not all(_in(cell, spans) for cell in row.numbers)
        if row.numbers and not prose and _fits(row.numbers, spans):
            spans = _merged([*spans, *((cell.left, cell.right) for cell in row.numbers)])
            last, words = index, 0
            continue
        words += 1
        if words > _WORDS_BETWEEN or is_title(row.text):
            break
    return last


def _type_size(row: PageRow) -> float:
    """The size of a row's type: of its numbers, for a name may stand a little higher or lower.

    A sign from another font, such as a minus, may be taller than the figures behind it.
    """
    cells = row.numbers or row.cells
    return median_low(word.size for cell in cells for word in cell.words)


def _is_prose(row: PageRow) -> bool:
    return any(len(cell.text) > _LONGEST_NAME for cell in row.cells)


def _fits(numbers: Sequence[PageCell], spans: Sequence[Span]) -> bool:
    """Whether half of a row's numbers stand in the columns, or half of the columns hold one."""
    inside = sum(any(_meet((c.left, c.right), span) for span in spans) for c in numbers)
    return inside >= _SHARED * min(len(numbers), len(spans))


def _meet(one: Span, other: Span) -> bool:
    return min(one[1], other[1]) - max(one[0], other[0]) > _TOUCH


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans that overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span[0] < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], span[1])
        else:
            found.append(span)
    return found


def _columns(rows: Sequence[PageRow]) -> list[Span]:
    """The columns of numbers, with the column of names before them when there are names."""
    counted = [row for row in rows if row.numbers]
    numbers = [(cell.left, cell.right) for row in counted for cell in row.numbers]
    spans = _split(_merged(numbers), counted)
    often = [s for s in spans if _rows_in(counted, s) >= _RARE * len(counted)]
    if not often:
        return []
    edge = often[0][0]
    names = [
        cell for row in rows for cell in row.cells if cell.left < edge and not _in(cell, often)
    ]
    if not names:
        return often
    return [(min(cell.left for cell in names), edge - 0.01), *often]


def _split(spans: Sequence[Span], rows: Sequence[PageRow]) -> list[Span]:
    """Columns that one wide number joined, parted again where no other number stands."""
    found: list[Span] = []
    for span in spans:
        inside = [[c for c in row.numbers if _meet((c.left, c.right), span)] for row in rows]
        widest = max((len(cells) for cells in inside), default=0)
        full = [cells for cells in inside if len(cells) == widest]
        if widest > 1 and 2 * len(full) >= sum(map(bool, inside)):
            found += [
                (min(row[i].left for row in full), max(row[i].right for row in full))
                for i in range(widest)
            ]
        else:
            found.append(span)
    return found


def _rows_in(rows: Sequence[PageRow], span: Span) -> int:
    return sum(any(_meet((c.left, c.right), span) for c in row.numbers) for row in rows)


def _in(cell: PageCell, spans: Sequence[Span]) -> bool:
    return any(_meet((cell.left, cell.right), span) for span in spans)


def _heads(rows: Sequence[PageRow], before: int, first: int, columns: Sequence[Span]) -> int:
    """The first of the rows above a table that touch it and stand over its columns."""
    top = first
    for index in range(first - 1, max(before, first - _MOST_HEADS) - 1, -1):
        row, below = rows[index], rows[index + 1]
        near = _LOOSE if _names_all(row, columns) else _TOUCHING
        apart = below.top - row.bottom > near * max(below.size, 1.0)
        caption = index > before and _continues(rows[index - 1], row)
        if apart or caption or is_title(row.text) or not _is_head(row, columns):
            break
        top = index
    return top


def _continues(above: PageRow, row: PageRow) -> bool:
    """Whether a row is the second line of the caption above it."""
    level = abs(above.cells[0].left - row.cells[0].left) < _LEVEL
    return is_title(above.text) and level and len(row.cells) == 1


def _names_all(row: PageRow, columns: Sequence[Span]) -> bool:
    """Whether a row has a word over every column of numbers, and no number itself."""
    words = [word for cell in row.cells for word in cell.words]
    over = all(any(_meet((w.left, w.right), span) for w in words) for span in columns[1:])
    return over and len(columns) > 2 and not row.numbers


def _is_head(row: PageRow, columns: Sequence[Span]) -> bool:
    """Whether a row names columns: short texts, at least one of them over a column of numbers."""
    over = any(_in(cell, columns[1:] or columns) for cell in row.cells)
    short = all(len(cell.text) <= _LONGEST_HEAD for cell in row.cells)
    width = columns[-1][1] - columns[0][0]
    wide = len(row.cells) == 1 and row.cells[0].right - row.cells[0].left > 0.75 * width
    return over and short and not wide


def _title(rows: Sequence[PageRow], before: int, heads: int) -> tuple[str, bool]:
    """The caption above a table: the nearest that begins like one, else the line above."""
    above = rows[max(before, heads - 4) : heads]
    for index in range(len(above) - 1, -1, -1):
        if is_title(above[index].text):
            return " ".join(row.text for row in above[index:]), True
    return (above[-1].text, False) if above else ("", False)


def _table(
    rows: Sequence[PageRow], columns: Sequence[Span], heads: int, title: str, *, titled: bool
) -> PageTable:
    texts = tuple(_texts(row, columns, head=index < heads) for index, row in enumerate(rows))
    tops = tuple((row.top, row.bottom) for row in rows)
    return PageTable(title, texts, tops, tuple(columns), heads, titled)


def _texts(row: PageRow, columns: Sequence[Span], *, head: bool) -> tuple[str, ...]:
    """The text of a row in each column; a head also in every further column it stands over."""
    cells: list[list[str]] = [[] for _ in columns]
    named = head and _names_all(row, columns)
    for cell in _by_column(row, columns) if named else row.cells:
        places = [i for i, span in enumerate(columns) if _meet((cell.left, cell.right), span)]
        if not places:
            places = [_nearest(cell, columns)]
        for index in places if head else [_best(cell, places, columns)]:
            cells[index].append(cell.text)
    return tuple(" ".join(texts) for texts in cells)


def _by_column(row: PageRow, columns: Sequence[Span]) -> Iterator[PageCell]:
    """The cells of a head, parted where each word stands over a column of its own."""
    for cell in row.cells:
        places = [i for i, span in enumerate(columns) if _meet((cell.left, cell.right), span)]
        words = [PageCell((word,)) for word in cell.words]
        over = [[i for i in places if _in(word, [columns[i]])] for word in words]
        single = [found[0] for found in over if len(found) == 1]
        if len(places) > 1 and len(single) == len(words) == len(set(single)) == len(places):
            yield from words
        else:
            yield cell


def _best(cell: PageCell, places: Sequence[int], columns: Sequence[Span]) -> int:
    def shared(index: int) -> float:
        left, right = columns[index]
        return min(right, cell.right) - max(left, cell.left)

    return max(places, key=shared)


def _nearest(cell: PageCell, columns: Sequence[Span]) -> int:
    middle = (cell.left + cell.right) / 2
    return min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))
