"""A grid of texts as typed cells: counts, percentages, names and heads.

What names of rows and heads of columns say about the numbers they stand with comes first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property, lru_cache
from importlib.resources import files

from blikveld.checker.document import ParsedGrid
from blikveld.checker.numbers import NumberStyle

_LETTER_N = re.compile(r"(?:\(?[nN]\)?|\#|[nN]\s?=)\s*")
_SHARE_OF = re.compile(r"\d\s?%")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class TableWords:
    """Patterns of all languages together; each tells one thing about a name or a head."""

    total: re.Pattern[str]
    base: re.Pattern[str]
    percent: re.Pattern[str]
    measure: re.Pattern[str]
    lone: re.Pattern[str]
    lower: re.Pattern[str]
    upper: re.Pattern[str]

    def is_total(self, name: str) -> bool:
        """Whether a row or column adds up others."""
        return len(name) <= _LONGEST and bool(self.total.search(_bare(name)))

    def is_base(self, name: str) -> bool:
        """Whether a row or column holds bases: 'N', 'Unweighted base', 'Respondents'."""
        plain = _bare(name)
        return bool(_LETTER_N.fullmatch(plain) or self.base.fullmatch(plain))

    def says_percent(self, name: str) -> bool:
        """Whether the numbers are percentages: '%', 'Yes %', 'per cent', but not '95% CI'."""
        if self.is_measure(name):
            return False
        return "%" in _SHARE_OF.sub("", name) or bool(self.percent.search(name))

    def is_measure(self, head: str) -> bool:
        """Whether a column holds limits, errors, means, years and the like."""
        plain = _SHARE_OF.sub("", head)
        return bool(self.measure.search(plain) or self.lone.fullmatch(_bare(plain)))

    def is_measure_row(self, name: str) -> bool:
        """The same for a row, where the word begins its name: answers may hold any word."""
        plain = _bare(_SHARE_OF.sub("", name))
        return bool(self.measure.match(plain) or self.lone.fullmatch(plain))


def _bare(name: str) -> str:
    return re.sub(r"[()\[\]:.,%*]", " ", name).strip()


@lru_cache(maxsize=1)
def table_words() -> TableWords:
    """The words of every language that stands in `languages/tables.toml`."""
    content = files("blikveld.checker").joinpath("languages", "tables.toml").read_text("utf-8")
    languages: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(content)

    def any_of(sort: str, form: str) -> re.Pattern[str]:
        words = "|".join(word for each in languages.values() for word in each[sort])
        return re.compile(form.format(words=words), re.IGNORECASE)

    word = r"(?<![\w-])(?:{words})(?![\w-])"
    return TableWords(
        any_of("total", r"^(?:{words})(?![\w-])|(?<![\w-])(?:{words})$"),
        any_of("base", r"(?:(?:{words})(?:\s+\(?n\)?)?)"),
        any_of("percent", word),
        any_of("measure", word),
        any_of("lone", "(?:{words})"),
        any_of("lower", word),
        any_of("upper", word),
    )


_NUMBER = r"\d[\d.,\u00a0\u2009\u202f]*|[.,]\d+"
_SIGN = re.compile(r"(?<=[\d%)])(?:\s?[*†‡§]+|\[?[a-z]\]?$)")
"""A sign behind a number that refers to a note; the number is still a number."""
_PERCENT = re.compile(rf"({_NUMBER})\s?%")
_COUNT_FIRST = re.compile(rf"({_NUMBER})\s*(?:[(\[/|]\s*|\s)({_NUMBER})\s?%\s*[)\]]?")
_PERCENT_FIRST = re.compile(rf"({_NUMBER})\s?%\s*[(\[/|]?\s*(?:[nN]\s*=\s*)?({_NUMBER})\s*[)\]]?")
_BRACKETED = re.compile(rf"({_NUMBER})\s*\(\s*({_NUMBER})\s*\)")
# A range instead of a count says that the count is not shown.
_HIDDEN = re.compile(r"[xX*.–—-]|\.\.|<\s?\d{1,2}|\d[\d.,]*\s?[–—-]\s?\d[\d.,]*|n/?a|N/?A")
_STATED = re.compile(r"\b[nN]\s*=\s*=?\s*(\d[\d.,\u00a0\u2009\u202f]*\d|\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_HEADS = 4


class CellKind(Enum):
    """What stands in a cell."""

    EMPTY = "empty"
    NAME = "name"
    COUNT = "count"
    PERCENT = "percentage"
    BOTH = "count and percentage"
    NUMBER = "another number"
    HIDDEN = "not shown"


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell. `percent` is text with a decimal point, as it was printed; None where absent."""

    kind: CellKind
    text: str
    count: int | None = None
    percent: str | None = None


@dataclass(frozen=True)
class TypedTable:
    """A grid whose cells are typed. Rows and columns count from 0 within the body.

    `labels` has a name for each row, `heads` for each column; `lines` the line of each row.
    `skipped` are columns whose numbers are limits, errors, means, years or the like.
    """

    title: str
    labels: tuple[str, ...]
    heads: tuple[str, ...]
    cells: tuple[tuple[TableCell, ...], ...]
    lines: tuple[int, ...]
    label_head: str
    words: TableWords
    style: NumberStyle
    page: int | None = None
    rows_in_grid: tuple[int, ...] = ()
    first_column: int = 0

    @cached_property
    def total_rows(self) -> frozenset[int]:
        """Rows whose name says that they add up others."""
        return frozenset(r for r, name in enumerate(self.labels) if self.words.is_total(name))

    @cached_property
    def base_rows(self) -> frozenset[int]:
        """Rows of bases, such as 'N' or 'Unweighted base'."""
        return frozenset(r for r, name in enumerate(self.labels) if self.words.is_base(name))

    @cached_property
    def total_columns(self) -> frozenset[int]:
        """Columns whose head says that they add up others."""
        return frozenset(c for c, head in enumerate(self.heads) if self.words.is_total(head))

    @cached_property
    def base_columns(self) -> frozenset[int]:
        """Columns of bases."""
        return frozenset(c for c, head in enumerate(self.heads) if self.words.is_base(head))

    @cached_property
    def skipped(self) -> frozenset[int]:
        """Columns that hold no counts or shares, whatever their numbers look like."""
        return frozenset(c for c, head in enumerate(self.heads) if self.words.is_measure(head))

    @cached_property
    def skipped_rows(self) -> frozenset[int]:
        """Rows that hold no counts or shares."""
        return frozenset(r for r, name in enumerate(self.labels) if self.words.is_measure_row(name))

    @cached_property
    def percents(self) -> tuple[tuple[int, int], ...]:
        """Where a percentage stands, by row and column."""
        return tuple(
            (r, c)
            for r, row in enumerate(self.cells)
            for c, cell in enumerate(row)
            if cell.percent is not None and c not in self.skipped and r not in self.skipped_rows
        )

    def count(self, row: int, column: int) -> int | None:
        """The count in a cell; None where there is none, or where numbers are no counts."""
        if not (0 <= row < len(self.cells) and 0 <= column < len(self.heads)):
            return None
        if column in self.skipped or row in self.skipped_rows:
            return None
        return self.cells[row][column].count

    def value(self, row: int, column: int) -> Decimal | None:
        """The number in a cell, whatever it means; None where there is none or more than one."""
        text = _SIGN.sub("", self.cells[row][column].text.strip()).rstrip("% ")
        shown = self.style.decimal(text)
        return None if shown is None else Decimal(shown)

    def stated(self, text: str) -> int | None:
        """The n that a name, a head or a title tells; None when it tells none or two."""
        found = [self.style.whole(number.rstrip(".,")) for number in _STATED.findall(text)]
        return found[0] if len(found) == 1 else None


def typed(grid: ParsedGrid, words: TableWords, style: NumberStyle) -> TypedTable | None:
    """A grid with typed cells; None when it holds no numbers to speak of."""
    rows = [(index, row) for index, row in enumerate(grid.rows) if any(map(str.strip, row))]
    if len(rows) < 2:
        return None
    width = max(len(row) for _, row in rows)
    square = [tuple(row) + ("",) * (width - len(row)) for _, row in rows]
    first = _body_start(square)
    body = square[first:]
    labels = _label_columns(body)
    if not body or labels >= width:
        return None
    above = [row for row in square[:first] if not _is_title(row)] or square[:first]
    titled = " ".join(row[0] for row in square[:first] if _is_title(row))
    heads = _heads(above, width)
    shares = _share_marks(heads, words)
    names = _names(body, labels)
    cells = tuple(
        tuple(
            _cell(text, style, share=shares[column] or words.says_percent(name))
            for column, text in enumerate(row[labels:], start=labels)
        )
        for name, row in zip(names, body, strict=True)
    )
    indices = tuple(index for index, _ in rows[first:])
    return TypedTable(
        grid.title or titled,
        tuple(names),
        tuple(heads[labels:]),
        cells,
        tuple(grid.line + index for index in indices),
        " ".join(head for head in heads[:labels] if head),
        words,
        style,
        grid.page,
        indices,
        labels,
    )


def read_as_shares(table: TypedTable) -> TypedTable | None:
    """The table with its unmarked columns of decimals below 100 read as percentages.

    None when it has a marked percentage, no such column or no counts: then there is nothing to try.
    """
    if table.percents or not any(cell.count is not None for row in table.cells for cell in row):
        return None
    columns = {c for c in range(len(table.heads)) if _is_unmarked(table, c)}
    if not columns:
        return None
    cells = tuple(
        tuple(
            _percentage(cell.text.strip(), cell.text, table.style)
            if c in columns and cell.kind is CellKind.NUMBER
            else cell
            for c, cell in enumerate(row)
        )
        for row in table.cells
    )
    return replace(table, cells=cells)


def _is_unmarked(table: TypedTable, column: int) -> bool:
    """Whether a column holds decimals that could be percentages, all with as many decimals."""
    filled = [row[column] for row in table.cells if row[column].kind is not CellKind.EMPTY]
    values = [table.value(r, column) for r, row in enumerate(table.cells)]
    known = [value for value in values if value is not None]
    alike = {value.as_tuple().exponent for value in known}
    decimal = bool(filled) and all(cell.kind is CellKind.NUMBER for cell in filled)
    return decimal and len(alike) == 1 and all(0 <= value <= 100 for value in known)


def _body_start(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are heads: those without a number other than a year."""
    for index, row in enumerate(rows[: _MOST_HEADS + 1]):
        numbers = [cell.strip() for cell in row[1:] if _is_number(cell)]
        if numbers and not (index == 0 and all(map(_YEAR.fullmatch, numbers))):
            counted = [str(n) for n in range(1, len(numbers) + 1)]
            if not (numbers == counted and len(numbers) > 2 and index == 0):
                return index
    return 0


def _is_title(row: Sequence[str]) -> bool:
    """Whether a row at the top has words in its first cell only: they name the whole table."""
    return bool(row[0].strip()) and not any(map(str.strip, row[1:]))


def _is_number(cell: str) -> bool:
    text = _SIGN.sub("", cell.strip())
    patterns = (_PERCENT, _COUNT_FIRST, _PERCENT_FIRST, _BRACKETED)
    return bool(re.fullmatch(_NUMBER, text)) or any(p.fullmatch(text) for p in patterns)


def _label_columns(rows: Sequence[Sequence[str]]) -> int:
    """How many columns to the left hold names: until half of a column's cells are numbers.

    Numbers that are not shown go with those that are; alone they may be names, such as ages.
    """
    width = len(rows[0]) if rows else 0
    for column in range(1, width):
        filled = [row[column].strip() for row in rows if row[column].strip()]
        numbers = sum(map(_is_number, filled))
        kept_back = sum(bool(_HIDDEN.fullmatch(cell)) for cell in filled)
        if numbers and 2 * (numbers + kept_back) >= len(filled):
            return column
    return 1


def _names(rows: Sequence[Sequence[str]], labels: int) -> list[str]:
    """The name of each row; one without a name goes on with the row above it."""
    names: list[str] = []
    for row in rows:
        name = " ".join(cell.strip() for cell in row[:labels] if cell.strip())
        names.append(name or (names[-1] if names else ""))
    return names


def _heads(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The head of each column: the words above it, a spanning head over all that it spans."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        last = ""
        for column in range(width):
            text = row[column].strip() if column < len(row) else ""
            last = text or (last if column else "")
            if last:
                parts[column].append(last)
    return [" ".join(dict.fromkeys(texts)) for texts in parts]


def _share_marks(heads: Sequence[str], words: TableWords) -> list[bool]:
    return [words.says_percent(head) for head in heads]


def _cell(text: str, style: NumberStyle, *, share: bool) -> TableCell:
    plain = _SIGN.sub("", text.strip())
    if not plain:
        return TableCell(CellKind.EMPTY, text)
    if match := _PERCENT.fullmatch(plain):
        return _percentage(match[1], text, style)
    both = _both(plain, text, style)
    if both is not None:
        return both
    if share and re.fullmatch(_NUMBER, plain):
        return _percentage(plain, text, style)
    count = style.whole(plain)
    if count is not None:
        return TableCell(CellKind.COUNT, text, count=count)
    if style.decimal(plain) is not None:
        return TableCell(CellKind.NUMBER, text)
    kind = CellKind.HIDDEN if _HIDDEN.fullmatch(plain) else CellKind.NAME
    return TableCell(kind, text)


def _percentage(number: str, text: str, style: NumberStyle) -> TableCell:
    shown = style.decimal(number)
    if shown is None:
        return TableCell(CellKind.NAME, text)
    return TableCell(CellKind.PERCENT, text, percent=shown.lstrip("+"))


def _both(plain: str, text: str, style: NumberStyle) -> TableCell | None:
    """'57 (40%)', '40% (57)' or '57 (40.1)'."""
    for pattern, swapped in ((_COUNT_FIRST, False), (_PERCENT_FIRST, True), (_BRACKETED, False)):
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        one, other = (match[2], match[1]) if swapped else (match[1], match[2])
        count, percent = style.whole(one), style.decimal(other)
        if count is not None and percent is not None:
            return TableCell(CellKind.BOTH, text, count=count, percent=percent)
    return None
