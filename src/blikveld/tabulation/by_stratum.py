"""Tables stratum by stratum: here every site is one, and what one stratum does to a number.

Statistics want tables by stratum. Of a table this tells what every stratum does to each estimate;
of a printed share which strata it rests on. Nothing is cleared for print here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from blikveld.errors import BlikveldError
from blikveld.responses.snapshot import Snapshot
from blikveld.results.cell import CellRequest, Influence
from blikveld.rules import Rule, join_rules
from blikveld.rules.nodes import Compare, ComparisonOperator
from blikveld.stats.design import StratifiedDesign, WeightedCounts
from blikveld.stats.resampling import (
    Against,
    StratumInfluence,
    compare_against,
    leave_out_strata,
    move_share,
)
from blikveld.study.model import Code, Study
from blikveld.study.variables import rule_of
from blikveld.tabulation.axes import Axis
from blikveld.tabulation.cell_counts import CellCounter, make_counter
from blikveld.tabulation.compute import CrossTable, TableBatch
from blikveld.tabulation.compute import TableCounts as Numbers
from blikveld.tabulation.cubes import Cube, CubeKey
from blikveld.tabulation.engines.arrays import Included
from blikveld.tabulation.planning import Layout, Planner
from blikveld.tabulation.tables import Engine, planned


class NoSuchGroup(BlikveldError):
    """A group of sites is asked for that the study does not have."""

    def __init__(self, study: Study, name: str) -> None:
        super().__init__(
            "no-such-group",
            f"study {study.key!r}",
            f"It has no group of sites {name!r}.",
            "Choose from `groups` under `sites` in study.yaml.",
        )


@dataclass(frozen=True)
class Stratified:
    """One table by stratum.

    `part` has shape (strata, lines, heads) and `base` (strata, lines, 1), as
    `proportions.shares` and `resampling.leave_out_strata` take them. `exists` says which lines are
    shown.
    """

    layout: Layout
    part: WeightedCounts
    base: WeightedCounts
    exists: Sequence[bool]


@dataclass(frozen=True)
class ByStratum:
    """Tables by stratum; `codes` names the strata, `sampled` holds their respondents."""

    codes: tuple[Code, ...]
    sampled: WeightedCounts
    tables: tuple[Stratified, ...]

    @property
    def strata(self) -> StratifiedDesign:
        """The design: respondents drawn within strata."""
        return StratifiedDesign(self.sampled.n)


@dataclass(frozen=True, slots=True)
class TableShift:
    """A share that is another one without one stratum.

    `share` and `without` are parts of one. `count` and `base` are the respondents behind `share`,
    `left_count` and `left_base` those of them who are of the stratum. `weight` is the
    stratum's part of everybody.
    """

    table: str
    line: str
    head: str
    stratum: Code
    share: float
    without: float
    count: int
    base: int
    left_count: int
    left_base: int
    weight: float


def stratify(
    study: Study,
    snapshot: Snapshot,
    names: Iterable[str] | None = None,
    *,
    weight: str | None = None,
    engine: Engine | None = None,
) -> ByStratum:
    """Return the study's tables by stratum, from the cubes that make the tables themselves."""
    planner = Planner(study, weight=weight)
    sheet = TableBatch(planner.jobs(planned(study, names)))
    everybody = CubeKey((), (planner.axes.of(study.sites.name).axis,), None, weight)
    keys = (*sheet.keys, everybody)
    cubes = (engine or Included(study, snapshot, planner.axes).engine(keys)).cubes(keys)
    axis = everybody.strata[0]
    codes = study.variables[study.sites.name].codes
    slices = [sheet.tables(_only(cubes, axis, level)) for level in range(len(codes))]
    whole = sheet.tables(cubes)
    tables = tuple(_stacked(whole[n], [each[n] for each in slices]) for n in range(len(whole)))
    people = cubes[everybody]
    kept = slice(0, len(codes))
    sampled = WeightedCounts(people.n[kept, 0].astype(float), people.w[kept, 0], people.w2[kept, 0])
    return ByStratum(codes, sampled, tables)


def shifts(found: ByStratum, *, least: float = 0.03, smallest: int = 30) -> tuple[TableShift, ...]:
    """Return every share that moves by `least` or more when one stratum is left out.

    The largest stratum first, and within it the largest shift. Shares with fewer than
    `smallest` respondents in their base, with or without the stratum, are not listed: there
    every share moves.
    """
    listed = [shift for table in found.tables for shift in _shifts(found, table, least, smallest)]
    return tuple(sorted(listed, key=lambda s: (-s.weight, -abs(s.without - s.share))))


def groups_against(study: Study, found: ByStratum, group: str) -> Mapping[str, Against]:
    """For every table the shares in a group of sites, in the others, and the difference.

    Raises NoSuchGroup, and UnusableData as `resampling.compare_against` does.
    """
    members = {g.key: g.members for g in study.sites.groups}
    if group not in members:
        raise NoSuchGroup(study, group)
    inside = np.array([code.code in members[group] for code in found.codes])
    return {
        table.layout.plan.key: compare_against(table.part, table.base, found.strata, inside)
        for table in found.tables
    }


def _only(cubes: Mapping[CubeKey, Cube], axis: Axis, level: int) -> dict[CubeKey, Cube]:
    return {key: cube.only(axis, level) for key, cube in cubes.items()}


def _stacked(whole: CrossTable, slices: Sequence[CrossTable]) -> Stratified:
    part = _tally([each.cells for each in slices])
    base = _tally([each.bases for each in slices])
    base = WeightedCounts(base.n[..., None], base.w[..., None], base.w2[..., None])
    return Stratified(whole.layout, part, base, whole.exists.tolist())


def _tally(numbers: Sequence[Numbers]) -> WeightedCounts:
    return WeightedCounts(
        np.stack([each.n for each in numbers]).astype(float),
        np.stack([each.w for each in numbers]),
        np.stack([each.w2 for each in numbers]),
    )


def _shifts(
    found: ByStratum, table: Stratified, least: float, smallest: int
) -> Iterable[TableShift]:
    left_out: StratumInfluence = leave_out_strata(table.part, table.base)
    weights = found.sampled.w / found.sampled.w.sum()
    bases, counts = table.base.n[..., 0], table.part.n
    for each in move_share(left_out, least):
        line, head = each.position
        base, left = int(bases[:, line].sum()), int(bases[each.stratum, line])
        count = counts[:, line, head]
        if table.exists[line] and base - left >= smallest:
            yield TableShift(
                table=table.layout.plan.key,
                line=table.layout.lines[line].key,
                head=table.layout.heads[head].column.key,
                stratum=found.codes[each.stratum],
                share=float(left_out.value[line, head]),
                without=float(left_out.without[(each.stratum, *each.position)]),
                count=int(count.sum()),
                base=base,
                left_count=int(count[each.stratum]),
                left_base=left,
                weight=float(weights[each.stratum]),
            )


LEAST, SMALLEST = 0.03, 30
_ROUNDING = 1e-12


def find_influences(
    study: Study,
    snapshot: Snapshot,
    asks: Iterable[CellRequest],
    *,
    least: float = LEAST,
    smallest: int = SMALLEST,
    counter: CellCounter | None = None,
) -> Mapping[CellRequest, tuple[Influence, ...]]:
    """For every request the strata without which its share is `least` or more another one.

    The largest shift first; requests that no stratum moves are not in it. Without a
    stratum there must be `smallest` respondents left in the base: among fewer every share
    moves. Not cleared: give the result to `disclosure.release`. `counter` as in
    `cell_counts.count_cells`.
    """
    wanted = tuple(dict.fromkeys(asks))
    strata = study.variables[study.sites.name].codes
    counter = counter or make_counter(study, snapshot)
    counter.prepare(rule for ask in wanted for rule in (ask.base_rule, ask.rule))
    counter.prepare(_inside(study, stratum) for stratum in strata)
    own = [(stratum, _inside(study, stratum)) for stratum in strata]
    moved = [(ask, stratum) for ask in wanted for stratum in _movers(counter, ask, own, least)]
    counter.prepare(rule for ask, stratum in moved for rule in _bases(study, ask, stratum))
    found: dict[CellRequest, list[Influence]] = {}
    for ask, stratum in moved:
        made = _influence(study, counter, ask, stratum)
        if made.without.base >= smallest:
            found.setdefault(ask, []).append(made)
    return {ask: tuple(sorted(made, key=lambda i: -abs(i.shift))) for ask, made in found.items()}


def _movers(
    counter: CellCounter, ask: CellRequest, own: Sequence[tuple[Code, Rule]], least: float
) -> Iterator[Code]:
    size, count = counter.count(ask.base_rule), counter.count(ask.base_rule, ask.rule)
    for stratum, inside in own if count else ():
        left = size - counter.count(ask.base_rule, inside)
        if 0 < left < size:
            others = count - counter.count(ask.base_rule, ask.rule, inside)
            if abs(others / left - count / size) >= least - _ROUNDING:
                yield stratum


def _influence(study: Study, counter: CellCounter, ask: CellRequest, stratum: Code) -> Influence:
    without, own = (CellRequest(base, ask.rule) for base in _bases(study, ask, stratum))
    cells = (counter.cell(each) for each in (ask, without, own))
    return Influence(ask, stratum.code, stratum.label, *cells)


def _bases(study: Study, ask: CellRequest, stratum: Code) -> tuple[Rule, Rule]:
    """The base without the stratum, and within it."""
    others = Compare(study.sites.name, ComparisonOperator.NOT_EQUAL, stratum.code)
    return join_rules(ask.base_rule, others), join_rules(ask.base_rule, _inside(study, stratum))


def _inside(study: Study, stratum: Code) -> Rule:
    return rule_of(study.variables[study.sites.name], stratum.code)
