"""Tables of counts and percentages as rows, from text that a PDF tore apart.

In torn text a row of counts stands on one line and its percentages on another, with the names of
this row and the next one in between:

    Youth workers
    57 20 47 17 141

    Teachers
    40% 14% 33% 12% 100%
    …

Or its cells stand under each other, one or two on a line: 'Youth workers 57', '40%', '20', '14%'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from blikveld.checker import numbers
from blikveld.checker.document import Language, ReportDocument, TextLine

_COUNT = re.compile(numbers.COUNT)
_PERCENT = re.compile(rf"({numbers.PERCENT})\s?%")
_TORN_TOKEN = re.compile(rf"{numbers.PERCENT}\s?%|\S+")
_HIDDEN = "x"
_FEWEST_LINES = 3
_FEWEST_PAIRS = 2
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Folded:
    """A row and the lines it was spread over; `percents` has '' for a count without one."""

    first: int
    last: int
    name: str
    counts: tuple[int | None, ...]
    percents: tuple[str, ...]


def folded(lines: Sequence[TextLine], language: Language) -> Iterator[Folded]:
    """Every row that stands under itself.

    A hidden number is None; which column it stands in cannot be told. A row whose total is hidden
    is left out.
    """
    index = 0
    while index < len(lines):
        name, cells = _split(lines[index].text)
        if not cells:
            index += 1
            continue
        end = index + 1
        while end < len(lines):
            rest, more = _split(lines[end].text)
            if rest or not more:
                break
            cells += more
            end += 1
        row = _row(lines, index, end, name, cells, language)
        if row is not None:
            yield row
        index = end


def _split(text: str) -> tuple[str, list[str]]:
    """The words of a line, and the cells it ends with."""
    tokens = [match[0] for match in _TORN_TOKEN.finditer(text)]
    cells: list[str] = []
    while tokens and _is_torn_cell(tokens[-1]):
        cells.append(tokens.pop())
    return " ".join(tokens), cells[::-1]


def _is_torn_cell(token: str) -> bool:
    return token == _HIDDEN or bool(_PERCENT.fullmatch(token) or _COUNT.fullmatch(token))


def _row(
    lines: Sequence[TextLine], index: int, end: int, name: str, cells: list[str], language: Language
) -> Folded | None:
    if end - index <= _FEWEST_LINES or cells[-1] == _HIDDEN:
        return None
    counts: list[int | None] = []
    percents: list[str] = []
    for cell in cells:
        percent = _PERCENT.fullmatch(cell)
        if percent is None:
            counts.append(None if cell == _HIDDEN else numbers.whole(cell, language))
            percents.append("")
        elif percents and not percents[-1] and counts[-1] is not None:
            percents[-1] = numbers.percent(percent[1])
        else:
            return None
    shown_counts = sum(count is not None for count in counts)
    if sum(map(bool, percents)) < max(_FEWEST_PAIRS, shown_counts - 1):
        return None
    shown = name or (lines[index - 1].text.strip() if index else "")
    if len(shown) > _LONGEST_NAME:
        return None
    last = lines[end - 1].number
    return Folded(lines[index].number, last, shown, tuple(counts), tuple(percents))


_BOTH = re.compile(rf"(?P<count>{numbers.COUNT})\s*\(\s*(?P<percent>{numbers.PERCENT})\s?%\s*\)")
_TOKEN = re.compile(rf"{numbers.COUNT}\s*\(\s*{numbers.PERCENT}\s?%\s*\)|{numbers.PERCENT}\s?%|\S+")
_FEWEST = 3
"""Numbers a line without a name needs to be a row."""
_FEWEST_NAMED = 2
_FAR = 14
"""Lines between a row of counts and its percentages at most."""
_GAP = 45
"""Lines between two rows of one table at most."""
_TITLE_LINES = 1
_ABOVE = 121
"""Lines above a table in which its title is looked for; a torn heading can be long."""
_CAPITALS = re.compile(r"\s*[A-ZÀ-Þ][A-ZÀ-Þ\s,.:()'’&/0-9-]{9,}$")
_CAPTION = re.compile(
    r"\s*(?:Tabel|Table|Bijlage|Annex|Appendix|BIJLAGE|ANNEX|Figuur|Figure)\s+[\w.]+"
)
TOTAL = re.compile(r"\b(?:sub)?tota(?:al|le|ls?)\b|\ball\b|\balle\b|\boverall\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row: its name, its counts, and the percentages printed with them.

    `percents` has one text per count ('' where none is printed), or another length when the
    report prints another number of percentages than of counts; then they cannot be paired.
    """

    name: str
    line: int
    counts: tuple[int | None, ...]
    percents: tuple[str, ...] = ()
    percent_line: int | None = None
    base: int | None = None
    """The base its own name states: 'Teachers (n=400)'."""

    @property
    def total(self) -> bool:
        """Whether its name says that it adds up other rows."""
        return bool(TOTAL.search(self.name))

    @property
    def paired(self) -> bool:
        """Whether every percentage has its count."""
        return len(self.percents) == len(self.counts)


@dataclass(frozen=True, slots=True)
class TornTable:
    """Rows that belong together. `columns` are names, or numbers from 1 where none are known.

    `column_bases` has for each column the n that its head tells, where there is one.
    """

    title: str
    rows: tuple[ParsedRow, ...]
    columns: tuple[str, ...]
    base: int | None = None
    lines: frozenset[int] = field(default=frozenset())
    column_bases: tuple[int | None, ...] = ()


def torn(
    document: ReportDocument, language: Language, notes: frozenset[int] = frozenset()
) -> Iterator[TornTable]:
    """Tables that stand in the lines of a document. Lines in `notes` do not part a table."""
    lines = [TextLine(n.number, "") if n.number in notes else n for n in document.lines]
    spread = [
        _Piece(f.first, f.name, f.counts, f.percents, f.last) for f in folded(lines, language)
    ]
    inside = {number for piece in spread for number in range(piece.line, piece.last + 1)}
    found = [p for n in lines if n.number not in inside and (p := _piece(n, language))]
    found = sorted([*found, *spread], key=lambda piece: piece.line)
    before = 0
    for group in _groups(found, lines):
        rows = tuple(_rows(group, lines))
        if len(rows) > 1 and not rows[0].percents and rows[1].percents:
            rows = rows[1:]  # numbers in a heading
        if _is_table(rows):
            width = max(len(row.counts) for row in rows)
            taken = frozenset(
                number for p in group for number in range(p.line, max(p.line, p.last) + 1)
            )
            title, base = _title(lines, before, group[0].line, language)
            before = max(taken)
            names = tuple(str(number) for number in range(1, width + 1))
            yield TornTable(title, rows, names, base, taken)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line that is a row, or half of one."""

    line: int
    name: str
    counts: tuple[int | None, ...]
    percents: tuple[str, ...]
    last: int = 0
    """The line a row ends on that stands under itself."""

    @property
    def width(self) -> int:
        return max(len(self.counts), len(self.percents))


def _piece(line: TextLine, language: Language) -> _Piece | None:
    """The numbers a line ends with; None when there are too few for a row."""
    text = line.text.strip()
    if not text or not (text[-1].isdigit() or text[-1] in "%)"):
        return None
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    cells: list[str] = []
    while tokens and _is_cell(tokens[-1]):
        cells.append(tokens.pop())
    cells.reverse()
    if len(cells) < (_FEWEST_NAMED if tokens else _FEWEST):
        return None
    name = " ".join(tokens)
    if name.endswith(("-", "–", "§", "=", "/")) or len(name) > 90:
        return None
    return _cells(line.number, name, cells, language)


def _is_cell(token: str) -> bool:
    return bool(_BOTH.fullmatch(token) or _PERCENT.fullmatch(token) or _COUNT.fullmatch(token))


def _cells(line: int, name: str, cells: Sequence[str], language: Language) -> _Piece | None:
    counts: list[int] = []
    percents: list[str] = []
    for cell in cells:
        if both := _BOTH.fullmatch(cell):
            counts.append(numbers.whole(both["count"], language))
            percents.append(numbers.percent(both["percent"]))
        elif percent := _PERCENT.fullmatch(cell):
            percents.append(numbers.percent(percent[1]))
        else:
            counts.append(numbers.whole(cell, language))
    if counts and percents and len(counts) != len(percents):
        return None
    return _Piece(line, name, tuple(counts), tuple(percents))


def _groups(pieces: Sequence[_Piece], lines: Sequence[TextLine]) -> Iterator[list[_Piece]]:
    """Pieces of one table: equally wide, not far apart, no title in between."""
    group: list[_Piece] = []
    width = 0
    for piece in pieces:
        if group and _apart(group[-1], piece, width, lines):
            yield group
            group = []
        if (piece.counts and None not in piece.counts) or not group:
            width = piece.width
        group.append(piece)
    if group:
        yield group


def _apart(before: _Piece, piece: _Piece, width: int, lines: Sequence[TextLine]) -> bool:
    wider = bool(piece.counts) and None not in piece.counts and piece.width != width
    if piece.line - max(before.line, before.last) > _GAP or wider:
        return True
    between = lines[max(before.line, before.last) : piece.line - 1]
    texts = [line.text for line in between if line.text.strip()]
    return any(_CAPTION.match(text) or _CAPITALS.match(text) for text in texts) or (
        sum(len(text) for text in texts) > 160 and bool(before.percents)
    )


def _rows(group: Sequence[_Piece], lines: Sequence[TextLine]) -> Iterator[ParsedRow]:
    """Counts with the percentages that follow them."""
    used: set[int] = set()
    before = max(0, group[0].line - 12)
    for index, piece in enumerate(group):
        if not piece.counts:
            continue
        first = piece is group[0]
        name = piece.name or _name(lines, before, piece.line, group, first=first)
        before = piece.line
        if piece.percents:
            yield ParsedRow(name, piece.line, piece.counts, piece.percents, piece.line)
            continue
        after = next((p for p in group[index + 1 : index + 2] if not p.counts), None)
        if after and after.line - piece.line <= _FAR and after.line not in used:
            used.add(after.line)
            yield ParsedRow(name, piece.line, piece.counts, after.percents, after.line)
        else:
            yield ParsedRow(name, piece.line, piece.counts)


def _name(
    lines: Sequence[TextLine], after: int, line: int, group: Sequence[_Piece], *, first: bool
) -> str:
    """The words above a row: the last paragraph of them, or all from 'total' on.

    Above the first row stands the heading, whose 'total' is the name of a column.
    """
    rows = {piece.line for piece in group}
    paragraphs: list[str] = [""]
    for each in lines[after : line - 1]:
        text = each.text.strip()
        if not text or each.number in rows:
            paragraphs.append("")
        elif paragraphs[-1].endswith("-"):
            paragraphs[-1] = paragraphs[-1][:-1] + text
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {text}".strip()
    kept = [p for p in paragraphs if p]
    whole = " ".join(kept)
    total = re.search(r"\b(?:sub)?tota(?:al|le|l)\b.*", whole, re.IGNORECASE)
    if total and not first and len(total[0]) < 80:
        return total[0]
    return kept[-1] if kept else ""


def _is_table(rows: Sequence[ParsedRow]) -> bool:
    return len(rows) > 1 and sum(bool(row.percents) for row in rows) * 2 >= len(rows)


def _title(
    lines: Sequence[TextLine], before: int, first: int, language: Language
) -> tuple[str, int | None]:
    """The nearest caption or line in capitals above a table, and the base it states.

    Without one: the first words after the table before it, at the end of line `before`.
    """
    above = [line.text.strip() for line in lines[max(before, first - _ABOVE) : first - 1]]
    texts = [text for text in above if text]
    titled = [t for t in texts if _CAPTION.match(t) or _CAPITALS.match(t)]
    title = titled[-1] if titled else " ".join(texts[: _TITLE_LINES if before else 0])
    stated = re.findall(rf"\b[nN]\s*=\s*({numbers.COUNT})", title)
    return title, numbers.whole(stated[0], language) if len(stated) == 1 else None
