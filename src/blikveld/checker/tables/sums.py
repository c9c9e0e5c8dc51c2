"""Sums and limits in tables: totals, percentages that share out a hundred, intervals.

A row called 'total' need not add up the rows above it: several answers may be allowed, or the
table shows some of the rows only. It is held to its sum only when other sums of the table prove it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import half_unit
from blikveld.checker.phrases import Phrases
from blikveld.checker.tables.cells import CellKind, TypedTable

_COLUMNS_FIT, _COLUMNS_MISS = 2, 0.2
_ONE_OF = 3
"""So many right sums leave no doubt about the one that misses."""
_ROWS_ENOUGH, _ROWS_MOST = 4, 0.85
_BOTH_WAYS, _BOTH_WAYS_MOST = 3, 2 / 3
"""Rows that prove a total column when the total row adds up in every column, this one too."""
_LINES_ENOUGH, _LINE_CELLS = 4, 3
_MANY_LINES = 6
"""So many hundreds leave no doubt when two lines miss."""
_PLAIN_LINES = 6
"""Lines of plain numbers that make a hundred before these are taken for percentages."""
_MOST_SLACK = 5.0
"""Percent: what so many parts leave to rounding proves nothing."""
_LIMIT_ROWS, _LIMITS_HOLD = 4, 0.9
_ESTIMATE_BEFORE = 4
"""Columns between an estimate and its lower limit at most."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """Parts that should add up to a printed number, at a row and a column."""

    row: int
    column: int
    added: int
    printed: int

    @property
    def fits(self) -> bool:
        return self.added == self.printed

    @property
    def near(self) -> bool:
        return 2 * abs(self.added - self.printed) < self.added


def judge_sums(table: TypedTable, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every sum that the table itself proves to be one."""
    down = [sums for sums in _down(table) if _is_total_row(sums)]
    for sums in down:
        yield from (_claim(table, each, phrases) for each in sums)
    whole = bool(down) and all(each.fits for sums in down for each in sums)
    for sums in _across(table):
        if _is_total_column(sums, whole=whole):
            yield from (_claim(table, each, phrases) for each in sums)
    yield from _hundreds(table, phrases)


def _is_total_row(sums: Sequence[_Sum]) -> bool:
    fit = sum(each.fits for each in sums)
    few = len(sums) - fit <= _COLUMNS_MISS * len(sums)
    return fit >= _COLUMNS_FIT and (few or _one_misses(sums))


def _one_misses(sums: Sequence[_Sum]) -> bool:
    """Whether all sums but one are right, and that one could be a misprinted sum.

    A column of means would miss too, but by far: its 'total' is hardly larger than its parts.
    """
    missed = [each for each in sums if not each.fits]
    return len(missed) == 1 and len(sums) - 1 >= _ONE_OF and missed[0].near


def _is_total_column(sums: Sequence[_Sum], *, whole: bool) -> bool:
    fit = sum(each.fits for each in sums)
    if len(sums) >= _ROWS_ENOUGH and (fit >= _ROWS_MOST * len(sums) or _one_misses(sums)):
        return True
    body = sums[:-1]
    right = sum(each.fits for each in body)
    return whole and len(body) >= _BOTH_WAYS and right >= _BOTH_WAYS_MOST * len(body)


def _down(table: TypedTable) -> Iterator[list[_Sum]]:
    """The sums of each total row: of the rows since the total before it, or of the totals."""
    plain: list[int] = []
    totals: list[int] = []
    for row in range(len(table.cells)):
        if row in table.base_rows or row in table.skipped_rows:
            continue
        if row not in table.total_rows:
            plain.append(row)
            continue
        parts, plain = (plain, []) if plain else (totals, [])
        totals = [*totals, row]
        if len(parts) > 1:
            yield [s for c in range(len(table.heads)) if (s := _add(table, parts, row, c))]


def _add(table: TypedTable, parts: Sequence[int], row: int, column: int) -> _Sum | None:
    printed = table.count(row, column)
    counts = [table.count(part, column) for part in parts]
    if printed is None or None in counts or not any(counts):
        return None
    return _Sum(row, column, sum(count or 0 for count in counts), printed)


def _across(table: TypedTable) -> Iterator[list[_Sum]]:
    """The sums of each total column: of the counts before it, or of all after it."""
    width = len(table.heads)
    for column in sorted(table.total_columns):
        for parts in (range(column), range(column + 1, width)):
            counted = [
                c
                for c in parts
                if c not in table.total_columns | table.base_columns | table.skipped
                and any(table.count(r, c) is not None for r in range(len(table.cells)))
            ]
            if len(counted) > 1:
                yield [s for r in range(len(table.cells)) if (s := _row(table, r, counted, column))]


def _row(table: TypedTable, row: int, parts: Sequence[int], column: int) -> _Sum | None:
    printed = table.count(row, column)
    counts = [table.count(row, part) for part in parts]
    if printed is None or None in counts or not any(counts):
        return None
    return _Sum(row, column, sum(count or 0 for count in counts), printed)


def _claim(table: TypedTable, each: _Sum, phrases: Phrases) -> ReportedClaim:
    claim = ReportedClaim(
        ClaimKind.SUM,
        phrases.number(each.printed),
        table.lines[each.row],
        Verdict.RIGHT,
        count=each.printed,
        table=table.title,
        row=table.labels[each.row],
        column=table.heads[each.column] or str(each.column + 1),
        cell=(table.rows_in_grid[each.row], each.column + table.first_column),
    )
    if each.fits:
        return claim
    added, printed = phrases.number(each.added), phrases.number(each.printed)
    why = phrases.say(
        f"De delen tellen op tot {added}, gedrukt staat {printed}.",
        f"The parts add up to {added}, printed is {printed}.",
    )
    return replace(claim, verdict=Verdict.SUM, explanation=why)


@dataclass(frozen=True, slots=True)
class _Line:
    """The percentages of a row or a column that may share out a hundred."""

    row: int
    column: int | None
    percents: tuple[str, ...]

    @property
    def added(self) -> float:
        return sum(map(float, self.percents))

    def is_hundred(self, slack: float) -> bool:
        """Whether it makes a hundred, give or take so much for each of its parts."""
        return abs(self.added - 100) <= slack * len(self.percents) + 1e-9


def _hundreds(table: TypedTable, phrases: Phrases) -> Iterator[ReportedClaim]:
    for lines in (list(_percent_rows(table)), *map(list, _percent_blocks(table))):
        slack = _proven_slack(lines, table)
        if slack is not None:
            yield from (_hundred(table, line, slack, phrases) for line in lines)


def _proven_slack(lines: Sequence[_Line], table: TypedTable) -> float | None:
    """How far from a hundred each part may bring a line: half a unit, or one when cut off.

    The unit is that of most numbers: a sheet drops the last zero of some.
    """
    decimals = Counter(len(p.partition(".")[2]) for line in lines for p in line.percents)
    unit = 10.0 ** -decimals.most_common(1)[0][0] if decimals else 1.0
    enough = _LINES_ENOUGH if table.percents else _PLAIN_LINES
    for slack in (unit / 2, unit):
        if any(slack * len(line.percents) > _MOST_SLACK for line in lines):
            return None
        fit = sum(line.is_hundred(slack) for line in lines)
        few = len(lines) - fit <= (2 if fit >= _MANY_LINES else 1)
        if fit >= enough and (fit >= _ROWS_MOST * len(lines) or few):
            return slack
    return None


def _percent_rows(table: TypedTable) -> Iterator[_Line]:
    columns = [
        c
        for c in range(len(table.heads))
        if c not in table.total_columns | table.skipped and _holds_percents(table, c)
    ]
    for row in range(len(table.cells)):
        if row in table.skipped_rows | table.base_rows:
            continue
        found = _shown([table.cells[row][c].percent for c in columns])
        if found:
            yield _Line(row, None, found)


def _percent_blocks(table: TypedTable) -> Iterator[Iterator[_Line]]:
    """The columns of each run of rows with percentages; totals, bases and headings part runs.

    In a table without any percentage plain numbers are tried: only many hundreds prove them.
    """
    for run in _runs(table):
        yield (
            _Line(run[-1], column, found)
            for column in range(len(table.heads))
            if column not in table.skipped
            and (found := _shown([_percent(table, row, column) for row in run]))
        )


def _runs(table: TypedTable) -> Iterator[list[int]]:
    run: list[int] = []
    apart = table.total_rows | table.base_rows | table.skipped_rows
    for row in range(len(table.cells)):
        columns = range(len(table.heads))
        if row not in apart and any(_percent(table, row, column) for column in columns):
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _percent(table: TypedTable, row: int, column: int) -> str | None:
    """A percentage, or in a table without any a plain number that could be one."""
    if table.percents:
        return table.cells[row][column].percent
    value = table.value(row, column)
    return str(value) if value is not None and 0 <= value <= 100 else None


def _holds_percents(table: TypedTable, column: int) -> bool:
    shares = [row[column] for row in table.cells if row[column].kind is not CellKind.EMPTY]
    return any(cell.percent is not None for cell in shares)


def _shown(percents: Sequence[str | None]) -> tuple[str, ...]:
    """The percentages of a line; none when one is missing, too few are there, or all are zero."""
    found = tuple(p for p in percents if p is not None)
    whole = len(found) == len(percents) >= _LINE_CELLS and any(float(p) for p in found)
    return found if whole else ()


def _hundred(table: TypedTable, line: _Line, slack: float, phrases: Phrases) -> ReportedClaim:
    added = phrases.decimal(f"{line.added:.10g}")
    column = None if line.column is None else table.heads[line.column] or str(line.column + 1)
    claim = ReportedClaim(
        ClaimKind.SUM,
        " + ".join(f"{phrases.decimal(p)}%" for p in line.percents),
        table.lines[line.row],
        Verdict.RIGHT,
        table=table.title,
        row=None if line.column is not None else table.labels[line.row],
        column=column,
    )
    if line.is_hundred(slack):
        return claim
    why = phrases.say(
        f"De percentages tellen op tot {added}%; in de rest van de tabel tot 100%.",
        f"The percentages add up to {added}%; in the rest of the table they make 100%.",
    )
    return replace(claim, verdict=Verdict.SUM, explanation=why)


@dataclass(frozen=True, slots=True)
class _Limits:
    """The columns of an estimate and its limits."""

    estimate: int
    lower: int

    def numbers(self, table: TypedTable, row: int) -> tuple[Decimal, Decimal, Decimal] | None:
        """Lower limit, estimate and upper limit of a row; None where one is missing."""
        low, value, high = (
            table.value(row, column) for column in (self.lower, self.estimate, self.lower + 1)
        )
        return None if low is None or value is None or high is None else (low, value, high)


def _is_within(low: Decimal, value: Decimal, high: Decimal) -> bool:
    half = max(map(half_unit, (low, value, high)))
    return low - half <= value <= high + half


def _is_centred(low: Decimal, value: Decimal, high: Decimal) -> bool:
    """Whether the estimate stands in the middle, the rounding of all three forgiven."""
    half = max(map(half_unit, (low, value, high)))
    return abs((value - low) - (high - value)) <= 4 * half


def judge_limits(tables: Sequence[TypedTable], phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every row with an estimate between two limits, in columns whose rows prove which they are.

    Tables whose heads are the same prove it together: many have two rows only.
    """
    alike: dict[tuple[str, ...], list[TypedTable]] = defaultdict(list)
    for table in tables:
        alike[table.heads].append(table)
    for heads, group in alike.items():
        words = group[0].words
        for lower, (head, following) in enumerate(pairwise(heads)):
            if words.lower.search(head) and words.upper.search(following):
                yield from _within_limits(group, lower, phrases)


def _within_limits(
    tables: Sequence[TypedTable], lower: int, phrases: Phrases
) -> Iterator[ReportedClaim]:
    for estimate in range(lower - 1, max(-1, lower - 1 - _ESTIMATE_BEFORE), -1):
        limits = _Limits(estimate, lower)
        held = [
            (table, row, numbers)
            for table in tables
            for row in range(len(table.cells))
            if (numbers := limits.numbers(table, row)) is not None
        ]
        if not _most_hold([_is_within(*numbers) for _, _, numbers in held]):
            continue
        centred = _most_hold([_is_centred(*numbers) for _, _, numbers in held])
        for table, row, numbers in held:
            claim = _limit_claim(table, row, limits)
            if not _is_within(*numbers):
                claim = replace(claim, verdict=Verdict.INTERVAL)
            elif centred and not _is_centred(*numbers):
                claim = replace(claim, verdict=Verdict.OFF_CENTRE)
            yield _limits_told(claim, phrases)
        return


def _most_hold(held: Sequence[bool]) -> bool:
    """Whether so many rows hold that the others are odd ones."""
    few = len(held) - sum(held) <= 1
    return sum(held) >= _LIMIT_ROWS and (few or sum(held) >= _LIMITS_HOLD * len(held))


def _limits_told(claim: ReportedClaim, phrases: Phrases) -> ReportedClaim:
    if claim.verdict is Verdict.INTERVAL:
        why = phrases.say(
            "Het getal ligt niet tussen zijn grenzen.", "It is not between its limits."
        )
    elif claim.verdict is Verdict.OFF_CENTRE:
        why = phrases.say(
            "In de andere rijen ligt het getal midden tussen zijn grenzen; hier niet.",
            "In the other rows the number is in the middle of its limits; here it is not.",
        )
    else:
        return claim
    return replace(claim, explanation=why)


def _limit_claim(table: TypedTable, row: int, limits: _Limits) -> ReportedClaim:
    columns = (limits.lower, limits.estimate, limits.lower + 1)
    low, value, high = (table.cells[row][column].text.strip() for column in columns)
    return ReportedClaim(
        ClaimKind.INTERVAL,
        f"{value} [{low}, {high}]",
        table.lines[row],
        Verdict.RIGHT,
        table=table.title,
        row=table.labels[row],
        column=table.heads[limits.estimate] or str(limits.estimate + 1),
        cell=(table.rows_in_grid[row], limits.estimate + table.first_column),
    )
