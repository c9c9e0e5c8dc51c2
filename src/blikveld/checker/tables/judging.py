"""Verdicts on the percentages of tables whose meaning is proven; the others stay unchecked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from blikveld.checker.document import Language, ReportDocument
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import number_style
from blikveld.checker.phrases import Phrases
from blikveld.checker.rounding import judge
from blikveld.checker.tables.cells import TypedTable, read_as_shares, table_words, typed
from blikveld.checker.tables.meanings import BaseKind, CellShare, Place
from blikveld.checker.tables.proof import ProvenTable, prove
from blikveld.checker.tables.relations import judge_grouping, judge_relations, judge_stated_sums
from blikveld.checker.tables.sums import judge_limits, judge_sums

_SIBLINGS = 3
"""The same misfit at the same place in so many tables is a meaning, not an error."""
_WHOLE_ROW = 3
_NAMES: dict[BaseKind, tuple[str, str]] = {
    BaseKind.ROW_NAME: ("de n in de naam van de rij", "the n in the row's name"),
    BaseKind.COLUMN_HEAD: ("de n in de kop van de kolom", "the n in the column's head"),
    BaseKind.LABEL_HEAD: ("de n in de kop", "the n in the head"),
    BaseKind.TITLE: ("de n in het bijschrift", "the n in the title"),
    BaseKind.BASE_ROW: ("de rij met totalen", "the row of bases"),
    BaseKind.BASE_COLUMN: ("de kolom met totalen", "the column of bases"),
    BaseKind.TOTAL_ROW: ("het totaal van de kolom", "the column's total"),
    BaseKind.TOTAL_COLUMN: ("het totaal van de rij", "the row's total"),
    BaseKind.ROW_SUM: ("de som van de rij", "the sum of the row"),
    BaseKind.COLUMN_SUM: ("de som van de kolom", "the sum of the column"),
    BaseKind.WHOLE: ("de som van de tabel", "the sum of the table"),
    BaseKind.ELSEWHERE: ("het totaal van andere tabellen", "the base of other tables"),
    BaseKind.UNPRINTED: ("het totaal dat bij de rest past", "the base that fits the rest"),
}


def typed_tables(document: ReportDocument, language: Language) -> list[TypedTable]:
    """The tables of a document whose cells are known, with one style of numbers for all."""
    cells = (cell for grid in document.grids for row in grid.rows for cell in row)
    style = number_style(cells, language)
    words = table_words()
    return [table for grid in document.grids if (table := typed(grid, words, style))]


def judge_tables(tables: Sequence[TypedTable], phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every percentage and every sum of tables whose cells are known."""
    proven = _prove_marked_or_not(tables)
    claims = [claim for each in proven for claim in _Judge(each, phrases).claims()]
    claims += [claim for each in proven for claim in judge_sums(each.table, phrases)]
    claims += judge_limits(tables, phrases)
    claims += judge_stated_sums(tables, phrases)
    for table in tables:
        claims += [*judge_relations(table, phrases), *judge_grouping(table, phrases)]
    yield from _without_siblings(claims, phrases)


def _prove_marked_or_not(tables: Sequence[TypedTable]) -> list[ProvenTable]:
    """Proven tables; decimals without a percent sign are percentages where that is proven."""
    tried = [read_as_shares(table) for table in tables]
    proven = prove([other or table for table, other in zip(tables, tried, strict=True)])
    return [
        each if other is None or each.chosen else ProvenTable(table, (), {})
        for table, other, each in zip(tables, tried, proven, strict=True)
    ]


class _Judge:
    def __init__(self, proven: ProvenTable, phrases: Phrases) -> None:
        self._proven, self._table, self._phrases = proven, proven.table, phrases

    def claims(self) -> Iterator[ReportedClaim]:
        rows: dict[int, list[Place]] = defaultdict(list)
        for place in self._table.percents:
            rows[place[0]].append(place)
        for row, places in rows.items():
            if self._misfits_wholly(places):
                yield self._row(row, places)
            else:
                yield from map(self._claim, places)

    def _misfits_wholly(self, places: Sequence[Place]) -> bool:
        shares = [s for p in places if (s := self._proven.share(p)) and s.telling]
        return len(shares) >= _WHOLE_ROW and not any(
            s.fits or self._proven.explained(s) for s in shares
        )

    def _claim(self, place: Place) -> ReportedClaim:
        row, column = place
        cell, share = self._table.cells[row][column], self._proven.share(place)
        claim = ReportedClaim(
            ClaimKind.CELL,
            self._shown(cell.percent or "", cell.count if share is None else share.count),
            self._table.lines[row],
            Verdict.UNCHECKED,
            percent=cell.percent,
            table=self._table.title,
            row=self._table.labels[row],
            column=self._table.heads[column] or str(column + 1),
            cell=(self._table.rows_in_grid[row], column + self._table.first_column),
        )
        if share is None or not share.base:
            return replace(claim, explanation=self._not_proven())
        return self._judged(claim, share)

    def _judged(self, claim: ReportedClaim, share: CellShare) -> ReportedClaim:
        base = share.base or 0
        claim = replace(claim, count=share.count, base=base)
        if share.fits:
            return replace(claim, verdict=Verdict.RIGHT)
        if not self._may_judge(share) or self._proven.explained(share):
            return replace(claim, explanation=self._not_proven())
        found = judge(share.percent, share.count, base, self._phrases)
        kind = self._proven.chosen[share.place[1]].kind
        name = self._phrases.say(*_NAMES[kind])
        shown = self._phrases.number(base)
        why = f"{found.explanation} ({shown}: {name}.)"
        return replace(
            claim,
            verdict=found.verdict,
            explanation=why,
            rules=found.rules,
            inferred=not kind.printed,
        )

    def _may_judge(self, share: CellShare) -> bool:
        """Whether a misfit says anything: it is telling, or far off in a column that is settled."""
        small = share.is_far and float(share.percent) < 100 and share.count != share.base
        return share.telling or (small and self._proven.is_firm(share))

    def _row(self, row: int, places: Sequence[Place]) -> ReportedClaim:
        """A row of which nothing fits is one remark: its percentages are of something else."""
        percents = [self._table.cells[r][c].percent or "" for r, c in places]
        share = next(s for p in places if (s := self._proven.share(p)))
        name = self._phrases.say(*_NAMES[self._proven.chosen[share.place[1]].kind])
        why = self._phrases.say(
            f"In de rest van de tabel zijn percentages van {name}; in deze rij past er geen één.",
            f"In the rest of the table percentages are of {name}; in this row none of them is.",
        )
        return ReportedClaim(
            ClaimKind.ROW,
            " ".join(f"{self._phrases.decimal(p)}%" for p in percents),
            self._table.lines[row],
            Verdict.MISMATCH,
            why,
            table=self._table.title,
            row=self._table.labels[row],
        )

    def _shown(self, percent: str, count: int | None) -> str:
        share = f"{self._phrases.decimal(percent)}%"
        return share if count is None else f"{self._phrases.number(count)}: {share}"

    def _not_proven(self) -> str:
        return self._phrases.say(
            "Uit de tabel blijkt niet waarvan dit een percentage is.",
            "The table does not prove what this is a percentage of.",
        )


def _without_siblings(claims: Sequence[ReportedClaim], phrases: Phrases) -> Iterator[ReportedClaim]:
    """Claims, unchecked where the same row and column misfit in table after table."""
    places = Counter((c.kind, c.row, c.column) for c in claims if c.finding)
    why = phrases.say(
        "Meer tabellen hebben dit op dezelfde plaats: het is geen fout maar een betekenis.",
        "Several tables have this at the same place: it is a meaning and no error.",
    )
    for claim in claims:
        often = claim.finding and places[claim.kind, claim.row, claim.column] >= _SIBLINGS
        yield replace(claim, verdict=Verdict.UNCHECKED, explanation=why) if often else claim
