"""Columns that follow from two others or add up to the n below, and thousands parted wrongly.

'Net' is for minus against, z is the estimate divided by its error, a rate is one count per other.
No name tells it: the rows prove it, nearly all of them and with numbers that chance does not give.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import combinations, permutations

from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import half_unit
from blikveld.checker.phrases import Phrases
from blikveld.checker.tables.cells import TypedTable

_WINDOW = 5
"""Columns that stand together at most."""
_ENOUGH, _MOST = 5, 0.8
_LARGE, _PRECISE = 10, 20
"""A sum, and a ratio in units of its last digit, from which on fitting says something."""
_MOST_CELLS = 3_000
_TABLES = 3
"""So many tables whose column adds up to the n below prove it for the others like them."""


class _Rule(Enum):
    """How two numbers give the third."""

    SUM = "+"
    RATIO = "/"


@dataclass(frozen=True, slots=True)
class _Relation:
    """Three columns: the first two give the third."""

    rule: _Rule
    columns: tuple[int, int, int]


@dataclass(frozen=True)
class _Row:
    """Three numbers of a row under a relation."""

    row: int
    rule: _Rule
    numbers: tuple[Decimal, Decimal, Decimal]

    @cached_property
    def fits(self) -> bool:
        """Whether the third follows from the others, their rounding forgiven."""
        first, second, third = self.numbers
        halves = [half_unit(number) if number % 1 else Decimal(0) for number in self.numbers]
        if self.rule is _Rule.SUM:
            return abs(first + second - third) <= sum(halves)
        away = halves[0] / abs(second) + abs(first) * halves[1] / second**2
        return abs(first / second - third) <= away + half_unit(third)

    @property
    def expected(self) -> Decimal:
        """What the third number should be, with the decimals it was printed with."""
        first, second, third = self.numbers
        exact = first + second if self.rule is _Rule.SUM else first / second
        return exact.quantize(2 * half_unit(third))

    @property
    def telling(self) -> bool:
        """Whether fitting says anything: small sums and coarse ratios fit by chance."""
        first, second, third = self.numbers
        if self.rule is _Rule.SUM:
            return min(abs(n) for n in self.numbers) > 0 and abs(third) >= _LARGE
        precise = abs(third) >= 2 * _PRECISE * half_unit(third)
        return precise and abs(second) != 1 and first != second


def judge_relations(table: TypedTable, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every row of three columns that the rows prove to belong together."""
    numbers = _numbers(table)
    if len(numbers) * len(table.heads) > _MOST_CELLS:
        return
    proven: set[frozenset[int]] = set()
    for relation in _offered(table):
        if frozenset(relation.columns) in proven:
            continue
        rows = list(_rows(numbers, relation))
        telling = [row for row in rows if row.telling]
        fit = sum(row.fits for row in telling)
        different = len({row.numbers for row in telling if row.fits})
        if different >= _ENOUGH and fit >= _MOST * len(telling):
            proven.add(frozenset(relation.columns))
            for row in telling:
                yield _claim(table, row, relation, phrases)


def _numbers(table: TypedTable) -> list[list[Decimal | None]]:
    return [
        [table.value(row, column) for column in range(len(table.heads))]
        for row in range(len(table.cells))
    ]


def _offered(table: TypedTable) -> Iterator[_Relation]:
    """Three columns that stand together; totals and bases are judged elsewhere."""
    width = len(table.heads)
    apart = table.total_columns | table.base_columns
    for start in range(width):
        others = range(start + 1, min(width, start + _WINDOW))
        for pair in combinations(others, 2):
            three = (start, *pair)
            if apart & set(three):
                continue
            for result in three:
                one, other = (column for column in three if column != result)
                yield _Relation(_Rule.SUM, (one, other, result))
            yield from (_Relation(_Rule.RATIO, order) for order in permutations(three, 3))


def _rows(numbers: Sequence[Sequence[Decimal | None]], relation: _Relation) -> Iterator[_Row]:
    """The rows with all three numbers; none once the first ones show that nothing fits."""
    first, second, third = relation.columns
    missed = 0
    for index, row in enumerate(numbers):
        a, b, c = row[first], row[second], row[third]
        if a is None or b is None or c is None or not b:
            continue
        found = _Row(index, relation.rule, (a, b, c))
        missed += found.telling and not found.fits
        if missed > max(1, (1 - _MOST) * len(numbers)):
            return
        yield found


def _claim(table: TypedTable, row: _Row, relation: _Relation, phrases: Phrases) -> ReportedClaim:
    first, second, third = (
        table.cells[row.row][column].text.strip() for column in relation.columns
    )
    column = relation.columns[2]
    claim = ReportedClaim(
        ClaimKind.RELATION,
        f"{first} {relation.rule.value} {second} = {third}",
        table.lines[row.row],
        Verdict.RIGHT,
        table=table.title,
        row=table.labels[row.row],
        column=table.heads[column] or str(column + 1),
        cell=(table.rows_in_grid[row.row], column + table.first_column),
    )
    if row.fits:
        return claim
    shown = phrases.decimal(str(row.expected))
    why = phrases.say(
        f"In de andere rijen klopt dit; hier is {first} {relation.rule.value} {second} gelijk aan "
        f"{shown}, gedrukt staat {third}.",
        f"In the other rows this is right; here {first} {relation.rule.value} {second} is {shown}, "
        f"printed is {third}.",
    )
    return replace(claim, verdict=Verdict.SUM, explanation=why)


_GROUPED_ENOUGH = 3


def judge_grouping(table: TypedTable, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every number whose thousands are parted in the wrong place, where its column's are not."""
    for column, head in enumerate(table.heads):
        texts = [row[column].text.strip() for row in table.cells]
        grouped = [text for text in texts if _is_grouped(text, table)]
        written = [text for text in texts if any(sign.isdigit() for sign in text)]
        wrong = [row for row, text in enumerate(texts) if _is_misgrouped(text, table)]
        alone = len(grouped) + len(wrong) == len(written) and len(wrong) == 1
        if alone and len(grouped) >= _GROUPED_ENOUGH:
            why = phrases.say(
                "In deze kolom staan duizendtallen in groepen van drie; hier niet.",
                "In this column thousands are grouped by three figures; here they are not.",
            )
            yield ReportedClaim(
                ClaimKind.CELL,
                texts[wrong[0]],
                table.lines[wrong[0]],
                Verdict.MISPRINT,
                why,
                table=table.title,
                row=table.labels[wrong[0]],
                column=head or str(column + 1),
                cell=(table.rows_in_grid[wrong[0]], column + table.first_column),
            )


def _is_grouped(text: str, table: TypedTable) -> bool:
    """Whether thousands are parted, by the sign that this document parts them with."""
    sign = re.escape(table.style.grouping)
    return bool(re.fullmatch(rf"[1-9]\d{{0,2}}(?:{sign}\d{{3}})+", text))


def _is_misgrouped(text: str, table: TypedTable) -> bool:
    sign = re.escape(table.style.grouping)
    parted = re.fullmatch(rf"[1-9]\d{{0,2}}(?:{sign}\d{{1,4}})+", text)
    return bool(parted) and not _is_grouped(text, table)


@dataclass(frozen=True, slots=True)
class _Below:
    """A table, the n that a row below it states, and the sum of its first column of counts."""

    table: TypedTable
    row: int
    column: int
    added: int
    stated: int


def judge_stated_sums(tables: Sequence[TypedTable], phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every n below a table that its column adds up to, where many tables are made so."""
    alike: dict[tuple[str, ...], list[_Below]] = defaultdict(list)
    for table in tables:
        below = _below(table)
        if below is not None:
            alike[table.heads].append(below)
    for group in alike.values():
        fit = sum(each.added == each.stated for each in group)
        if fit >= _TABLES and fit >= _MOST * len(group):
            yield from (_stated_claim(each, phrases) for each in group)


def _below(table: TypedTable) -> _Below | None:
    row = len(table.cells) - 1
    stated = table.stated(table.labels[row])
    if stated is None or row < 2:
        return None
    for column in range(len(table.heads)):
        counts = [table.cells[r][column].count for r in range(row)]
        if None not in counts:
            return _Below(table, row, column, sum(n or 0 for n in counts), stated)
    return None


def _stated_claim(each: _Below, phrases: Phrases) -> ReportedClaim:
    table = each.table
    claim = ReportedClaim(
        ClaimKind.SUM,
        phrases.number(each.stated),
        table.lines[each.row],
        Verdict.RIGHT,
        count=each.stated,
        table=table.title,
        row=table.labels[each.row],
        column=table.heads[each.column] or str(each.column + 1),
    )
    if each.added == each.stated:
        return claim
    added, printed = phrases.number(each.added), phrases.number(each.stated)
    why = phrases.say(
        f"De delen tellen op tot {added}, gedrukt staat {printed}.",
        f"The parts add up to {added}, printed is {printed}.",
    )
    return replace(claim, verdict=Verdict.SUM, explanation=why)
