"""Whether a meaning is proven by the cells it explains, and which meaning explains most."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blikveld.checker.tables.cells import TypedTable
from blikveld.checker.tables.meanings import (
    BaseKind,
    CellShare,
    Meaning,
    Pairing,
    Place,
    meanings,
    with_base,
)

_ENOUGH, _DIFFERENT, _MOST = 5, 3, 0.8
_FEW, _FEW_MOST = 3, 2 / 3
"""A base printed as n or total is proven by two telling cells of three."""
_TOGETHER, _TOGETHER_CELLS = 3, 8
"""Small tables of one make prove a meaning together."""
_SURE, _SURE_CELLS = 0.95, 20
"""When nearly all cells of so many prove it, half of a table's own cells are enough."""
_HOLDS = 2 / 3
_IMPROBABLE = 5.0
_LIKE_OTHERS = 3.5
"""How improbable a fit has to be in a table of a make whose other tables are proven."""
_MOST_BASES = 10
_FIRM = 8
"""So many right percentages, and hardly one wrong, settle a column's meaning for small counts."""


@dataclass(frozen=True, slots=True)
class MeaningScore:
    """How many telling percentages a meaning explains, of how many."""

    fits: int
    telling: int
    different: int
    weight: float
    """How improbable it is that so many fit by chance, in powers of ten; the first sets the base.

    A share of 3% fits one base in three, a share of 40% one in forty.
    """
    heaviest: float = 0.0
    """The weight of the one that sets the base, which counts too where the base is known."""

    def is_proof(self, kind: BaseKind) -> bool:
        """Whether so many fit that the meaning must be the right one."""
        if kind is BaseKind.UNPRINTED and self.weight < _IMPROBABLE:
            return False
        if self.telling >= _ENOUGH:
            return self.different >= _DIFFERENT and self.fits >= _MOST * self.telling
        few = kind.printed and self.telling >= _FEW and self.different >= 2
        return few and self.fits >= _FEW_MOST * self.telling


def score(shares: Iterable[CellShare]) -> MeaningScore:
    """Count the telling percentages, and those that fit."""
    told = [share for share in shares if share.base and share.telling]
    fitting = {(s.count, s.percent): math.log10(float(s.percent) / s.unit) for s in told if s.fits}
    *others, heaviest = sorted(fitting.values()) or [0.0]
    different = len({s.percent for s in told})
    return MeaningScore(sum(s.fits for s in told), len(told), different, sum(others), heaviest)


@dataclass(frozen=True)
class ProvenTable:
    """A table with the meaning that its own cells prove for each column; a column may have none."""

    table: TypedTable
    meanings: tuple[Meaning, ...]
    chosen: Mapping[int, Meaning]

    @property
    def meanings_chosen(self) -> tuple[Meaning, ...]:
        """The proven meanings, each once however many columns it has."""
        return tuple({id(meaning): meaning for meaning in self.chosen.values()}.values())

    def share(self, place: Place) -> CellShare | None:
        """A percentage under the meaning of its column; None where none is proven."""
        meaning = self.chosen.get(place[1])
        share = None if meaning is None else meaning.at.get(place)
        return share if share is not None and share.base else self._whole(place)

    def _whole(self, place: Place) -> CellShare | None:
        """A 100% that is right under a meaning proven for other columns; it proves none itself."""
        for meaning in self.chosen.values():
            share = meaning.at.get(place)
            if share is not None and share.fits and float(share.percent) == 100:
                return share
        return None

    def is_firm(self, share: CellShare) -> bool:
        """Whether so much of a column is right that a small count in it may be judged too."""
        column = [s for s in self.chosen[share.place[1]].shares if s.place[1] == share.place[1]]
        counted = score(column)
        return counted.fits >= _FIRM and counted.fits >= _SURE * counted.telling

    def explained(self, share: CellShare) -> bool:
        """Whether another meaning, one that holds in the row or column, makes a misfit right."""
        return any(
            other is not None and other.fits and other.telling and _holds(meaning, other)
            for meaning in self.meanings
            if (other := meaning.at.get(share.place)) is not None
        )


def _holds(meaning: Meaning, share: CellShare) -> bool:
    """Whether most of the other telling percentages of a row or a column fit a meaning too."""
    row, column = share.place
    for line in (
        [s for s in meaning.shares if s.place[0] == row and s is not share],
        [s for s in meaning.shares if s.place[1] == column and s is not share],
    ):
        counted = score(line)
        if counted.fits >= 2 and counted.fits >= _HOLDS * counted.telling:
            return True
    return False


def prove(tables: Sequence[TypedTable]) -> list[ProvenTable]:
    """Every table with its proven meanings; small tables of one make are proven together."""
    offered = [tuple(meanings(table)) for table in tables]
    proven = [
        ProvenTable(table, found, _choose(found))
        for table, found in zip(tables, offered, strict=True)
    ]
    return _like_others(_together(proven))


def _like_others(proven: Sequence[ProvenTable]) -> list[ProvenTable]:
    """Small tables, read as the proven tables of the document are: the same pairing, and either
    the same base or one base that their cells agree on.
    """
    tables: Counter[Pairing] = Counter()
    bases: Counter[int] = Counter()
    for each in proven:
        chosen = each.meanings_chosen
        tables.update({meaning.pairing for meaning in chosen})
        bases.update({s.base for m in chosen for s in m.shares if s.base and s.fits and s.telling})
    common = [base for base, _ in bases.most_common(_MOST_BASES)]
    return [
        each if each.chosen else replace(each, chosen=_as_others(each, tables, common))
        for each in proven
    ]


def _as_others(
    table: ProvenTable, tables: Counter[Pairing], bases: Sequence[int]
) -> dict[int, Meaning]:
    best: tuple[int, Meaning] | None = None
    for pairing in tables:
        offered = [with_base(table.table, pairing, base) for base in bases]
        if tables[pairing] > 1:
            alike = (BaseKind.UNPRINTED, BaseKind.COLUMN_SUM, BaseKind.ROW_SUM)
            offered += [m for m in table.meanings if m.pairing == pairing and m.kind in alike]
        for meaning in offered:
            counted = score(meaning.shares)
            weight = counted.weight
            if meaning.kind is BaseKind.ELSEWHERE:
                weight += counted.heaviest - math.log10(len(bases))
            likely = weight >= _LIKE_OTHERS and counted.different >= 2
            if likely and counted.fits >= _HOLDS * counted.telling:
                best = max(best or (0, meaning), (counted.fits, meaning), key=lambda pair: pair[0])
    return {} if best is None else _columns(best[1])


def _choose(offered: Sequence[Meaning]) -> dict[int, Meaning]:
    """For each column the proven meaning that explains most of it."""
    best: dict[int, tuple[tuple[int, int, bool], Meaning]] = {}
    for meaning in offered:
        # A base that is not printed differs from column to column: each proves its own.
        shared = meaning.kind is not BaseKind.UNPRINTED
        whole = shared and score(meaning.shares).is_proof(meaning.kind)
        columns: dict[int, list[CellShare]] = defaultdict(list)
        for share in meaning.shares:
            columns[share.place[1]].append(share)
        for column, shares in columns.items():
            counted = score(shares)
            if not (counted.is_proof(meaning.kind) or (whole and counted.fits)):
                continue
            rank = (2 * counted.fits - counted.telling, counted.fits, meaning.kind.printed)
            if column not in best or rank > best[column][0]:
                best[column] = rank, meaning
    return {column: meaning for column, (_, meaning) in best.items()}


def _together(proven: Sequence[ProvenTable]) -> list[ProvenTable]:
    """Small tables of one make; those that are proven by themselves are evidence too."""
    groups: dict[tuple[Pairing, BaseKind], list[tuple[int, Meaning]]] = defaultdict(list)
    for index, table in enumerate(proven):
        for meaning in table.meanings_chosen or table.meanings:
            if meaning.kind is not BaseKind.UNPRINTED and score(meaning.shares).telling:
                groups[meaning.pairing, meaning.kind].append((index, meaning))
    chosen: dict[int, Meaning] = {}
    for group in groups.values():
        counted = score(share for _, meaning in group for share in meaning.shares)
        tables = {index for index, _ in group}
        enough = len(tables) >= _TOGETHER and counted.telling >= _TOGETHER_CELLS
        if not enough or counted.different < _DIFFERENT or counted.fits < _MOST * counted.telling:
            continue
        sure = counted.telling >= _SURE_CELLS and counted.fits >= _SURE * counted.telling
        for index, meaning in group:
            own = score(meaning.shares)
            if own.fits >= (0.5 if sure else _HOLDS) * own.telling:
                chosen.setdefault(index, meaning)
    return [
        t if t.chosen or index not in chosen else replace(t, chosen=_columns(chosen[index]))
        for index, t in enumerate(proven)
    ]


def _columns(meaning: Meaning) -> dict[int, Meaning]:
    return {share.place[1]: meaning for share in meaning.shares if share.base}
