"""Verdicts on tables: cells against their base, sums of rows and columns, shared bases.

A table does not say what its percentages are of. Every base the report itself offers is tried on
the whole table (the total at the end of the row, the base in the caption, the row's total in
another table, the total of the column, the sum of the row), and the one that most cells fit is
taken, if most do. One cell can therefore never choose its own base.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from blikveld.checker import rounding
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.phrases import Phrases
from blikveld.checker.rounding import judge
from blikveld.checker.text_tables import TOTAL, ParsedRow, TornTable

_MOST = 0.6
"""Share of a table's cells that must fit a base before the table is held to it."""
_ROW_MOST, _ROW_FEW, _ROW_CELLS = 0.75, 0.25, 4
_FAMILY = 0.8
"""Share of equal row totals from which on two tables are about the same people."""

BaseOf = Callable[[ParsedRow, int], int | None]


@dataclass(frozen=True, slots=True)
class Bases:
    """A way to find a cell's base, and how a reader would call it."""

    name: tuple[str, str]
    of: BaseOf


class TextTables:
    """All tables of a report, judged together."""

    def __init__(self, tables: Sequence[TornTable], phrases: Phrases) -> None:
        self._tables, self._phrases = tables, phrases
        self._totals = [_totals(table) for table in tables]

    def claims(self) -> Iterator[ReportedClaim]:
        """Every cell, row and sum."""
        for table, totals in zip(self._tables, self._totals, strict=True):
            yield from self._cells(table, totals)
            yield from self._row_sums(table)
            yield from self._column_sums(table)
        yield from self._shared()

    def _cells(self, table: TornTable, totals: Mapping[str, int]) -> Iterator[ReportedClaim]:
        chosen, others = self._choose(table, totals)
        for row in table.rows:
            if row.percents and not row.paired:
                yield self._mismatch(table, row)
            elif chosen is not None:
                yield from self._row(table, row, chosen, others)
            else:
                yield from self._unchecked(table, row)

    def _choose(
        self, table: TornTable, totals: Mapping[str, int]
    ) -> tuple[Bases | None, tuple[Bases, ...]]:
        """The base that fits most cells, and the others that may explain single rows."""
        offered = tuple(self._offers(table, totals))
        scores = [_score(table.rows, bases) for bases in offered]
        best = max(scores, default=(0, 0))
        if best[0] < _MOST * best[1] and says_total(table):
            return Bases(offered[0].name, _last), offered
        if best[0] < max(2, _MOST * best[1]):
            return None, offered
        return offered[scores.index(best)], offered

    def _offers(self, table: TornTable, totals: Mapping[str, int]) -> Iterator[Bases]:
        if has_total(table):
            yield Bases(("het totaal van de rij", "the row's total"), _last)
        if 2 * sum(row.base is not None for row in table.rows) >= len(table.rows):
            name = ("de n in de naam van de rij", "the n in the row's name")
            yield Bases(name, lambda row, _: row.base)
        if table.base is not None:
            base = table.base
            yield Bases(("het totaal in het bijschrift", "the caption's base"), lambda *_: base)
        for other, known in zip(self._tables, self._totals, strict=True):
            if known and other is not table:
                name = (f"de rij in ‘{other.title}’", f"the row in '{other.title}'")
                yield Bases(name, lambda row, _, k=known: k.get(_key(row)))  # type: ignore[misc]
        if 2 * sum(base is not None for base in table.column_bases) >= len(table.columns):
            heads = table.column_bases
            name = ("de n in de kop van de kolom", "the n in the column's head")
            yield Bases(name, lambda _, index: heads[index] if index < len(heads) else None)
        column = _column_bases(table)
        yield Bases(
            ("het totaal van de kolom", "the column's total"),
            lambda _, index: column[index] if index < len(column) else None,
        )
        if not has_total(table):
            yield Bases(("de som van de rij", "the sum of the row"), _sum)

    def _row(
        self, table: TornTable, row: ParsedRow, chosen: Bases, others: tuple[Bases, ...]
    ) -> Iterator[ReportedClaim]:
        right, printed = _score((row,), chosen)
        if printed >= _ROW_CELLS and right <= _ROW_FEW * printed:
            for bases in others:
                fits, cells = _score((row,), bases)
                if cells == printed and fits >= _ROW_MOST * cells:
                    yield self._other_base(table, row, chosen, bases)
                    chosen = bases
                    break
        for index, (count, percent) in enumerate(zip(row.counts, row.percents, strict=False)):
            if percent and count is not None:
                yield self._cell(table, row, index, count, percent, chosen.of(row, index))

    def _cell(
        self,
        table: TornTable,
        row: ParsedRow,
        index: int,
        count: int,
        percent: str,
        base: int | None,
    ) -> ReportedClaim:
        shown = f"{self._phrases.number(count)}: {self._phrases.decimal(percent)}%"
        claim = self._place(
            ReportedClaim(ClaimKind.CELL, shown, row.percent_line or row.line, Verdict.UNCHECKED),
            table,
            row,
        )
        column = table.columns[index] if index < len(table.columns) else str(index + 1)
        claim = replace(claim, count=count, base=base, percent=percent, column=column)
        if base is None:
            return replace(claim, explanation=self._no_base())
        if base == 0 and count == 0:
            return replace(claim, verdict=Verdict.RIGHT)
        found = judge(percent, count, base, self._phrases)
        return replace(
            claim, verdict=found.verdict, explanation=found.explanation, rules=found.rules
        )

    def _place(self, claim: ReportedClaim, table: TornTable, row: ParsedRow) -> ReportedClaim:
        return replace(claim, table=table.title, row=row.name)

    def _no_base(self) -> str:
        return self._phrases.say(
            "Niet duidelijk waarvan dit een percentage is.", "Unclear what this is a percentage of."
        )

    def _unchecked(self, table: TornTable, row: ParsedRow) -> Iterator[ReportedClaim]:
        for index, (count, percent) in enumerate(zip(row.counts, row.percents, strict=False)):
            if percent and count is not None:
                yield self._cell(table, row, index, count, percent, None)

    def _other_base(
        self, table: TornTable, row: ParsedRow, chosen: Bases, bases: Bases
    ) -> ReportedClaim:
        first = next(i for i, p in enumerate(row.percents) if p)
        base, usual = bases.of(row, first), chosen.of(row, first)
        names = [self._phrases.say(*each.name) for each in (bases, chosen)]
        why = self._phrases.say(
            f"Deze percentages zijn van {base} ({names[0]}); in de rest van de tabel zijn ze van "
            f"{names[1]}, hier {usual}.",
            f"These are percentages of {base} ({names[0]}); in the rest of the table they are of "
            f"{names[1]}, here {usual}.",
        )
        shown = " ".join(f"{self._phrases.decimal(p)}%" for p in row.percents)
        claim = ReportedClaim(ClaimKind.ROW, shown, row.line, Verdict.WRONG_BASE, why, base=usual)
        return self._place(claim, table, row)

    def _mismatch(self, table: TornTable, row: ParsedRow) -> ReportedClaim:
        twin = next(
            (
                (other, same)
                for other in self._tables
                for same in other.rows
                if same.percents == row.percents and same is not row
            ),
            None,
        )
        why = self._phrases.say(
            f"{len(row.percents)} percentages bij {len(row.counts)} aantallen.",
            f"{len(row.percents)} percentages for {len(row.counts)} counts.",
        )
        if twin:
            why += " " + self._phrases.say(
                f"Het zijn die van ‘{twin[1].name}’ in ‘{twin[0].title}’.",
                f"They are those of '{twin[1].name}' in '{twin[0].title}'.",
            )
        shown = " ".join(f"{self._phrases.decimal(p)}%" for p in row.percents)
        line = row.percent_line or row.line
        return self._place(
            ReportedClaim(ClaimKind.ROW, shown, line, Verdict.MISMATCH, why), table, row
        )

    def _row_sums(self, table: TornTable) -> Iterator[ReportedClaim]:
        """Rows against their total, where most rows add up: several answers may be allowed."""
        if not has_total(table) or not _adds_up(table):
            return
        for row in table.rows:
            cells = [count for count in row.counts if count is not None]
            if len(cells) == len(row.counts) > 2:
                yield self._sum(table, row, None, sum(cells[:-1]), cells[-1])

    def _column_sums(self, table: TornTable) -> Iterator[ReportedClaim]:
        """Subtotals against their rows, a grand total against the subtotals.

        A total row that fits hardly any column adds up something else and is left alone.
        """
        for row, parts in _parts(table.rows):
            sums = [sum(values) for values in zip(*(p.counts for p in parts), strict=True)]
            right = sum(a == b for a, b in zip(sums, row.counts, strict=True))
            if right * 3 < len(sums) or right == 0:
                continue
            for index, (added, printed) in enumerate(zip(sums, row.counts, strict=True)):
                if printed is not None:
                    yield self._sum(table, row, table.columns[index], added, printed)

    def _sum(
        self, table: TornTable, row: ParsedRow, column: str | None, added: int, printed: int
    ) -> ReportedClaim:
        pair = self._phrases.number(added), self._phrases.number(printed)
        claim = ReportedClaim(
            ClaimKind.SUM, pair[1], row.line, Verdict.RIGHT, count=printed, column=column
        )
        if added != printed:
            why = self._phrases.say(
                f"De delen tellen op tot {pair[0]}, gedrukt staat {pair[1]}.",
                f"The parts add up to {pair[0]}, printed is {pair[1]}.",
            )
            claim = replace(claim, verdict=Verdict.SUM, explanation=why)
        return self._place(claim, table, row)

    def _shared(self) -> Iterator[ReportedClaim]:
        """Row totals that most tables about the same people agree on, and one does not."""
        votes: dict[str, Counter[int]] = {}
        members: list[tuple[TornTable, Mapping[str, int]]] = []
        for index, mine in enumerate(self._totals):
            if any(_related(mine, other) for i, other in enumerate(self._totals) if i != index):
                members.append((self._tables[index], mine))
        for _, totals in members:
            for key, total in totals.items():
                votes.setdefault(key, Counter())[total] += 1
        for table, totals in members:
            if sum(_related(totals, other) for _, other in members if other is not totals) < 2:
                continue
            for row in table.rows:
                yield from self._outvoted(table, row, totals, votes)

    def _outvoted(
        self,
        table: TornTable,
        row: ParsedRow,
        totals: Mapping[str, int],
        votes: Mapping[str, Counter[int]],
    ) -> Iterator[ReportedClaim]:
        key = _key(row)
        mine = totals.get(key)
        if mine is None:
            return
        most, often = votes[key].most_common(1)[0]
        if most != mine and often > 1 and votes[key][mine] == 1:
            why = self._phrases.say(
                f"Andere tabellen geven deze rij totaal {most}.",
                f"Other tables give this row a total of {most}.",
            )
            claim = ReportedClaim(
                ClaimKind.SUM, str(mine), row.line, Verdict.CONTRADICTION, why, count=mine
            )
            yield self._place(claim, table, row)


def has_total(table: TornTable) -> bool:
    """Whether the last column is the total of the others, by its name or in most rows."""
    wide = [r for r in table.rows if len(r.counts) > 2 and None not in r.counts]
    if len(table.columns) > 1 and TOTAL.fullmatch(table.columns[-1]):
        return True
    full = sum(r.paired and r.percents[-1] in ("100", "100.0") for r in wide)
    last = sum(_only_last_bare(row) for row in table.rows)
    bare = last >= _MOST * sum(bool(row.percents) for row in table.rows) > 0
    return bare or (bool(wide) and (_adds_up(table) or full >= _MOST * len(wide)))


def _only_last_bare(row: ParsedRow) -> bool:
    """Whether every count has its percentage except the last one: that is their total."""
    if not row.paired or len(row.counts) < 3 or row.counts[-1] is None or row.percents[-1]:
        return False
    others = zip(row.counts[:-1], row.percents[:-1], strict=True)
    return any(row.percents) and all(percent for count, percent in others if count is not None)


def _adds_up(table: TornTable) -> bool:
    wide = [r for r in table.rows if len(r.counts) > 2 and None not in r.counts]
    adds = sum(sum(c or 0 for c in r.counts[:-1]) == r.counts[-1] for r in wide)
    return bool(wide) and adds >= _MOST * len(wide)


def says_total(table: TornTable) -> bool:
    """Whether the last column is printed as the whole: its counts add up and are called 100%."""
    wide = [row for row in table.rows if row.paired and len(row.counts) > 2]
    full = [row for row in wide if row.percents[-1] in ("100", "100.0")]
    return has_total(table) and len(full) >= _MOST * max(1, len(wide))


def _totals(table: TornTable) -> dict[str, int]:
    """The total of every row by its name, if the table has totals and names are unique."""
    if not has_total(table):
        return {}
    names = Counter(_key(row) for row in table.rows)
    return {
        _key(row): row.counts[-1]
        for row in table.rows
        if row.counts and row.counts[-1] is not None and names[_key(row)] == 1 and _key(row)
    }


def _related(mine: Mapping[str, int], other: Mapping[str, int]) -> bool:
    shared = [key for key in mine if key in other]
    return len(shared) > 2 and (
        sum(mine[key] == other[key] for key in shared) >= _FAMILY * len(shared)
    )


def _key(row: ParsedRow) -> str:
    return "".join(character for character in row.name.casefold() if character.isalnum())


def _last(row: ParsedRow, _: int) -> int | None:
    return row.counts[-1] if row.counts else None


def _sum(row: ParsedRow, _: int) -> int | None:
    return sum(count for count in row.counts if count is not None)


def _column_bases(table: TornTable) -> list[int | None]:
    """The total of every column: its last total row, or its sum where no number is left out."""
    width = max((len(row.counts) for row in table.rows), default=0)
    plain = [row for row in table.rows if not row.total and len(row.counts) == width]
    last = table.rows[-1]
    if last.total and len(last.counts) == width:
        return list(last.counts)
    return [_added([row.counts[index] for row in plain]) for index in range(width)]


def _added(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _score(rows: Sequence[ParsedRow], bases: Bases) -> tuple[int, int]:
    """How many printed cells are right with a base, and how many there are.

    Zeros and cells that are their own base say nothing and are left out.
    """
    right = printed = 0
    for row in rows:
        if not row.paired:
            continue
        for index, (count, percent) in enumerate(zip(row.counts, row.percents, strict=True)):
            base = bases.of(row, index)
            if not percent or not count or count == base or percent in ("100", "100.0"):
                continue
            printed += 1
            right += (
                base is not None
                and base > 0
                and (rounding.verdict(percent, count, base) is rounding.RoundingVerdict.RIGHT)
            )
    return right, printed


def _parts(rows: Sequence[ParsedRow]) -> Iterator[tuple[ParsedRow, list[ParsedRow]]]:
    """Every total row with the rows it should add up, where all of these are whole."""
    plain: list[ParsedRow] = []
    subtotals: list[ParsedRow] = []
    for row in rows:
        if not row.total:
            plain.append(row)
        elif plain:
            if _whole(row, plain):
                yield row, plain
            plain = []
            subtotals.append(row)
        elif len(subtotals) > 1:
            if _whole(row, subtotals):
                yield row, subtotals
            subtotals = []


def _whole(row: ParsedRow, parts: Sequence[ParsedRow]) -> bool:
    """Whether no number is missing from a total row or its parts."""
    every = [row, *parts]
    return len({len(r.counts) for r in every}) == 1 and not any(None in r.counts for r in every)
